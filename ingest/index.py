"""Open an index generation, verified, and read it; ``ingest/publish.py`` tells what is in it."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import bm25s
import numpy as np

from corpus.checking import Verdict
from corpus.errors import IndexDamaged, IndexMismatch, IndexUnavailable
from corpus.types import Kind, Passage, Status
from ingest.link import Link
from ingest.publish import FORMAT, REBUILD_EN, REBUILD_ZH, generations, verify
from ingest.vectors import open_vectors, read_vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

_log = logging.getLogger("fawen.index")


class Outline(NamedTuple):
    """What ranking and filters need of a passage without reading it."""

    title: str
    article: str | None
    kind: Kind
    level: str
    lang: str
    status: Status
    effective: str | None
    until: str | None
    learned: bool

    @property
    def is_view(self) -> bool:
        """True for commentary and cases, which are not law."""
        return not self.kind.is_law


class Owners(NamedTuple):
    """Which passages each question of one language is answered by.

    Question n is answered by ``rows[start[n] : start[n + 1]]``; every question by one at least.
    """

    start: NDArray[np.int64]
    rows: NDArray[np.int64]

    def of(self, question: int) -> list[int]:
        """Return the rows of the passages that answer a question."""
        found: list[int] = self.rows[self.start[question] : self.start[question + 1]].tolist()
        return found

    def any_of(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which questions have an answer among the rows of a mask; (questions,)."""
        allowed: NDArray[np.bool_] = np.logical_or.reduceat(mask[self.rows], self.start[:-1])
        return allowed


class Index:
    """One verified generation, read-only and safe to share between threads.

    Row numbers count passages from 0; ``unasked`` tells which have no plain-language question. Scores
    are inner products, or BM25.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder = folder
        self.generation = folder.name
        self.manifest = manifest
        self._db = sqlite3.connect(
            f"file:{folder / 'passages.sqlite'}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self.articles = open_vectors(folder / "articles.faiss")
        self.questions = open_vectors(folder / "questions.faiss")
        self.words = bm25s.BM25.load(str(folder / "words"), mmap=True, show_progress=False)
        self.english = bm25s.BM25.load(str(folder / "english"), mmap=True, show_progress=False)
        self.outlines = [
            Outline(title, article, Kind(kind), level, lang, Status(status), effective, until, bool(learned))
            for title, article, kind, level, lang, status, effective, until, learned in self._db.execute(
                "SELECT title, article, kind, level, lang, status, effective, until, learned FROM passages"
                " ORDER BY row"
            )
        ]
        self.asked_of = self._owners("zh")
        self.english_of = self._owners("en")
        has_question = set(np.concatenate((self.asked_of.rows, self.english_of.rows)).tolist())
        views = {self.outlines[row].title for row in has_question if self.outlines[row].is_view}
        self.unasked = [
            outline.title not in views if outline.is_view else row not in has_question
            for row, outline in enumerate(self.outlines)
        ]

    def _owners(self, lang: str) -> Owners:
        query = (
            "SELECT questions.row, answers.passage FROM questions JOIN answers ON answers.question = questions.row"
            " WHERE lang = ? ORDER BY questions.row"
        )
        pairs = np.array(self._db.execute(query, (lang,)).fetchall(), np.int64).reshape(-1, 2)
        _, start = np.unique(pairs[:, 0], return_index=True)
        return Owners(np.append(start, len(pairs)), pairs[:, 1])

    def __len__(self) -> int:
        return int(self.manifest["passages"])

    def passage(self, row: int) -> Passage:
        """Return the passage at a row."""
        (data,) = self._db.execute("SELECT data FROM passages WHERE row = ?", (int(row),)).fetchone()
        return passage_from_json(json.loads(data))

    def passages(self) -> Iterator[Passage]:
        """Yield every passage in the order of the rows."""
        for (data,) in self._db.execute("SELECT data FROM passages ORDER BY row"):
            yield passage_from_json(json.loads(data))

    def rows(self, law: str, article: str | None = None) -> list[int]:
        """Return the rows of a law, or of one article in each version held."""
        query, values = "SELECT row FROM passages WHERE law = ?", [law]
        if article is not None:
            query, values = query + " AND article = ?", [law, article]
        return [row for (row,) in self._db.execute(query + " ORDER BY row", values)]

    def title_rows(self, title: str) -> list[int]:
        """Return the rows of a commentary or case by its title."""
        return [
            r for (r,) in self._db.execute("SELECT row FROM passages WHERE title = ? ORDER BY row", (title,))
        ]

    def commentary_on(self, law: str, article: str) -> list[Link]:
        """Return what cites an article, in the order of the titles."""
        query = "SELECT * FROM links WHERE law = ? AND article = ? ORDER BY title, rowid"
        return [_link(row) for row in self._db.execute(query, (law, article))]

    def cited_by(self, title: str) -> list[Link]:
        """Return what a commentary cites, in its order."""
        query = "SELECT * FROM links WHERE title = ? ORDER BY rowid"
        return [_link(row) for row in self._db.execute(query, (title,))]

    def laws(self) -> list[str]:
        """Return every law's official title once."""
        return [t for (t,) in self._db.execute("SELECT DISTINCT law FROM passages WHERE law NOT NULL")]

    def vectors_by_key(self) -> dict[str, Vectors]:
        """Return every vector by the key of the text it was made from, for the next build to use."""
        found: dict[str, Vectors] = {}
        for index, query in (
            (self.articles, "SELECT key FROM passages ORDER BY row"),
            (self.questions, "SELECT key FROM questions WHERE lang = 'zh' ORDER BY row"),
        ):
            keys = (key for (key,) in self._db.execute(query))
            found.update(zip(keys, read_vectors(index), strict=True))
        return found

    def asked(self, text: str) -> list[int]:
        """Return the rows that answer a question written word for word so, but for case."""
        query = (
            "SELECT answers.passage FROM questions JOIN answers ON answers.question = questions.row"
            " WHERE text = ? COLLATE NOCASE"
        )
        return [row for (row,) in self._db.execute(query, (text,))]

    def question_texts(self, row: int, lang: str = "zh") -> list[str]:
        """Return the plain-language questions that a passage answers."""
        query = (
            "SELECT text FROM questions JOIN answers ON answers.question = questions.row"
            " WHERE answers.passage = ? AND lang = ? ORDER BY questions.row"
        )
        return [text for (text,) in self._db.execute(query, (int(row), lang))]


def _link(row: tuple[Any, ...]) -> Link:
    title, law, article, paragraph, item, verdict, detail = row
    return Link(title, law, article, paragraph, item, Verdict(verdict), detail)


def passage_from_json(data: dict[str, Any]) -> Passage:
    """Build a Passage from what ``asdict`` made of it."""
    data["kind"], data["status"] = Kind(data["kind"]), Status(data["status"])
    data["headings"], data["cites"] = tuple(data["headings"]), tuple(data["cites"])
    return Passage(**data)


def current_generation(root: Path) -> str:
    """Return the name of the generation that CURRENT names, or "" where there is none."""
    try:
        return (root / "CURRENT").read_text("utf-8", errors="replace").strip()
    except OSError:
        return ""


def open_index(root: Path, embedder: str | None = None) -> Index:
    """Open the current generation, verified; fall back to the one before it where it is damaged.

    Raises IndexUnavailable where there is none, IndexDamaged where none passes, IndexMismatch
    where it was made with another embedder (``embedder`` None: not checked) or format.
    """
    names = [p.name for p in reversed(generations(root))]
    if not names:
        raise IndexUnavailable(
            f"{root} 中还没有索引。{REBUILD_ZH}", f"There is no index in {root}. {REBUILD_EN}"
        )
    current = current_generation(root)
    if current in names:
        names = [current, *(n for n in names if n < current)]
    problems = []
    for name in names:
        try:
            manifest = verify(root / name)
        except IndexDamaged as error:
            problems.append(error)
            _log.error("%s", error)
            continue
        if manifest["format"] != FORMAT:
            raise IndexMismatch(
                f"索引格式与此版本不符。{REBUILD_ZH}", f"The index has another format. {REBUILD_EN}"
            )
        if embedder is not None and manifest["embedder"] != embedder:
            raise IndexMismatch(
                f"索引是用另一个嵌入模型建立的。{REBUILD_ZH}",
                f"The index was made with another embedding model. {REBUILD_EN}",
            )
        if problems:
            _log.error("索引损坏，改用上一代 %s / damaged index, serving the older %s", name, name)
        return Index(root / name, manifest)
    raise problems[0]
