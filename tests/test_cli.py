"""The ``fawen`` command as a user runs it: a process, its output, its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def fawen(*arguments: str | Path, index: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *map(str, arguments), "--index", str(index)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=Path(__file__).resolve().parent.parent,
        env=os.environ | extra,
        timeout=300,
        check=False,
    )


def test_ask_json_has_the_documented_shape(index_dir: Path) -> None:
    done = fawen("ask", "自己的微信号能卖吗？", "--json", index=index_dir)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert set(answer) == {"question", "lang", "refused", "answer", "claims", "citations", "corpus"}
    assert set(answer["corpus"]) == {"date", "generation"}
    assert all(set(claim) == {"text", "citations"} for claim in answer["claims"])
    keys = {
        "n",
        "kind",
        "law",
        "article",
        "paragraph",
        "title",
        "quote",
        "status",
        "effective",
        "source",
        "url",
        "address",
    }
    assert all(set(citation) == keys for citation in answer["citations"])
    right = next(c for c in answer["citations"] if c["article"] == "第一千零三十八条")
    assert (right["law"], right["paragraph"], right["status"]) == ("中华人民共和国民法典", 1, "现行有效")
    assert {c["kind"] for c in answer["citations"]} == {"statute", "commentary"}


def test_ask_prints_an_answer_a_person_can_read(index_dir: Path) -> None:
    done = fawen("ask", "can I sell my own WeChat account?", index=index_dir)
    assert done.returncode == 0
    assert done.stdout.startswith("The Jiangyin court's judges say no")
    assert "《中华人民共和国民法典》第一千零三十八条" in done.stdout and "not legal advice" in done.stdout


def test_batch_answers_every_line_and_one_bad_line_stops_nothing(index_dir: Path, tmp_path: Path) -> None:
    lines = [
        {"id": 1, "question": "借钱不还怎么办"},
        {"id": "b", "question": "😀"},
        {"id": 3, "question": "民法典1038条"},
    ]
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n\n", "utf-8")
    asked = [json.loads(x) for x in fawen("ask", "--batch", path, index=index_dir).stdout.splitlines()]
    assert [a["id"] for a in asked] == [1, "b", 3]
    assert [a["refused"] for a in asked] == [False, True, False] and "文字" in asked[1]["answer"]
    done = fawen("search", "--batch", path, "--k", "7", index=index_dir)
    found = [json.loads(x) for x in done.stdout.splitlines()]
    assert [len(f["results"]) for f in found] == [7, 0, 7]
    assert set(found[0]["results"][0]) == {"kind", "law", "article", "title", "score", "address"}
    assert found[2]["results"][0]["article"] == "第一千零三十八条"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask", ""), "请输入"),
        (("ask", "长" * 10_000), "10000"),
        (("ask", "😀"), "文字"),
        (("ask", "民法典9999条"), "没有"),
        (("article", "民法典", "9999"), "没有"),
        (("article", "火星法", "1"), "火星法"),
        (("article", "民法典", "随便"), "条号"),
        (("ingest", "/nowhere/at/all"), "找不到"),
        (("ask", "--batch", "/nowhere.jsonl"), "无法读取"),
        (("ask",), "请写出问题"),
        (("search", "借钱", "--k", "0"), "正整数"),
    ],
)
def test_bad_input_is_one_line_and_a_failed_status(
    index_dir: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = fawen(*arguments, index=index_dir)
    assert done.returncode != 0
    assert words in done.stderr and len(done.stderr.strip().splitlines()) == 1, done.stderr


@pytest.mark.parametrize(
    ("law", "number", "quote"),
    [
        ("民法典", "1038", "信息处理者不得泄露"),
        ("刑法", "253之一", "违反国家有关规定"),
        ("刑法", "253-1", "违反国家有关规定"),
        ("中华人民共和国民法典", "第一千零三十八条第二款", "信息处理者应当采取技术措施"),
    ],
)
def test_article_prints_the_provision(index_dir: Path, law: str, number: str, quote: str) -> None:
    done = fawen("article", law, number, "--json", index=index_dir)
    assert done.returncode == 0, done.stderr
    citation = json.loads(done.stdout)["citations"][0]
    assert citation["quote"].startswith(quote)


def test_a_damaged_index_says_what_to_run(index_dir: Path, tmp_path: Path) -> None:
    generation = tmp_path / "index" / "gen-000001"
    generation.mkdir(parents=True)
    (generation / "manifest.json").write_text("{}", "utf-8")
    (tmp_path / "index" / "CURRENT").write_text("gen-000001\n", "utf-8")
    done = fawen("status", index=tmp_path / "index")
    assert done.returncode == 1 and "fawen ingest" in done.stderr


def test_a_setting_of_the_wrong_type_is_named(index_dir: Path) -> None:
    done = fawen("status", index=index_dir, FAWEN_PORT="eighty")
    assert done.returncode == 1 and "FAWEN_PORT" in done.stderr


def test_status_counts_what_is_held(index_dir: Path) -> None:
    about = json.loads(fawen("status", "--json", index=index_dir).stdout)
    assert about["passages"] > 26_196 and about["laws"] == 367


def test_a_case_that_a_court_adds_leads_and_brings_the_law(index_dir: Path, tmp_path: Path) -> None:
    case = tmp_path / "case.md"
    case.write_text(
        "# 无人机掉进邻居鱼塘，能进去捞吗\n\n<!-- INFO END -->\n\n## 基本案情\n\n"
        "周某的无人机掉进邻居吴某承包的鱼塘，吴某不让他下塘打捞无人机。\n\n"
        "## 裁判结果\n\n法院判决吴某应当允许周某在其陪同下打捞无人机。\n",
        "utf-8",
    )
    index = tmp_path / "index"
    assert fawen("ingest", case, index=index).returncode == 0
    answer = json.loads(fawen("ask", "无人机掉进邻居鱼塘能进去捞吗", "--json", index=index).stdout)
    kinds = {c["kind"]: c["title"] for c in answer["citations"]}
    assert kinds["case"] == "无人机掉进邻居鱼塘，能进去捞吗" and "statute" in kinds
    assert all(c["law"] is None for c in answer["citations"] if c["kind"] == "case")


def test_ingest_adds_a_file_and_the_answer_cites_it(index_dir: Path, tmp_path: Path) -> None:
    law = tmp_path / "laws" / "某某市电动滑板车管理办法(2024-05-01).md"
    law.parent.mkdir()
    law.write_text(
        "# 某某市电动滑板车管理办法\n\n<!-- INFO END -->\n\n"
        "第一条 为了管理电动滑板车，制定本办法。\n\n第二条 电动滑板车不得在地铁车厢内骑行，违者罚款五十元。\n",
        "utf-8",
    )
    index = tmp_path / "index"
    done = fawen("ingest", law.parent, "--json", index=index)
    assert done.returncode == 0, done.stderr
    answer = json.loads(fawen("ask", "电动滑板车能在地铁车厢里骑吗", "--json", index=index).stdout)
    assert ("某某市电动滑板车管理办法", "第二条") in {(c["law"], c["article"]) for c in answer["citations"]}
    again = fawen("ask", "电动滑板车能在地铁车厢里骑吗", "--json", index=index_dir)
    assert "电动滑板车管理办法" not in again.stdout
