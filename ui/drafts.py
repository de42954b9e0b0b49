"""A draft → its checked citations, as a table and as the JSON of ``fawen verify --json``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpus.checking import Finding, Verdict
from corpus.errors import InputError
from ingest.docx import read_docx

MAX_BYTES = 16 * 2**20
VERDICTS = {
    Verdict.RIGHT: "正确 right",
    Verdict.NO_SUCH_ARTICLE: "无此条 no such article",
    Verdict.NO_SUCH_PARAGRAPH: "无此款 no such paragraph",
    Verdict.NO_SUCH_ITEM: "无此项 no such item",
    Verdict.WRONG_PLACE: "出处不符 wrong place",
    Verdict.MISQUOTED: "引文有误 misquoted",
    Verdict.REPEALED: "已废止 repealed",
    Verdict.AMENDED: "已修改 amended",
    Verdict.NOT_HELD: "库中未收录 not held",
    Verdict.UNKNOWN_LAW: "无此法律 unknown law",
}


def read_draft(name: str) -> str:
    """Read a draft from a text, Markdown or Word file, or from standard input (``-``).

    Raises InputError where it cannot be read.
    """
    if name == "-":
        return _decoded(sys.stdin.buffer.read(MAX_BYTES + 1), "-")
    path = Path(name)
    if not path.is_file():
        raise InputError(f"找不到文件 {name}，请检查路径。", f"There is no file {name}; check the path.")
    if path.suffix.lower() == ".docx":
        return read_docx(path)
    if path.suffix.lower() in (".doc", ".pdf", ".rtf", ".odt", ".wps"):
        raise InputError(
            f"{path.name} 的格式不能核对，请另存为 .docx、.md 或 .txt。",
            f"{path.name} is of a format that cannot be checked; save it as .docx, .md or .txt.",
        )
    return _decoded(path.read_bytes(), path.name)


def _decoded(data: bytes, name: str) -> str:
    """Decode UTF-8 or, failing that, GB18030, which Chinese Windows writes."""
    if len(data) > MAX_BYTES:
        raise InputError(
            f"{name} 超过 {MAX_BYTES // 2**20} MB，请分成几份。",
            f"{name} is larger than {MAX_BYTES // 2**20} MB; split it.",
        )
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    raise InputError(f"{name} 不是文本文件，请另存为 UTF-8。", f"{name} is no text; save it as UTF-8.")


def draft_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the object that ``fawen verify --json`` prints."""
    return {
        "citations": [
            {
                "raw": f.raw, "start": f.start, "end": f.end, "law": f.law, "article": f.article,
                "paragraph": f.paragraph, "item": f.item, "verdict": str(f.verdict), "detail": f.detail,
                "suggestion": f.suggestion,
            }
            for f in findings
        ]
    }  # fmt: skip


def draft_table(text: str, findings: Sequence[Finding], day: str) -> str:
    """Return one entry a citation with its line, then the counts."""
    lines = []
    for finding in findings:
        line = text.count("\n", 0, finding.start) + 1
        lines.append(f"{line:>5}  {VERDICTS[finding.verdict]}\t{' '.join(finding.raw.split())}")
        if finding.detail:
            lines.append(f"{'':>7}{finding.detail}")
        if finding.suggestion:
            lines.append(f"{'':>7}→ {finding.suggestion}")
    counts = Counter(finding.verdict for finding in findings)
    told = "，".join(f"{VERDICTS[verdict]} {counts[verdict]}" for verdict in Verdict if counts[verdict])
    lines.append(f"共 {len(findings)} 处引用 / {len(findings)} citation(s)" + (f"：{told}" if told else ""))
    lines.append(f"按 {day} 的法律核对 / by the law of {day}")
    return "\n".join(lines)
