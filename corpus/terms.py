"""Legal terms in plain words: what a reader who never opened a statute meets, in Chinese and English."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

TERMS = Path(__file__).with_name("glossary") / "legal.jsonl"


class Term(NamedTuple):
    """One term: a plain Chinese sentence, English equivalents, and the article that has it, or None."""

    term: str
    plain: str
    en: tuple[str, ...]
    law: str | None
    article: str | None


@lru_cache(maxsize=1)
def legal_terms() -> dict[str, Term]:
    """Return every term of the glossary by its name."""
    entries = map(json.loads, TERMS.read_text("utf-8").splitlines())
    return {e["term"]: Term(e["term"], e["plain"], tuple(e["en"]), e["law"], e["article"]) for e in entries}


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, legal_terms()), key=len, reverse=True)))


def terms_in(text: str, most: int) -> list[Term]:
    """Return the terms that a text uses, the longest at each place, in order, each once."""
    found = dict.fromkeys(match[0] for match in _pattern().finditer(text))
    return [legal_terms()[name] for name in found][:most]
