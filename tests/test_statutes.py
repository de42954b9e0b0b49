"""What the statute package gives, corrected: headings, paragraphs, versions, dates, amendments."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus.errors import SourceError
from corpus.statutes import apply_amendment, end_dates, package_documents, tidy_heading
from corpus.types import Article, Document, Kind, Passage, Status
from ingest.split import split

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def laws() -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for document in package_documents():
        found.setdefault(document.title, []).append(document)
    return found


def passage(documents: list[Document], number: str) -> Passage:
    return next(p for d in documents for p in split(d) if p.article == number)


def test_the_whole_package_is_read(laws: dict[str, list[Document]]) -> None:
    assert sum(len(versions) for versions in laws.values()) == 378
    assert (
        sum(len(d.articles) for versions in laws.values() for d in versions) == 26_198
    )  # 26,196 as the package counts them, two of which it had run together


def test_book_headings_stand_above_the_right_article(laws: dict[str, list[Document]]) -> None:
    code = laws["中华人民共和国民法典"]
    assert passage(code, "第二百零四条").headings == ("第一编 总则", "第十章 期间计算")
    assert passage(code, "第二百零四条").text.endswith("当事人另有约定的除外。")
    assert passage(code, "第二百零五条").headings == ("第二编 物权", "第一分编 通则", "第一章 一般规定")
    assert passage(code, "第一千零三十八条").headings == ("第四编 人格权", "第六章 隐私权和个人信息保护")
    stray = [a.number for ds in laws.values() for d in ds for a in d.articles if "\n第二编" in a.text]
    assert stray == []


def test_an_inserted_article_is_its_own(laws: dict[str, list[Document]]) -> None:
    criminal = laws["中华人民共和国刑法"]
    assert "公民个人信息" in passage(criminal, "第二百五十三条之一").text
    assert "邮政工作人员" in passage(criminal, "第二百五十三条").text


def test_paragraphs_are_counted_and_items_belong_to_theirs(laws: dict[str, list[Document]]) -> None:
    assert [p[:6] for p in passage(laws["中华人民共和国民法典"], "第一千零三十八条").paragraphs] == [
        "信息处理者不",
        "信息处理者应",
    ]
    bribery = passage(laws["中华人民共和国刑法"], "第三百九十条").paragraphs
    assert len(bribery) == 3
    assert bribery[1].startswith("有下列情形之一的") and "（七）将违法所得用于行贿的。" in bribery[1]


def test_amendment_twelve_is_merged_into_seven_articles(laws: dict[str, list[Document]]) -> None:
    (criminal,) = laws["中华人民共和国刑法"]
    assert criminal.note.count("条") >= 7 and "刑法修正案（十二）" in criminal.note
    assert "其他公司、企业的董事、监事、高级管理人员违反法律" in passage([criminal], "第一百六十五条").text
    unit = passage([criminal], "第三百八十七条").paragraphs
    assert len(unit) == 2 and "三年以上十年以下有期徒刑" in unit[0] and "帐外暗中" in unit[1]
    assert passage([criminal], "第三百九十条").status_on(TODAY) is Status.IN_FORCE


def test_an_amendment_that_does_not_fit_is_refused_not_guessed() -> None:
    law = Document(Kind.STATUTE, "刑法", "t", articles=(Article("第一条", "旧文。"),))
    by = Document(
        Kind.STATUTE,
        "修正案",
        "t",
        articles=(Article("条目一", "将刑法第九条修改为：“新文。”"), Article("条目二", "施行。")),
    )
    with pytest.raises(SourceError, match="条目一"):
        apply_amendment(law, by)


@pytest.mark.parametrize(
    ("day", "old", "new"),
    [
        (date(2026, 11, 24), Status.IN_FORCE, Status.NOT_YET),
        (date(2027, 1, 1), Status.AMENDED, Status.IN_FORCE),
    ],
)
def test_a_new_version_rules_from_its_own_day(
    laws: dict[str, list[Document]], day: date, old: Status, new: Status
) -> None:
    versions = sorted(laws["中华人民共和国商标法"], key=lambda d: d.version)
    assert [passage([d], "第一条").status_on(day) for d in versions] == [old, new]


def test_a_repealed_law_ends_the_day_its_successor_says(laws: dict[str, list[Document]]) -> None:
    noise = passage(laws["中华人民共和国噪声污染防治法"], "第一条")
    assert noise.status_on(date(2026, 8, 14)) is Status.IN_FORCE
    assert noise.status_on(date(2026, 8, 15)) is Status.REPEALED


def test_a_repeal_that_no_text_proves_says_so(laws: dict[str, list[Document]]) -> None:
    (land,) = laws["中华人民共和国农村土地承包法"]
    assert land.status is Status.REPEALED and land.until is None and "没有写明废止它" in land.note


def test_versions_of_one_title_follow_each_other() -> None:
    old = Document(Kind.REGULATION, "办法", "t", promulgated="2001-01-01")
    new = Document(Kind.REGULATION, "办法", "t", promulgated="2010-05-01", effective="2010-07-01")
    ended = end_dates([new, old])
    assert [(d.status, d.until) for d in ended] == [(Status.IN_FORCE, None), (Status.AMENDED, "2010-07-01")]


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [("第二编 物 权", "第二编 物权"), ("第一章  一般规定", "第一章 一般规定"), ("附  则", "附 则")],
)
def test_headings_are_tidied(raw: str, tidy: str) -> None:
    assert tidy_heading(raw) == tidy


def test_corrections_name_their_source() -> None:
    text = (Path(__file__).parent.parent / "corpus" / "corrections.toml").read_text("utf-8")
    assert text.count("[[") == text.count("source = ") > 0


def test_articles_run_together_are_parted(laws: dict[str, list[Document]]) -> None:
    code = laws["中华人民共和国生态环境法典"]
    assert passage(code, "第一千一百二十条").text.startswith(
        "违反本法规定，有下列情形之一的，由生态环境主管部门责令改正"
    )
    assert len(passage(code, "第一千一百一十九条").paragraphs) == 2
    assert passage(code, "第一千二百零一条").text.count("（五）") == 1


def test_a_book_without_chapters_has_none(laws: dict[str, list[Document]]) -> None:
    assert passage(laws["中华人民共和国民法典"], "第一千二百六十条").headings == ("附 则",)
    procedure = laws["中华人民共和国刑事诉讼法"]
    assert passage(procedure, "第二百五十九条").headings == ("第四编 执行",)
    assert passage(laws["中华人民共和国全国人民代表大会议事规则"], "第一条").headings == ()


def test_lines_broken_by_a_page_are_joined_and_lists_are_not(laws: dict[str, list[Document]]) -> None:
    assert len(passage(laws["中华人民共和国生态环境法典"], "第五十八条").paragraphs) == 1
    assert "有权使用居民身份证证明身份" in passage(laws["中华人民共和国居民身份证法"], "第十三条").text
    assert len(passage(laws["中华人民共和国宪法"], "第九十三条").text.split("\n")) >= 6
