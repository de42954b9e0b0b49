"""Plain-language questions: which passage each one belongs to."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from corpus.language import language_of
from corpus.types import Document, Passage, Status
from ingest.publish import Question
from ingest.split import CONCLUSION

QUESTIONS = Path(__file__).resolve().parent.parent / "corpus" / "questions"


def question_entries() -> Iterator[dict[str, Any]]:
    """Yield the lines of corpus/questions; see the README there."""
    for path in sorted(QUESTIONS.glob("*.jsonl")):
        yield from map(json.loads, path.read_text("utf-8").splitlines())


def attach_questions(
    passages: Sequence[Passage], documents: Iterable[Document]
) -> tuple[list[Question], int]:
    """Tie each plain-language question to the passages it was written for.

    Where several versions of an article are held, the one in force gets it, else the version whose
    text the question was written for. Returns the questions and how many articles have changed
    since theirs were written.
    """
    today = date.today()
    by_article: dict[tuple[str | None, str | None], list[int]] = defaultdict(list)
    for row, passage in enumerate(passages):
        by_article[passage.law, passage.article].append(row)
    answers: dict[tuple[str, str], list[int]] = defaultdict(list)
    overdue = 0
    for entry in question_entries():
        rows = by_article.get((entry["law"], entry["article"]))
        if not rows:
            continue
        same = [r for r in rows if _text_hash(passages[r].text) == entry["text_sha256_16"]]
        overdue += not same
        live = [r for r in rows if passages[r].status_on(today) is Status.IN_FORCE]
        row = (live or same or rows)[-1]
        for lang in ("zh", "en"):
            for text in entry[lang]:
                answers[lang, text].append(row)
    for row, lang, text in _digest_rows(passages, documents):
        answers[lang, text].append(row)
    found = [Question(tuple(dict.fromkeys(rows)), lang, text) for (lang, text), rows in answers.items()]
    return found, overdue


def _text_hash(text: str) -> str:
    """Hash a text as corpus/questions does: no white space, SHA-256, 16 hex digits."""
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()[:16]


def digest_questions(documents: Iterable[Document]) -> Iterator[tuple[str, str, str, str]]:
    """Yield (title, section, language, question) of the digests' own questions.

    An entry may name the section that answers it after `` | ``; without it the conclusion answers.
    """
    for document in documents:
        for entry in document.questions:
            text, _, section = (part.strip() for part in entry.partition(" | "))
            lang = language_of(text)
            yield document.title, section or CONCLUSION[lang], lang, text


def _digest_rows(
    passages: Sequence[Passage], documents: Iterable[Document]
) -> Iterator[tuple[int, str, str]]:
    """Tie a digest's own questions to the section that answers them: (row, language, question)."""
    first: dict[tuple[str, str], int] = {}
    for row, passage in enumerate(passages):
        if not passage.kind.is_law:
            first.setdefault((passage.title, passage.section), row)
    for title, section, lang, text in digest_questions(documents):
        if (title, section) in first:
            yield first[title, section], lang, text
