"""What commentary cites: every provision resolved, every quotation compared, linked both ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from corpus.book import LawBook
from corpus.checking import Finding, Verdict, check
from corpus.types import Document

_EXPECTED = (Verdict.RIGHT, Verdict.NOT_HELD, Verdict.REPEALED, Verdict.AMENDED)


@dataclass(frozen=True, slots=True)
class Link:
    """One provision that a commentary (``title``) cites; ``detail`` says what is not right with it."""

    title: str
    law: str | None
    article: str
    paragraph: int | None
    item: int | None
    verdict: Verdict
    detail: str


def link(documents: Iterable[Document], book: LawBook, day: date) -> tuple[list[Link], list[str]]:
    """Return the links of all commentary, and one line for each citation that a reader must know is wrong.

    A law that was replaced since, or that is not held, is no fault of the commentary.
    """
    links: list[Link] = []
    odd: list[str] = []
    for document in documents:
        if document.kind.is_law:
            continue
        seen: set[tuple[str | None, str, int | None, int | None]] = set()
        for finding in _findings(document, book, day):
            place = finding.law, finding.article, finding.paragraph, finding.item
            if place in seen:
                continue
            seen.add(place)
            told = "；".join(part for part in (finding.detail, finding.suggestion) if part)
            links.append(Link(document.title, *place, finding.verdict, told))
            if finding.verdict not in _EXPECTED:
                odd.append(f"{document.title}：“{finding.raw}” {finding.verdict}：{told}")
    return links, odd


def _findings(document: Document, book: LawBook, day: date) -> Iterator[Finding]:
    """Yield what the head of a digest lists, then what the text cites."""
    for entry in document.cites:
        found = check(cited_provision(entry), book, day)
        yield from found or [_not_understood(entry)]
    for section in document.sections:
        if section.lang == "zh":
            yield from check(section.text, book, day)


def _not_understood(entry: str) -> Finding:
    detail = "看不懂的引用 / citation not understood"
    return Finding(entry, 0, len(entry), None, entry, None, None, Verdict.UNKNOWN_LAW, detail)


def cited_provision(entry: str) -> str:
    """Return the provision of a ``statutes`` entry without its remark."""
    return entry.partition(" | ")[0].strip()
