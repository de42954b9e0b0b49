"""English words → Chinese ones, from ``corpus/glossary``.

``terms.jsonl`` gives the words that statutes use, to search for; ``phrases.tsv`` and ``words.tsv`` gloss
a whole question word by word, so that the Chinese encoder can read it; phrases of ``legal.jsonl``
become the legal term.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from corpus.terms import legal_terms
from ingest.words import english_tokens, stem

GLOSSARY = Path(__file__).resolve().parent.parent / "corpus" / "glossary"
_PIECE = re.compile(r"[a-z]+|[0-9][0-9.,]*%?|[\u3400-\u9fff]+")
_POSSESSIVE = re.compile(r"'s\b")


class Lexicon:
    """Phrases by their stems or words, longest first."""

    def __init__(self, folder: Path = GLOSSARY) -> None:
        self._terms: dict[tuple[str, ...], list[str]] = {}
        for line in (folder / "terms.jsonl").read_text("utf-8").splitlines():
            entry = json.loads(line)
            for phrase in entry["en"]:
                if stems := tuple(english_tokens(phrase)):
                    self._terms.setdefault(stems, []).extend(entry["zh"] + entry["law"])
        self._gloss: dict[tuple[str, ...], list[str]] = {}
        self._by_stem: dict[str, list[str]] = {}
        for name in ("words.tsv", "phrases.tsv"):
            for line in (folder / name).read_text("utf-8").splitlines():
                english, _, chinese = line.partition("\t")
                words = tuple(pieces(english))
                self._gloss.setdefault(words, chinese.split())
                if len(words) == 1:
                    self._by_stem.setdefault(stem(words[0]), chinese.split())
        for term in legal_terms().values():
            for english in term.en:
                if len(words := tuple(pieces(english))) > 1:
                    self._gloss.setdefault(words, [term.term])
        self._longest = max(map(len, (*self._terms, *self._gloss)))

    def chinese(self, text: str) -> str:
        """Return the search words of every phrase of the terms, space-separated; none gives ""."""
        return " ".join(dict.fromkeys(self._replace(english_tokens(text), self._terms)))

    def gloss(self, text: str) -> str:
        """Return a question word by word in Chinese; words without a Chinese one are left out."""
        return " ".join(self._replace(pieces(text), self._gloss, self._by_stem))

    def _replace(
        self,
        words: list[str],
        entries: dict[tuple[str, ...], list[str]],
        by_stem: dict[str, list[str]] | None = None,
    ) -> list[str]:
        found: list[str] = []
        at = 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                chinese = entries.get(tuple(words[at : at + length]))
                if chinese:
                    found += chinese
                    at += length
                    break
            else:
                word = words[at]
                if by_stem is not None:
                    found += by_stem.get(stem(word), []) if word.isascii() and word.isalpha() else [word]
                at += 1
        return found


def pieces(text: str) -> list[str]:
    """Cut into lower-case English words without apostrophes, numbers and Chinese runs."""
    plain = _POSSESSIVE.sub("", text.lower().replace("’", "'")).replace("'", "")
    return _PIECE.findall(plain)
