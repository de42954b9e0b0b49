"""A lawyer who relies on a verdict must not be sanctioned: hard cases by hand, and the law against itself."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

import pytest

from corpus.book import LawBook
from corpus.checking import Finding, Verdict, check
from corpus.citation import format_reference, parse
from corpus.statutes import package_documents
from corpus.types import Passage, Status
from ingest.split import split

DAY = date(2026, 11, 25)
CASES = [
    json.loads(line) for line in Path(__file__).with_name("hard_cases.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    return [passage for document in package_documents() for passage in split(document)]


@pytest.fixture(scope="module")
def book(passages: list[Passage]) -> LawBook:
    return LawBook(passages)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_hard_case(book: LawBook, case: dict[str, object]) -> None:
    text, expected = str(case["text"]), case["expect"]
    assert isinstance(expected, list)
    found = check(text, book, DAY)
    assert [(f.law, f.article, f.paragraph, f.item, str(f.verdict)) for f in found] == [
        (e["law"], e["article"], e["paragraph"], e["item"], e["verdict"]) for e in expected
    ], case["why"]
    for finding, entry in zip(found, expected, strict=True):
        assert entry.get("suggestion", "") in finding.suggestion
        assert text[finding.start : finding.end] == finding.raw


def test_there_are_enough_hard_cases() -> None:
    assert len(CASES) >= 150
    assert {entry["verdict"] for case in CASES for entry in case["expect"]} == {
        str(verdict) for verdict in Verdict
    }


def quoted(passage: Passage, paragraph: int, words: str, book: LawBook) -> tuple[str, int | None]:
    """Cite a paragraph as courts do, and quote words under it."""
    number = paragraph if len(passage.paragraphs) > 1 else None
    (reference,) = parse(f"《{passage.law}》{passage.article}", book.names)
    name = format_reference(reference, book.names) + (f"第{number}款" if number else "")
    return f"依照{name}规定：“{words}”，请求判如所请。", number


def sample(passages: list[Passage], count: int) -> list[tuple[Passage, int]]:
    """Choose paragraphs of articles in force, the same ones every time."""
    live = [
        (passage, number)
        for passage in passages
        if passage.status_on(DAY) is Status.IN_FORCE and (passage.article or "").startswith("第")
        for number, text in enumerate(passage.paragraphs, 1)
        if 20 <= len(text) <= 300 and "“" not in text and "\n" not in text
    ]
    return random.Random(5).sample(live, count)


def judged(text: str, book: LawBook) -> Finding:
    (finding,) = [f for f in check(text, book, DAY) if f.quotation]
    return finding


def test_every_paragraph_quoted_as_it_stands_is_right(passages: list[Passage], book: LawBook) -> None:
    for passage, number in sample(passages, 1500):
        text, _ = quoted(passage, number, passage.paragraphs[number - 1], book)
        assert judged(text, book).verdict is Verdict.RIGHT, text


def test_a_changed_sentence_is_never_right(passages: list[Passage], book: LawBook) -> None:
    rng = random.Random(6)
    for passage, number in sample(passages, 400):
        words = passage.paragraphs[number - 1]
        at = rng.randrange(5, len(words) - 5)
        changed = (
            words[:at] + "蠹" + words[at + 1 :]
            if words[at] not in "，。；：、"
            else words[:at] + "蠹" + words[at:]
        )
        text, _ = quoted(passage, number, changed, book)
        finding = judged(text, book)
        assert finding.verdict is Verdict.MISQUOTED and "蠹" in finding.detail, text


def test_a_sentence_under_a_neighbour_is_in_the_wrong_place(passages: list[Passage], book: LawBook) -> None:
    seen = 0
    for passage, number in sample(passages, 600):
        words = passage.paragraphs[number - 1]
        other = number % len(passage.paragraphs) + 1
        if other == number or words.rstrip("。；") in passage.paragraphs[other - 1]:
            continue
        seen += 1
        text, _ = quoted(passage, other, words, book)
        finding = judged(text, book)
        assert finding.verdict is Verdict.WRONG_PLACE, text
    assert seen > 200


def test_the_law_of_another_day_is_the_one_that_counts(book: LawBook) -> None:
    text = "《噪声污染防治法》第二条规定：“本法所称噪声，是指在工业生产、建筑施工、交通运输和社会生活中产生的干扰周围生活环境的声音。”"
    assert [str(f.verdict) for f in check(text, book, DAY)] == ["repealed"]
    assert [str(f.verdict) for f in check(text, book, date(2026, 8, 14))] == ["right"]
    assert [str(f.verdict) for f in check("《合同法》第十条", book, date(2019, 5, 1))] == ["not_held"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "“" * 5000,
        "《民法典》第一条规定：“",
        "民法典第一条：\n> ",
        "第一条规定，" * 500,
        "\ud800《民法典》第1条",
    ],
)
def test_no_draft_is_too_odd(book: LawBook, text: str) -> None:
    for finding in check(text, book, DAY):
        assert text[finding.start : finding.end] == finding.raw
