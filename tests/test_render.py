"""An answer as HTML: escaped in every field, the paragraph marked, each number leads to its source."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from corpus.types import Answer, Citation, Claim, Kind, Passage, Status
from ui.render import answer_html
from ui.text import answer_text

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "</details><form action=//evil.example><input>",
    "<a href=javascript:alert(1)>x</a>",
    "[x](javascript:alert(1)) ![y](http://evil.example/y.png)",
    "\u202egnol\u202c \u200bx\x00",
]
ALLOWED = {
    "article",
    "div",
    "p",
    "section",
    "h3",
    "details",
    "summary",
    "span",
    "a",
    "blockquote",
    "mark",
    "dl",
    "dt",
    "dd",
    "br",
}
TEXT = "第一款的文字。\n第二款的文字。"


def answer(
    text: str = "依据如下。", status: Status = Status.IN_FORCE, kind: Kind = Kind.STATUTE, **passage: str
) -> Answer:
    fields = {
        "title": "试验法",
        "law": "试验法",
        "article": "第三条",
        "text": TEXT,
        "source": "试验",
    } | passage
    source = Passage(
        kind=kind, title=fields["title"], law=fields["law"] if kind.is_law else None, article=fields["article"], text=fields["text"],
        document="d", headings=(fields.get("heading", "第一章"),), issuer=fields.get("issuer", ""), note=fields.get("note", ""),
        status=status, effective="2020-01-01", source=fields["source"], url=fields.get("url", "https://flk.npc.gov.cn/"),
    )  # fmt: skip
    citation = Citation(
        1, kind, source.law, source.article, 2, f"《{fields['title']}》第三条第二款", "第二款的文字。", status, "2020-01-01",
        source.source, source.url, source,
    )  # fmt: skip
    return Answer(
        "问题", "zh", False, (Claim(text, (1,)),), (citation,), "提示。", "2026-01-01", "gen-000001"
    )


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


@pytest.mark.parametrize(
    "field", ["claim", "title", "text", "article", "heading", "issuer", "note", "source", "url"]
)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_field_is_read_as_html(payload: str, field: str) -> None:
    shown = answer_html(answer(payload) if field == "claim" else answer(**{field: payload}))
    tags = Tags(shown)
    assert tags.names <= ALLOWED
    assert tags.attributes <= {"class", "lang", "id", "href", "aria-label", "rel", "target"}
    assert all(link.startswith(("#fw-", "https://flk.npc.gov.cn/")) for link in tags.links)
    assert not {"\u202e", "\u200b", "\x00"} & set(shown)


def test_the_paragraph_relied_on_is_marked_inside_the_whole_article() -> None:
    shown = answer_html(answer())
    assert "<p>第一款的文字。</p>" in shown
    assert re.findall(r"<mark>(.*?)</mark>", shown) == ["第二款的文字。"]


def test_each_number_leads_to_its_source() -> None:
    shown = answer_html(answer())
    targets = re.findall(r'href="#([^"]+)"', shown)
    assert targets and all(f'id="{target}"' in shown for target in targets)
    assert set(re.findall(r'id="([^"]+)"', shown)).isdisjoint(
        re.findall(r'id="([^"]+)"', answer_html(answer(), "2"))
    )


@pytest.mark.parametrize("status", list(Status))
def test_the_status_is_written_not_only_coloured(status: Status) -> None:
    assert str(status) in answer_html(answer(status=status)) and str(status) in answer_text(
        answer(status=status)
    )


def test_commentary_stands_apart_and_is_named_so() -> None:
    shown = answer_html(answer(kind=Kind.COMMENTARY))
    assert "评注/观点，非法律规定" in shown and "依据</h3>" not in shown
    assert "非法律规定" in answer_text(answer(kind=Kind.COMMENTARY))


def test_notice_and_corpus_date_are_in_both_forms() -> None:
    for shown in (answer_html(answer()), answer_text(answer())):
        assert "提示。" in shown and "2026-01-01" in shown


def test_a_refusal_says_so_first() -> None:
    refused = replace(answer(), refused=True, claims=())
    assert answer_text(refused).startswith("未检索到依据") and "最接近的条文" in answer_text(refused)
    assert "未检索到依据" in answer_html(refused)
