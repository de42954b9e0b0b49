"""Which of the product's two languages a text is in."""

from __future__ import annotations

import re

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def language_of(text: str) -> str:
    """Return "en" for a text of Latin words with at most a few Chinese characters, else "zh"."""
    words = len(_LATIN_WORD.findall(text))
    return "en" if words >= 2 and words > len(_CHINESE.findall(text)) else "zh"
