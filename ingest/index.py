"""The index directory: publish atomically, open verified. This module owns the format.

    CURRENT                 one line: the generation in use
    gen-000007/
      manifest.json         format, embedder, counts, report; size and SHA-256 of every file below
      passages.sqlite       passages, the questions of articles, what commentary cites
      articles.faiss        one vector a passage; inner product, half precision
      questions.faiss       one vector a question
      words/ english/       BM25 (bm25s) over passages; over English questions

FAISS loads a flipped byte without complaint, so every file is checked before it is parsed.
Nothing here is pickle.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import bm25s
import faiss
import numpy as np
from filelock import FileLock, Timeout

from corpus.checking import Verdict
from corpus.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexUnavailable
from corpus.types import Kind, Passage, Status
from ingest.link import Link

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

FORMAT = 4
KEEP = 2
CELLS_FROM = 20_000
CELLS_READ = 128
_log = logging.getLogger("fawen.index")
logging.getLogger("bm25s").setLevel(logging.WARNING)
_REBUILD_ZH = "请运行 fawen ingest 重新建立索引。"
_REBUILD_EN = "Run: fawen ingest"


@dataclass(frozen=True, slots=True)
class Question:
    """A plain-language question whose answer is the passage at ``row``."""

    row: int
    lang: str
    text: str


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

    @property
    def is_view(self) -> bool:
        """True for commentary and cases, which are not law."""
        return not self.kind.is_law


@dataclass(frozen=True, slots=True)
class Content:
    """All that a generation holds, in memory, ready to be written.

    ``vectors`` is (passages, dimension), ``question_vectors`` (Chinese questions, dimension); the
    keys name the text each vector was made from, so that the next build can use it again.
    """

    passages: list[Passage]
    questions: list[Question]
    links: list[Link]
    vectors: Vectors
    question_vectors: Vectors
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
    name = f"gen-{max((int(p.name[4:]) for p in _generations(root)), default=0) + 1:06d}"
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
    for old in _generations(root)[:-KEEP]:
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


def _generations(root: Path) -> list[Path]:
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
            " kind TEXT, level TEXT, lang TEXT, status TEXT, effective TEXT, until TEXT, data TEXT);"
            "CREATE TABLE questions (row INTEGER PRIMARY KEY, passage INTEGER, lang TEXT, key TEXT, text TEXT);"
            "CREATE TABLE links (title TEXT, law TEXT, article TEXT, paragraph INTEGER, item INTEGER, verdict TEXT,"
            " detail TEXT);"
        )
        db.executemany("INSERT INTO passages VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", _passage_rows(content))
        keys = iter(content.question_keys)
        db.executemany(
            "INSERT INTO questions VALUES (?,?,?,?,?)",
            (
                (n, q.row, q.lang, next(keys) if q.lang == "zh" else None, q.text)
                for n, q in enumerate(content.questions)
            ),
        )
        db.executemany("INSERT INTO links VALUES (?,?,?,?,?,?,?)", map(astuple, content.links))
        db.executescript(
            "CREATE INDEX by_article ON passages (law, article);"
            "CREATE INDEX by_passage ON questions (passage);"
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


def vector_index(vectors: Vectors, dimension: int) -> Any:
    """Make a FAISS index over (n, dimension), half precision, inner product.

    A large one is cut into cells (IVF, Jégou et al. 2011) so that a search need not read all of it.
    """
    large = len(vectors) >= CELLS_FROM
    cells = f"IVF{2 ** round(math.log2(math.sqrt(len(vectors))))}," if large else ""
    index: Any = faiss.index_factory(dimension, f"{cells}SQfp16", faiss.METRIC_INNER_PRODUCT)
    if large:
        index.cp.seed, index.cp.max_points_per_centroid = 1, 64
    if len(vectors):
        index.train(vectors)
        index.add(vectors)
    return index


def open_vectors(path: Path) -> Any:
    """Read a FAISS index that vector_index made."""
    index: Any = faiss.read_index(str(path))
    if hasattr(index, "nprobe"):
        index.nprobe = CELLS_READ
    return index


def read_vectors(index: Any) -> Vectors:
    """Return every vector of a FAISS index in the order of its rows; (n, dimension)."""
    if hasattr(index, "make_direct_map"):
        index.make_direct_map()
    vectors: Vectors = index.reconstruct_n(0, index.ntotal)
    return vectors


def _passage_rows(content: Content) -> Iterator[tuple[object, ...]]:
    for row, (passage, key) in enumerate(zip(content.passages, content.vector_keys, strict=True)):
        data = json.dumps(asdict(passage), ensure_ascii=False)
        yield (
            *(row, passage.id, key, passage.title, passage.law, passage.article, str(passage.kind)),
            *(passage.level, passage.lang, str(passage.status), passage.effective, passage.until, data),
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
            Outline(title, article, Kind(kind), level, lang, Status(status), effective, until)
            for title, article, kind, level, lang, status, effective, until in self._db.execute(
                "SELECT title, article, kind, level, lang, status, effective, until FROM passages ORDER BY row"
            )
        ]
        owners = self._db.execute("SELECT lang, passage FROM questions ORDER BY row").fetchall()
        self.question_owner = np.array([row for lang, row in owners if lang == "zh"], np.int64)
        self.english_owner = np.array([row for lang, row in owners if lang == "en"], np.int64)

        has_question = {row for _, row in owners}
        views = {self.outlines[row].title for row in has_question if self.outlines[row].is_view}
        self.unasked = [
            outline.title not in views if outline.is_view else row not in has_question
            for row, outline in enumerate(self.outlines)
        ]

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

    def question_texts(self, row: int, lang: str = "zh") -> list[str]:
        """Return the plain-language questions that a passage answers."""
        query = "SELECT text FROM questions WHERE passage = ? AND lang = ? ORDER BY row"
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
    names = [p.name for p in reversed(_generations(root))]
    if not names:
        raise IndexUnavailable(
            f"{root} 中还没有索引。{_REBUILD_ZH}", f"There is no index in {root}. {_REBUILD_EN}"
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
                f"索引格式与此版本不符。{_REBUILD_ZH}", f"The index has another format. {_REBUILD_EN}"
            )
        if embedder is not None and manifest["embedder"] != embedder:
            raise IndexMismatch(
                f"索引是用另一个嵌入模型建立的。{_REBUILD_ZH}",
                f"The index was made with another embedding model. {_REBUILD_EN}",
            )
        if problems:
            _log.error("索引损坏，改用上一代 %s / damaged index, serving the older %s", name, name)
        return Index(root / name, manifest)
    raise problems[0]


def verify(folder: Path) -> dict[str, Any]:
    """Check every file of a generation against its manifest and return the manifest.

    Raises IndexDamaged naming the first file that differs.
    """

    def damaged(what: str) -> IndexDamaged:
        return IndexDamaged(
            f"索引文件 {folder.name}/{what} 已损坏或不完整。{_REBUILD_ZH}",
            f"The index file {folder.name}/{what} is damaged or missing. {_REBUILD_EN}",
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
