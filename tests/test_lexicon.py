"""English lay words lead to the words that Chinese statutes use."""

from __future__ import annotations

import json
import re

import pytest

from corpus.statutes import package_documents
from ingest.lexicon import GLOSSARY, Lexicon


def entries() -> list[dict[str, list[str]]]:
    return [json.loads(line) for line in (GLOSSARY / "terms.jsonl").read_text("utf-8").splitlines()]


def test_every_term_of_law_stands_in_a_statute() -> None:
    text = "\n".join(a.text for d in package_documents() for a in d.articles)
    assert [term for entry in entries() for term in entry["law"] if term not in text] == []


def test_no_english_phrase_stands_twice() -> None:
    phrases = [phrase for entry in entries() for phrase in entry["en"]]
    assert len(phrases) == len(set(phrases)) and all(phrase == phrase.lower() for phrase in phrases)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("My landlord won't return my deposit", {"房东", "押金"}),
        ("Can I be fired while pregnant?", {"解除劳动合同", "孕期"}),
        ("How is maternity leave paid?", {"产假"}),
    ],
)
def test_a_question_gives_chinese_words(question: str, wanted: set[str]) -> None:
    assert wanted <= set(Lexicon().chinese(question).split())


def test_words_that_are_not_in_it_give_nothing() -> None:
    assert Lexicon().chinese("zyzzyva quux") == ""


@pytest.mark.parametrize(
    ("question", "gloss"),
    [
        ("Can my landlord keep the deposit?", "可以 我的 房东"),
        ("Who pays after a hit and run?", "肇事逃逸"),
        ("can I sell my own WeChat account?", "微信号"),
        ("My boss won’t pay me 3,000 yuan", "3,000"),
    ],
)
def test_a_question_is_glossed_word_by_word(question: str, gloss: str) -> None:
    assert gloss in Lexicon().gloss(question)


@pytest.mark.parametrize("name", ["words.tsv", "phrases.tsv"])
def test_every_gloss_is_one_english_form_and_chinese_words(name: str) -> None:
    rows = [line.split("\t") for line in (GLOSSARY / name).read_text("utf-8").splitlines()]
    assert [row for row in rows if len(row) != 2 or not re.search("[\u3400-\u9fff]", row[1])] == []
    assert len({row[0] for row in rows}) == len(rows)
