"""Paths → Documents: the shipped corpus, and the digests and Markdown laws that a user adds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import SourceError
from corpus.statutes import end_dates, package_documents
from corpus.types import Document
from ingest.digest import is_digest, read_digest
from ingest.markdown import read_law

COMMENTARY = Path(__file__).resolve().parent.parent / "corpus" / "commentary"


MOST_CUT = 0.3  # of the newer text's articles; 妇女权益保障法 had 61 of 86, 体育法 54 of 122


@dataclass(slots=True)
class Loaded:
    """Documents to index, and one line for each thing that was left out or looked odd."""

    documents: list[Document] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def load(paths: Iterable[Path]) -> Loaded:
    """Read the shipped corpus and then ``paths`` (files, or folders searched for .md).

    A law whose title the statute package has keeps the package's text; an older text of it is held
    beside it as an earlier version. Raises SourceError for a path that does not exist; a file that
    cannot be read is listed and stops nothing.
    """
    loaded = Loaded()
    statutes = package_documents()
    held: dict[str, list[Document]] = defaultdict(list)
    for statute in statutes:
        held[statute.title].append(statute)
    digests: list[Document] = []
    added: list[Document] = []
    seen: set[tuple[str, str]] = set()
    for path in law_files((COMMENTARY, *paths)):
        try:
            document = _read(path)
        except SourceError as error:
            loaded.skipped.append(str(error))
            continue
        except (OSError, UnicodeDecodeError) as error:
            loaded.skipped.append(f"{path.name}：无法读取（{type(error).__name__}） / cannot be read")
            continue
        if document.title in held and not _is_older(document, held[document.title]):
            loaded.skipped.append(
                f"{path.name}：《{document.title}》以法条数据包为准 / the package's text is kept"
            )
        elif (document.title, document.version) in seen:
            loaded.skipped.append(
                f"{path.name}：《{document.title}》同一版本已读入 / this version was read already"
            )
        else:
            seen.add((document.title, document.version))
            (digests if document.questions else added).append(document)
    loaded.documents = [*end_dates([*statutes, *added]), *digests]
    return loaded


def _is_older(document: Document, held: list[Document]) -> bool:
    """Say whether a text is a whole earlier version of a law: a single book of a code is none."""
    first = min(held, key=lambda version: version.version)
    return "" < document.version < first.version and len(document.articles) > MOST_CUT * len(first.articles)


def law_files(paths: Iterable[Path]) -> list[Path]:
    """Return the Markdown files under ``paths``, notes about them left out; raise SourceError for none."""
    found = [file for path in paths for file in _markdown(path)]
    return [path for path in found if not path.name.lower().startswith(("readme", "_index"))]


def _read(path: Path) -> Document:
    return read_digest(path) if is_digest(path.read_text("utf-8-sig")) else read_law(path)


def _markdown(path: Path) -> list[Path]:
    """List a path's Markdown files in a stable order."""
    if path.is_dir():
        return sorted(p for p in path.rglob("*.md") if p.is_file())
    if not path.exists():
        raise SourceError(f"找不到 {path}，请检查路径是否正确。", f"{path} does not exist; check the path.")
    if path.suffix.lower() != ".md":
        raise SourceError(
            f"{path.name} 不是 Markdown 文件；目前只能加入 .md 格式的摘要和法律文本。",
            f"{path.name} is not a Markdown file; only digests and laws in .md can be added at present.",
        )
    return [path]
