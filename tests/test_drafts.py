"""fawen verify: any draft a lawyer has, the contract of its JSON, its table and its exit status."""

from __future__ import annotations

import io
import json
from pathlib import Path

import docx
import pytest

from corpus.settings import Settings
from ui.cli import NOT_RIGHT, main

DRAFT = (
    "# 代理词\n\n依照《民法典》第一千零三十八条第二款规定：“未经自然人同意，不得向他人非法提供其个人信息”。\n"
    "参见《合同法》第五十二条、《刑法》第二百六十四条和合同第十条。案号（2020）苏0281民初1234号。\n"
)
VERDICTS = ["wrong_place", "repealed", "right"]


def verify(settings: Settings, *arguments: str) -> int:
    return main(["verify", "--index", str(settings.index), *arguments])


def citations(out: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(out)["citations"]
    return found


@pytest.mark.parametrize("suffix", [".md", ".txt", ".docx"])
def test_text_markdown_and_word_give_the_same_verdicts(
    index_dir: Path, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str
) -> None:
    path = tmp_path / f"代理词{suffix}"
    if suffix == ".docx":
        document = docx.Document()
        for line in DRAFT.splitlines():
            document.add_paragraph(line)
        document.save(str(path))
    else:
        path.write_text(DRAFT, "utf-8")
    assert verify(settings, str(path), "--json") == NOT_RIGHT
    assert [c["verdict"] for c in citations(capsys.readouterr().out)] == VERDICTS


def test_the_json_is_the_contract(
    index_dir: Path, settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Piped:
        buffer = io.BytesIO(DRAFT.encode("gb18030"))

    monkeypatch.setattr("sys.stdin", Piped)
    assert verify(settings, "-", "--json") == NOT_RIGHT
    first, *_ = citations(capsys.readouterr().out)
    assert list(first) == [
        "raw", "start", "end", "law", "article", "paragraph", "item", "verdict", "detail", "suggestion",
    ]  # fmt: skip
    assert DRAFT[int(str(first["start"])) : int(str(first["end"]))] == first["raw"]
    assert (first["law"], first["article"], first["paragraph"], first["item"]) == (
        "中华人民共和国民法典",
        "第一千零三十八条",
        2,
        None,
    )
    assert first["suggestion"] == "《中华人民共和国民法典》第一千零三十八条第一款"


def test_a_batch_prints_one_object_a_line(
    index_dir: Path, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "drafts.jsonl"
    lines = [{"id": "a", "text": DRAFT}, {"id": 2, "text": "没有引用。"}]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    assert verify(settings, "--batch", str(path)) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["id"] == "a" and [c["verdict"] for c in first["citations"]] == VERDICTS
    assert second == {"id": 2, "citations": []}


def test_the_table_names_line_verdict_and_what_to_write(
    index_dir: Path, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.md"
    path.write_text(DRAFT, "utf-8")
    assert verify(settings, str(path)) == NOT_RIGHT
    shown = capsys.readouterr().out
    assert "    3  出处不符 wrong place\t《民法典》第一千零三十八条第二款" in shown
    assert "→ 《中华人民共和国民法典》第一千零三十八条第一款" in shown and "共 3 处引用" in shown


def test_a_draft_without_fault_exits_with_0(
    index_dir: Path, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("《刑法》第二百六十四条", "utf-8")
    assert verify(settings, str(path)) == 0
    path.write_text("《噪声污染防治法》第一条", "utf-8")
    assert verify(settings, str(path), "--as-of", "2026-01-01") == 0
    assert verify(settings, str(path)) == NOT_RIGHT
    capsys.readouterr()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("无.md", None, "找不到文件"),
        ("a.pdf", b"%PDF-1.7", "格式不能核对"),
        ("a.docx", b"not a zip", "Word 文档"),
        ("a.txt", b"\xff\xff\xff\x00", "不是文本文件"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    index_dir: Path,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    data: bytes | None,
    words: str,
) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    assert verify(settings, str(path)) == 1
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1


def test_footnotes_and_tables_of_a_word_document_are_read(tmp_path: Path) -> None:
    from ingest.docx import read_docx

    document = docx.Document()
    document.add_paragraph("正文。")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "依据", "《民法典》第一条"
    path = tmp_path / "t.docx"
    document.save(str(path))
    assert read_docx(path).splitlines() == ["正文。", "依据\t《民法典》第一条"]
