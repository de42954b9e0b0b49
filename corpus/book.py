"""The statutes held, in memory: every article in each of its versions, and what stands where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from corpus.names import LawNames
from corpus.quotation import plain
from corpus.registry import instruments
from corpus.types import Passage, Status

MOST_DAYS = 1_000  # texts of a law on a day that are kept at hand


class LawBook:
    """Articles by law and number. Read-only and safe to share between threads.

    ``names`` also knows instruments whose text is not held.
    """

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._laws: dict[str, list[Passage]] = defaultdict(list)
        self._articles: dict[tuple[str, str], list[Passage]] = defaultdict(list)
        for passage in sorted((p for p in passages if p.law), key=lambda p: p.document.rpartition("@")[2]):
            self._laws[passage.law or ""].append(passage)
            self._articles[passage.law or "", passage.article or ""].append(passage)
        self.names = LawNames(self._laws, instruments())
        self._plain: dict[str, list[tuple[str, Passage]]] = {}
        self._on_day: dict[tuple[str, date], dict[str, Passage]] = {}

    def __contains__(self, law: object) -> bool:
        return law in self._laws

    def versions(self, law: str, article: str) -> list[Passage]:
        """Return one article in each version held, oldest text first."""
        return list(self._articles.get((law, article), ()))

    def law(self, law: str, day: date) -> dict[str, Passage]:
        """Return a law by article number, in order, in the text of ``day``; else in its newest text."""
        key = law, day
        if key not in self._on_day:
            if len(self._on_day) >= MOST_DAYS:
                self._on_day.clear()
            held = self._laws.get(law, [])
            chosen = on_day(held, day)
            of_day = [p for p in held if chosen and p.document == chosen.document]
            by_number = {p.article or "": p for p in of_day}
            for label, passage in list(by_number.items()):  # an amendment's 条目三 is cited as 第三条
                if label.startswith("条目"):
                    by_number.setdefault(f"第{label[2:]}条", passage)
            self._on_day[key] = by_number
        return self._on_day[key]

    def containing(self, words: str, law: str | None = None) -> list[Passage]:
        """Return the articles, of one law or of all, whose text has ``words`` verbatim (see ``plain``)."""
        wanted = plain(words)
        return [
            passage
            for title in ([law] if law else self._laws)
            for text, passage in self._texts(title)
            if wanted in text
        ]

    def _texts(self, law: str) -> list[tuple[str, Passage]]:
        if law not in self._plain:
            self._plain[law] = [(plain(passage.text), passage) for passage in self._laws.get(law, ())]
        return self._plain[law]


def on_day(versions: Sequence[Passage], day: date) -> Passage | None:
    """Choose the text that is law on ``day``; where none is, the newest one that has begun, else the first."""
    live = [passage for passage in versions if passage.status_on(day) is Status.IN_FORCE]
    begun = [passage for passage in versions if passage.status_on(day) is not Status.NOT_YET]
    chosen = live or begun or list(versions[:1])
    return chosen[-1] if chosen else None
