"""The nouns of the project: Document → Passage → Hit → Answer(Claim, Citation).

All are frozen. Dates are ISO strings (YYYY-MM-DD) or None; ``lang`` is "zh" or "en".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from corpus.structure import paragraphs


class Kind(StrEnum):
    """What a source is, in the order in which authorities are cited."""

    STATUTE = "statute"
    REGULATION = "regulation"
    INTERPRETATION = "interpretation"
    COMMENTARY = "commentary"
    CASE = "case"

    @property
    def is_law(self) -> bool:
        """True for texts that bind; commentary and cases only support reasoning."""
        return self in (Kind.STATUTE, Kind.REGULATION, Kind.INTERPRETATION)


class Status(StrEnum):
    """Whether a text is law today (《立法法》 vocabulary as the national database prints it)."""

    IN_FORCE = "现行有效"
    AMENDED = "已修改"
    REPEALED = "已废止"
    NOT_YET = "尚未生效"


@dataclass(frozen=True, slots=True)
class Article:
    """One 条: its number as printed (第二百五十三条之一), text with one 款 a line, and headings."""

    number: str
    text: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a commentary: its name as shown, its text, its language."""

    name: str
    text: str
    lang: str = "zh"


@dataclass(frozen=True, slots=True)
class Document:
    """One law in one version, or one commentary, as it came from its source."""

    kind: Kind
    title: str
    source: str
    status: Status = Status.IN_FORCE
    level: str = ""
    issuer: str = ""
    promulgated: str | None = None
    effective: str | None = None
    until: str | None = None
    note: str = ""
    title_en: str = ""
    url: str | None = None
    articles: tuple[Article, ...] = ()
    sections: tuple[Section, ...] = ()
    questions: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """Name this version of the title: the date of its text."""
        return self.promulgated or self.effective or ""


def status_on(day: date, status: Status, effective: str | None, until: str | None) -> Status:
    """Return the status on ``day`` of a version that starts on ``effective`` and ends on ``until``."""
    today = day.isoformat()
    if effective and effective > today:
        return Status.NOT_YET
    if until and today < until:
        return Status.IN_FORCE
    return status


@dataclass(frozen=True, slots=True)
class Passage:
    """The smallest text we cite: one 条, or one section of a commentary.

    ``law`` and ``article`` are None for commentary. ``document`` is title@version. The id is a
    hash of document, citation and text, so the same text has the same id in every build.
    """

    kind: Kind
    title: str
    law: str | None
    article: str | None
    text: str
    document: str
    headings: tuple[str, ...] = ()
    section: str = ""
    lang: str = "zh"
    status: Status = Status.IN_FORCE
    level: str = ""
    issuer: str = ""
    promulgated: str | None = None
    effective: str | None = None
    until: str | None = None
    note: str = ""
    title_en: str = ""
    source: str = ""
    url: str | None = None
    cites: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return 32 hex digits of SHA-256 over document, citation and text."""
        key = "\x1f".join((self.document, self.article or self.section, self.text))
        return hashlib.sha256(key.encode()).hexdigest()[:32]

    def status_on(self, day: date) -> Status:
        """Return the status on ``day``: a version ends on ``until`` and starts on ``effective``."""
        return status_on(day, self.status, self.effective, self.until)

    def later_than(self, day: date) -> bool:
        """Tell whether this text was made after ``day``: an amended law in force then read otherwise."""
        return (self.promulgated or "") > day.isoformat()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Return the 款 of an article: natural paragraphs, each with the 项 that follow it."""
        return paragraphs(self.text)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question; ``score`` is comparable only within one answer."""

    passage: Passage
    score: float
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """One numbered source of an answer; ``quote`` is verbatim text of the passage.

    ``note`` says what the reader should know of the text, such as that it is later than the day asked about.
    """

    n: int
    kind: Kind
    law: str | None
    article: str | None
    paragraph: int | None
    title: str
    quote: str
    status: Status
    effective: str | None
    source: str
    url: str | None
    passage: Passage = field(repr=False, compare=False)
    item: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer and the numbers of the citations that carry it.

    ``part`` is the place in the answer: "conclusion", "meaning" or "case".
    """

    text: str
    citations: tuple[int, ...]
    part: str = "conclusion"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the visitor gets. ``refused`` means no source carries an answer."""

    question: str
    lang: str
    refused: bool
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    notice: str
    corpus_date: str
    generation: str
    referral: str = ""
    as_of: str | None = None
