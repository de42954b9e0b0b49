"""The provisions that a question names → the passages that hold them, or one sentence that says what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.book import on_day
from corpus.citation import Reference, parse
from corpus.errors import InputError, UnknownArticle
from corpus.numerals import to_chinese
from corpus.structure import all_items, find_item
from corpus.types import Passage
from qa.library import Shelf
from qa.question import Question, not_held, unknown_law


@dataclass(frozen=True, slots=True)
class Provision:
    """An article, or the paragraph or item of it that was asked for."""

    passage: Passage
    paragraph: int | None = None
    item: int | None = None


def named_provisions(question: Question, shelf: Shelf, day: date) -> list[Provision]:
    """Return the provisions that a question names, each as it is law on ``day`` where it is.

    Raises UnknownLaw or UnknownArticle where it names provisions and none of them exists.
    """
    found: list[Provision] = []
    faults: list[InputError] = []
    for reference in question.references:
        provision = _provision(reference, shelf, day)
        if isinstance(provision, Provision):
            found += [provision] if provision not in found else []
        elif provision is not None:
            faults.append(provision)
    if faults and not found:
        raise faults[0].in_language(question.lang)
    return found


def _provision(reference: Reference, shelf: Shelf, day: date) -> Provision | InputError | None:
    """Return what a reference names, what is wrong with it, or None where something else answers."""
    law = reference.law
    if law is None:
        return unknown_law(reference.unknown_law, shelf.names) if reference.unknown_law else None
    if law not in shelf.names.held:
        return None if repealing(law, shelf) else not_held(law, shelf.names)
    passage = on_day([shelf.index.passage(row) for row in shelf.index.rows(law, reference.label)], day)
    if passage is None:
        return _no_such_article(reference, shelf)
    return check_part(passage, reference.paragraph, reference.item)


def check_part(passage: Passage, paragraph: int | None, item: int | None) -> Provision | UnknownArticle:
    """Return the paragraph or item of an article, or say how many there are; item 2 of 1 款 needs no 第一款."""
    count = len(passage.paragraphs)
    if paragraph and paragraph > count:
        return UnknownArticle(
            f"《{passage.law}》{passage.article}只有{count}款，没有第{to_chinese(paragraph)}款。",
            f"《{passage.law}》 {passage.article} has {count} paragraph(s), no paragraph {paragraph}.",
        )
    if item and find_item(passage.text, paragraph, item) is None:
        return _no_such_item(passage, paragraph, item)
    return Provision(passage, paragraph if count > 1 else None, item)


def _no_such_article(reference: Reference, shelf: Shelf) -> UnknownArticle:
    """Say that the law has no such article, and which it has."""
    law = reference.law or ""
    numbers = [shelf.index.passage(row).article or "" for row in shelf.index.rows(law)]
    printed = [number for number in numbers if number.startswith("第")]
    if not printed:
        return UnknownArticle(f"《{law}》没有{reference.label}。", f"《{law}》 has no {reference.label}.")
    return UnknownArticle(
        f"《{law}》没有{reference.label}，条文从{printed[0]}到{printed[-1]}。",
        f"《{law}》 has no {reference.label}. It runs from {printed[0]} to {printed[-1]}.",
    )


def _no_such_item(passage: Passage, paragraph: int | None, item: int) -> UnknownArticle:
    """Say how many items the paragraph, or the article, has."""
    count = len(all_items(passage.text, paragraph))
    place = (passage.article or "") + (f"第{to_chinese(paragraph)}款" if paragraph else "")
    return UnknownArticle(
        f"《{passage.law}》{place}{f'只有{count}项' if count else '没有分项'}，没有第（{to_chinese(item)}）项。",
        f"《{passage.law}》 {place} has {count} item(s), no item {item}.",
    )


def repealing(law: str, shelf: Shelf) -> tuple[str, Passage] | None:
    """Return the day of a law's repeal and the provision held that states it."""
    repeal = shelf.names.repeal(law)
    for reference in parse(repeal.proof, shelf.names) if repeal else ():
        rows = shelf.index.rows(reference.law or "", reference.label)
        if repeal and rows:
            return repeal.repealed, shelf.index.passage(rows[-1])
    return None
