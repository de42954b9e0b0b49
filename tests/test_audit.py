"""The audit finds what was planted, and its report of the shipped law is the one in the release."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.statutes import package_documents
from corpus.types import Document, Status
from ingest import audit as subject
from ingest.audit import Audit, audit, report

SHIPPED = Path(__file__).resolve().parent.parent / "corpus" / "audit.md"
CIVIL = "中华人民共和国民法典"


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return package_documents()


def with_civil_code(
    documents: list[Document], change: dict[str, str | None], **fields: object
) -> list[Document]:
    """Return the documents with articles of the Civil Code reworded, or left out (None)."""
    code = next(d for d in documents if d.title == CIVIL)
    kept = [a for a in code.articles if change.get(a.number, "") is not None]
    articles = tuple(replace(a, text=change.get(a.number) or a.text) for a in kept)
    return [replace(code, articles=articles, **fields) if d is code else d for d in documents]  # type: ignore[arg-type]


def faults(found: Audit, kind: str) -> set[tuple[str, str]]:
    return {(fault.text.partition("@")[0], fault.article) for fault in found.faults if fault.kind == kind}


@pytest.mark.parametrize(
    ("kind", "article", "change"),
    [
        ("number", "第十一条", {"第十条": None}),
        ("reference", "第二十条", {"第二十条": "依照本法第九千条的规定处理。"}),
        ("reference", "第二十条", {"第二十条": "依照本法第一千零三十八条第九款的规定处理。"}),
        ("text", "第二十条", {"第二十条": "这一句话说到一半就没有了下文而且"}),
        ("text", "第二十条", {"第二十条": "有下列情形之一的：\n（一）甲；\n（三）丙。"}),
        ("text", "第二十条", {"第二十条": "甲。\n第三章 法人"}),
    ],
)
def test_a_planted_fault_is_found(
    documents: list[Document],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    article: str,
    change: dict[str, str | None],
) -> None:
    monkeypatch.setattr(subject, "package_documents", lambda: with_civil_code(documents, change))
    assert (CIVIL, article) in faults(audit(), kind)


def test_an_amendment_that_is_not_merged_is_found(
    documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    law = next(d for d in documents if d.title == "中华人民共和国刑法")
    old = tuple(replace(a, text="旧文。") if a.number == "第一百六十五条" else a for a in law.articles)
    planted = [replace(law, articles=old) if d is law else d for d in documents]
    monkeypatch.setattr(subject, "package_documents", lambda: planted)
    assert ("中华人民共和国刑法", "第一百六十五条") in faults(audit(), "amendment")


def test_two_texts_in_force_and_a_status_without_proof_are_found(
    documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = next(d for d in documents if d.title == CIVIL)
    twice = replace(code, promulgated="2021-05-28", articles=code.articles[:5])
    gone = [replace(d, status=Status.REPEALED) if d.title == "中华人民共和国劳动法" else d for d in documents]
    monkeypatch.setattr(subject, "package_documents", lambda: [*gone, twice])
    found = audit()
    assert (CIVIL, "") in faults(found, "version")
    assert ("中华人民共和国劳动法", "") in faults(found, "status")


def test_another_source_is_compared_word_for_word(tmp_path: Path) -> None:
    text = '---\ntitle: "中华人民共和国反家庭暴力法"\n---\n# 中华人民共和国反家庭暴力法\n<!-- INFO END -->\n\n第一条 另外的文字。\n'
    (tmp_path / "反家庭暴力法(2015-12-27).md").write_text(text, "utf-8")
    found = {fault.what for fault in audit([tmp_path]).faults if fault.kind == "source"}
    assert any("1条的文字" in what for what in found) and any("缺37条" in what for what in found)


def test_the_report_of_the_release_is_up_to_date() -> None:
    text = SHIPPED.read_text("utf-8")
    day = date.fromisoformat(text.split("审查日 day: ")[1][:10])
    assert report(audit(today=day)) == text, "run: fawen audit > corpus/audit.md"
