"""An Answer as safe HTML: every field escaped, every citation at its place in the whole article.

The text form is in ui.text. Nothing here loads anything, and nothing a source or visitor wrote is
interpreted.
"""

from __future__ import annotations

import hashlib
import html
import unicodedata
from collections.abc import Iterable

from corpus.types import Answer, Citation, Claim, Status
from qa.wording import REFUSAL, status_label, titled
from ui.text import LABELS, glossary

WORDS = {
    "zh": {
        "source": "出处", "headings": "位置", "promulgated": "公布或修正", "effective": "施行", "until": "效力止于",
        "court": "法院", "authors": "作者", "origin": "来源", "note": "说明", "database": "国家法律法规数据库",
        "about": "这一条回答的问题，例如",
    },
    "en": {
        "source": "source", "headings": "Place", "promulgated": "Promulgated or amended",
        "effective": "Effective", "until": "Law until", "court": "Court", "authors": "Authors",
        "origin": "Source", "note": "Note", "database": "National database of laws (official)",
        "about": "Questions this article answers, for example",
    },
}  # fmt: skip


def escape(text: str) -> str:
    """Escape for HTML and drop control, bidi and zero-width characters (Unicode Cc, Cf, Cs)."""
    shown = (c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return html.escape("".join(shown), quote=True)


def answer_html(answer: Answer, place: str = "") -> str:
    """Render an answer; ``place`` makes its anchors unique where one question is asked twice."""
    key = hashlib.sha256(f"{place}/{answer.question}".encode()).hexdigest()[:8]
    label = LABELS[answer.lang]
    lead = _claims(answer, "conclusion", key) or f"<p>{escape(REFUSAL[answer.lang])}</p>"
    urgent = f'<p class="fw-urgent">{escape(answer.referral)}</p>' if answer.referral else ""
    parts = [f'{urgent}<div class="fw-lead">{lead}</div>']
    for part in ("meaning", "case"):
        if told := _claims(answer, part, key):
            parts.append(f"<section><h3>{escape(label[part])}</h3>{told}</section>")
    laws = [c for c in answer.citations if c.kind.is_law]
    views = [c for c in answer.citations if not c.kind.is_law]
    for heading, found, kind in (
        ("nearest" if answer.refused else "basis", laws, "law"),
        ("views", views, "view"),
    ):
        if found:
            blocks = "".join(_citation(c, answer.lang, key) for c in found)
            parts.append(f'<section class="fw-{kind}"><h3>{escape(label[heading])}</h3>{blocks}</section>')
    if glossed := glossary(answer):
        rows = _data((escape(name), escape(plain)) for name, plain in glossed)
        parts.append(f'<section class="fw-terms"><h3>{escape(label["terms"])}</h3>{rows}</section>')
    corpus = f"{label['corpus']} {answer.corpus_date} · {answer.generation}"
    parts.append(f'<p class="fw-notice">{escape(answer.notice)} <span>{escape(corpus)}</span></p>')
    tongue = "en" if answer.lang == "en" else "zh-CN"
    return f'<article class="fw-answer" lang="{tongue}">{"".join(parts)}</article>'


def _claims(answer: Answer, part: str, key: str) -> str:
    return "".join(_claim(c, key, answer.lang) for c in answer.claims if c.part == part)


def _claim(claim: Claim, key: str, lang: str) -> str:
    links = "".join(
        f'<a class="fw-ref" href="#fw-{key}-{n}" aria-label="{WORDS[lang]["source"]} {n}">[{n}]</a>'
        for n in claim.citations
    )
    return f'<p>{escape(claim.text)}<span class="fw-refs">{links}</span></p>'


def _citation(citation: Citation, lang: str, key: str) -> str:
    """Render a citation closed; following a link to its number opens it (HTML fragment rules)."""
    body = _law_body(citation, lang) if citation.kind.is_law else _view_body(citation, lang)
    badge = _badge(citation.status, lang) if citation.kind.is_law else ""
    return (
        f'<details><summary><span class="fw-n">{citation.n}</span> {escape(citation.title)} {badge}</summary>'
        f'<div class="fw-body" id="fw-{key}-{citation.n}">{body}</div></details>'
    )


def _badge(status: Status, lang: str) -> str:
    name = "live" if status is Status.IN_FORCE else "not-live"
    return f'<span class="fw-badge fw-{name}">{escape(status_label(status, lang))}</span>'


def _law_body(citation: Citation, lang: str) -> str:
    """Render the whole article, the paragraph relied on marked, then its data."""
    passage, words = citation.passage, WORDS[lang]
    paragraphs = []
    for number, text in enumerate(passage.paragraphs, 1):
        shown = escape(text).replace("\n", "<br>")
        paragraphs.append(
            f"<p><mark>{shown}</mark></p>" if number == citation.paragraph else f"<p>{shown}</p>"
        )
    name = f"{titled(passage.law or '')}{passage.article or ''}"
    link = (
        f'<a href="{escape(passage.url)}" rel="noopener noreferrer" target="_blank">{words["database"]}</a>'
        if passage.url and passage.url.startswith("https://")
        else ""
    )
    data = _data(
        (
            (words["headings"], escape(" › ".join(passage.headings))),
            (words["promulgated"], escape(passage.promulgated or "")),
            (words["effective"], escape(passage.effective or "")),
            (words["until"], escape(passage.until or "")),
            (words["note"], escape(passage.note)),
            (words["origin"], " · ".join(part for part in (escape(passage.source), link) if part)),
        )
    )
    return f'<blockquote lang="zh-CN"><p class="fw-name">{escape(name)}</p>{"".join(paragraphs)}</blockquote>{data}'


def _view_body(citation: Citation, lang: str) -> str:
    """Render the commentary by its sections, who wrote it, and where it and the law differ."""
    passage, words = citation.passage, WORDS[lang]
    text = "".join(_line(line) for line in passage.text.split("\n") if line)
    remarks = [
        f"{entry.partition(' | ')[0]}：{entry.partition(' | ')[2]}"
        for entry in passage.cites
        if " | " in entry
    ]
    data = _data(
        (
            (words["court"], escape(passage.issuer)),
            (words["authors"], escape(passage.note)),
            (words["origin"], escape(passage.source)),
            (words["note"], "<br>".join(escape(remark) for remark in remarks)),
        )
    )
    return f"<blockquote>{text}</blockquote>{data}"


def _line(line: str) -> str:
    """Render a line of a commentary; 【结论】 is the name of a section."""
    named = line.startswith("【") and line.endswith("】")
    return f'<p class="fw-name">{escape(line[1:-1])}</p>' if named else f"<p>{escape(line)}</p>"


def _data(rows: Iterable[tuple[str, str]]) -> str:
    """Render what is known as a list; values are escaped already."""
    shown = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in rows if value)
    return f"<dl>{shown}</dl>" if shown else ""
