"""The text of a Word document: paragraphs, tables and footnotes in reading order."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.table import Table
from lxml import etree

from corpus.errors import SourceError

MAX_BYTES = 64 * 2**20  # of all parts together, unpacked
_NOTES = ("/word/footnotes.xml", "/word/endnotes.xml")


def read_docx(path: Path) -> str:
    """Return the text, one line a paragraph, then the notes; raise SourceError where it is no such file."""
    fault = SourceError(
        f"无法读取 {path.name}：请确认它是 Word 文档（.docx）。",
        f"{path.name} cannot be read; make sure it is a Word document (.docx).",
    )
    try:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > MAX_BYTES:
                raise SourceError(
                    f"{path.name} 展开后超过 {MAX_BYTES // 2**20} MB，没有读取。",
                    f"{path.name} unpacks to more than {MAX_BYTES // 2**20} MB and was not read.",
                )
        document = Document(str(path))
        lines = [line for block in document.iter_inner_content() for line in _lines(block)]
        for part in document.part.package.iter_parts():
            if str(part.partname) in _NOTES:
                lines += _notes(part.blob)
    except (
        OSError,
        ValueError,
        KeyError,
        zipfile.BadZipFile,
        PackageNotFoundError,
        etree.LxmlError,
    ) as error:
        raise fault from error
    return "\n".join(lines)


def _lines(block: object) -> Iterator[str]:
    """Yield the lines of a paragraph or of a table, one a row."""
    if isinstance(block, Table):
        for row in block.rows:
            yield "\t".join(cell.text for cell in row.cells)
    else:
        yield getattr(block, "text", "")


def _notes(xml: bytes) -> Iterator[str]:
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    for paragraph in root.iter(qn("w:p")):
        if text := "".join(node.text or "" for node in paragraph.iter(qn("w:t"))):
            yield text
