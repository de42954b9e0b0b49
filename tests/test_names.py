"""Names resolve exactly or not at all, and are found in running text only where they stand alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.names import LawNames, fold

CIVIL_CODE = "中华人民共和国民法典"
FAMILY_ONE = "最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）"
LENDING = "最高人民法院关于审理民间借贷案件适用法律若干问题的规定"
SIGNS = "中华人民共和国红十字标志使用办法"
TITLES = [
    CIVIL_CODE,
    "中华人民共和国刑法",
    "中华人民共和国刑法修正案（十一）",
    "中华人民共和国刑事诉讼法",
    "中华人民共和国民事诉讼法",
    "中华人民共和国劳动法",
    "中华人民共和国劳动合同法",
    "中华人民共和国劳动争议调解仲裁法",
    "中华人民共和国仲裁法",
    "中华人民共和国教育法",
    "中华人民共和国公司法",
    "中华人民共和国个人信息保护法",
    "中华人民共和国消费者权益保护法",
    "中华人民共和国中国人民银行法",
    "中华人民共和国道路交通安全法",
    "中华人民共和国治安管理处罚法",
    "反分裂国家法",
    "工伤保险条例",
    SIGNS,
    FAMILY_ONE,
    LENDING,
    "最高人民法院关于适用《中华人民共和国公司法》若干问题的规定（三）",
]
NAMES = LawNames(TITLES)


def prc(short: str) -> str:
    return "中华人民共和国" + short


@pytest.mark.parametrize(
    ("written", "law"),
    [
        ("中华人民共和国民法典", "民法典"),
        ("民法典", "民法典"),
        ("《民法典》", "民法典"),
        ("〈中华人民共和国民法典〉", "民法典"),
        (" 《 民 法典 》\n", "民法典"),
        ("⺠法典", "民法典"),
        ("刑法修正案(十一)", "刑法修正案（十一）"),
        ("刑诉法", "刑事诉讼法"),
        ("民诉法", "民事诉讼法"),
        ("消法", "消费者权益保护法"),
        ("个保法", "个人信息保护法"),
        ("道交法", "道路交通安全法"),
        ("治安法", "治安管理处罚法"),
        ("治安处罚法", "治安管理处罚法"),
        ("劳动仲裁法", "劳动争议调解仲裁法"),
        ("Civil Code", "民法典"),
        ("the civil code of the People's Republic of China", "民法典"),
        ("Ｃivil Code", "民法典"),
        ("PRC Criminal Law", "刑法"),
        ("Criminal Code", "刑法"),
        ("criminal law", "刑法"),
        ("Labor Contract Law", "劳动合同法"),
        ("Labour Contract Law", "劳动合同法"),
        ("PIPL", "个人信息保护法"),
        ("Personal  Information Protection Law", "个人信息保护法"),
        ("Consumer Rights Protection Law", "消费者权益保护法"),
    ],
)
def test_a_name_in_use_resolves_to_the_official_title(written: str, law: str) -> None:
    assert NAMES.resolve(written) == prc(law)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("工伤保险条例", "工伤保险条例"),
        ("最高人民法院关于适用〈民法典〉婚姻家庭编的解释(一)", FAMILY_ONE),
        ("关于适用〈民法典〉婚姻家庭编的解释（一）", FAMILY_ONE),
        ("民法典婚姻家庭编司法解释（一）", FAMILY_ONE),
        ("婚姻家庭编解释一", FAMILY_ONE),
        ("民间借贷司法解释", LENDING),
        ("公司法解释三", TITLES[-1]),
    ],
)
def test_titles_of_other_instruments_resolve(written: str, title: str) -> None:
    assert NAMES.resolve(written) == title


@pytest.mark.parametrize(
    "written",
    [
        "",
        "法",
        "民法",
        "中华人民共和国",
        "劳动合同法实施条例",
        "适用〈民法典〉的解释",
        "最高人民法院关于适用〈民法典〉婚姻家庭编的解释（二）",
        "婚姻家庭编解释",
        "公司法解释",
        "民法典婚姻家庭编",
        "民法典第一条",
        "刑法修正案（十二）",
        "刑法修正案",
        "高等教育法",
        "合同法",
        "德国民法典",
        "German Civil Code",
        "Civil Code Implementing Rules",
        "Contract Law",
        "民法典" * 1000,
    ],
)
def test_a_similar_or_longer_name_never_resolves(written: str) -> None:
    assert NAMES.resolve(written) is None


def test_an_alias_means_nothing_where_its_law_is_not_held() -> None:
    few = LawNames([CIVIL_CODE])
    assert few.resolve("刑诉法") is None
    assert few.resolve("Criminal Law") is None
    assert few.resolve("Civil Code") == CIVIL_CODE


def test_a_short_name_of_two_interpretations_is_not_used() -> None:
    issued = [f"最高人民法院关于审理买卖合同{cases}适用法律问题的解释" for cases in ("案件", "纠纷案件")]
    assert LawNames(issued).resolve("买卖合同解释") is None
    assert LawNames(issued[:1]).resolve("买卖合同解释") == issued[0]


def test_the_title_typed_wins_over_one_spelt_like_it() -> None:
    both = LawNames(["户口登记条例", prc("户口登记条例")])
    assert both.resolve("户口登记条例") == "户口登记条例"
    assert both.resolve("《户口登记条例》") == prc("户口登记条例")


def test_short_and_english_names() -> None:
    assert NAMES.short(CIVIL_CODE) == "民法典"
    assert NAMES.short(FAMILY_ONE) == "最高人民法院关于适用《民法典》婚姻家庭编的解释（一）"
    assert NAMES.english(CIVIL_CODE) == "Civil Code"
    assert NAMES.english(prc("刑法")) == "Criminal Law"
    assert LawNames(()).english("劳动合同法") == "Labor Contract Law"
    assert NAMES.english(FAMILY_ONE) is None


def test_suggestions_are_titles_and_never_answers() -> None:
    assert NAMES.resolve("劳动和同法") is None
    assert NAMES.suggest("劳动和同法")[0] == prc("劳动合同法")
    assert prc("劳动合同法") in NAMES.suggest("Labor Contact Law")
    assert len(NAMES.suggest("劳动法", 2)) <= 2
    assert NAMES.suggest("民法典", 0) == []
    assert NAMES.suggest("完全不相干的一句话呀") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("根据民法典和《刑法》，", [("民法典", "民法典"), ("刑法", "刑法")]),
        ("劳动合同法规定，劳动法则没有规定", [("劳动合同法", "劳动合同法"), ("劳动法", "劳动法")]),
        ("中华人民共和国民法典", [("中华人民共和国民法典", "民法典")]),
        ("依照《 中华人民\n共和国刑法 》", [(" 中华人民\n共和国刑法 ", "刑法")]),
        ("中国人民银行法", [("中国人民银行法", "中国人民银行法")]),
        ("Does the Labour  Contract Law apply?", [("Labour  Contract Law", "劳动合同法")]),
        ("依据PIPL处理", [("PIPL", "个人信息保护法")]),
        ("本案应适用《民法典》的规定", [("民法典", "民法典")]),
        ("刑法修正案（十一）施行后", [("刑法修正案（十一）", "刑法修正案（十一）")]),
        ("《民法典第十条》", [("民法典", "民法典")]),
        ("《《民法典》", [("民法典", "民法典")]),
    ],
)
def test_names_are_found_in_running_text(text: str, found: list[tuple[str, str]]) -> None:
    assert [(text[a:b], law) for a, b, law in NAMES.find(text)] == [(name, prc(law)) for name, law in found]


def test_an_interpretation_is_found_whole() -> None:
    text = "依照最高人民法院关于适用《民法典》婚姻家庭编的解释（一）第三条"
    assert [(text[a:b], law) for a, b, law in NAMES.find(text)] == [(text[2:-3], FAMILY_ONE)]


@pytest.mark.parametrize(
    "text",
    [
        "劳动合同法实施条例",
        "《劳动合同法》实施条例",
        "《劳动合同法实施条例》",
        "最高人民法院关于适用〈民法典〉有关担保制度的解释",
        "最高人民法院关于适用《中华人民共和国民法典》时间效力的若干规定",
        "全国人民代表大会常务委员会关于修改《中华人民共和国刑法》的决定",
        "江苏省实施《中华人民共和国消费者权益保护法》办法",
        "刑法修正案（十二）",
        "民法典草案",
        "民法典（征求意见稿）",
        "民法典司法解释",
        "公司法人跑了，公司法定代表人在公司法院传票上签字",
        "民法典型案例",
        "罪刑法定原则",
        "劳动法规太多",
        "高等教育法和义务教育法",
        "农村土地承包经营纠纷调解仲裁法",
        "德国民法典",
        "日本的《公司法》",
        "《法国民法典》",
        "German Civil Code",
        "the french civil code",
        "Civil Code of Japan",
        "Labor Contract Law Implementing Regulations",
        "Interpretation on the Application of the Civil Code",
        "amendment (XI) to the Criminal Law",
        "China's patriotic education law",
        "the implementing rules for China's criminal law",
        "Civil Codes",
        "civilcode",
    ],
)
def test_a_name_is_not_found_inside_a_longer_name_or_word(text: str) -> None:
    assert NAMES.find(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("劳动合同法实施条例", "劳动合同法实施条例"),
        ("合同法", "合同法"),
        ("《不存在法》", "不存在法"),
        ("德国《民法典》", "德国〈民法典〉"),
        ("the German Civil Code", "German Civil Code"),
    ],
)
def test_a_law_that_is_not_held_is_mentioned_as_written(text: str, name: str) -> None:
    assert [(mention.law, mention.name) for mention in NAMES.mentions(text)] == [(None, name)]


LONGER = ["实施条例", "实施细则", "的解释（九）", "司法解释", "若干问题的规定", "草案", "修正案（三十）"]
SHAPES = ["{}{}", "《{}》{}", "《{}{}》"]


@settings(deadline=None)
@given(st.sampled_from(TITLES[:10]), st.sampled_from(LONGER), st.sampled_from(SHAPES))
def test_no_longer_name_gives_the_shorter_law(title: str, more: str, shape: str) -> None:
    for written in (title, NAMES.short(title)):
        text = shape.format(written, more)
        assert NAMES.resolve(text) is None
        assert NAMES.find(f"依照{text}第五条") == []


@settings(deadline=None)
@given(st.sampled_from(TITLES), st.sampled_from(["《{}》", "{}", " {} ", "〈{}〉"]))
def test_every_title_resolves_to_itself_however_it_is_wrapped(title: str, shape: str) -> None:
    for written in (title, NAMES.short(title)):
        assert NAMES.resolve(shape.format(written)) == title
        text = f"依照{shape.format(written)}，"
        assert [law for _, _, law in NAMES.find(text)] == [title]


PIECES = [
    *["民法典", "《", "》", "〈", "〉", "中华人民共和国", "刑法", "修正案", "（十一）", "的解释", "实施条例"],
    *["公司法", "最高人民法院关于适用", "人", "德国", "第一条", "。", " ", "\n", "é", "\ud800"],
    *["civil code", "Civil Code", "Labor ", "German ", " of the PRC", " of Japan"],
]


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_can_be_searched(text: str) -> None:
    assert len(fold(text)) == len(text)
    end = 0
    for mention in NAMES.mentions(text):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.law is None or mention.law in TITLES
        end = mention.end
    for start, stop, law in NAMES.find(text):
        assert NAMES.resolve(text[start:stop]) == law
    NAMES.suggest(text, 1)


@pytest.mark.parametrize(
    "text", ["《" * 50_000, "民法典" * 10_000, "中华人民共和国" * 5_000, "《民" * 20_000 + "》" * 20_000]
)
def test_long_nonsense_is_searched_too(text: str) -> None:
    assert {law for _, _, law in NAMES.find(text)} <= {CIVIL_CODE}
