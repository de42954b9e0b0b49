"""Publish an index generation atomically, and check one before it is read.

    CURRENT                 one line: the generation in use
    gen-000007/
      manifest.json         format, embedder, counts, report; size and SHA-256 of every file below
      passages.sqlite       passages, the questions of articles, what commentary cites
      articles.faiss        one vector a passage; inner product, half precision
      questions.faiss       one vector a Chinese question
      words/ english/       BM25 (bm25s) over passages; over English questions

FAISS loads a flipped byte without complaint, so every file is checked before it is parsed.
Nothing here is pickle. ``ingest/index.py`` reads what this module writes.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bm25s
import faiss
import numpy as np
from filelock import FileLock, Timeout

from corpus.errors import IndexBusy, IndexDamaged, IndexUnavailable
from corpus.types import Passage
from ingest.link import Link
from ingest.vectors import vector_index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

FORMAT = 4
KEEP = 2
logging.getLogger("bm25s").setLevel(logging.WARNING)
REBUILD_ZH = "请运行 fawen ingest 重新建立索引。"
REBUILD_EN = "Run: fawen ingest"


@dataclass(frozen=True, slots=True)
class Question:
    """A plain-language question and the rows of the passages that answer it."""

    rows: tuple[int, ...]
    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that a generation holds, in memory, ready to be written.

    ``vectors`` is (passages, dimension), ``question_vectors`` (Chinese questions, dimension); ``learned``
    tells which of ``vectors`` were learned from questions; the keys name the text each vector was made from, so that the next build can use it again.
    """

    passages: list[Passage]
    questions: list[Question]
    links: list[Link]
    vectors: Vectors
    question_vectors: Vectors
    learned: list[bool]
    vector_keys: list[str]
    question_keys: list[str]
    words: list[list[str]]
    english: list[list[str]]
    embedder: str
    corpus_date: str
    report: dict[str, Any]


def publish(root: Path, content: Content, step: Callable[[str], None] = lambda name: None) -> str:
    """Write one generation and make it current; return its name.

    The caller holds the lock (``with publishing(root)``). Readers see the old generation or the
    new one, never a part. Raises OSError where the disk refuses; the old generation then stays.
    """
    _remove_leftovers(root)
    name = f"gen-{max((int(p.name[4:]) for p in generations(root)), default=0) + 1:06d}"
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=root))
    try:
        _write(draft, content, step)
        step("写入 sync")
        _write_manifest(draft, content)
        for path in (*_files(draft), draft / "manifest.json"):
            _sync(path)
        for folder in (*(p for p in draft.rglob("*") if p.is_dir()), draft):
            _sync(folder)
        draft.chmod(0o755)
        draft.rename(root / name)
        _sync(root)
        marker = root / "CURRENT.tmp"
        marker.write_text(name + "\n", "utf-8")
        _sync(marker)
        marker.replace(root / "CURRENT")
        _sync(root)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    for old in generations(root)[:-KEEP]:
        shutil.rmtree(old, ignore_errors=True)
    return name


@contextmanager
def publishing(root: Path) -> Iterator[None]:
    """Hold the index's lock; raise IndexBusy at once where another process holds it.

    Raises IndexUnavailable where the folder cannot be made or written.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(root / ".lock", timeout=0).acquire()
    except Timeout as error:
        raise IndexBusy(
            f"另一个进程正在写入 {root}，请等它完成后再试。",
            f"Another process is publishing to {root}; try again when it has finished.",
        ) from error
    except OSError as error:
        raise IndexUnavailable(
            f"无法在 {root} 建立索引目录：{error.strerror}。请用 --index 指定一个可写的文件夹。",
            f"The index folder {root} cannot be made ({error.strerror}); name a writable one with --index.",
        ) from error
    with lock:
        yield


def generations(root: Path) -> list[Path]:
    """List the generations under ``root``, oldest first."""
    return sorted(p for p in root.glob("gen-??????") if p.is_dir() and p.name[4:].isdigit())


def _remove_leftovers(root: Path) -> None:
    for path in root.glob("draft-*"):
        shutil.rmtree(path, ignore_errors=True)
    (root / "CURRENT.tmp").unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json")


def _write(folder: Path, content: Content, step: Callable[[str], None]) -> None:
    step("条文 passages")
    with sqlite3.connect(folder / "passages.sqlite") as db:
        db.executescript(
            "CREATE TABLE passages (row INTEGER PRIMARY KEY, id TEXT, key TEXT, title TEXT, law TEXT, article TEXT,"
            " kind TEXT, level TEXT, lang TEXT, status TEXT, effective TEXT, until TEXT, learned INTEGER,"
            " data TEXT);"
            "CREATE TABLE questions (row INTEGER PRIMARY KEY, lang TEXT, key TEXT, text TEXT);"
            "CREATE TABLE answers (question INTEGER, passage INTEGER);"
            "CREATE TABLE links (title TEXT, law TEXT, article TEXT, paragraph INTEGER, item INTEGER, verdict TEXT,"
            " detail TEXT);"
        )
        db.executemany("INSERT INTO passages VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", _passage_rows(content))
        keys = iter(content.question_keys)
        db.executemany(
            "INSERT INTO questions VALUES (?,?,?,?)",
            (
                (n, q.lang, next(keys) if q.lang == "zh" else None, q.text)
                for n, q in enumerate(content.questions)
            ),
        )
        db.executemany(
            "INSERT INTO answers VALUES (?,?)",
            ((n, row) for n, q in enumerate(content.questions) for row in q.rows),
        )
        db.executemany("INSERT INTO links VALUES (?,?,?,?,?,?,?)", map(astuple, content.links))
        db.executescript(
            "CREATE INDEX by_article ON passages (law, article);"
            "CREATE INDEX by_passage ON answers (passage);"
            "CREATE INDEX by_question ON answers (question);"
            "CREATE INDEX by_text ON questions (text COLLATE NOCASE);"
            "CREATE INDEX by_cited ON links (law, article);"
        )
    db.close()
    step("索引 vectors")
    for name, vectors in (("articles", content.vectors), ("questions", content.question_vectors)):
        dimension = vectors.shape[1] if vectors.size else content.vectors.shape[1]
        faiss.write_index(vector_index(vectors, dimension), str(folder / f"{name}.faiss"))
    for stage, name, texts in (
        ("检索词 words", "words", content.words),
        ("英文 english", "english", content.english),
    ):
        step(stage)
        bm25 = bm25s.BM25(k1=1.2, b=0.75)
        bm25.index(texts if any(texts) else [["-"]], show_progress=False)
        bm25.save(str(folder / name), show_progress=False)


def _passage_rows(content: Content) -> Iterator[tuple[object, ...]]:
    rows = zip(content.passages, content.vector_keys, content.learned, strict=True)
    for row, (passage, key, learned) in enumerate(rows):
        data = json.dumps(asdict(passage), ensure_ascii=False)
        yield (
            *(row, passage.id, key, passage.title, passage.law, passage.article, str(passage.kind)),
            *(
                passage.level,
                passage.lang,
                str(passage.status),
                passage.effective,
                passage.until,
                learned,
                data,
            ),
        )


def _write_manifest(folder: Path, content: Content) -> None:
    files = {
        p.relative_to(folder).as_posix(): {"bytes": p.stat().st_size, "sha256": _sha256(p)}
        for p in _files(folder)
    }
    manifest = {
        "format": FORMAT,
        "embedder": content.embedder,
        "dimension": int(content.vectors.shape[1]),
        "corpus_date": content.corpus_date,
        "passages": len(content.passages),
        "questions": len(content.questions),
        "report": content.report,
        "files": files,
    }
    sealed = {"sha256": _seal(manifest), "manifest": manifest}
    (folder / "manifest.json").write_text(json.dumps(sealed, ensure_ascii=False, indent=1), "utf-8")


def _seal(manifest: object) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(folder: Path) -> dict[str, Any]:
    """Check every file of a generation against its manifest and return the manifest.

    Raises IndexDamaged naming the first file that differs.
    """

    def damaged(what: str) -> IndexDamaged:
        return IndexDamaged(
            f"索引文件 {folder.name}/{what} 已损坏或不完整。{REBUILD_ZH}",
            f"The index file {folder.name}/{what} is damaged or missing. {REBUILD_EN}",
        )

    try:
        sealed = json.loads((folder / "manifest.json").read_text("utf-8"))
        manifest = sealed["manifest"]
        if _seal(manifest) != sealed["sha256"]:
            raise damaged("manifest.json")
        files = manifest["files"]
        present = {p.relative_to(folder).as_posix() for p in _files(folder)}
        for name in sorted(present ^ set(files)):
            raise damaged(name)
        for name, expected in files.items():
            path = folder / name
            if path.stat().st_size != expected["bytes"] or _sha256(path) != expected["sha256"]:
                raise damaged(name)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged("manifest.json") from error
    return manifest  # type: ignore[no-any-return]
