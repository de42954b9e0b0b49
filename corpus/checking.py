"""Check a text's citations against the law: does each provision exist, do its words stand there, is it law.

``check`` is the one judge for a lawyer's draft (``fawen verify``), for commentary on ingest, and for
every door that shows citations. Quotations are found where they are bound to a citation: 「第…条规定：“…”」,
「“…”（《…》第…条）」, a block quotation below it. Words given without quotation marks after 规定 are only
judged where they stand word for word, or nearly, in another provision.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from corpus.binding import Quotation, groups, quotation_of, references_of, unwrapped, year_of
from corpus.book import LawBook
from corpus.citation import Reference, format_reference, parse_article_number
from corpus.numerals import to_chinese
from corpus.quotation import Difference, compare, pieces, plain, stands_in
from corpus.registry import Move, moved
from corpus.structure import all_items, find_item, items
from corpus.types import Passage, Status

SHORTEST_TERM = 5
TERM = 8  # a shorter quotation may be a term, not the law's sentence
NEAR = 0.6  # below it a quotation does not come from the provision at all
SAME = 0.8  # from it on, words without quotation marks are those of a provision
SHARED = 0.7  # of a quotation's bigrams; fewer, and the provision cannot reach SAME
MOST_SEARCHES = 400  # for the places of misplaced words, in one text; beyond it only the place cited is read


class Verdict(StrEnum):
    """What a check of one citation finds."""

    RIGHT = "right"
    NO_SUCH_ARTICLE = "no_such_article"
    NO_SUCH_PARAGRAPH = "no_such_paragraph"
    NO_SUCH_ITEM = "no_such_item"
    WRONG_PLACE = "wrong_place"
    MISQUOTED = "misquoted"
    REPEALED = "repealed"
    AMENDED = "amended"
    NOT_HELD = "not_held"
    UNKNOWN_LAW = "unknown_law"


@dataclass(frozen=True, slots=True)
class Finding:
    """One citation of a text and what is true of it.

    ``start`` and ``end`` are characters of the text; ``law`` is the official title or None; ``detail``
    says why, ``suggestion`` what to write instead. ``passage`` is the article as it is law on the day.
    """

    raw: str
    start: int
    end: int
    law: str | None
    article: str
    paragraph: int | None
    item: int | None
    verdict: Verdict
    detail: str = ""
    suggestion: str = ""
    quotation: str = ""
    passage: Passage | None = None


def check(text: str, book: LawBook, day: date) -> list[Finding]:
    """Judge every citation of ``text`` by the law of ``day``, in the order of the text.

    A bare 第十条, a contract's clause and a 案号 are no citations. Lines that a page broke inside a
    sentence are read as one.
    """
    joined, places = unwrapped(text)
    found = []
    for finding in _check(joined, book, day):
        start, end = places[finding.start], places[finding.end - 1] + 1
        found.append(replace(finding, raw=text[start:end], start=start, end=end))
    return found


def _check(text: str, book: LawBook, day: date) -> list[Finding]:
    references = references_of(text, book, day)
    found: list[Finding] = []
    searches = iter(range(MOST_SEARCHES))
    for group in groups(text, references):
        quotation = quotation_of(text, group)
        judges = [_Judge(book, day, r, year_of(text, r, group), quotation, searches) for r in group]
        judged = [judge.finding() for judge in judges]
        if quotation and len(group) > 1 and (_any_right(judged) or _together(quotation, judges)):
            for place, judge in enumerate(judges):  # the words are those of the list; each need only exist
                if judged[place].verdict in (Verdict.WRONG_PLACE, Verdict.MISQUOTED, Verdict.AMENDED):
                    judge.quotation = None
                    judged[place] = judge.finding()
        found += judged
    return found


def _any_right(findings: Sequence[Finding]) -> bool:
    return any(finding.verdict is Verdict.RIGHT for finding in findings)


def _together(quotation: Quotation, judges: Sequence[_Judge]) -> bool:
    """Tell whether a quotation runs over the provisions of a list."""
    units = [judge.unit(judge.passage) for judge in judges if judge.passage]
    return stands_in(quotation.text, "\n".join(units))


class _Judge:
    """Judge one reference; the first thing that is wrong decides."""

    def __init__(
        self,
        book: LawBook,
        day: date,
        reference: Reference,
        year: str,
        quotation: Quotation | None,
        searches: Iterator[int],
    ) -> None:
        self.book, self.day, self.reference, self.year = book, day, reference, year
        self.searches = searches
        han = quotation and re.search("[\u3400-\u9fff]", quotation.text)  # a translation proves nothing
        self.quotation = quotation if han else None
        self.passage: Passage | None = None

    def finding(self) -> Finding:
        """Return what is true of the reference."""
        verdict, detail, suggestion = self._verdict()
        r = self.reference
        return Finding(
            raw=r.raw,
            start=r.start,
            end=r.end,
            law=r.law,
            article=r.label,
            paragraph=r.paragraph,
            item=r.item,
            verdict=verdict,
            detail=detail,
            suggestion=suggestion,
            quotation=self.quotation.text if self.quotation else "",
            passage=self.passage,
        )

    def _verdict(self) -> tuple[Verdict, str, str]:
        law, names = self.reference.law, self.book.names
        if law is None:
            near = "、".join(f"《{title}》" for title in names.suggest(self.reference.unknown_law or ""))
            return Verdict.UNKNOWN_LAW, "没有这个名称的法律 / no law of this name is known", near
        repeal = names.repeal(law)
        if repeal and repeal.repealed <= self.day.isoformat():
            return Verdict.REPEALED, *self._repealed(repeal.repealed, repeal.successor, repeal.proof)
        if law not in self.book:
            return Verdict.NOT_HELD, f"库中没有《{law}》的正文 / its text is not in this index", ""
        text = self.book.law(law, self.day)
        first = next(iter(text.values()))
        status = first.status_on(self.day)
        if status is Status.REPEALED:
            return Verdict.REPEALED, *self._repealed(first.until or "", "", "")
        self.passage = text.get(self.reference.label)
        if self.passage is None:
            return self._no_such_article(text)
        return self._of_year() or self._part() or self._quoted() or (Verdict.RIGHT, *self._notice(status))

    def _repealed(self, day: str, successor: str, proof: str) -> tuple[str, str]:
        """Say since when a law is none, and where its rule stands now as far as texts prove it."""
        since = f"{day}起废止 / repealed since {day}" if day else "已经废止 / repealed"
        since += f"（{proof}）" if proof else ""
        for move in moved(self.reference.law or "", self.reference.label):
            if move.now == successor:
                return f"{since}；{_likeness(move)}", move.place
        return since, f"《{successor}》" if successor else ""

    def _no_such_article(self, text: Iterable[str]) -> tuple[Verdict, str, str]:
        law, label = self.reference.law or "", self.reference.label
        others = self.book.versions(law, label)
        numbered = [number for number in text if number.startswith("第")]
        detail = (
            f"该法条文从{numbered[0]}到{numbered[-1]} / the law runs from {numbered[0]} to {numbered[-1]}"
            if numbered
            else ""
        )
        if others:
            other = others[-1]
            when = (
                f"至{other.until}"
                if other.until and other.until <= self.day.isoformat()
                else f"自{other.effective}起"
            )
            detail = f"该条只见于{other.promulgated}的文本（{when}） / only in the text of {other.promulgated}; {detail}"
        return Verdict.NO_SUCH_ARTICLE, detail, self._now()

    def _of_year(self) -> tuple[Verdict, str, str] | None:
        """Judge a citation of the text of a year: amended where the rule moved or that text reads otherwise."""
        passage = self.passage
        assert passage is not None
        years = {(passage.promulgated or "")[:4], (passage.effective or "")[:4]}
        if not self.year or self.year in years or self.year > max(years):
            return None
        if self.quotation and self.quotation.marked and stands_in(self.quotation.text, self.unit(passage)):
            return None
        detail = f"现行文本为{passage.promulgated} / today's text is of {passage.promulgated}"
        for move in moved(passage.law or "", self.reference.label, self.year):
            return Verdict.AMENDED, f"{detail}；{_likeness(move)}", move.place
        versions = self.book.versions(passage.law or "", self.reference.label)
        if any(
            (v.promulgated or "").startswith(self.year) and plain(v.text) == plain(passage.text)
            for v in versions
        ):
            return None
        return Verdict.AMENDED, detail, ""

    def _now(self) -> str:
        """Return where the article of an older text stands now, where texts prove it."""
        moves = moved(self.reference.law or "", self.reference.label)
        return moves[0].place if moves else ""

    def _part(self) -> tuple[Verdict, str, str] | None:
        """Check that the paragraph and the item exist."""
        assert self.passage is not None
        r, parts = self.reference, self.passage.paragraphs
        if r.paragraph and r.paragraph > len(parts):
            detail = f"该条只有{len(parts)}款 / the article has {len(parts)} paragraph(s)"
            return Verdict.NO_SUCH_PARAGRAPH, detail, self._where()
        if r.item and find_item(self.passage.text, r.paragraph, r.item) is None:
            listed = all_items(self.passage.text, r.paragraph)
            there = f"第{to_chinese(r.paragraph)}款" if r.paragraph else "该条"
            detail = (
                f"{there}只有{len(listed)}项 / {len(listed)} item(s) there"
                if listed
                else f"{there}没有项 / it has no items"
            )
            other = find_item(self.passage.text, None, r.item)
            suggestion = self._print(self.passage, other[0], r.item) if other and not listed else ""
            return Verdict.NO_SUCH_ITEM, detail, self._where() or suggestion
        return None

    def _where(self) -> str:
        """Return where the words quoted stand, for a citation whose part does not exist."""
        words = self.quotation.text if self.quotation else ""
        found = self._misplaced(words) if _length(words) >= TERM else None
        return found[2] if found else ""

    def _quoted(self) -> tuple[Verdict, str, str] | None:
        """Compare the words given with the provision; None where they are its words or prove nothing."""
        assert self.passage is not None
        if self.quotation is None:
            return None
        words, unit = self.quotation.text, self.unit(self.passage)
        if not self.quotation.marked:
            return self._said(words, unit)
        if stands_in(words, unit):
            return None
        if self.quotation.loose:
            return self._loose(words, unit)
        if _length(words) < TERM:
            return self._term(words)
        return self._misplaced(words) or self._differs(words, unit)

    def _loose(self, words: str, unit: str) -> tuple[Verdict, str, str] | None:
        """Judge words further on in the sentence: only such as are plainly meant to be the law's."""
        if _length(words) <= TERM or next(self.searches, None) is None:
            return None
        found = self._misplaced(words, of_law_only=True)
        return found or (self._differs(words, unit) if compare(words, unit).similarity >= SAME else None)

    def _said(self, sentence: str, unit: str) -> tuple[Verdict, str, str] | None:
        """Judge words after 规定 without quotation marks: only another provision's words are wrong."""
        assert self.passage is not None
        if next(self.searches, None) is None:
            return None
        clauses = re.split(r"(?<=[，；,;])", sentence)
        openings = ["".join(clauses[:n]) for n in range(len(clauses), 0, -1)]
        for opening in openings:
            if _length(opening) <= TERM or stands_in(opening, unit):
                return None
            if found := self._misplaced(opening):
                return found
        return None if compare(sentence, unit).similarity >= SAME else self._differs(sentence, unit)

    def _term(self, words: str) -> tuple[Verdict, str, str] | None:
        """Judge a short quotation: wrong where one other article alone has the term."""
        assert self.passage is not None
        if _length(words) < SHORTEST_TERM or plain(words) in plain(self.passage.text):
            return None
        text = self.book.law(self.passage.law or "", self.day).values()
        found = [passage for passage in text if plain(words) in plain(passage.text)]
        if len(found) != 1:
            return None
        place = self._within(found[0], words) or self._print(found[0])
        return Verdict.WRONG_PLACE, "只有另一条有这个用语 / only another article has this term", place

    def _misplaced(self, words: str, of_law_only: bool = False) -> tuple[Verdict, str, str] | None:
        """Say where else words stand verbatim: in another part, article or law, or in a text of another time."""
        passage = self.passage
        assert passage is not None
        if place := self._within(passage, words):
            there = place.removeprefix(self._print(passage)) or place
            return Verdict.WRONG_PLACE, f"引文在{there} / the words stand there", place
        if stands_in(words, passage.text):
            if self.reference.paragraph in (None, 1):
                return None
            return Verdict.WRONG_PLACE, "引文跨数款 / the words span paragraphs", self._print(passage)
        if next(self.searches, None) is None:
            return None
        longest = max(pieces(words), key=len)
        others = [p for p in self.book.containing(longest, passage.law) if stands_in(words, p.text)]
        if live := [p for p in others if p.document == passage.document]:
            place = self._within(live[-1], words) or self._print(live[-1])
            return (
                Verdict.WRONG_PLACE,
                f"这些文字是另一条的{self._moved_to(live[-1])} / another provision's words",
                place,
            )
        if others:
            same = [p for p in others if p.article == self.reference.label]
            return self._of_another_text((same or others)[-1])
        near = len(longest) < 4 * TERM and compare(words, self.unit(passage)).similarity >= SAME
        if of_law_only or len(longest) < 2 * TERM or near:
            return None
        others = [p for p in self.book.containing(longest) if stands_in(words, p.text)]
        live = [p for p in others if p.status_on(self.day) is Status.IN_FORCE]
        if live:
            place = self._within(live[-1], words) or self._print(live[-1])
            return Verdict.WRONG_PLACE, "这些文字是另一部法律的 / another law's words", place
        return None

    def _moved_to(self, other: Passage) -> str:
        """Say that the article cited is today's ``other``, where texts prove it."""
        for move in moved(self.reference.law or "", self.reference.label):
            if move.after == other.article:
                return f"；{_likeness(move)}"
        return ""

    def _of_another_text(self, version: Passage) -> tuple[Verdict, str, str]:
        """Judge words that only a text of another time has."""
        assert self.passage is not None
        if version.effective and version.effective > self.day.isoformat():
            detail = (
                f"这些文字自{version.effective}起才施行 / the words are law only from {version.effective}"
            )
            return Verdict.MISQUOTED, detail, ""
        until = version.until or self.passage.promulgated or ""
        detail = f"引文是{version.promulgated}的文本，施行至{until} / law until {until}"
        for move in moved(version.law or "", version.article or "", version.promulgated or "-"):
            return Verdict.AMENDED, f"{detail}；{_likeness(move)}", move.place
        same = self.book.law(version.law or "", self.day).get(version.article or "")
        return Verdict.AMENDED, detail, self._print(same) if same else ""

    def _differs(self, words: str, unit: str) -> tuple[Verdict, str, str] | None:
        """Show where a quotation differs, from the provision cited or from the one it comes from."""
        assert self.quotation is not None and self.passage is not None
        here = compare(words, unit)
        other, there = self._nearest(words)
        if other and there.similarity >= SAME and there.similarity > here.similarity + 0.15:
            place = self._within(other, words, SAME) or self._print(other)
            return Verdict.WRONG_PLACE, f"引文出自另一条：{there.shown}{self._moved_to(other)}", place
        if not self.quotation.marked:
            return None
        if here.similarity < NEAR:
            return Verdict.MISQUOTED, "引文不是该条的文字 / these are not its words", ""
        return Verdict.MISQUOTED, here.shown, self._print(self.passage, self.reference.paragraph)

    def _nearest(self, quotation: str) -> tuple[Passage | None, Difference]:
        """Return the article of the same law that a quotation comes nearest to."""
        best: tuple[Passage | None, Difference] = None, Difference(0.0, "")
        if next(self.searches, None) is None:
            return best
        quoted = _bigrams(quotation)
        for passage in self.book.law(self.reference.law or "", self.day).values():
            if passage.article == self.reference.label:
                continue
            if len(quoted & _bigrams(passage.text)) < SHARED * len(quoted):
                continue
            difference = compare(quotation, passage.text)
            if difference.similarity > best[1].similarity:
                best = passage, difference
        return best

    def unit(self, passage: Passage) -> str:
        """Return the words of the paragraph or item cited, else of the article."""
        r = self.reference
        if r.item and (found := find_item(passage.text, r.paragraph, r.item)):
            return f"{passage.paragraphs[found[0] - 1].partition(chr(10))[0]}\n{found[1].text}"
        return passage.paragraphs[r.paragraph - 1] if r.paragraph else passage.text

    def _within(self, passage: Passage, quotation: str, least: float = 1.0) -> str:
        """Return the paragraph, and item, of an article where a quotation stands, or ""."""
        for number, part in enumerate(passage.paragraphs, 1):
            if stands_in(quotation, part) or (least < 1 and compare(quotation, part).similarity >= least):
                listed = [i.number for i in items(part) if stands_in(quotation, i.text)]
                several = len(passage.paragraphs) > 1
                return self._print(passage, number if several else None, listed[0] if listed else None)
        return ""

    def _notice(self, status: Status) -> tuple[str, str]:
        """Add to a right citation what its reader should know."""
        assert self.passage is not None
        told = []
        text = self.passage.promulgated or ""
        if self.year and not text.startswith(self.year):
            told.append(f"现行文本为{text} / today's text is of {text}")
        if status is Status.NOT_YET:
            told.append(f"尚未生效，{self.passage.effective}起施行 / in force from {self.passage.effective}")
        if self.reference.paragraph == 1 and len(self.passage.paragraphs) == 1:
            told.append("该条只有一款，不写第一款 / the article has one paragraph; leave the 款 out")
        if not self.quotation:
            told += [_likeness(move) for move in moved(self.reference.law or "", self.reference.label)[:1]]
        return "；".join(told), ""

    def _print(self, passage: Passage, paragraph: int | None = None, item: int | None = None) -> str:
        place = parse_article_number(passage.article or "")
        if place is None:
            return f"《{passage.law}》{passage.article}"
        return format_reference(Reference(passage.law, *place, paragraph, item), self.book.names)


def _length(words: str) -> int:
    return sum(map(len, pieces(words)))


@lru_cache(maxsize=8192)
def _bigrams(text: str) -> frozenset[str]:
    return frozenset(a + b for a, b in pairwise(plain(text)))


def _likeness(move: Move) -> str:
    """Say what a move proves: 2018-10-26文本的第十六条现为第十五条（相似度0.94）."""
    now = move.after if move.now == move.law else move.place
    return f"{move.version}文本的{move.before}现为{now}（相似度{move.similarity:.2f}）"
