"""What a search may return: laws, kinds, levels of authority, statuses, a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import InputError
from corpus.names import LawNames
from corpus.types import Kind, Status, status_on
from ingest.index import Index
from qa.question import unknown_law

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Filter:
    """An empty field allows everything; ``as_of`` allows what was law on that day, and commentary.

    ``laws`` are official titles; ``levels`` are printed as the index has them (法律, 司法解释, …).
    """

    laws: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    levels: frozenset[str] = frozenset()
    statuses: frozenset[Status] = frozenset()
    as_of: date | None = None

    def __bool__(self) -> bool:
        return bool(self.laws or self.kinds or self.levels or self.statuses or self.as_of)


def allowed(index: Index, only: Filter, today: date) -> NDArray[np.bool_]:
    """Return which rows of an index a filter allows; (passages,)."""
    day = only.as_of or today
    statuses = frozenset({Status.IN_FORCE}) if only.as_of and not only.statuses else only.statuses
    return np.fromiter(
        (
            (not only.laws or o.title in only.laws)
            and (not only.kinds or o.kind in only.kinds)
            and (not only.levels or o.level in only.levels)
            and (not statuses or status_on(day, o.status, o.effective, o.until) in statuses)
            for o in index.outlines
        ),
        np.bool_,
        len(index),
    )


def read_filter(
    names: LawNames,
    index: Index,
    laws: Sequence[str] = (),
    kinds: Sequence[str] = (),
    levels: Sequence[str] = (),
    statuses: Sequence[str] = (),
    as_of: str | None = None,
) -> Filter:
    """Read what a person wrote; raise UnknownLaw or InputError naming what there is instead."""
    titles = set()
    for name in laws:
        title = names.resolve(name)
        if title is None:
            raise unknown_law(name, names)
        titles.add(title)
    held = sorted({outline.level for outline in index.outlines if outline.level}) if levels else []
    for level in levels:
        if level not in held:
            raise InputError(
                f"没有“{level}”这一效力级别，可用：{'、'.join(held)}。",
                f"There is no level “{level}”; use one of {', '.join(held)}.",
            )
    return Filter(
        frozenset(titles),
        frozenset(map(Kind, kinds)),
        frozenset(levels),
        frozenset(map(Status, statuses)),
        read_day(as_of) if as_of else None,
    )


def read_day(text: str) -> date:
    """Read a day written YYYY-MM-DD; raise InputError where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"日期“{text}”应写成 2019-05-01 这样。", f"Write the date “{text}” like 2019-05-01."
        ) from error
