"""Train the shipped embedder: ``python -m ingest.train --help``.

Two steps, both by softmax over articles (temperature .03), neither with an article encoded in the
loop, so both run on two CPU cores:

1. the question side: a low-rank adapter (LoRA, Hu et al. 2021), the layer norms, the biases and a
   linear head, against the article vectors of the base weights (and a small difference to them);
2. the articles that questions were written for: each gets a learned difference to its vector, against
   the question vectors of step 1, as classifiers over many labels learn one vector a label
   (SiameseXML, Dahiya et al. 2021). ``--epochs 0`` does this step alone: minutes, after questions were added.

Data: ``corpus/questions``, its English glossed into Chinese by ``ingest/lexicon.py``, and, when given, a
file of real questions in the format of ``fawen eval``.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import logging
import math
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file as load_arrays
from safetensors.numpy import save_file as save_arrays
from torch import Tensor, nn
from tqdm import tqdm

from corpus.types import Document, Passage, Status
from ingest.embed import ADAPTER, SentenceEmbedder, embedding_text, save_vectors, text_key
from ingest.lexicon import Lexicon
from ingest.load import load
from ingest.questions import digest_questions, question_entries
from ingest.split import split
from ingest.towers import QuestionTower, Towers, score

SEED = 20261124
BATCH = 64
TEMPERATURE = 0.03
REAL_WEIGHT = 3
DIFFERENCE_LR = 5e-5
ARTICLE_LR = 1e-3
ARTICLE_BATCH = 256
ARTICLE_EPOCHS = 9
OTHERS = 8000
NOISE = 0.5
M_TRIM_THRESHOLD, M_MMAP_MAX, M_ARENA_MAX = -1, -4, -8  # malloc.h of glibc
_log = logging.getLogger("fawen.train")


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and the columns of the articles that answer it."""

    question: str
    gold: tuple[int, ...]


def main(argv: list[str] | None = None) -> int:
    """Train, print the dev figures, and write the adapter and the vectors beside the base weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=Path, help="real questions with their articles (JSON lines)")
    parser.add_argument("--dev", type=int, default=300, help="how many of them to keep aside (300)")
    parser.add_argument("--add", type=Path, nargs="*", default=[], help="more laws to tell apart (Markdown)")
    parser.add_argument("--model", type=Path, default=Path(__file__).parent / "model")
    parser.add_argument("--cache", type=Path, help="keep the base article vectors in this file")
    parser.add_argument(
        "--epochs", type=float, default=2.5, help="of step 1; 0: keep the adapter, do step 2 alone"
    )
    parser.add_argument("--rank", type=int, default=48)
    parser.add_argument("--lr", type=float, default=6e-4)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    random.seed(SEED)
    torch.manual_seed(SEED)
    keep_freed_memory()

    run(options)
    return 0


def keep_freed_memory() -> None:
    """Let glibc keep the large buffers of a step for the next; else every step pays for new pages."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    if libc is not None and hasattr(libc, "mallopt"):
        for option, value in ((M_MMAP_MAX, 0), (M_TRIM_THRESHOLD, 2**31 - 1), (M_ARENA_MAX, 1)):
            libc.mallopt(option, value)


def run(options: argparse.Namespace) -> None:
    """Encode the articles, do both steps, and write the adapter and the vectors."""
    documents = load(options.add).documents
    passages = [p for d in documents for p in split(d)]
    column = best_versions(passages)
    texts = [embedding_text(passages[row]) for row in column.values()]
    keys = [text_key(text, "article") for text in texts]
    base = base_vectors(texts, options.model, options.cache)
    articles = torch.from_numpy(base).to(options.device)
    place = {key: n for n, key in enumerate(column)}
    written = written_pairs(place, documents)
    real = real_pairs(options.questions, place) if options.questions else []
    dev, real = real[: options.dev], real[options.dev :]
    _log.info(
        "%d articles, %d written, %d real, %d dev questions", len(place), len(written), len(real), len(dev)
    )
    pairs = written + real * REAL_WEIGHT
    asked = sorted({n for pair in pairs for n in pair.gold})
    if options.epochs > 0:
        towers = Towers(QuestionTower(options.model, options.rank), articles, asked).to(options.device)
        train_questions(towers, pairs, dev, options)
        towers.question.save(options.model / ADAPTER)
    embedder = SentenceEmbedder(options.model)
    encoded = encode_questions(embedder, [pair.question for pair in (*pairs, *dev)])
    learned = train_articles(articles, asked, pairs, dev, encoded, options)
    known = {keys[n]: vector for n, vector in zip(asked, learned, strict=True)}
    ship_vectors(options, embedder, known, dict(zip(keys, base, strict=True)), encoded)


def best_versions(passages: Sequence[Passage]) -> dict[tuple[str | None, str | None], int]:
    """Map (law, article) to the row of the version in force, else of the latest; a digest's (title, section)."""
    today = date.today()
    rank = {row: (p.status_on(today) is Status.IN_FORCE, p.document) for row, p in enumerate(passages)}
    best: dict[tuple[str | None, str | None], int] = {}
    for row, passage in enumerate(passages):
        key = (passage.law or passage.title, passage.article if passage.law else passage.section)
        if key not in best or (passage.law and rank[row] > rank[best[key]]):
            best[key] = row
    return best


def base_vectors(texts: Sequence[str], folder: Path, cache: Path | None) -> Any:
    """Encode articles with the base weights, (n, dimension); what the cache holds is not encoded again."""
    keys = [text_key(text, "article") for text in texts]
    known: dict[str, Any] = load_arrays(cache) if cache and cache.is_file() else {}
    if known:
        rows = {bytes(key).hex(): row for row, key in enumerate(known["keys"])}
        known = {key: known["vectors"][row] for key, row in rows.items()}
    missing = sorted({key: t for key, t in zip(keys, texts, strict=True) if key not in known}.items(),
                     key=lambda item: -len(item[1]))  # fmt: skip
    embedder = SentenceEmbedder(folder)
    for start in tqdm(range(0, len(missing), 256), desc="articles", disable=not missing):
        part = missing[start : start + 256]
        encoded = embedder.articles([text for _, text in part])
        known |= {key: vector for (key, _), vector in zip(part, encoded, strict=True)}
    if cache and missing:
        names = list(known)
        raw = np.array([list(bytes.fromhex(key)) for key in names], np.uint8)
        save_arrays({"keys": raw, "vectors": np.stack([known[k] for k in names]).astype(np.float16)}, cache)
    return np.stack([known[key] for key in keys]).astype(np.float32)


def written_pairs(
    place: dict[tuple[str | None, str | None], int], documents: Sequence[Document]
) -> list[Pair]:
    """Read corpus/questions and those of digests, Chinese and glossed English.

    A question under several articles is one pair.
    """
    lexicon = Lexicon()
    gold: dict[str, set[int]] = defaultdict(set)
    for entry in question_entries():
        row = place.get((entry["law"], entry["article"]))
        if row is not None:
            for text in (*entry["zh"], *(lexicon.gloss(english) or english for english in entry["en"])):
                gold[text].add(row)
    for title, section, lang, question in digest_questions(documents):
        text = question if lang == "zh" else lexicon.gloss(question) or question
        gold[text].add(place[title, section])
    return [Pair(text, tuple(sorted(rows))) for text, rows in gold.items()]


def real_pairs(path: Path, place: dict[tuple[str | None, str | None], int]) -> list[Pair]:
    """Read real questions in an order fixed by SEED; those whose articles are not held are left out."""
    pairs = []
    for line in path.read_text("utf-8").splitlines():
        entry = json.loads(line)
        keys = [(a["law"], a["article"]) for a in entry["articles"]]
        gold = tuple(sorted({place[key] for key in keys if key in place}))
        if gold:
            pairs.append(Pair(entry["question"], gold))
    random.Random(SEED).shuffle(pairs)  # noqa: S311 (not for security)
    return pairs


def batches(pairs: list[Pair]) -> Iterator[list[Pair]]:
    """Yield batches for ever, questions of like length together."""
    while True:
        random.shuffle(pairs)
        for start in range(0, len(pairs) - BATCH * 16, BATCH * 16):
            chunk = sorted(pairs[start : start + BATCH * 16], key=lambda p: len(p.question))
            groups = [chunk[i : i + BATCH] for i in range(0, len(chunk), BATCH)]
            random.shuffle(groups)
            yield from groups


def loss_of(scores: Tensor, golds: Sequence[tuple[int, ...]]) -> Tensor:
    """Cross-entropy of each gold against all articles that are not gold; mean over golds."""
    gold = torch.zeros_like(scores, dtype=torch.bool)
    for row, columns in enumerate(golds):
        gold[row, list(columns)] = True
    others = scores.masked_fill(gold, -1e4).logsumexp(1, keepdim=True)
    nll = (torch.logaddexp(scores, others.expand_as(scores)) - scores)[gold]
    return (nll / gold.sum(1).repeat_interleave(gold.sum(1))).sum() / len(golds)


def train_questions(towers: Towers, pairs: list[Pair], dev: list[Pair], options: argparse.Namespace) -> None:
    """Run AdamW with warm-up and cosine decay; print loss and dev recall every 300 steps."""
    tower = towers.question
    groups = [
        ([p for a in tower.adapters.values() for p in (a.down, a.up)], options.lr, 0.01),
        ([*tower.small.values(), *tower.head.parameters()], options.lr / 4, 0.01),
        ([towers.difference], DIFFERENCE_LR, 0.0),
    ]
    optimizer = torch.optim.AdamW([{"params": g, "lr": lr, "weight_decay": decay} for g, lr, decay in groups])
    steps = int(options.epochs * len(pairs) / BATCH)
    mean, started = 0.0, time.monotonic()
    towers.train()
    for step, batch in enumerate(batches(pairs), 1):
        scale = min(1.0, step / 100) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
        for group, (_, rate, _) in zip(optimizer.param_groups, groups, strict=True):
            group["lr"] = rate * scale
        scores = towers([pair.question for pair in batch]) / TEMPERATURE
        loss = loss_of(scores, [pair.gold for pair in batch])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([p for g, _, _ in groups for p in g], 1.0)
        optimizer.step()
        mean = loss.item() if step == 1 else 0.98 * mean + 0.02 * loss.item()
        if step % 300 == 0 or step == steps:
            left = (time.monotonic() - started) / step * (steps - step) / 60
            _log.info(
                "step %d/%d loss %.3f dev %s, %.0f min left", step, steps, mean, recall(towers, dev), left
            )
        if step >= steps:
            break


def train_articles(
    articles: Tensor,
    asked: Sequence[int],
    pairs: Sequence[Pair],
    dev: Sequence[Pair],
    encoded: dict[str, Any],
    options: argparse.Namespace,
) -> Any:
    """Learn the vectors of the articles asked about, (asked, dimension); their length is learned too.

    The other articles stay as they are; of those a sample stands in for all, weighted up to their
    number. Questions are moved a little at random, so that no article learns its own by heart.
    """
    rows = torch.tensor(asked, device=options.device)
    column = {row: n for n, row in enumerate(asked)}
    others = torch.from_numpy(np.setdiff1d(np.arange(len(articles)), asked)).to(options.device)
    sample = min(OTHERS, len(others))
    difference = torch.zeros(len(asked), articles.shape[1], device=options.device, requires_grad=True)
    optimizer = torch.optim.Adam([difference], lr=ARTICLE_LR)
    size = min(ARTICLE_BATCH, len(pairs))
    steps = int(ARTICLE_EPOCHS * len(pairs) / size)
    for step in tqdm(range(steps), desc="articles learned"):
        batch = random.sample(pairs, size)
        questions = torch.from_numpy(np.stack([encoded[p.question] for p in batch])).to(options.device)
        noise = torch.randn_like(questions) * NOISE / questions.shape[1] ** 0.5
        questions = nn.functional.normalize(questions + noise, dim=-1)
        if step % 20 == 0:
            drawn = articles[others[torch.randperm(len(others), device=options.device)[:sample]]]
        near = questions @ (articles[rows] + difference).T / TEMPERATURE
        far = questions @ drawn.T / TEMPERATURE + math.log(len(others) / sample)
        golds = [tuple(column[row] for row in pair.gold) for pair in batch]
        loss = loss_of(torch.cat((near, far), dim=1), golds)
        for group in optimizer.param_groups:
            group["lr"] = ARTICLE_LR * 0.5 * (1 + math.cos(math.pi * step / steps))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    with torch.inference_mode():
        if dev:
            asked_dev = torch.from_numpy(np.stack([encoded[p.question] for p in dev])).to(options.device)
            _log.info("articles learned: dev %s", figures(score(asked_dev, articles, rows, difference), dev))
        return (articles[rows] + difference).cpu().numpy()


def recall(towers: Towers, dev: Sequence[Pair]) -> dict[str, float]:
    """Return the figures of the towers over dev questions."""
    if not dev:
        return {}
    towers.eval()
    with torch.inference_mode():
        parts = [towers([p.question for p in dev[i : i + 64]]) for i in range(0, len(dev), 64)]
    towers.train()
    return figures(torch.cat(parts), dev)


def figures(scores: Tensor, dev: Sequence[Pair]) -> dict[str, float]:
    """Return R@1, R@10, R@100 and MRR@10 of the article vectors alone; scores are (dev, articles)."""
    found = scores.topk(100).indices.tolist()
    table = {
        f"R@{k}": sum(len(set(f[:k]) & set(p.gold)) / len(p.gold) for f, p in zip(found, dev, strict=True))
        / len(dev)
        for k in (1, 10, 100)
    }
    ranks = [
        next((1 / n for n, c in enumerate(f[:10], 1) if c in p.gold), 0.0)
        for f, p in zip(found, dev, strict=True)
    ]
    return {name: round(value, 3) for name, value in (table | {"MRR@10": sum(ranks) / len(dev)}).items()}


def encode_questions(embedder: SentenceEmbedder, texts: Sequence[str]) -> dict[str, Any]:
    """Encode each text once; return text → vector."""
    order = sorted(dict.fromkeys(texts), key=len, reverse=True)
    found: dict[str, Any] = {}
    for start in tqdm(range(0, len(order), 256), desc="questions"):
        part = order[start : start + 256]
        found |= zip(part, embedder.questions(part), strict=True)
    return found


def ship_vectors(
    options: argparse.Namespace,
    embedder: SentenceEmbedder,
    learned: dict[str, Any],
    base: dict[str, Any],
    encoded: dict[str, Any],
) -> None:
    """Write the vectors of the shipped corpus, of every article asked about and of the Chinese questions.

    Of the shipped texts only those in neither ``learned`` nor ``base`` are encoded.
    """
    documents = load(()).documents
    shipped = {
        text_key(text, "article"): text
        for document in documents
        for text in map(embedding_text, split(document))
    }
    plain = {key: text for key, text in shipped.items() if key not in learned}
    missing = {key: text for key, text in plain.items() if key not in base}
    if missing:
        base |= zip(missing, base_vectors(list(missing.values()), options.model, options.cache), strict=True)
    digests = (text for _, _, lang, text in digest_questions(documents) if lang == "zh")
    written = (text for entry in question_entries() for text in entry["zh"])
    asked = list(dict.fromkeys((*written, *digests)))
    encoded |= encode_questions(embedder, [text for text in asked if text not in encoded])
    parts: dict[str, tuple[list[str], Any]] = {
        "learned": (list(learned), np.stack(list(learned.values()))),
        "article": (list(plain), np.stack([base[key] for key in plain])),
        "question": ([text_key(text, "question") for text in asked], np.stack([encoded[t] for t in asked])),
    }
    save_vectors(options.model, embedder.id, parts)


if __name__ == "__main__":
    sys.exit(main())
