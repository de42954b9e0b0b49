"""What is known of a law beside its text: its level, what replaced it, where its articles moved.

``instruments.tsv`` lists instruments whose text need not be held; ``moves.tsv`` is made by
``python -m ingest.moves`` from the texts themselves. Nothing here guesses: a repeal names the
provision that proves it, a move the similarity of the two texts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from corpus.types import Document

INSTRUMENTS = Path(__file__).with_name("instruments.tsv")
MOVES = Path(__file__).with_name("moves.tsv")
_NAMED = re.compile(r"《([^《》]+)》")
_STATED = re.compile(r"本法自\s?(\d{4})年(\d{1,2})月(\d{1,2})日")


@dataclass(frozen=True, slots=True)
class Instrument:
    """One instrument known by its full title; ``repealed`` is a day, or empty where it is not.

    ``successor`` is the title of what took its place, where one instrument did; ``proof`` the
    provision or document that repeals it.
    """

    title: str
    level: str
    version: str
    repealed: str = ""
    successor: str = ""
    proof: str = ""


class Repeal(NamedTuple):
    """One repeal as a law's closing article states it."""

    title: str
    day: str
    successor: str
    article: str


class Move(NamedTuple):
    """One rule: article ``before`` of ``law`` in the text of ``version`` is ``after`` of ``now`` in that of ``newest``."""

    law: str
    version: str
    before: str
    now: str
    newest: str
    after: str
    similarity: float

    @property
    def place(self) -> str:
        """Print where the rule stands: 《中华人民共和国公司法》第十五条."""
        return f"《{self.now}》{self.after}"


@lru_cache(maxsize=1)
def instruments() -> dict[str, Instrument]:
    """Return title → Instrument for every instrument of the table."""
    rows = (line.split("\t") for line in _lines(INSTRUMENTS))
    return {row[0]: Instrument(*row) for row in rows}


@lru_cache(maxsize=1)
def _moves() -> dict[tuple[str, str], list[Move]]:
    found: dict[tuple[str, str], list[Move]] = defaultdict(list)
    for line in _lines(MOVES):
        law, version, before, now, newest, after, similarity = line.split("\t")
        found[law, before].append(Move(law, version, before, now, newest, after, float(similarity)))
    return dict(found)


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def moved(law: str, article: str, version: str = "") -> list[Move]:
    """Return where an article of older texts of ``law`` stands now, newest text first.

    ``version`` (YYYY or YYYY-MM-DD) keeps only the text of that year or day.
    """
    found = (move for move in _moves().get((law, article), ()) if move.version.startswith(version))
    return sorted(found, key=lambda move: move.version, reverse=True)


def repeals(documents: Iterable[Document]) -> Iterator[Repeal]:
    """Yield what the closing articles of laws repeal: 「《…》同时废止」.

    The day is the commencement that the article states, else that of the document.
    """
    for document in documents:
        for article in document.articles[-3:]:
            for sentence in re.split(r"(?<=。)", article.text):
                before, repealed, _ = sentence.partition("同时废止")
                if not repealed:
                    continue
                stated = _STATED.search(article.text)
                day = "{}-{:0>2}-{:0>2}".format(*stated.groups()) if stated else document.effective or ""
                for title in _NAMED.findall(before):
                    if title != document.title:
                        yield Repeal(title, day, document.title, article.number)
