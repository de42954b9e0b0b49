"""ask(): the whole road from a question to an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from corpus.citation import Reference, parse, parse_article_number
from corpus.errors import InputError, UnknownArticle
from corpus.language import language_of
from corpus.settings import Settings
from corpus.types import Answer, Claim, Hit, Passage, Status
from qa import wording
from qa.compose import Draft, compose, look_up, nearest
from qa.filters import read_filter
from qa.library import Library, Shelf
from qa.question import Question, read_question, unknown_law
from qa.retrieve import carries_answer
from qa.verify import verify


class Assistant:
    """Answers questions from one library. Safe to share between threads."""

    def __init__(self, library: Library, settings: Settings, today: Callable[[], date] = date.today) -> None:
        self.library = library
        self.settings = settings
        self.today = today

    def ask(self, raw: str, lang: str | None = None) -> Answer:
        """Answer one question; ``lang`` None: in the language of the question.

        Raises InputError for a question that cannot be used, UnknownLaw and UnknownArticle for
        one that asks for a provision that does not exist.
        """
        shelf = self.library.current()
        question = read_question(raw, shelf.names, self.settings.max_question_chars, lang)
        named = named_provisions(question, shelf, self.today())
        if named:
            return self._answer(question, shelf, look_up(question, named, self.today()))
        hits, evidence = shelf.retriever.search_with_evidence(question, self.settings.results)
        replaced = _replaced(question, shelf)
        if not hits or not (replaced or carries_answer(evidence, question.lang)):
            return self._refuse(question, shelf, hits)
        draft = compose(question, hits, shelf, self.today())
        if replaced:
            law, day, passage = replaced
            claim = Claim(wording.replaced(law, day, question.lang), (draft.cite(passage),))
            draft.claims = [claim, *draft.claims[:1]]
        answer = self._answer(question, shelf, draft)
        return answer if answer.claims else self._refuse(question, shelf, hits)

    def article(self, law: str, number: str) -> Answer:
        """Look one article up by a law's name and a number in any form; raise InputError where none is."""
        shelf = self.library.current()
        title = shelf.names.resolve(law)
        if title is None:
            raise unknown_law(law, shelf.names)
        place = parse_article_number(number)
        text = f"《{title}》" + (
            f"第{place[0]}条" + (f"之{place[1]}" if place[1] else "") if place else number
        )
        question = Question(text, language_of(law), tuple(parse(text, shelf.names)))
        rows = shelf.index.rows(title, number)
        named: list[tuple[Passage, int | None]] = []
        if rows and not place:
            named = [(shelf.index.passage(rows[-1]), None)]
        named = named or named_provisions(question, shelf, self.today())
        if not named:
            raise InputError(
                f"看不懂条号“{number}”，请写成 1038、253之一 或 第一千零三十八条第一款。",
                f"“{number}” is no article number; write 1038, 253-1 or 第一千零三十八条第一款.",
            ).in_language(question.lang)
        return self._answer(question, shelf, look_up(question, named, self.today()))

    def search(self, raw: str, k: int, lang: str | None = None, **only: Any) -> list[Hit]:
        """Return the passages that may answer a question, best first; ``only`` as read_filter takes it."""
        shelf = self.library.current()
        question = read_question(raw, shelf.names, self.settings.max_question_chars, lang)
        chosen = read_filter(shelf.names, shelf.index, **only)
        return shelf.retriever.search(question, k, chosen)

    def rankings(self, raw: str, k: int) -> dict[str, list[tuple[str, str | None]]]:
        """Return what each channel alone and all of them find; see Retriever.rankings."""
        shelf = self.library.current()
        question = read_question(raw, shelf.names, self.settings.max_question_chars)
        return shelf.retriever.rankings(question, k)

    def _answer(self, question: Question, shelf: Shelf, draft: Draft, refused: bool = False) -> Answer:
        """Verify a draft and seal it with the corpus it came from."""
        verdict = verify(draft.claims, draft.citations)
        return Answer(
            question=question.text,
            lang=question.lang,
            refused=refused,
            claims=verdict.claims,
            citations=verdict.citations,
            notice=wording.NOTICE[question.lang],
            referral=wording.referral(question.text, question.lang),
            corpus_date=shelf.index.manifest["corpus_date"],
            generation=shelf.index.generation,
        )

    def _refuse(self, question: Question, shelf: Shelf, hits: list[Hit]) -> Answer:
        """Say that nothing carries an answer and name the nearest provisions."""
        return self._answer(question, shelf, nearest(question, hits, self.today()), refused=True)


def named_provisions(question: Question, shelf: Shelf, today: date) -> list[tuple[Passage, int | None]]:
    """Return the provisions that a question names, in the version in force where there is one.

    Raises UnknownLaw or UnknownArticle where it names provisions and none of them exists.
    """
    found: list[tuple[Passage, int | None]] = []
    faults: list[InputError] = []
    for reference in question.references:
        if reference.law is None:
            if reference.unknown_law and not shelf.names.successor(reference.unknown_law):
                faults.append(unknown_law(reference.unknown_law, shelf.names))
            continue
        versions = [shelf.index.passage(row) for row in shelf.index.rows(reference.law, reference.label)]
        versions.sort(key=lambda p: (p.status_on(today) is Status.IN_FORCE, p.document))
        if not versions:
            faults.append(unknown_article(reference, shelf))
            continue
        count = len(versions[-1].paragraphs)
        if reference.paragraph and reference.paragraph > count:
            faults.append(no_such_paragraph(reference, count))
        elif (versions[-1], reference.paragraph) not in found:
            found.append((versions[-1], reference.paragraph))
    if faults and not found:
        raise faults[0].in_language(question.lang)
    return found


def unknown_article(reference: Reference, shelf: Shelf) -> UnknownArticle:
    """Say that the law has no such article, and which it has."""
    law = reference.law or ""
    numbers = [shelf.index.passage(row).article or "" for row in shelf.index.rows(law)]
    printed = [n for n in numbers if n.startswith("第")]
    span = (
        (f"条文从{printed[0]}到{printed[-1]}。", f" It runs from {printed[0]} to {printed[-1]}.")
        if printed
        else ("", "")
    )
    return UnknownArticle(
        f"《{law}》没有{reference.label}，{span[0]}" if printed else f"《{law}》没有{reference.label}。",
        f"《{law}》 has no {reference.label}.{span[1]}",
    )


def no_such_paragraph(reference: Reference, count: int) -> UnknownArticle:
    """Say how many paragraphs the article has."""
    return UnknownArticle(
        f"《{reference.law}》{reference.label}只有{count}款，没有第{reference.paragraph}款。",
        f"《{reference.law}》{reference.label} has {count} paragraph(s), no paragraph {reference.paragraph}.",
    )


def _replaced(question: Question, shelf: Shelf) -> tuple[str, str, Passage] | None:
    """Return (repealed law, day, the provision that repeals it) where the question cites one."""
    for reference in question.references:
        successor = shelf.names.successor(reference.unknown_law) if reference.unknown_law else None
        if successor:
            for row in reversed(shelf.index.rows(successor[0])):
                passage = shelf.index.passage(row)
                if "同时废止" in passage.text:
                    return reference.unknown_law or "", successor[1], passage
    return None
