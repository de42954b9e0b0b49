"""What is known beside the texts: which laws were replaced, and where their articles stand now."""

from __future__ import annotations

import pytest

from corpus.names import LawNames
from corpus.registry import instruments, moved, repeals
from corpus.statutes import package_documents
from corpus.types import Document

CIVIL = "中华人民共和国民法典"
NINE = ["婚姻法", "继承法", "民法通则", "收养法", "担保法", "合同法", "物权法", "侵权责任法", "民法总则"]
ENVIRONMENT = ["环境保护法", "水污染防治法", "噪声污染防治法", "清洁生产促进法"]


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return package_documents()


@pytest.fixture(scope="module")
def names(documents: list[Document]) -> LawNames:
    return LawNames({document.title for document in documents}, instruments())


@pytest.mark.parametrize("law", NINE)
def test_the_nine_laws_of_the_civil_code_point_to_it(names: LawNames, law: str) -> None:
    for written in (law, f"中华人民共和国{law}", f"《{law}》"):
        repeal = names.repeal(names.resolve(written) or "")
        assert repeal and (repeal.successor, repeal.repealed) == (CIVIL, "2021-01-01")


@pytest.mark.parametrize("law", ENVIRONMENT)
def test_the_environment_laws_point_to_their_code(names: LawNames, law: str) -> None:
    repeal = names.repeal(names.resolve(law) or "")
    assert repeal and (repeal.successor, repeal.repealed) == ("中华人民共和国生态环境法典", "2026-08-15")


@pytest.mark.parametrize("law", ["劳动合同法", "民法典", "公司法", "工会法", "劳动合同法实施条例"])
def test_a_law_in_force_is_not_repealed(names: LawNames, law: str) -> None:
    title = names.resolve(law)
    assert title and names.repeal(title) is None


def test_every_repeal_that_a_statute_states_is_in_the_table(documents: list[Document]) -> None:
    known = instruments()
    stated = [r for r in repeals(documents) if not r.title.endswith("（草案）")]
    assert len(stated) > 50
    for repeal in stated:
        instrument = known.get(repeal.title)
        if instrument is None:
            pytest.fail(
                f"《{repeal.title}》 is repealed by {repeal.successor}{repeal.article} and not listed"
            )
        assert instrument.repealed and instrument.repealed <= repeal.day
        assert instrument.successor == repeal.successor


def test_a_known_instrument_resolves_and_is_not_held(names: LawNames) -> None:
    title = names.resolve("劳动合同法实施条例")
    assert title == "中华人民共和国劳动合同法实施条例" and title not in names.held
    assert names.resolve("劳动合同法实施细则") is None


def test_a_short_name_means_the_interpretation_in_force(names: LawNames) -> None:
    assert (
        names.resolve("劳动争议司法解释（一）") == "最高人民法院关于审理劳动争议案件适用法律问题的解释（一）"
    )
    assert names.resolve("行政协议司法解释") == "最高人民法院关于审理行政协议案件若干问题的规定"


def test_an_article_that_moved_is_found_by_its_text() -> None:
    (move,) = moved("中华人民共和国公司法", "第十六条", "2018")
    assert (move.after, move.now, move.newest) == ("第十五条", "中华人民共和国公司法", "2023-12-29")
    assert move.similarity > 0.9
    assert moved("中华人民共和国公司法", "第十六条", "1999") == []


def test_moves_lead_to_articles_that_exist(documents: list[Document]) -> None:
    held = {(d.title, d.version): {a.number for a in d.articles} for d in documents}
    laws = {law for law, _ in held}
    for law in laws:
        for number in ("第一条", "第十条", "第二十条", "第五十条"):
            for move in moved(law, number):
                assert move.after in held[move.now, move.newest]
                assert 0.6 <= move.similarity <= 1
