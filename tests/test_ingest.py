"""Files that a user adds: Markdown laws, digests, and what is wrong with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.book import LawBook
from corpus.errors import SourceError
from corpus.statutes import package_documents
from corpus.types import Kind, Status
from ingest.digest import is_digest, read_digest
from ingest.link import link
from ingest.load import COMMENTARY, load
from ingest.markdown import read_law
from ingest.split import SECTION_CHARS, split
from ingest.words import english_tokens, tokens

LAW = """---
title: "某某市停车管理办法"
publish_date: "2020-01-02"
implement_date: "2020-03-01"
status: "现行有效"
category: "行政法规"
source: "国家法律法规数据库"
---
# 某某市停车管理办法

2020年1月2日 公布

<!-- INFO END -->

## 第一章 总 则

第一条 为了规范停车，制定本办法。

第二条　停车人应当付费。

第一条规定的车辆不包括自行车。

第二条之一 残疾人车辆免费：

（一）持证的；

（二）本人驾驶的。

## 附  则

第三条 本办法自2020年3月1日起施行。
"""


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding)
    return path


@pytest.fixture(scope="module")
def book() -> LawBook:
    return LawBook(p for d in package_documents() for p in split(d))


def test_a_markdown_law_is_cut_by_article(tmp_path: Path) -> None:
    law = read_law(write(tmp_path, "停车(2020-01-02).md", LAW))
    assert (law.kind, law.title, law.promulgated, law.effective) == (
        Kind.REGULATION, "某某市停车管理办法", "2020-01-02", "2020-03-01",
    )  # fmt: skip
    assert [a.number for a in law.articles] == ["第一条", "第二条", "第二条之一", "第三条"]
    assert law.articles[1].text == "停车人应当付费。\n第一条规定的车辆不包括自行车。"
    assert law.articles[0].headings == ("第一章 总则",)
    assert law.articles[3].headings == ("附 则",) or law.articles[3].headings == ("附则",)
    assert len(next(p for p in split(law) if p.article == "第二条之一").paragraphs) == 1


def test_a_law_without_front_matter_or_marks_is_read(tmp_path: Path) -> None:
    bare = "# 某某条例\n\n第一章 总则\n\n第一条 甲。\n\n第二条 乙。\n"
    law = read_law(write(tmp_path, "x.md", bare))
    assert law.title == "某某条例" and [a.text for a in law.articles] == ["甲。", "乙。"]
    assert law.articles[1].headings == ("第一章 总则",)


def test_a_notice_without_articles_survives_whole(tmp_path: Path) -> None:
    text = "# 关于某事的通知\n\n<!-- INFO END -->\n\n" + "各级法院应当依法办理。\n\n" * 200
    passages = list(split(read_law(write(tmp_path, "n.md", text))))
    assert len(passages) > 1 and all(len(p.text) <= SECTION_CHARS for p in passages)
    assert "".join(p.text for p in passages).count("各级法院") == 200


def test_a_case_is_cut_by_its_sections_and_never_taken_for_law(tmp_path: Path) -> None:
    case = "# 加班费怎么算\n\n<!-- INFO END -->\n\n## 基本案情\n\n张某加班。\n\n## 裁判结果\n\n支付加班费。\n"
    document = read_law(write(tmp_path, "case.md", case))
    assert document.kind is Kind.CASE
    assert [(p.law, p.section, p.text) for p in split(document)] == [
        (None, "基本案情", "张某加班。"),
        (None, "裁判结果", "支付加班费。"),
    ]
    note = read_law(write(tmp_path, "note.md", "# 随笔\n\n今天写了一点东西。\n"))
    assert note.kind is Kind.COMMENTARY


@pytest.mark.parametrize(
    ("name", "raw"),
    [("empty.md", b""), ("binary.md", b"\xff\xfe\x00\x81"), ("title.md", "# 只有标题\n".encode())],
)
def test_a_bad_file_is_one_line_and_stops_nothing(tmp_path: Path, name: str, raw: bytes) -> None:
    (tmp_path / name).write_bytes(raw)
    write(tmp_path, "good.md", LAW)
    loaded = load([tmp_path])
    assert [line for line in loaded.skipped if name in line or name.removesuffix(".md") in line]
    assert "某某市停车管理办法" in {d.title for d in loaded.documents}


def test_the_statute_package_wins_over_a_file_of_the_same_title(tmp_path: Path) -> None:
    write(tmp_path, "mfd.md", LAW.replace("某某市停车管理办法", "中华人民共和国民法典"))
    loaded = load([tmp_path])
    (code,) = [d for d in loaded.documents if d.title == "中华人民共和国民法典"]
    assert len(code.articles) == 1260 and any("mfd.md" in line for line in loaded.skipped)


def test_two_versions_added_by_a_user_follow_each_other(tmp_path: Path) -> None:
    write(tmp_path, "a(2020-01-02).md", LAW)
    write(tmp_path, "b(2010-01-02).md", LAW.replace("付费", "缴费").replace("2020", "2010"))
    versions = {
        d.promulgated: d.status for d in load([tmp_path]).documents if d.title == "某某市停车管理办法"
    }
    assert versions == {"2020-01-02": Status.IN_FORCE, "2010-01-02": Status.AMENDED}


def test_a_missing_path_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="找不到"):
        load([tmp_path / "nowhere"])
    with pytest.raises(SourceError, match="Markdown"):
        load([write(tmp_path, "a.docx", "x")])


DIGESTS = sorted(p for p in COMMENTARY.glob("*.md") if p.name != "README.md")


@pytest.mark.parametrize("path", DIGESTS, ids=lambda p: p.stem)
def test_every_shipped_digest_is_complete_and_cites_provisions_that_exist(path: Path, book: LawBook) -> None:
    digest = read_digest(path)
    assert {s.lang for s in digest.sections} == {"zh", "en"}
    head = replace(digest, sections=())  # the text may also name a local rule, which no registry has
    links, odd = link([head], book, date(2026, 11, 25))
    assert odd == [] and len(links) >= len(set(digest.cites))


def test_a_citation_that_does_not_exist_is_reported(tmp_path: Path, book: LawBook) -> None:
    text = (
        next(path for path in DIGESTS if "wechat" in path.name)
        .read_text("utf-8")
        .replace("第一百一十一条", "第九千一百一十一条")
        .replace("第一款", "第七款")
    )
    digest = read_digest(write(tmp_path, "d.md", text))
    _, odd = link([digest], book, date(2026, 11, 25))
    assert len(odd) == 2 and "只有2款" in odd[0] and "第一千二百六十条" in odd[1]


def test_a_quotation_under_the_wrong_paragraph_is_reported(tmp_path: Path, book: LawBook) -> None:
    text = (
        "# 某案\n\n## 基本案情\n\n甲把客户信息卖给乙。\n\n## 裁判理由\n\n《民法典》第一千零三十八条第二款规定："
        "“未经自然人同意，不得向他人非法提供其个人信息”。《合同法》第五十二条已由民法典取代。\n"
    )
    case = read_law(write(tmp_path, "某案.md", text))
    links, odd = link([case], book, date(2026, 11, 25))
    assert [(found.law, found.paragraph, str(found.verdict)) for found in links] == [
        ("中华人民共和国民法典", 2, "wrong_place"),
        ("中华人民共和国合同法", None, "repealed"),
    ]
    assert len(odd) == 1 and "第一千零三十八条第一款" in odd[0]


@pytest.mark.parametrize("field", ["court", "statutes", "questions_en", "title_en"])
def test_a_digest_lacking_a_field_names_it(tmp_path: Path, field: str) -> None:
    text = DIGESTS[0].read_text("utf-8").replace(f"\n{field}:", f"\nx{field}:")
    assert is_digest(text)
    with pytest.raises(SourceError, match=field):
        read_digest(write(tmp_path, "d.md", text))


def test_the_wechat_digest_has_the_facts_of_its_source(shared: Path) -> None:
    source = (shared / "corpus" / "pages" / "wechat-account-sale.txt").read_text("utf-8")
    digest = next(p for p in DIGESTS if "wechat" in p.name).read_text("utf-8")
    for fact in (
        "2019年9月22日",
        "9个微信",
        "50万元",
        "30万元",
        "2020年3月22日",
        "10万元",
        "20万元",
        "陆晓燕",
        "陈教智",
    ):
        assert fact in source and fact in digest
    chinese = digest.split("---")[2]
    unquoted = "".join(part for n, part in enumerate(chinese.replace("”", "“").split("“")) if n % 2 == 0)
    squeezed = "".join(source.split()).replace(",", "，")
    runs = [unquoted[i : i + 26] for i in range(len(unquoted) - 26)]
    assert [run for run in runs if run in squeezed] == []


def test_words_are_bigrams_and_english_stems() -> None:
    assert tokens("微信号 ABC12") == ["微信", "信号", "abc12"]
    assert tokens("ＡＢ，条") == ["ab", "条"]
    assert english_tokens("The landlords refused to return my deposit") == english_tokens(
        "landlord refusing returns deposits"
    )
