"""The pipeline: load → split → questions → vectors → publish, with progress and a report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from corpus.errors import IndexUnavailable
from corpus.types import Passage
from ingest.embed import Embedder, VectorStore, embedding_text, text_key
from ingest.index import Content, Question, open_index, publish
from ingest.link import check_citations
from ingest.load import load
from ingest.questions import attach_questions
from ingest.split import split
from ingest.words import english_tokens, tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

ENCODE_AT_ONCE = 256


def build(
    root: Path, embedder: Embedder, store: VectorStore, paths: Iterable[Path] = (), quiet: bool = False
) -> dict[str, object]:
    """Index the shipped corpus and ``paths`` under ``root``; return the report of what was done.

    Vectors come from the shipped store, then from the generation in use, and are computed only
    for texts in neither. Raises SourceError, IndexBusy, IndexUnavailable; the old index stays.
    """
    bar = tqdm(total=6, desc="法条 read", unit="步", disable=quiet, bar_format="{desc}: {n_fmt}/{total_fmt} [{elapsed}]")
    loaded = load(paths)
    passages = [passage for document in loaded.documents for passage in split(document)]
    bar.update()
    bar.set_description("问题 questions")
    questions, overdue = attach_questions(passages, loaded.documents)
    odd = check_citations(loaded.documents, passages)
    bar.update()
    bar.set_description("向量 vectors")
    known = _known_vectors(root, embedder)
    asked = [q.text for q in questions if q.lang == "zh"]
    passage_keys = [text_key(embedding_text(p), "article") for p in passages]
    question_keys = [text_key(text, "question") for text in asked]
    vectors = _vectors(
        [embedding_text(p) for p in passages], passage_keys, embedder.articles, embedder.dimension, store, known, quiet
    )
    question_vectors = _vectors(
        asked, question_keys, embedder.questions, embedder.dimension, store, known, quiet
    )
    bar.update()
    bar.set_description("分词 words")
    report: dict[str, object] = {
        "documents": dict(Counter(str(d.kind) for d in loaded.documents)),
        "passages": dict(Counter(str(p.kind) for p in passages)),
        "status": dict(Counter(str(p.status_on(date.today())) for p in passages)),
        "questions": dict(Counter(q.lang for q in questions)),
        "questions_due_for_review": overdue,
        "skipped": loaded.skipped,
        "odd": odd,
    }
    content = Content(
        passages=passages,
        questions=questions,
        vectors=vectors,
        question_vectors=question_vectors,
        vector_keys=passage_keys,
        question_keys=question_keys,
        words=_word_texts(passages, questions),
        english=[english_tokens(q.text) for q in questions if q.lang == "en"],
        embedder=embedder.id,
        corpus_date=max((d.promulgated or "" for d in loaded.documents), default=""),
        report=report,
    )
    bar.update()
    bar.set_description("写入 publish")
    generation = publish(root, content)
    bar.update(2)
    bar.close()
    return {"generation": generation, "corpus_date": content.corpus_date, **report}


def _word_texts(passages: Sequence[Passage], questions: Iterable[Question]) -> list[list[str]]:
    """Return the words of each passage: title, headings, text and its plain-language questions."""
    asked: dict[int, list[str]] = defaultdict(list)
    for question in questions:
        if question.lang == "zh":
            asked[question.row].append(question.text)
    return [
        tokens("\n".join((p.title.removeprefix("中华人民共和国"), *p.headings, p.text, *asked[row])))
        for row, p in enumerate(passages)
    ]


def _known_vectors(root: Path, embedder: Embedder) -> dict[str, Vectors]:
    """Take what the generation in use has, where the same model made it."""
    try:
        return open_index(root, embedder.id).vectors_by_key()
    except IndexUnavailable:
        return {}


def _vectors(
    texts: Sequence[str],
    keys: Sequence[str],
    encode: Callable[[Sequence[str]], Vectors],
    dimension: int,
    store: VectorStore,
    known: dict[str, Vectors],
    quiet: bool,
) -> Vectors:
    """Fill an (n, dimension) array from what is known and encode the rest, longest texts first.

    Longest first keeps the time left that the bar shows an upper bound.
    """
    vectors = np.zeros((len(texts), dimension), np.float32)
    missing = []
    for row, key in enumerate(keys):
        vector = store.get(key)
        if vector is None:
            vector = known.get(key)
        if vector is None:
            missing.append(row)
        else:
            vectors[row] = vector
    missing.sort(key=lambda row: -len(texts[row]))
    with tqdm(total=len(missing), desc="向量 vectors", unit="条", disable=quiet or not missing) as bar:
        for start in range(0, len(missing), ENCODE_AT_ONCE):
            rows = missing[start : start + ENCODE_AT_ONCE]
            vectors[rows] = encode([texts[row] for row in rows])
            bar.update(len(rows))
    return vectors
