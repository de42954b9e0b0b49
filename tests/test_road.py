"""The whole road on real law: questions in, cited answers out, through the real index and model."""

from __future__ import annotations

import pytest

from corpus.errors import InputError, UnknownArticle, UnknownLaw
from corpus.types import Answer, Kind, Status
from qa.answer import Assistant
from qa.sentences import pieces
from qa.verify import squeeze

CIVIL = "中华人民共和国民法典"
CRIMINAL = "中华人民共和国刑法"
CONTRACT = {
    f"第{n}条" for n in ("五百七十七", "五百七十九", "六百七十五", "六百七十六", "六百七十四", "六百六十七")
}


def cited(answer: Answer) -> set[tuple[str | None, str | None]]:
    return {(c.law, c.article) for c in answer.citations}


@pytest.mark.parametrize(
    "question",
    [
        "自己的微信号能卖吗",
        "自己的微信号能卖吗？",
        "can I sell my own WeChat account?",
        "我把有几千个客户的微信号卖给别人，对方不付尾款怎么办",
        "卖微信号会不会坐牢？",
    ],
)
def test_the_wechat_question_cites_the_commentary_and_the_law(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert not answer.refused
    assert any(c.kind is Kind.COMMENTARY and "微信" in c.passage.title for c in answer.citations)
    assert (CIVIL, "第一千零三十八条") in cited(answer) and (CRIMINAL, "第二百五十三条之一") in cited(answer)
    (right,) = [c for c in answer.citations if c.article == "第一千零三十八条"]
    assert right.paragraph == 1 and "未经自然人同意，不得向他人非法提供其个人信息" in right.quote


def test_the_answer_is_no_and_says_so_first(assistant: Assistant) -> None:
    assert assistant.ask("自己的微信号能卖吗").claims[0].text.startswith("不宜卖")
    assert "say no" in assistant.ask("can I sell my own WeChat account?").claims[0].text


def test_the_unpaid_price_is_answered_before_the_rest(assistant: Assistant) -> None:
    answer = assistant.ask("我把有几千个客户的微信号卖给别人，对方不付尾款怎么办")
    assert "余款" in answer.claims[0].text


def test_an_english_answer_frames_the_chinese_text(assistant: Assistant) -> None:
    answer = assistant.ask("can I sell my own WeChat account?")
    assert answer.lang == "en" and answer.claims[0].text.isascii()
    (code,) = [c for c in answer.citations if c.article == "第一千零三十八条"]
    assert "Civil Code, Article 1038, paragraph 1" in code.title and "信息处理者" in code.quote


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("同事借我钱不还怎么办", {(CIVIL, "第六百七十五条"), (CIVIL, "第六百七十六条")}),
        ("房东不退押金怎么办", {(CIVIL, "第五百七十七条"), (CIVIL, "第七百三十三条")}),
        (
            "公司拖欠工资怎么办",
            {("中华人民共和国劳动法", "第五十条"), ("中华人民共和国劳动合同法", "第三十条")},
        ),
        ("试用期最长多久", {("中华人民共和国劳动合同法", "第十九条")}),
        ("高空抛物砸到人谁负责", {(CIVIL, "第一千二百五十四条")}),
        (
            "My colleague borrowed money and won't pay it back",
            {(CIVIL, "第六百七十五条"), (CIVIL, "第六百七十六条")},
        ),
    ],
)
def test_lay_questions_find_the_article(
    assistant: Assistant, question: str, wanted: set[tuple[str, str]]
) -> None:
    answer = assistant.ask(question)
    assert not answer.refused and cited(answer) & wanted


@pytest.mark.parametrize(
    ("question", "law", "article", "paragraph"),
    [
        ("民法典1038条", CIVIL, "第一千零三十八条", None),
        ("民法典第1038条", CIVIL, "第一千零三十八条", None),
        ("《中华人民共和国民法典》第一千零三十八条第二款", CIVIL, "第一千零三十八条", 2),
        ("民法典１０３８条", CIVIL, "第一千零三十八条", None),
        ("刑法253条之一", CRIMINAL, "第二百五十三条之一", None),
        ("刑法第二百五十三条之一", CRIMINAL, "第二百五十三条之一", None),
        ("刑法第二百五十三条", CRIMINAL, "第二百五十三条", None),
        ("Civil Code art. 1038", CIVIL, "第一千零三十八条", None),
    ],
)
def test_a_named_article_is_looked_up_exactly(
    assistant: Assistant, question: str, law: str, article: str, paragraph: int | None
) -> None:
    answer = assistant.ask(question)
    law_cited = [c for c in answer.citations if c.kind.is_law]
    assert [(c.law, c.article, c.paragraph) for c in law_cited] == [(law, article, paragraph)]
    assert answer.citations[0].status is Status.IN_FORCE
    assert squeeze(answer.citations[0].quote)[:20] in squeeze(answer.claims[0].text)


def test_several_named_articles_are_all_looked_up(assistant: Assistant) -> None:
    answer = assistant.ask("民法典第一百一十一条和第一千零三十八条")
    assert [c.article for c in answer.citations if c.kind.is_law] == ["第一百一十一条", "第一千零三十八条"]


@pytest.mark.parametrize(
    ("question", "article", "paragraph", "item", "quote"),
    [
        ("民法典第三十九条第一款第（三）项", "第三十九条", 1, 3, "（三）被监护人或者监护人死亡；"),
        ("民法典第三十九条第二款", "第三十九条", 2, None, "监护关系终止后"),
        ("劳动合同法第三十九条第二项", "第三十九条", None, 2, "（二）严重违反用人单位的规章制度的"),
    ],
)
def test_a_paragraph_or_item_is_quoted_alone(
    assistant: Assistant, question: str, article: str, paragraph: int | None, item: int | None, quote: str
) -> None:
    found = assistant.ask(question).citations[0]
    assert (found.article, found.paragraph, found.item) == (article, paragraph, item)
    assert found.quote.startswith(quote) and found.quote.count("\n") == 0


def test_an_article_names_the_commentary_on_it(assistant: Assistant) -> None:
    answer = assistant.article("民法典", "1038")
    (commentary,) = [c for c in answer.citations if c.kind is Kind.COMMENTARY]
    assert commentary.title == "自己的微信号能卖吗？"
    assert any(claim.part == "case" and commentary.n in claim.citations for claim in answer.claims)
    assert assistant.library.current().index.cited_by(commentary.title)[0].article == "第一千零三十八条"


@pytest.mark.parametrize(
    ("address", "article", "promulgated", "quote"),
    [
        ("/law/民法典/1038/1", "第一千零三十八条", "2020-05-28", "信息处理者不得泄露"),
        ("/law/刑法/253-1", "第二百五十三条之一", "2023-12-29", "违反国家有关规定"),
        ("/law/商标法/1@2026-06-26", "第一条", "2026-06-26", "为了"),
        ("/law/商标法/1", "第一条", "2019-04-23", "为了"),
    ],
)
def test_an_address_leads_to_one_text(
    assistant: Assistant, address: str, article: str, promulgated: str, quote: str
) -> None:
    found = assistant.at(address).citations[0]
    assert (found.article, found.passage.promulgated) == (article, promulgated)
    assert found.quote.startswith(quote)


@pytest.mark.parametrize(
    "address", ["/law/民法典/9999", "/law/民法典/39/1/9", "/law/商标法/1@1999-01-01", "/law/火星法/1"]
)
def test_an_address_that_leads_nowhere_says_so(assistant: Assistant, address: str) -> None:
    with pytest.raises(InputError):
        assistant.at(address)


def test_as_of_a_day_the_text_of_that_day_answers(assistant: Assistant) -> None:
    old = assistant.ask("仲裁法第十六条", as_of="2026-02-01").citations[0]
    new = assistant.ask("仲裁法第十六条", as_of="2026-03-01").citations[0]
    assert (old.passage.promulgated, new.passage.promulgated) == ("2017-09-01", "2025-09-12")
    assert old.status is new.status is Status.IN_FORCE and old.quote != new.quote


def test_as_of_a_day_nothing_later_is_cited_as_law(assistant: Assistant) -> None:
    answer = assistant.ask("离婚后孩子归谁抚养", as_of="2019-05-01")
    assert answer.as_of == "2019-05-01"
    told = answer.claims[0].text
    assert "《民法典》自2021年1月1日起施行" in told and "《婚姻法》" in told and "没有收录" in told
    for citation in answer.citations:
        if citation.status is not Status.IN_FORCE and citation.kind.is_law:
            assert citation.article == "第一千二百六十条"  # what repealed the laws of that day


def test_a_text_made_after_the_day_says_so(assistant: Assistant) -> None:
    found = assistant.ask("刑法第二百六十四条", as_of="2019-05-01").citations[0]
    assert "2023-12-29修正后的文本" in found.note
    assert assistant.ask("刑法第二百六十四条").citations[0].note == ""


def test_an_instrument_known_but_not_held_says_so(assistant: Assistant) -> None:
    with pytest.raises(UnknownLaw, match="没有收录《中华人民共和国劳动合同法实施条例》"):
        assistant.ask("劳动合同法实施条例第五条")


def test_a_repealed_law_that_is_held_points_on(assistant: Assistant) -> None:
    answer = assistant.ask("大气污染防治法第一百条")
    assert answer.citations[0].status is Status.REPEALED
    assert ("中华人民共和国生态环境法典", "第一千二百四十二条") in cited(answer)
    assert any("已经废止" in claim.text for claim in answer.claims)


def test_a_repealed_law_is_named_with_its_successor(assistant: Assistant) -> None:
    answer = assistant.ask("合同法第五十二条 合同无效")
    assert "已经废止" in answer.claims[0].text
    assert (CIVIL, "第一千二百六十条") in cited(answer)


@pytest.mark.parametrize(
    ("question", "error", "words"),
    [
        ("", InputError, "请输入"),
        ("   \u200b", InputError, "请输入"),
        ("😀😀", InputError, "文字"),
        ("长" * 10_000, InputError, "10000"),
        ("word " * 2_000, InputError, "too long"),
        ("民法典9999条", UnknownArticle, "第一千二百六十条"),
        ("民法典第一千零三十八条第九款", UnknownArticle, "只有2款"),
        ("《火星移民法》第三条", UnknownLaw, "火星移民法"),
    ],
)
def test_bad_input_is_one_sentence_in_its_language(
    assistant: Assistant, question: str, error: type[InputError], words: str
) -> None:
    with pytest.raises(error) as caught:
        assistant.ask(question)
    message = caught.value.message()
    assert words in message and "\n" not in message


@pytest.mark.parametrize(
    "question", ["今天天气怎么样", "红烧肉怎么做好吃", "1+1等于几", "What's the weather today?", "讲个笑话"]
)
def test_what_no_law_answers_is_refused_with_the_nearest_provisions(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert answer.refused and answer.claims == ()
    assert all(c.kind.is_law and c.status is Status.IN_FORCE for c in answer.citations)


QUESTIONS = [
    "离婚时孩子归谁抚养", "被公司违法辞退赔多少钱", "网购七天无理由退货", "邻居噪音扰民", "酒后驾车怎么处罚",
    "遗嘱没有见证人有效吗", "信用卡逾期会坐牢吗", "彩礼能要回来吗", "商标被人抢注", "交通事故对方全责不赔钱",
    "How long is maternity leave?", "Can my boss fire me while I am pregnant?",
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_word_between_quotation_marks_stands_in_its_source(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    numbers = {c.n: c for c in answer.citations}
    assert list(numbers) == list(range(1, len(numbers) + 1))
    for citation in answer.citations:
        assert citation.quote in citation.passage.text and citation.source
    for claim in answer.claims:
        assert claim.citations and set(claim.citations) <= set(numbers)
        if "“" in claim.text:
            quoted = claim.text[claim.text.index("“") + 1 : claim.text.rindex("”")]
            text = squeeze("".join(numbers[n].passage.text for n in claim.citations))
            assert all(squeeze(piece) in text for piece in pieces(quoted))


@pytest.mark.parametrize("question", QUESTIONS)
def test_law_that_is_not_in_force_is_never_shown_as_law(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    for claim in answer.claims:
        for citation in (c for c in answer.citations if c.n in claim.citations):
            if citation.status is not Status.IN_FORCE:
                assert (
                    str(citation.status) in claim.text or "repealed" in claim.text or "amended" in claim.text
                )


def test_search_returns_each_article_once_best_first(assistant: Assistant) -> None:
    hits = assistant.search("借钱不还", 20)
    keys = [(h.passage.law or h.passage.title, h.passage.article) for h in hits]
    assert len(hits) == 20 and len(set(keys)) == 20
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_danger_is_answered_with_a_number_to_call_first(assistant: Assistant) -> None:
    assert "110" in assistant.ask("老公打我怎么办").referral
    assert "12356" in assistant.ask("被公司辞退了不想活了怎么办").referral
    assert assistant.ask("试用期最长多久").referral == ""


def test_a_law_named_in_the_question_comes_first(assistant: Assistant) -> None:
    hits = assistant.search("按照消费者权益保护法，网上买的东西能退吗", 3)
    assert hits[0].passage.law == "中华人民共和国消费者权益保护法"


def test_what_is_law_today_leads_what_is_not(assistant: Assistant) -> None:
    answer = assistant.ask("农村土地承包合同到期怎么办")
    statuses = [c.status is Status.IN_FORCE for c in answer.citations]
    assert statuses == sorted(statuses, reverse=True) and statuses[0]


def test_a_name_inside_a_name_takes_its_own_brackets(assistant: Assistant) -> None:
    answer = assistant.article("全国人民代表大会常务委员会关于《中华人民共和国刑法》第三十条的解释", "全文")
    assert answer.citations[0].title.startswith(
        "《全国人民代表大会常务委员会关于〈中华人民共和国刑法〉第三十条的解释》"
    )
