"""Retrieval is measured as the literature defines it, on files people have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.errors import InputError
from qa.answer import Assistant
from qa.evaluate import evaluate, figures, read_judged, table

LAW = "中华人民共和国民法典"


def test_figures_are_those_of_a_ranking_worked_by_hand() -> None:
    gold = frozenset({("甲", "第一条"), ("甲", "第二条")})
    ranking = [("乙", "第九条"), ("甲", "第一条"), ("乙", "第八条"), ("乙", "第七条"), ("甲", "第二条")]
    found = {name: f["mean"] for name, f in figures([ranking, []], [gold, gold], 10).items()}
    assert found["R@1"] == 0 and found["R@5"] == 0.5 and found["hit@5"] == 0.5
    assert found["MRR@10"] == 0.25  # the first at rank 2, and nothing for the second question
    assert found["nDCG@10"] == pytest.approx((0.63093 + 0.38685) / (1 + 0.63093) / 2, abs=1e-4)
    assert "R@20" not in found


def test_an_interval_holds_its_mean_and_is_the_same_every_time() -> None:
    gold = frozenset({(LAW, "第一条")})
    rankings = [[(LAW, "第一条")] if n % 3 else [] for n in range(90)]
    one = figures(rankings, [gold] * 90, 1)["R@1"]
    assert one["low"] < one["mean"] < one["high"] and one == figures(rankings, [gold] * 90, 1)["R@1"]


def test_a_file_of_questions_is_measured_channel_by_channel(assistant: Assistant, tmp_path: Path) -> None:
    lines = [
        {"question": "捡到别人丢的手机要不要还？", "articles": [{"law": LAW, "article": "第三百一十四条"}]},
        {"question": "Do I have to return a phone I found?", "articles": [f"《{LAW}》第三百一十四条"]},
        {"question": "火星上的土地归谁", "articles": [{"law": "火星土地法", "article": "第一条"}]},
    ]
    path = tmp_path / "judged.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    report = evaluate(assistant, path, 20, peers=False, quiet=True)
    assert (report["questions"], report["provisions"], report["provisions_not_held"]) == (3, 3, 1)
    assert {"words", "asked", "meaning", "english", "fused"} <= set(report["channels"])
    assert report["channels"]["fused"]["R@20"]["mean"] == pytest.approx(2 / 3, abs=1e-3)
    assert report["milliseconds"]["p50"] > 0 and report["memory_mb"] > 100
    assert "1 not held" in table(report) and "fused" in table(report)


@pytest.mark.parametrize("line", ["[]", '{"question": "x"}', "{"])
def test_a_line_that_is_no_judged_question_is_named(assistant: Assistant, tmp_path: Path, line: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(f'{{"question": "x", "articles": ["民法典第一条"]}}\n{line}\n', "utf-8")
    with pytest.raises(InputError, match="第2行"):
        read_judged(path, assistant.library.current().names)


def test_the_shipped_index_finds_what_words_alone_do_not(assistant: Assistant) -> None:
    """Figures over the whole corpus are in the README; this is the floor for what ships alone."""
    report = evaluate(assistant, Path(__file__).parent / "eval" / "stard_dev.jsonl", 10, False, quiet=True)
    found = {channel: figure["R@10"]["mean"] for channel, figure in report["channels"].items()}
    assert found["fused"] > 0.6 and found["fused"] > found["words"] + 0.2
    assert found["fused"] >= max(found.values())
