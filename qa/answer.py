"""ask(): the whole road from a question to an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from corpus.address import parse_address
from corpus.book import on_day
from corpus.citation import Reference, parse, parse_article_number
from corpus.errors import InputError
from corpus.language import language_of
from corpus.registry import moved
from corpus.settings import Settings
from corpus.types import Answer, Claim, Hit, Passage, Status
from qa import wording
from qa.compose import Draft, compose, look_up, nearest
from qa.filters import Filter, read_day, read_filter
from qa.library import Library, Shelf
from qa.provisions import Provision, check_part, named_provisions, repealing
from qa.question import Question, not_held, read_question, unknown_law
from qa.retrieve import carries_answer
from qa.verify import verify


class Assistant:
    """Answers questions from one library. Safe to share between threads."""

    def __init__(self, library: Library, settings: Settings, today: Callable[[], date] = date.today) -> None:
        self.library = library
        self.settings = settings
        self.today = today

    def ask(self, raw: str, lang: str | None = None, as_of: str | None = None) -> Answer:
        """Answer one question; ``lang`` None: in its language; ``as_of`` (YYYY-MM-DD): by the law of that day.

        Raises InputError for a question that cannot be used, UnknownLaw and UnknownArticle for
        one that asks for a provision that does not exist.
        """
        shelf, day = self.library.current(), self._day(as_of)
        question = read_question(raw, shelf.names, self.settings.max_question_chars, lang)
        named = named_provisions(question, shelf, day)
        if named:
            return self._look_up(question, shelf, named, as_of)
        only = Filter(as_of=day) if as_of else Filter()
        hits, evidence = shelf.retriever.search_with_evidence(question, self.settings.results, only)
        notes = _repeals(question.references, shelf, day, question.lang)
        notes += _not_held_then(question, shelf, day) if as_of else []
        if not hits or not (notes or carries_answer(evidence, question.lang)):
            return self._refuse(question, shelf, hits, as_of)
        draft = compose(question, hits, shelf, day)
        if notes:
            draft.claims = [*_cited(notes, draft), *draft.claims[:1]]
        answer = self._answer(question, shelf, draft, as_of)
        return answer if answer.claims else self._refuse(question, shelf, hits, as_of)

    def article(self, law: str, number: str, as_of: str | None = None) -> Answer:
        """Look one article up by a law's name and a number in any form; raise InputError where none is."""
        shelf, day = self.library.current(), self._day(as_of)
        title = shelf.names.resolve(law)
        if title is None:
            raise unknown_law(law, shelf.names)
        place = parse_article_number(number)
        label = f"第{place[0]}条" + (f"之{place[1]}" if place[1] else "") if place else number
        text = f"《{title}》{label}"
        question = Question(text, language_of(law), tuple(parse(text, shelf.names)))
        rows = shelf.index.rows(title, number)
        named = [Provision(shelf.index.passage(rows[-1]))] if rows and not place else []
        named = named or named_provisions(question, shelf, day)
        if not named and title not in shelf.names.held:
            raise not_held(title, shelf.names)
        if not named:
            raise InputError(
                f"看不懂条号“{number}”，请写成 1038、253之一 或 第一千零三十八条第一款。",
                f"“{number}” is no article number; write 1038, 253-1 or 第一千零三十八条第一款.",
            ).in_language(question.lang)
        return self._look_up(question, shelf, named, as_of)

    def at(self, address: str) -> Answer:
        """Return what stands at a stable address (see corpus.address); raise InputError where nothing does."""
        shelf = self.library.current()
        place = parse_address(address, shelf.names)
        if place is None or not place.article:
            raise InputError(
                f"看不懂“{address}”：请写法律名和条号，或 /law/民法典/1038/1 这样的地址。",
                f"“{address}” is not understood: give a law and a number, or an address like /law/民法典/1038/1.",
            )
        text = f"《{place.law}》{place.article}"
        text += f"第{place.paragraph}款" if place.paragraph and not place.item else ""
        question = Question(text, "zh", tuple(parse(text, shelf.names)))
        rows = map(shelf.index.passage, shelf.index.rows(place.law, place.article))
        texts = [p for p in rows if not place.version or place.version in (p.promulgated, p.effective)]
        chosen = on_day(texts, self.today())
        if chosen is None:
            named_provisions(question, shelf, self.today())  # says what the law has instead
            raise InputError(
                f"库中没有《{place.law}》{place.article}在{place.version}的文本。",
                f"The text of 《{place.law}》{place.article} of {place.version} is not held.",
            )
        part = check_part(chosen, place.paragraph, place.item)
        if isinstance(part, InputError):
            raise part
        return self._look_up(question, shelf, [part], None)

    def _day(self, as_of: str | None) -> date:
        return read_day(as_of) if as_of else self.today()

    def _look_up(
        self, question: Question, shelf: Shelf, named: Sequence[Provision], as_of: str | None
    ) -> Answer:
        """Answer with the provisions named; one that is repealed points on."""
        day = self._day(as_of)
        draft = look_up(question, named, shelf, day)
        draft.claims += _cited(_repeals(question.references, shelf, day, question.lang), draft)
        return self._answer(question, shelf, draft, as_of)

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

    def _answer(
        self, question: Question, shelf: Shelf, draft: Draft, as_of: str | None, refused: bool = False
    ) -> Answer:
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
            as_of=as_of,
        )

    def _refuse(self, question: Question, shelf: Shelf, hits: list[Hit], as_of: str | None) -> Answer:
        """Say that nothing carries an answer and name the nearest provisions."""
        return self._answer(question, shelf, nearest(question, hits, self._day(as_of)), as_of, refused=True)


Note = tuple[str, Passage]
"""A sentence about the law's history, and the provision that carries it."""


def _cited(notes: Sequence[Note], draft: Draft) -> list[Claim]:
    return [Claim(text, (draft.cite(passage),)) for text, passage in notes]


def _repeals(references: Sequence[Reference], shelf: Shelf, day: date, lang: str) -> list[Note]:
    """Say which of the laws cited are repealed on ``day``, by the provisions that repeal them."""
    notes: dict[str, Note] = {}
    for reference in references:
        law = reference.law or ""
        found = repealing(law, shelf)
        if not found or found[0] > day.isoformat():
            continue
        notes[law] = wording.replaced(shelf.names.short(law), found[0], lang), found[1]
        for move in moved(law, reference.label):
            if rows := shelf.index.rows(move.now, move.after):
                old = f"《{shelf.names.short(law)}》{reference.label}"
                notes[old] = wording.now_in(old, lang), shelf.index.passage(rows[-1])
    return list(notes.values())


def _not_held_then(question: Question, shelf: Shelf, day: date) -> list[Note]:
    """Say where today's best provision was not law on ``day``, and what it replaced that is not held."""
    for hit in shelf.retriever.search(question, 1):
        law = hit.passage.law
        if law is None or hit.passage.status_on(day) is not Status.NOT_YET:
            return []
        older = [
            (repeal.title, passage)
            for repeal in shelf.names.repealed_by(law)
            if repeal.level == "法律"
            and repeal.repealed > day.isoformat()
            and repeal.title not in shelf.names.held
            for _, passage in filter(None, [repealing(repeal.title, shelf)])
        ]
        titles = [shelf.names.short(title) for title, _ in older]
        text = wording.not_held_then(
            shelf.names.short(law), hit.passage.effective or "", titles, question.lang
        )
        return [(text, older[0][1] if older else hit.passage)]
    return []
