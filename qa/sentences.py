"""The sentences of a passage, each with the paragraph (款) it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.structure import items, lead
from corpus.types import Passage

LONGEST = 150
_END = re.compile(r"(?<=[。！？!?])(?![”\"」])|(?<=[.!?])\s+(?=[A-Z“\"])")
ELISION = "……"


@dataclass(frozen=True, slots=True)
class Sentence:
    """Verbatim text, with ELISION where items were left out; ``paragraph`` counts from 1."""

    text: str
    paragraph: int


def sentences(passage: Passage) -> list[Sentence]:
    """Cut a passage into sentences; a list of items gives one sentence an item, under its lead.

    「有下列情形之一的，可以…：（一）甲；（二）乙。」 gives 「有…：（一）甲；」 and 「有…：……（二）乙。」
    """
    found: list[Sentence] = []
    for number, paragraph in enumerate(passage.paragraphs, 1):
        opening, listed = lead(paragraph), items(paragraph)
        if opening and listed:
            *before, last = [s for s in _END.split(opening) if s.strip()] or [opening]
            found += [Sentence(text.strip(), number) for text in before]
            for place, item in enumerate(listed):
                text = item.text.replace("\n", "")
                found.append(Sentence(f"{last}{ELISION if place else ''}{text}", number))
        else:
            text = paragraph.replace("\n", "")
            found += [Sentence(part.strip(), number) for part in _END.split(text) if part.strip()]
    return found


def pieces(quotation: str) -> list[str]:
    """Return the verbatim pieces of a quotation between its elisions."""
    return [piece for piece in quotation.split(ELISION) if piece]
