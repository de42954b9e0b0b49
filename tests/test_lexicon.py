"""English lay words lead to the words that Chinese statutes use."""

from __future__ import annotations

import json

import pytest

from corpus.statutes import package_documents
from qa.lexicon import TERMS, Lexicon


def entries() -> list[dict[str, list[str]]]:
    return [json.loads(line) for line in TERMS.read_text("utf-8").splitlines()]


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
