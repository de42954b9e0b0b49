"""The glossary explains terms in plain words, and the article it names has the term."""

from __future__ import annotations

from datetime import date

from corpus.book import LawBook
from corpus.statutes import package_documents
from corpus.terms import legal_terms, terms_in
from corpus.types import Status
from ingest.lexicon import Lexicon
from ingest.split import split


def test_there_are_600_terms_each_a_plain_sentence_with_english() -> None:
    terms = legal_terms()
    assert len(terms) >= 600
    for term in terms.values():
        assert 10 <= len(term.plain) <= 80 and term.en and not term.plain.startswith(term.term), term
        assert all(name.isascii() or "’" in name for name in term.en), term
    assert {"虚拟财产", "公序良俗", "诉讼时效", "表见代理", "连带责任"} <= terms.keys()


def test_every_defining_article_is_in_force_and_has_the_term() -> None:
    book = LawBook(p for d in package_documents() for p in split(d))
    day, defined = date(2026, 11, 25), 0
    for term in legal_terms().values():
        if term.law is None:
            continue
        defined += 1
        passage = book.law(term.law, day).get(term.article or "")
        assert passage is not None, term
        assert passage.status_on(day) is Status.IN_FORCE and term.term in passage.text, term
    assert defined >= 400


def test_the_longest_term_at_a_place_is_found_once() -> None:
    found = terms_in("诉讼时效期间届满的，诉讼时效中断后不再适用；由双方承担连带责任。", 9)
    names = [term.term for term in found]
    assert "诉讼时效中断" in names and "连带责任" in names and len(names) == len(set(names))
    assert terms_in("今天天气很好", 9) == []


def test_an_english_term_is_glossed_as_the_legal_term() -> None:
    assert "表见代理" in Lexicon().gloss("what is apparent agency").split()
