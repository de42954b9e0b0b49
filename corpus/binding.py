"""Which words of a draft are given as those of a provision, and how a draft hangs together.

Quotations are bound as drafts do it: 「第…条规定：“…”」, 「“…”（《…》第…条）」, a block quotation below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.citation import Reference

MOST_QUOTED = 3_000


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words bound to a citation; ``marked`` tells quotation marks from plain words after 规定."""

    text: str
    marked: bool
    start: int
    end: int


_INSIDE = "[\u3400-\u9fff0-9]"
_WRAP = re.compile(  # not before 一、 or 3. which open an item
    rf"(?:(?<={_INSIDE})|(?<=[（《〈])|(?<=[）)])(?=\s*[条款项]))[ \t]*\n[ \t]*(?={_INSIDE}|[）》〉（])"
    r"(?![一二三四五六七八九十0-9]{1,3}[、.．])"
)


_MARKED_LINE = re.compile(r"[ \t]*(?:[>#|*+-]|\d{1,3}[.、])")  # of Markdown: a line of its own


def unwrapped(text: str) -> tuple[str, Sequence[int]]:
    """Return the text without the line breaks inside sentences, and where each character stood."""
    cuts = [
        m.span()
        for m in _WRAP.finditer(text)
        if not _MARKED_LINE.match(text, text.rfind("\n", 0, m.start()) + 1)
    ]
    if not cuts:
        return text, range(len(text) + 1)
    places: list[int] = []
    done = 0
    for start, end in cuts:
        places += range(done, start)
        done = end
    places += range(done, len(text) + 1)
    return "".join(text[place] for place in places[:-1]), places


_LISTED = re.compile(r"[\s、，,和与及或以至到－\-]{0,6}")


def groups(text: str, references: Sequence[Reference]) -> Iterator[list[Reference]]:
    """Put references that hang together as one list; a quotation after it may be any one's."""
    group: list[Reference] = []
    for reference in references:
        if group and not (
            reference.start <= group[-1].end or _LISTED.fullmatch(text, group[-1].end, reference.start)
        ):
            yield group
            group = []
        group.append(reference)
    if group:
        yield group


_YEAR = re.compile(r"[（(]\s?((?:19|20)\d\d)(?:-\d\d-\d\d|年)?[^（）()]{0,16}[）)]")


def year_of(text: str, reference: Reference, group: Sequence[Reference]) -> str:
    """Return the year of the text that a citation names: 《公司法》（2018年修正）第十六条."""
    first = next(r for r in group if r.law == reference.law)
    named = _YEAR.search(text[first.start : first.end])
    return max(re.findall(r"(?:19|20)\d\d", named[0])) if named else ""


_OPEN = '“"「『'
_SHUT = {"“": "”", '"': '"', "「": "」", "『": "』"}
_SAYS = (
    r"(?:规定|载明|指出|明确|要求|写明|写道|写的是|内容为|内容是|原文为|原文是|表述为|所称|所述|称"
    r"|provides?|states?|reads?|says?)"
)
_HAN = "\u3400-\u9fff"
_HOW = r"(?:明确|明文|分别|已经|已|均|也|还|又|对此|就|现|即|正|都)*"
_AFTER = re.compile(  # up to the mark that opens a quotation
    rf"\s{{0,2}}(?:[（(][^（）()\n]{{0,40}}[）)])?\s?(?:中|里)?的?{_HOW}(?:{_SAYS}(?:规定)?(?:了|的|如下|如下内容|that)?"
    rf"\s?(?:[：:]|[，,](?![{_HAN}]{{0,5}}[称说问写讲喊答回认为])[{_HAN}]{{0,5}})?|[{_HAN}]{{0,12}}[：:]|[{_HAN}]{{0,6}}[，,](?:即|也即|也就是)[：:]?|[：:，,])?\s{{0,2}}(?=[{_OPEN}])"
)
_WORDS = re.compile(rf"\s?(?:中|里)?的?{_HOW}{_SAYS}(?:了|如下)?\s?([：:，,])\s{{0,2}}")
_SENTENCE = re.compile(r"[^\n。！？!?“”\"]{10,400}")
_BLOCK = re.compile(r"[^\n]{0,20}?[：:]?[ \t]*\n{1,2}((?:[ \t]*>[^\n]*\n?)+)")
_BEFORE = re.compile(r"[。；，,]?\s{0,2}(?:[（(\[【]|——?|-{1,2})\s?(?:见|参见|详见|出自|引自|载于)?\s?$")


def quotation_of(text: str, group: Sequence[Reference]) -> Quotation | None:
    """Return the words that are given as those of a group of provisions."""
    start, end = group[0].start, group[-1].end
    if (after := _AFTER.match(text, end)) and (span := _between_marks(text, after.end())):
        return Quotation(text[slice(*span)], True, *span)
    if block := _BLOCK.match(text, end):
        lines = (line.strip(" \t>") for line in block[1].splitlines())
        return Quotation("\n".join(lines).strip(), True, *block.span(1))
    before = _BEFORE.search(text[max(0, start - 12) : start])
    if before and (span := _before_marks(text, start - len(before[0]))):
        return Quotation(text[slice(*span)], True, *span)
    words = _WORDS.match(text, end)
    sentence = _SENTENCE.match(text, words.end()) if words else None
    return Quotation(sentence[0], False, *sentence.span()) if sentence else None


def own_references(text: str, references: Sequence[Reference]) -> list[Reference]:
    """Leave out the references that stand inside the law's words: 「…规定：“违反本法第十条…”」."""
    quotations = (quotation_of(text, group) for group in groups(text, references))
    spans = sorted((q.start, q.end) for q in quotations if q and q.marked)
    found: list[Reference] = []
    following = iter(spans)
    span = next(following, None)
    for reference in references:
        while span and span[1] <= reference.start:
            span = next(following, None)
        if not (span and span[0] <= reference.start):
            found.append(reference)
    return found


def _between_marks(text: str, at: int) -> tuple[int, int] | None:
    """Return the span inside the quotation marks that open at ``at``, marks inside included."""
    opened, shut = text[at], _SHUT[text[at]]
    depth = 0
    for place in range(at, min(len(text), at + MOST_QUOTED)):
        if text[place] == opened and opened != shut:
            depth += 1
        elif text[place] == shut and place > at:
            depth -= opened != shut
            if depth == 0:
                return at + 1, place
    return None


def _before_marks(text: str, upto: int) -> tuple[int, int] | None:
    """Return the span of the quotation whose closing mark is the last character before ``upto``."""
    if not upto or text[upto - 1] not in '”"」』':
        return None
    shut = text[upto - 1]
    opened = next(mark for mark, other in _SHUT.items() if other == shut)
    depth = 0
    for place in range(upto - 1, max(-1, upto - MOST_QUOTED), -1):
        if text[place] == opened and (opened != shut or place < upto - 1):
            depth -= opened != shut
            if depth == 0:
                return place + 1, upto - 1
        elif text[place] == shut:
            depth += 1
    return None
