"""What one provision refers to is read in its context, over the whole of the shipped law."""

from __future__ import annotations

import re
from datetime import date

import pytest

from corpus.citation import Reference
from corpus.crossref import cross_references
from corpus.names import LawNames
from corpus.statutes import package_documents
from ingest.audit import audit

CIVIL, CRIMINAL = "中华人民共和国民法典", "中华人民共和国刑法"
AMENDMENT = "中华人民共和国刑法修正案（十一）"
NAMES = LawNames([CIVIL, CRIMINAL, AMENDMENT])
NUMBERS = ["第一条", "第二条", "第二条之一", "第三条"]


def places(
    text: str, law: str = CIVIL, number: str = "第三条"
) -> list[tuple[str | None, str, int | None, int | None]]:
    found: list[Reference] = cross_references(law, number, text, NUMBERS, NAMES)
    return [(r.law, r.label, r.paragraph, r.item) for r in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("依照本法第十条的规定", [(CIVIL, "第十条", None, None)]),
        ("依照第十条的规定", [(CIVIL, "第十条", None, None)]),
        ("依照刑法第十条和本法第二条", [(CRIMINAL, "第十条", None, None), (CIVIL, "第二条", None, None)]),
        ("前条规定的期间", [(CIVIL, "第二条之一", None, None)]),
        ("前两条规定的期间", [(CIVIL, "第二条", None, None), (CIVIL, "第二条之一", None, None)]),
        ("前条第二款规定的", [(CIVIL, "第二条之一", 2, None)]),
        ("甲。\n前款规定的", [(CIVIL, "第三条", 1, None)]),
        ("甲。\n乙。\n前两款规定的", [(CIVIL, "第三条", 1, None), (CIVIL, "第三条", 2, None)]),
        ("甲。\n有前款第（二）项情形的", [(CIVIL, "第三条", 1, 2)]),
        ("本条第一款规定的", [(CIVIL, "第三条", 1, None)]),
        ("目前条件下", []),
    ],
)
def test_a_reference_is_read_from_where_it_stands(
    text: str, expected: list[tuple[str | None, str, int | None, int | None]]
) -> None:
    assert places(text) == expected


def test_an_amendment_speaks_of_the_law_it_amends() -> None:
    assert places("将第十条修改为：", AMENDMENT, "第三条") == [(CRIMINAL, "第十条", None, None)]


def test_every_reference_of_the_shipped_law_is_read_and_98_percent_lead_somewhere(
    capsys: pytest.CaptureFixture[str],
) -> None:
    documents = package_documents()
    names = LawNames({document.title for document in documents})
    written = read = 0
    for document in documents:
        numbers = [article.number for article in document.articles]
        for article in document.articles:
            spans = [
                (r.start, r.end)
                for r in cross_references(document.title, article.number, article.text, numbers, names)
            ]
            for match in re.finditer("第[一二三四五六七八九十百千零]+条", article.text):
                inside = article.text[: match.start()].count("《") > article.text[: match.start()].count("》")
                if not inside:  # 《关于〈…法〉第三十条的解释》 is the name of an instrument
                    written += 1
                    read += any(start <= match.start() < end for start, end in spans)
    found = audit(today=date(2026, 11, 25))
    with capsys.disabled():
        print(
            f"\ncross-references: {written:,} written, {read:,} read; {found.references:,} with 前款 and lists,"
            f" {found.resolved / found.references:.2%} resolved"
        )
    assert written > 2_500 and read == written
    assert found.resolved >= 0.98 * found.references
