"""How a quotation stands to the official text: verbatim, with an elision, or differing, and where.

Compared are the characters a reader sees: white space, quotation marks and the width of punctuation
do not count; everything else does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from corpus.names import fold

_ELISION = re.compile(r"(?:…|\.{3,}|。{3,}|·{3,}){1,4}")
_DROPPED = re.compile(r"[\s*“”\"'‘’「」『』《》〈〉<>]")
_ENDS = "。；;，,、：:.!！?？"


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Return a text as quotations are compared: half-width, without spaces and quotation marks."""
    return _DROPPED.sub("", fold(text))


def pieces(quotation: str) -> list[str]:
    """Return the plain text between a quotation's elisions; the mark that ends it is the quoter's."""
    found = [plain(piece) for piece in _ELISION.split(quotation)]
    found = [piece.strip(_ENDS) for piece in found]
    return [piece for piece in found if piece]


def stands_in(quotation: str, text: str) -> bool:
    """Tell whether every piece of a quotation stands in ``text``, in order."""
    official, at = plain(text), 0
    for piece in pieces(quotation):
        at = official.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


@dataclass(frozen=True, slots=True)
class Difference:
    """How near a quotation comes to a text (0 to 1), and both side by side where they differ."""

    similarity: float
    shown: str


def compare(quotation: str, text: str) -> Difference:
    """Align a quotation with the part of ``text`` that it comes from.

    The similarity is the share of its characters that stand there in runs of two or more. What is
    shown marks [-official words left out-] and {+words that are not there+}.
    """
    quoted, official = plain(quotation).strip(_ENDS), plain(text)
    if not quoted:
        return Difference(0.0, "")
    longest = SequenceMatcher(None, official, quoted, autojunk=False).find_longest_match()
    slack = max(20, len(quoted) // 3)
    first = max(0, longest.a - longest.b - slack)
    official = official[first : longest.a - longest.b + len(quoted) + slack]
    blocks = SequenceMatcher(None, official, quoted, autojunk=False).get_matching_blocks()
    blocks = [block for block in blocks if block.size >= 2]
    if not blocks:
        return Difference(0.0, "")
    start = max(0, blocks[0].a - blocks[0].b)
    end = blocks[-1].a + len(quoted) - blocks[-1].b
    return Difference(sum(b.size for b in blocks) / len(quoted), _marked(official[start:end], quoted))


def _marked(official: str, quoted: str) -> str:
    shown = []
    for tag, a, b, c, d in SequenceMatcher(None, official, quoted, autojunk=False).get_opcodes():
        if tag == "equal":
            shown.append(official[a:b])
            continue
        shown.append(f"[-{official[a:b]}-]" if b > a else "")
        shown.append(f"{{+{quoted[c:d]}+}}" if d > c else "")
    return "".join(shown).translate(_BACK)


_BACK = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）"})
