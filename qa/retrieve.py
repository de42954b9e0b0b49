"""A question → the passages that may answer it, best first.

Channels: ``exact`` (provisions the question names), ``meaning`` (question vector against article
vectors), ``asked`` (against the vectors of the plain-language questions; an article's best one
counts), ``words`` (BM25 over character bigrams of title, headings and text) and, for
English, which is glossed into Chinese for the others, ``english`` (BM25 over the English questions).
Scores are added with fixed weights, chosen on 300 real questions kept aside; an article that was asked
the very same question gains on top, and words stand in for ``asked`` where no question was ever
written, as for a text that a court added.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

from corpus.types import Hit, Status, status_on
from ingest.embed import Embedder
from ingest.gate import Gate
from ingest.index import Index, Owners
from ingest.lexicon import Lexicon
from ingest.words import english_tokens, tokens
from qa.filters import Filter, allowed
from qa.question import Question

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_] | None

EVERYTHING = Filter()
DEPTH = 300
MASKS = 32
WEIGHTS = {
    "zh": {"meaning": 1.0, "asked": 0.6, "words": 0.15},
    "en": {"meaning": 1.0, "asked": 0.3, "words": 0.1, "english": 0.1},
}
NOT_IN_FORCE = 0.05
OTHER_LANGUAGE = 0.01
NAMED_LAW = 0.1
UNASKED = 0.75
NOT_LEARNED = 0.12  # what a learned vector adds to a match; commentary that a court adds has none
SAME_QUESTION = 0.88
SAME_BONUS = 3.0
ENOUGH = {"zh": (0.688, 3.57, 12.58, 0.0, -10.24), "en": (0.687, 12.5, 0.0, 0.435, -9.42)}
"""Weights of Evidence.topic, .meaning, .asked, .english, and the bias; see carries_answer."""


@dataclass(frozen=True, slots=True)
class Scores:
    """One channel's best rows: {row: score}, and the score of a row that it did not return.

    ``best`` is the best score as the channel gave it, before BM25 is divided by it.
    """

    rows: dict[int, float]
    floor: float
    best: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a refusal is decided on: the best match of each channel, and whether it is about law."""

    meaning: float
    asked: float
    words: float
    english: float
    topic: float | None


class Retriever:
    """Search one index generation."""

    def __init__(self, index: Index, embedder: Embedder, lexicon: Lexicon, gate: Gate) -> None:
        self.index = index
        self.embedder = embedder
        self.lexicon = lexicon
        self.gate = gate
        self._masks: dict[tuple[Filter, date], Mask] = {}

    def search(self, question: Question, k: int, only: Filter = EVERYTHING) -> list[Hit]:
        """Return at most ``k`` hits that the filter allows, one an article and one a commentary, best first."""
        return self._hits(question, self.channels(question, only), k, only)

    def search_with_evidence(
        self, question: Question, k: int, only: Filter = EVERYTHING
    ) -> tuple[list[Hit], Evidence]:
        """Return the hits and how strong the match is."""
        channels = self.channels(question, only)
        return self._hits(question, channels, k, only), Evidence(
            meaning=max(channels["meaning"].rows.values(), default=0.0),
            asked=max(channels["asked"].rows.values(), default=0.0),
            words=channels["words"].best,
            english=channels["english"].best if "english" in channels else 0.0,
            topic=self.gate.score(self.embedder, question.text),
        )

    def rankings(self, question: Question, k: int) -> dict[str, list[tuple[str, str | None]]]:
        """Return the first ``k`` (title, article) of each channel alone and of all fused, best first."""
        channels = self.channels(question)
        ranked = {
            name: self._one_each(dict(scores.rows), set(), k, question.lang, date.today())
            for name, scores in channels.items()
        }
        ranked["fused"] = self._ranked(question, channels, k, EVERYTHING)
        return {
            name: [(self.index.outlines[row].title, self.index.outlines[row].article) for _, row in found]
            for name, found in ranked.items()
        }

    def _hits(self, question: Question, channels: dict[str, Scores], k: int, only: Filter) -> list[Hit]:
        exact = set(self._exact(question, only))
        return [
            Hit(self.index.passage(row), round(score, 6), _names(row, channels, exact))
            for score, row in self._ranked(question, channels, k, only)
        ]

    def _ranked(
        self, question: Question, channels: dict[str, Scores], k: int, only: Filter
    ) -> list[tuple[float, int]]:
        """Add the channels' scores; provisions and laws that the question names come first."""
        exact = self._exact(question, only)
        weights = WEIGHTS[question.lang]
        asked, words = channels["asked"], channels["words"]
        reach = UNASKED * (max(asked.rows.values(), default=asked.floor) - asked.floor)
        total: dict[int, float] = {}
        for row in {row for scores in channels.values() for row in scores.rows}:
            total[row] = sum(weights[name] * s.rows.get(row, s.floor) for name, s in channels.items())
            if self.index.unasked[row]:
                total[row] += weights["asked"] * reach * words.rows.get(row, 0.0)
            total[row] += SAME_BONUS * max(0.0, asked.rows.get(row, 0.0) - SAME_QUESTION)
            outline = self.index.outlines[row]
            if outline.is_view and not outline.learned:
                total[row] += NOT_LEARNED
            if outline.title in question.laws:
                total[row] += NAMED_LAW
        for row in self.index.asked(question.text) if question.lang == "en" else ():
            if row in total:
                total[row] += SAME_BONUS * (1 - SAME_QUESTION)
        best = max(total.values(), default=0.0)
        for rank, row in enumerate(exact):
            total[row] = best + 1.0 - rank / 1000
        return self._one_each(total, set(exact), k, question.lang, only.as_of or date.today())

    def channels(self, question: Question, only: Filter = EVERYTHING) -> dict[str, Scores]:
        """Run every channel on a question, over the rows that the filter allows."""
        text = chinese = question.text
        if question.lang == "en":
            text = self.lexicon.gloss(question.text) or question.text
            chinese = f"{self.lexicon.chinese(question.text)} {text}"
        vector = self.embedder.questions([text])
        mask = self._mask(only)
        index = self.index
        found = {
            "meaning": _nearest(index.articles, vector, None, mask),
            "asked": _nearest(index.questions, vector, index.asked_of, mask),
            "words": _bm25(index.words, tokens(chinese), None, mask),
        }
        if question.lang == "en":
            found["english"] = _bm25(index.english, english_tokens(question.text), index.english_of, mask)
        return found

    def _mask(self, only: Filter) -> Mask:
        """Return the rows that a filter allows today, None for all; the last few filters are remembered."""
        if not only:
            return None
        key = only, date.today()
        if key not in self._masks:
            if len(self._masks) >= MASKS:
                self._masks.clear()
            self._masks[key] = allowed(self.index, *key)
        return self._masks[key]

    def _exact(self, question: Question, only: Filter) -> list[int]:
        """Return the rows of the provisions that the question names, versions in force first."""
        day = only.as_of or date.today()
        mask = self._mask(only)
        rows = []
        for reference in question.references:
            if reference.law is not None:
                found = [
                    r for r in self.index.rows(reference.law, reference.label) if mask is None or mask[r]
                ]
                found.sort(key=lambda r: self.index.passage(r).status_on(day) is not Status.IN_FORCE)
                rows += found[:1]
        return list(dict.fromkeys(rows))

    def _one_each(
        self, total: dict[int, float], exact: set[int], k: int, lang: str, day: date
    ) -> list[tuple[float, int]]:
        """Keep the best version of each article and the best section of each commentary."""
        best: dict[tuple[str, str | None], tuple[float, int]] = {}
        for row, score in total.items():
            outline = self.index.outlines[row]
            status = status_on(day, outline.status, outline.effective, outline.until)
            if row not in exact and status is not Status.IN_FORCE:
                score -= NOT_IN_FORCE
            if outline.is_view and outline.lang != lang:
                score -= OTHER_LANGUAGE
            key = outline.title, outline.article
            if key not in best or (score, -row) > (best[key][0], -best[key][1]):
                best[key] = score, row
        return sorted(best.values(), key=lambda item: (-item[0], item[1]))[:k]


def _names(row: int, channels: dict[str, Scores], exact: set[int]) -> tuple[str, ...]:
    return (*(("exact",) if row in exact else ()), *(name for name, s in channels.items() if row in s.rows))


def _nearest(index: Any, vector: NDArray[np.float32], owners: Owners | None, mask: Mask) -> Scores:
    """Search a FAISS index; with ``owners``, questions are mapped to passages and each one's best is kept."""
    if index.ntotal == 0:
        return Scores({}, 0.0)
    chosen = None
    if mask is not None:
        bits = np.packbits(mask if owners is None else owners.any_of(mask), bitorder="little")
        parameters: Any = faiss  # its Python signatures are not those of its stubs
        chosen = parameters.SearchParameters(sel=(selector := parameters.IDSelectorBitmap(bits)))
        if hasattr(index, "nlist"):  # few rows may be left, so every cell is read
            chosen = parameters.SearchParametersIVF(sel=selector, nprobe=index.nlist)
    scores, rows = index.search(vector, min(DEPTH, index.ntotal), params=chosen)
    found = rows[0] >= 0
    return _best_of(rows[0][found], scores[0][found], owners, mask)


def _bm25(bm25: Any, words: list[str], owners: Owners | None, mask: Mask) -> Scores:
    """Score with BM25, divided by the best score so that 1 is the best passage."""
    known = [w for w in words if w in bm25.vocab_dict]
    if not known:
        return Scores({}, 0.0)
    scores = np.asarray(bm25.get_scores(known), np.float32)
    if owners is not None:
        scores = scores[: len(owners.start) - 1]
    if mask is not None:
        scores = np.where(mask if owners is None else owners.any_of(mask), scores[: len(scores)], 0.0)
    top = float(scores.max(initial=0.0))
    if top <= 0:
        return Scores({}, 0.0)
    rows = np.argpartition(-scores, min(DEPTH, len(scores) - 1))[:DEPTH]
    rows = rows[scores[rows] > 0]
    return replace(_best_of(rows, scores[rows] / top, owners, mask), best=top)


def _best_of(
    rows: NDArray[np.int64], scores: NDArray[np.float32], owners: Owners | None, mask: Mask
) -> Scores:
    """Return the best score of each passage that the mask allows, and the lowest of all."""
    best: dict[int, float] = defaultdict(lambda: -1.0)
    for place, score in zip(rows.tolist(), scores.tolist(), strict=True):
        for row in (place,) if owners is None else owners.of(place):
            if score > best[row] and (mask is None or mask[row]):
                best[row] = score
    return Scores(dict(best), float(min(scores, default=0.0)))


def carries_answer(evidence: Evidence, lang: str) -> bool:
    """Tell whether the best match is strong enough to answer from.

    Logistic regression on 300 real questions kept aside, 61 one-word searches and 265 everyday
    questions (ten-fold; the gate behind ``topic`` has seen the everyday ones): Chinese answers 0.4 % of
    the everyday ones and refuses 0.3 % of the real questions and none of the one-word searches; English,
    on translations of 200 of them and 76 everyday ones, answers none and refuses 0.5 %.
    """
    if evidence.asked >= SAME_QUESTION:
        return True
    if evidence.topic is None:
        return evidence.words > 0 or evidence.english > 0
    topic, meaning, asked, english, bias = ENOUGH[lang]
    match = meaning * evidence.meaning + asked * evidence.asked + english * evidence.english
    return topic * evidence.topic + match + bias > 0
