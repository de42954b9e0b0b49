"""English lay words → the Chinese words to search for, from ``corpus/glossary/terms.jsonl``."""

from __future__ import annotations

import json
from pathlib import Path

from ingest.words import english_tokens

TERMS = Path(__file__).resolve().parent.parent / "corpus" / "glossary" / "terms.jsonl"


class Lexicon:
    """Phrases by their stems, longest first."""

    def __init__(self, path: Path = TERMS) -> None:
        self._entries: dict[tuple[str, ...], list[str]] = {}
        self._longest = 1
        for line in path.read_text("utf-8").splitlines():
            entry = json.loads(line)
            for phrase in entry["en"]:
                stems = tuple(english_tokens(phrase))
                if stems:
                    self._entries.setdefault(stems, []).extend(entry["zh"] + entry["law"])
                    self._longest = max(self._longest, len(stems))

    def chinese(self, text: str) -> str:
        """Return the Chinese words of every phrase found, space-separated; none gives ""."""
        stems = english_tokens(text)
        found: list[str] = []
        at = 0
        while at < len(stems):
            for length in range(min(self._longest, len(stems) - at), 0, -1):
                words = self._entries.get(tuple(stems[at : at + length]))
                if words:
                    found += words
                    at += length
                    break
            else:
                at += 1
        return " ".join(dict.fromkeys(found))
