"""A digest of court commentary (``corpus/commentary/*.md``) → a Document.

The format is documented in ``corpus/commentary/README.md``; every fault names the file and field.
"""

from __future__ import annotations

import re
from pathlib import Path

from corpus.errors import SourceError
from corpus.types import Document, Kind, Section
from ingest.split import CONCLUSION

REQUIRED = (
    "kind",
    "title",
    "title_en",
    "court",
    "source",
    "digest_by",
    "statutes",
    "questions",
    "questions_en",
)
LISTS = ("statutes", "questions", "questions_en")
_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


def is_digest(text: str) -> bool:
    """Tell a digest from a Markdown law by the fields of its head."""
    head = _HEAD.match(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    return bool(head and re.search(r"^digest_by:", head[1], re.MULTILINE))


def read_digest(path: Path) -> Document:
    """Read one digest; raise SourceError naming what is missing or wrong."""
    text = path.read_text("utf-8-sig").replace("\r\n", "\n")
    head = _HEAD.match(text)
    if head is None:
        raise _fault(path, "开头缺少 --- 之间的信息", "the head between two lines of --- is missing")
    fields, lists = _fields(head[1])
    for name in REQUIRED:
        if not (lists.get(name) if name in LISTS else fields.get(name)):
            raise _fault(path, f"缺少 {name}", f"{name} is missing")
    if fields["kind"] not in (Kind.COMMENTARY, Kind.CASE):
        raise _fault(path, "kind 应为 commentary 或 case", "kind must be commentary or case")
    sections = tuple(_sections(text[head.end() :]))
    names = [s.name for s in sections]
    for name in CONCLUSION.values():
        if name not in names:
            raise _fault(path, f"缺少“{name}”一节", f"the section “{name}” is missing")
    for entry in (*lists["questions"], *lists["questions_en"]):
        section = entry.partition(" | ")[2].strip()
        if section and section not in names:
            raise _fault(
                path,
                f"问题指向的“{section}”一节不存在",
                f"a question names the section “{section}”, which is missing",
            )
    return Document(
        kind=Kind(fields["kind"]),
        title=fields["title"],
        source="，".join(part for part in (fields["source"], fields.get("published", "")) if part),
        issuer=fields["court"],
        promulgated=fields.get("published") or None,
        note=fields.get("authors", ""),
        title_en=fields["title_en"],
        sections=sections,
        questions=(*lists["questions"], *lists["questions_en"]),
        cites=tuple(lists["statutes"]),
    )


def _fault(path: Path, zh: str, en: str) -> SourceError:
    return SourceError(f"摘要 {path.name}：{zh}，已跳过。", f"Digest {path.name}: {en}; it was skipped.")


def _fields(head: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Read ``name: value`` lines and the ``- `` lists under a name."""
    fields: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    name = ""
    for line in head.split("\n"):
        if line.startswith("- ") and name:
            lists.setdefault(name, []).append(line[2:].strip())
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip()
            fields[name] = value.strip()
    return fields, lists


def _sections(body: str) -> list[Section]:
    """Cut at ``## `` headings; a heading that ends in (en) is English."""
    sections = []
    for part in re.split(r"^## ", body, flags=re.MULTILINE)[1:]:
        heading, _, text = part.partition("\n")
        english = heading.strip().endswith("(en)")
        name = heading.strip().removesuffix("(en)").strip()
        if text.strip():
            sections.append(Section(name, text.strip(), "en" if english else "zh"))
    return sections
