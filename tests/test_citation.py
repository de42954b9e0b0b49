"""One grammar: what a text cites is read as written, and what is printed reads back the same."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.citation import (
    LONGEST_RANGE,
    MOST_FROM_RANGES,
    Reference,
    article_label,
    format_reference,
    format_reference_en,
    parse,
    parse_article_number,
    parse_case_numbers,
)
from corpus.names import LawNames
from corpus.registry import instruments
from corpus.statutes import package_documents

CIVIL, CRIMINAL, LABOR = "中华人民共和国民法典", "中华人民共和国刑法", "中华人民共和国劳动合同法"
AMENDMENT = "中华人民共和国刑法修正案（十一）"
FAMILY_ONE = "最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）"
ON_ARTICLE_30 = "全国人民代表大会常务委员会关于《中华人民共和国刑法》第三十条的解释"
FEES = "诉讼费用交纳办法"
TITLES = [CIVIL, CRIMINAL, LABOR, AMENDMENT, FAMILY_ONE, ON_ARTICLE_30, FEES]
NAMES = LawNames(TITLES)
Place = tuple[int, int | None, int | None, int | None]


def places(text: str) -> list[Place]:
    return [(r.article, r.suffix, r.paragraph, r.item) for r in parse(text, NAMES)]


def laws(text: str) -> list[str | None]:
    return [r.law for r in parse(text, NAMES)]


def unknown(text: str) -> list[tuple[str | None, str | None, int]]:
    return [(r.law, r.unknown_law, r.article) for r in parse(text, NAMES)]


@pytest.mark.parametrize(
    "text",
    [
        "民法典1038条",
        "民法典第1038条",
        "民法典 1038",
        "民法典1038",
        "民法典１０３８条",
        "民法典第１０３８条",
        "民法典一千零三十八条",
        "民法典第一千零三十八条",
        "民法典第一〇三八条",
        "《民法典》第1038条",
        "〈民法典〉第1038条",
        "《 民法典 》 第 1038 条",
        "《民法典第1038条》",
        "“民法典”第1038条",
        "民法典的1038条",
        "民法典中第1038条",
        "民法典人格权编第一千零三十八条",
        "《中华人民共和国民法典》（2020年5月28日通过）第一千零三十八条",
        "《中华人民共和国民法典》（以下简称《民法典》）第1038条",
        "德国民法典不适用，依照我国民法典第1038条",
        "民法典里怎么说？民法典第1038条。",
        "Civil Code art. 1038",
        "Civil Code Article 1038",
        "Civil Code, Article 1038",
        "Civil Code § 1038",
        "Civil Code 1038",
        "Civil Code第1038条",
        "Article 1038 of the PRC Civil Code",
        "ARTICLE 1038 OF THE CIVIL CODE",
        "art. 1038 of the Civil Code of the People's Republic of China",
        "Art. 1038 Civil Code",
        "Under the Civil Code, what does article 1038 say?",
    ],
)
def test_article_1038_of_the_civil_code_is_read_however_it_is_written(text: str) -> None:
    assert [(r.law, r.label) for r in parse(text, NAMES)] == [(CIVIL, "第一千零三十八条")]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("民法典第一千零三十八条第一款", (1038, None, 1, None)),
        ("民法典第1038条第1款第2项", (1038, None, 1, 2)),
        ("民法典1038条1款", (1038, None, 1, None)),
        ("民法典第 1038 条 第 1 款", (1038, None, 1, None)),
        ("民法典第十条，第一款", (10, None, 1, None)),
        ("《中华人民共和国刑法》第二百五十三条之一第二款第（一）项", (253, 1, 2, 1)),
        ("刑法第二百五十三条之一第二款第(十二)项", (253, 1, 2, 12)),
        ("刑法第二十条第三项", (20, None, None, 3)),
        ("刑法253条之一", (253, 1, None, None)),
        ("刑法253之一", (253, 1, None, None)),
        ("刑法253-1", (253, 1, None, None)),
        ("刑法第253-1条", (253, 1, None, None)),
        ("刑法第253条之1第2款", (253, 1, 2, None)),
        ("刑法第二百五十三条之一方当事人", (253, None, None, None)),
        ("刑法第三条款项之内", (3, None, None, None)),
        ("刑法第三条第一款式样", (3, None, None, None)),
        ("Article 253-1 of the Criminal Law", (253, 1, None, None)),
        ("Criminal Law, Article 253-1, paragraph 2, item 1", (253, 1, 2, 1)),
        ("article 253-1 of the criminal law, paragraph 2", (253, 1, 2, None)),
        ("Article 253-1(2) of the Criminal Law", (253, 1, 2, None)),
        ("paragraph 2 of Article 253-1 of the Criminal Law", (253, 1, 2, None)),
        ("item 1, paragraph 2, article 253-1 of the Criminal Law", (253, 1, 2, 1)),
    ],
)
def test_suffix_paragraph_and_item(text: str, place: Place) -> None:
    assert places(text) == [place]


@pytest.mark.parametrize(
    ("text", "articles"),
    [
        ("民法典第十条、第十一条和第十二条", [10, 11, 12]),
        ("民法典第十条，第十一条以及第十二条", [10, 11, 12]),
        ("民法典第十条、十一条、十二条", [10, 11, 12]),
        ("民法典第十、十一、十二条", [10, 11, 12]),
        ("民法典10、11、12条", [10, 11, 12]),
        ("民法典第十条至第十二条", [10, 11, 12]),
        ("民法典第十条到十二条", [10, 11, 12]),
        ("民法典第十至十二条", [10, 11, 12]),
        ("民法典第10-12条", [10, 11, 12]),
        ("民法典第10—12条", [10, 11, 12]),
        ("民法典第十二条至第十条", [12, 10]),
        ("民法典第十条规定甲，第十二条规定乙", [10, 12]),
        ("Articles 10, 11 and 12 of the Civil Code", [10, 11, 12]),
        ("Civil Code arts. 10 to 12", [10, 11, 12]),
        ("Civil Code, Articles 10-12", [10, 11, 12]),
        ("Article 10 and 12 of the Civil Code", [10, 12]),
    ],
)
def test_lists_and_ranges_give_each_article(text: str, articles: list[int]) -> None:
    assert [(r.law, r.article) for r in parse(text, NAMES)] == [(CIVIL, article) for article in articles]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("民法典第十条第一款、第二款", [(10, None, 1, None), (10, None, 2, None)]),
        ("民法典第十条第一、三款", [(10, None, 1, None), (10, None, 3, None)]),
        ("民法典第十条第一款至第三款", [(10, None, n, None) for n in (1, 2, 3)]),
        ("民法典第十条第一款和第十一条", [(10, None, 1, None), (11, None, None, None)]),
        ("刑法第十条第（一）、（三）项", [(10, None, None, 1), (10, None, None, 3)]),
        ("刑法第十条第（一）项至第（三）项", [(10, None, None, n) for n in (1, 2, 3)]),
        ("刑法第十条第一款第（二）项、第二款", [(10, None, 1, 2), (10, None, 2, None)]),
        ("刑法第十条第（二）项至第二款", [(10, None, None, 2), (10, None, 2, None)]),
        ("刑法第一百三十三条之一、之二", [(133, 1, None, None), (133, 2, None, None)]),
        ("刑法第一百二十条之一至之三", [(120, n, None, None) for n in (1, 2, 3)]),
        ("刑法第一百二十条之一至第一百二十条之三", [(120, n, None, None) for n in (1, 2, 3)]),
        ("刑法第一百二十条、第一百二十条之一", [(120, None, None, None), (120, 1, None, None)]),
    ],
)
def test_lists_and_ranges_go_on_at_every_level(text: str, expected: list[Place]) -> None:
    assert places(text) == expected


def test_a_long_range_keeps_its_ends_and_is_cut() -> None:
    articles = [r.article for r in parse("民法典第一条至第九千九百九十九条", NAMES)]
    assert (articles[0], articles[-1], len(articles)) == (1, 9999, LONGEST_RANGE)
    assert len(parse("Civil Code, Articles 1-9999", NAMES)) == LONGEST_RANGE
    assert len(parse("第1-9999条。" * 2000, NAMES)) <= MOST_FROM_RANGES + LONGEST_RANGE + 2 * 2000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第十条", [None]),
        ("民法典第十条。第十一条", [CIVIL, None]),
        ("民法典第十条！第十一条", [CIVIL, None]),
        ("民法典第十条？第十一条", [CIVIL, None]),
        ("民法典第十条\n第十一条", [CIVIL, None]),
        ("民法典规定了很多，其中第十条", [CIVIL]),
        ("民法典第十条和刑法第十条、第十一条", [CIVIL, CRIMINAL, CRIMINAL]),
        ("民法典已经施行。该法第十条", [CIVIL]),
        ("民法典第十条，本法第十一条", [CIVIL, None]),
        ("根据民法典，合同第十条无效", [None]),
        ("根据民法典，双方《房屋租赁合同》第十条无效", [None]),
        ("《民法典》及其司法解释第五条", [None]),
        ("公司章程第十条", [None]),
        ("Under the Civil Code. Article 5 is short.", [None]),
        ("Under the Civil Code, Article 5 of the partnership agreement", [None]),
    ],
)
def test_a_bare_article_belongs_to_the_last_law_of_its_sentence(
    text: str, expected: list[str | None]
) -> None:
    assert laws(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《未知法》第十条、第十一条", [(None, "未知法", 10), (None, "未知法", 11)]),
        ("劳动合同法实施条例第五条", [(None, "劳动合同法实施条例", 5)]),
        ("《劳动合同法》实施条例第五条", [(None, "〈劳动合同法〉实施条例", 5)]),
        ("劳动合同法第四条、劳动合同法实施条例第五条", [(LABOR, None, 4), (None, "劳动合同法实施条例", 5)]),
        ("适用《民法典》有关担保制度的解释第五条", [(None, "〈民法典〉有关担保制度的解释", 5)]),
        ("关于适用〈民法典〉物权编的解释（一）第五条", [(None, "关于适用〈民法典〉物权编的解释（一）", 5)]),
        ("刑法修正案（十二）第三条", [(None, "刑法修正案（十二）", 3)]),
        ("合同法第五十二条", [(None, "合同法", 52)]),
        ("民法第1038条", [(None, "民法", 1038)]),
        ("德国民法典第242条", [(None, "德国民法典", 242)]),
        ("德国《民法典》第242条", [(None, "德国〈民法典〉", 242)]),
        ("German Civil Code art. 242", [(None, "German Civil Code", 242)]),
        ("Contract Law art. 52", [(None, "Contract Law", 52)]),
        ("民法典和网络预约出租汽车管理办法第五条", [(None, "网络预约出租汽车管理办法", 5)]),
        ("《旧办法》（以下简称《办法》）第五条", [(None, "旧办法", 5)]),
    ],
)
def test_a_law_that_is_not_held_is_named_and_never_mistaken(
    text: str, expected: list[tuple[str | None, str | None, int]]
) -> None:
    assert unknown(text) == expected


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("刑法修正案（十一）第三条", AMENDMENT),
        ("最高人民法院关于适用〈民法典〉婚姻家庭编的解释（一）第三条", FAMILY_ONE),
        ("《最高人民法院关于适用〈中华人民共和国民法典〉婚姻家庭编的解释（一）》第三条", FAMILY_ONE),
        ("最高人民法院《关于适用〈中华人民共和国民法典〉婚姻家庭编的解释（一）》第三条", FAMILY_ONE),
        ("《民法典》婚姻家庭编司法解释（一）第三条", FAMILY_ONE),
        (f"《{ON_ARTICLE_30}》第三条", ON_ARTICLE_30),
        (f"{ON_ARTICLE_30}第三条", ON_ARTICLE_30),
        ("《诉讼费用交纳办法》（国务院令第481号，以下简称《办法》）自施行起。《办法》第三条", FEES),
    ],
)
def test_the_longest_name_held_is_the_law_cited(text: str, law: str) -> None:
    assert unknown(text) == [(law, None, 3)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "民法典",
        "第",
        "第条",
        "条",
        "民法典第",
        "民法典2021年1月1日起施行",
        "民法典2021-01-01",
        "民法典 2021",
        "民法典1000元",
        "民法典 3 个问题",
        "劳动合同法8小时",
        "劳动合同法 30 days",
        "民法典1.5倍",
        "民法典的10个要点",
        "民法典两条建议",
        "民法典第3章",
        "民法典第三次修改",
        "民法典0条",
        "民法典第零条",
        "民法典第0条",
        "民法典第十条第零款",
        "民法典第十条第0项",
        "民法典10000",
        "民法典第10000条",
        "民法典第一万条",
        "民法典第一万二千条",
        "民法典123456789012条",
        "民法典第十十条",
        "Civil Code art. 0",
        "Civil Code art. 10000",
        "Civil Code art. 10, paragraph 0",
        "他的第一条评论",
        "发了第三条朋友圈",
        "第五条件",
        "《购房申请书》1份",
        "（2020）苏0281民初1234号",
        f"《{ON_ARTICLE_30}》",
    ],
)
def test_what_only_looks_like_a_citation_is_none(text: str) -> None:
    assert parse(text, NAMES) == []


def test_a_reference_says_where_it_stands() -> None:
    text = "依照《民法典》第十条、第十一条第一款，以及民法典第二十至二十二条。"
    found = parse(text, NAMES)
    assert [text[r.start : r.end] for r in found] == [r.raw for r in found]
    whole = "民法典第二十至二十二条"
    assert [r.raw for r in found] == ["《民法典》第十条", "第十一条第一款", whole, whole, whole]


def test_equality_ignores_where_a_reference_stands() -> None:
    assert parse("民法典1038", NAMES) == parse("见《中华人民共和国民法典》第一千零三十八条", NAMES)
    assert parse("民法典1038", NAMES) != parse("刑法1038", NAMES)


def test_printing() -> None:
    reference = Reference(CRIMINAL, 253, 1, 2, 1)
    assert reference.label == article_label(253, 1) == "第二百五十三条之一"
    assert format_reference(reference) == "《中华人民共和国刑法》第二百五十三条之一第二款第（一）项"
    assert format_reference_en(reference, NAMES) == "Criminal Law, Article 253-1, paragraph 2, item 1"
    assert format_reference(Reference("刑法", 1), NAMES) == "《中华人民共和国刑法》第一条"
    assert format_reference(Reference(None, 10)) == "第十条"
    assert format_reference(Reference(None, 10, unknown_law="未知法")) == "《未知法》第十条"
    printed = format_reference(Reference(ON_ARTICLE_30, 3))
    assert printed.endswith("关于〈中华人民共和国刑法〉第三十条的解释》第三条")
    assert format_reference_en(Reference(FEES, 3), NAMES) == "《诉讼费用交纳办法》, Article 3"
    assert format_reference_en(Reference(None, 3), NAMES) == "Article 3"


def small(most: int) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(1, most)


REFERENCES = st.builds(
    Reference,
    law=st.none() | st.sampled_from(TITLES),
    article=st.integers(1, 9999),
    suffix=small(99),
    paragraph=small(999),
    item=small(999),
)
UNHELD = ["未知法", "劳动合同法实施条例", "德国民法典", "某市网约车管理办法（试行）", "合同法"]


@settings(deadline=None)
@given(REFERENCES, st.sampled_from(UNHELD))
def test_what_is_printed_reads_back_the_same(reference: Reference, name: str) -> None:
    if reference.law is None:
        reference = replace(reference, unknown_law=name)
    assert parse(format_reference(reference, NAMES), NAMES) == [reference]
    assert parse(format_reference_en(reference, NAMES), NAMES) == [reference]


@settings(deadline=None)
@given(REFERENCES)
def test_a_bare_article_reads_back_the_same(reference: Reference) -> None:
    reference = replace(reference, law=None)
    assert parse(format_reference(reference), NAMES) == [reference]
    assert parse(format_reference_en(reference, NAMES), NAMES) == [reference]


@settings(deadline=None)
@given(st.lists(REFERENCES, max_size=6), st.sampled_from(["，", "；", "和", "，以及", "的规定，"]))
def test_references_in_one_sentence_are_read_in_order(references: list[Reference], between: str) -> None:
    named = [replace(reference, law=reference.law or CIVIL) for reference in references]
    text = "依照" + between.join(format_reference(reference) for reference in named)
    assert parse(text, NAMES) == named
    for reference in parse(text, NAMES):
        assert text[reference.start : reference.end] == reference.raw == format_reference(reference)


@settings(deadline=None)
@given(st.integers(1, 9998), st.integers(1, 150))
def test_every_range_gives_every_article(first: int, more: int) -> None:
    last = min(first + more, 9999)
    expected = [Reference(CIVIL, n) for n in range(first, last + 1)]
    assert parse(f"民法典第{first}条至第{last}条", NAMES) == expected
    assert parse(f"民法典{article_label(first)[:-1]}至{last}条", NAMES) == expected


TOKENS = [
    *["民法典", "《", "》", "刑法", "第", "条", "款", "项", "之", "一", "十", "百", "零", "万", "1", "253"],
    *["、", "和", "至", "-", "（", "）", "，", "。", "\n", " ", "的", "本法", "合同", "实施条例", "的解释"],
    *["99999", "年", "以下简称", "Civil Code", "article ", "articles ", "art. ", " of the ", "§ "],
    *["paragraph 1", "(1)", "\ud800"],
]


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(TOKENS), max_size=40).map("".join)))
def test_no_text_is_too_odd(text: str) -> None:
    for reference in parse(text, NAMES):
        assert reference.law is None or (reference.law in TITLES and reference.unknown_law is None)
        assert 1 <= reference.article <= 9999
        assert all(n is None or n > 0 for n in (reference.suffix, reference.paragraph, reference.item))
        assert 0 <= reference.start < reference.end <= len(text)
        assert text[reference.start : reference.end] == reference.raw
        assert format_reference(reference, NAMES) and format_reference_en(reference, NAMES)
    parse_case_numbers(text)
    parse_article_number(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("第" * 100_000, 0),
        ("第一" * 50_000, 0),
        ("《" * 100_000, 0),
        ("民法典" * 33_333, 0),
        ("1" * 100_000, 0),
        ("第十条、" * 25_000, 25_000),
        ("民法典第1条" * 5_000, 5_000),
        ("第1、" * 10_000, 0),
        ("art. 1 " * 5_000, 5_000),
    ],
)
def test_long_nonsense_is_read_to_its_end(text: str, count: int) -> None:
    assert len(parse(text, NAMES)) == count


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1038", (1038, None)),
        (" １０３８ ", (1038, None)),
        ("第1038条", (1038, None)),
        ("第一千零三十八条", (1038, None)),
        ("一千零三十八", (1038, None)),
        ("253条之一", (253, 1)),
        ("第二百五十三条之一", (253, 1)),
        ("253之1", (253, 1)),
        ("253-1", (253, 1)),
        ("253–1条", (253, 1)),
        ("art. 253-1", (253, 1)),
        ("Article 253-1", (253, 1)),
        ("§ 5", (5, None)),
        ("10-12", (10, 12)),
    ],
)
def test_an_article_number_typed_alone(text: str, number: tuple[int, int | None]) -> None:
    assert parse_article_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "0", "10000", "第", "条", "x", "第十十条", "253条之零", "253-100", "8条第一款", "民法典1", "9" * 99],
)
def test_what_is_no_article_number(text: str) -> None:
    assert parse_article_number(text) is None


@settings(deadline=None)
@given(st.integers(1, 9999), small(99))
def test_every_label_reads_back(article: int, suffix: int | None) -> None:
    assert parse_article_number(article_label(article, suffix)) == (article, suffix)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("（2020）苏0281民初1234号", ["（2020）苏0281民初1234号"]),
        ("见(2020)苏0281民初1234号判决", ["（2020）苏0281民初1234号"]),
        ("（2020） 苏 0281 民初 1234 号", ["（2020）苏0281民初1234号"]),
        ("（２０２０）苏０２８１民初１２３４号", ["（2020）苏0281民初1234号"]),
        ("〔2021〕最高法民终5号之一", ["（2021）最高法民终5号之一"]),
        ("（2013）海民初字第1234号", ["（2013）海民初字第1234号"]),
        ("（2020）苏02刑终1号、(2021)京民再2号", ["（2020）苏02刑终1号", "（2021）京民再2号"]),
        ("（2020）苏02刑终1号，即(2020)苏02刑终1号", ["（2020）苏02刑终1号"]),
        ("(2020)京政办发12号", []),
        ("法释〔2020〕26号", []),
        ("（2020年）第1号", []),
        ("民法典（2020）", []),
        ("（3020）苏0281民初1号", []),
    ],
)
def test_case_numbers_are_printed_in_one_way(text: str, numbers: list[str]) -> None:
    assert parse_case_numbers(text) == numbers


def test_a_hundred_thousand_citations_read_back_the_same() -> None:
    rng = random.Random(1038)
    names = LawNames([d.title for d in package_documents()], instruments())
    titles = sorted(names.held)

    def part(most: int) -> int | None:
        return rng.choice([None, rng.randint(1, most)])

    for number in range(100_000):
        title, article = rng.choice(titles), rng.randint(1, 9999)
        reference = Reference(title, article, part(99), part(999), part(999))
        printed = (format_reference, format_reference_en)[number % 2](reference, names)
        assert parse(printed, names) == [reference], printed


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("刑法第二十条第一款，该条第三款", (20, None, 3, None)),
        ("刑法第二百五十三条之一第一款，同条第三款", (253, 1, 3, None)),
        ("刑法第287之二条第一款", (287, 2, 1, None)),
        ("刑法第一百三十五条之二年期间", (135, None, None, None)),
    ],
)
def test_the_last_reference_of_a_sentence(text: str, place: Place) -> None:
    assert places(text)[-1] == place


def test_a_short_name_given_in_quotation_marks_is_the_law() -> None:
    text = f"《{FEES}》（以下简称“收费办法”）第三条。又见收费办法第五条；收费办法很重要。"
    assert [(r.law, r.article) for r in parse(text, NAMES)] == [(FEES, 3), (FEES, 5)]


def test_cells_of_a_table_do_not_share_their_law() -> None:
    assert laws("| 《民法典》第十条 | 第十二条 |") == [CIVIL, None]
