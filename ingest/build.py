"""The pipeline: load → split → questions → vectors → publish, with progress and a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from corpus.book import LawBook
from corpus.errors import IndexUnavailable
from ingest.embed import Embedder, VectorStore, embedding_text, text_key
from ingest.index import open_index
from ingest.link import link
from ingest.load import Loaded, load
from ingest.publish import Content, publish, publishing
from ingest.questions import attach_questions
from ingest.split import split
from ingest.words import english_tokens, passage_tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

ENCODE_AT_ONCE = 64


class Progress:
    """One bar over all stages, each weighted by the seconds it took on two cores.

    Texts to encode add seconds by their length, as far as the model reads them, so that the time
    left stays honest.
    """

    SECONDS = {
        "切分 split": 0.1, "问题 questions": 0.3, "向量 vectors": 4.4, "分词 words": 1.1, "条文 passages": 0.8,
        "索引 vectors": 0.7, "检索词 words": 1.1, "英文 english": 0.2, "写入 sync": 0.2,
    }  # fmt: skip
    CHARACTER = 0.0001
    READ = 190

    def __init__(self, quiet: bool) -> None:
        self._bar = tqdm(
            total=sum(self.SECONDS.values()), disable=quiet, desc="建立索引 index",
            bar_format="{desc} {percentage:3.0f}%|{bar}| 已用 {elapsed} 剩余 {remaining}",
        )  # fmt: skip
        self._stage = 0.0

    def stage(self, name: str) -> None:
        """Begin a stage; the one before it is done."""
        self._advance(self._stage)
        self._stage = self.SECONDS[name]
        self._bar.set_description(name)

    def expect(self, texts: Iterable[str]) -> None:
        """Count texts that must be encoded."""
        self._bar.total += self._cost(texts)
        self._bar.refresh()

    def encoded(self, texts: Iterable[str]) -> None:
        """Count texts that have been encoded."""
        self._advance(self._cost(texts))

    def _cost(self, texts: Iterable[str]) -> float:
        return sum(min(len(text), self.READ) for text in texts) * self.CHARACTER

    def done(self) -> None:
        """Count the last stage."""
        self._advance(self._stage)

    def _advance(self, seconds: float) -> None:
        self._bar.update(min(seconds, self._bar.total - self._bar.n))

    def close(self) -> None:
        """Leave the bar as it stands."""
        self._bar.close()


def build(
    root: Path, embedder: Embedder, store: VectorStore, paths: Iterable[Path] = (), quiet: bool = False
) -> dict[str, Any]:
    """Index the shipped corpus and ``paths`` under ``root``; return the report of what was done.

    Vectors come from the shipped store, then from the generation in use, and are computed only
    for texts in neither. Raises SourceError, IndexUnavailable, and IndexBusy at once where another
    process is building; the old index stays.
    """
    with publishing(root):
        loaded = load(paths)
        progress = Progress(quiet)
        try:
            return _build(root, embedder, store, loaded, progress)
        except OSError as error:
            raise IndexUnavailable(
                f"无法写入索引 {root}：{error.strerror}。原有索引没有变动。",
                f"The index {root} cannot be written ({error.strerror}); what was there is unchanged.",
            ) from error
        finally:
            progress.close()


def _build(
    root: Path, embedder: Embedder, store: VectorStore, loaded: Loaded, progress: Progress
) -> dict[str, Any]:
    progress.stage("切分 split")
    passages = [passage for document in loaded.documents for passage in split(document)]
    progress.stage("问题 questions")
    questions, overdue = attach_questions(passages, loaded.documents)
    links, odd = link(loaded.documents, LawBook(passages), date.today())
    progress.stage("向量 vectors")
    known = _known_vectors(root, embedder)
    texts = [embedding_text(p) for p in passages]
    asked = [q.text for q in questions if q.lang == "zh"]
    passage_keys = [text_key(text, "article") for text in texts]
    question_keys = [text_key(text, "question") for text in asked]
    vectors = _vectors(texts, passage_keys, embedder.articles, store, known, progress)
    question_vectors = _vectors(asked, question_keys, embedder.questions, store, known, progress)
    progress.stage("分词 words")
    report: dict[str, Any] = {
        "documents": dict(Counter(str(d.kind) for d in loaded.documents)),
        "passages": dict(Counter(str(p.kind) for p in passages)),
        "status": dict(Counter(str(p.status_on(date.today())) for p in passages)),
        "questions": dict(Counter(q.lang for q in questions)),
        "citations": dict(Counter(str(found.verdict) for found in links)),
        "questions_due_for_review": overdue,
        "skipped": loaded.skipped,
        "odd": odd,
    }
    content = Content(
        passages=passages,
        questions=questions,
        links=links,
        vectors=vectors,
        question_vectors=question_vectors,
        learned=[store.is_learned(key) for key in passage_keys],
        vector_keys=passage_keys,
        question_keys=question_keys,
        words=[passage_tokens(p) for p in passages],
        english=[english_tokens(q.text) for q in questions if q.lang == "en"],
        embedder=embedder.id,
        corpus_date=max((d.promulgated or "" for d in loaded.documents), default=""),
        report=report,
    )
    generation = publish(root, content, progress.stage)
    progress.done()
    return {"generation": generation, "corpus_date": content.corpus_date, **report}


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
    store: VectorStore,
    known: dict[str, Vectors],
    progress: Progress,
) -> Vectors:
    """Fill an (n, dimension) array from what is known and encode the rest, longest texts first."""
    found: list[Vectors | None] = []
    for key in keys:
        vector = store.get(key)
        found.append(known.get(key) if vector is None else vector)
    missing = sorted(
        (row for row, vector in enumerate(found) if vector is None), key=lambda row: -len(texts[row])
    )
    progress.expect(texts[row] for row in missing)
    for start in range(0, len(missing), ENCODE_AT_ONCE):
        rows = missing[start : start + ENCODE_AT_ONCE]
        for row, vector in zip(rows, encode([texts[row] for row in rows]), strict=True):
            found[row] = vector
        progress.encoded(texts[row] for row in rows)
    return np.stack([vector for vector in found if vector is not None]).astype(np.float32)
