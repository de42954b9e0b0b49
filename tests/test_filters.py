"""A filter holds under any ranking: nothing that it does not allow is ever returned."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from corpus.errors import InputError, UnknownLaw
from corpus.types import Kind, Status
from qa.answer import Assistant
from qa.filters import Filter, read_filter
from qa.langchain import FawenRetriever

QUESTIONS = [
    "自己的微信号能卖吗",
    "民法典1038条",
    "公司不给加班费怎么办",
    "can I sell my own WeChat account?",
]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "only",
    [
        {"laws": ["刑法"]},
        {"laws": ["劳动法", "劳动合同法"]},
        {"kinds": ["commentary"]},
        {"levels": ["宪法"]},
        {"statuses": ["已废止"]},
        {"as_of": "2022-01-01"},
        {"laws": ["民法典"], "statuses": ["已废止"]},
    ],
)
def test_nothing_else_is_returned(assistant: Assistant, question: str, only: dict[str, Any]) -> None:
    shelf = assistant.library.current()
    chosen = read_filter(shelf.names, shelf.index, **only)
    hits = assistant.search(question, 50, **only)
    day = chosen.as_of or date.today()
    for hit in hits:
        passage = hit.passage
        assert not chosen.laws or passage.law in chosen.laws
        assert not chosen.kinds or passage.kind in chosen.kinds
        assert not chosen.levels or passage.level in chosen.levels
        wanted = chosen.statuses or ({Status.IN_FORCE} if chosen.as_of else set(Status))
        assert passage.status_on(day) in wanted
    held = sum(bool(chosen.laws) and o.title in chosen.laws for o in shelf.index.outlines)
    if chosen.laws and not chosen.statuses:
        assert len(hits) == min(50, held) or len(hits) >= 40


def test_as_of_returns_the_version_of_that_day(assistant: Assistant) -> None:
    then = assistant.search("仲裁协议没写仲裁委员会", 10, laws=["仲裁法"], as_of="2020-01-01")
    now = assistant.search("仲裁协议没写仲裁委员会", 10, laws=["仲裁法"], as_of="2026-11-01")
    assert then and now and {h.passage.document for h in then}.isdisjoint(h.passage.document for h in now)


def test_the_langchain_retriever_takes_a_filter(assistant: Assistant) -> None:
    only = Filter(kinds=frozenset({Kind.COMMENTARY}))
    found = FawenRetriever(library=assistant.library, k=5, only=only).invoke("自己的微信号能卖吗")
    assert found and {document.metadata["kind"] for document in found} == {"commentary"}


@pytest.mark.parametrize(
    ("only", "error", "words"),
    [
        ({"laws": ["火星法"]}, UnknownLaw, "火星法"),
        ({"levels": ["省级"]}, InputError, "法律"),
        ({"as_of": "昨天"}, InputError, "2019-05-01"),
    ],
)
def test_a_filter_that_means_nothing_says_what_to_write(
    assistant: Assistant, only: dict[str, Any], error: type[InputError], words: str
) -> None:
    with pytest.raises(error, match=words):
        assistant.search("押金", 5, **only)
