"""Train the question side of the shipped embedder: ``python -m ingest.train --help``.

Article vectors are made once by the base weights and stay frozen; a low-rank adapter (LoRA, Hu et
al. 2021), the layer norms, the biases and a linear head are trained on the question side only, by
softmax over every article of the corpus (temperature .03). It needs no article encoding in the
loop, so it runs on two CPU cores. Data: ``corpus/questions`` (Chinese and English) and, when
given, a file of real questions in the format of ``fawen search --batch`` with ``articles``.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file as load_arrays
from safetensors.numpy import save_file as save_arrays
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn
from tqdm import tqdm

from corpus.types import Passage, Status
from ingest.embed import ADAPTER, SentenceEmbedder, embedding_text, save_vectors, text_key
from ingest.load import load
from ingest.questions import question_entries
from ingest.split import split

SEED = 20261124
BATCH = 64
TOKENS = 64
TEMPERATURE = 0.03
REAL_WEIGHT = 3
DEV_SHARE = 200
_log = logging.getLogger("fawen.train")


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and the columns of the articles that answer it."""

    question: str
    gold: tuple[int, ...]


class LowRank(nn.Module):
    """A frozen linear layer plus a trained low-rank difference."""

    def __init__(self, frozen: nn.Linear, rank: int) -> None:
        super().__init__()
        self.frozen = frozen
        self.down = nn.Parameter(torch.randn(rank, frozen.in_features) / math.sqrt(frozen.in_features))
        self.up = nn.Parameter(torch.zeros(frozen.out_features, rank))

    def forward(self, x: Tensor) -> Tensor:
        """Map (…, in_features) to (…, out_features)."""
        return self.frozen(x) + (x @ self.down.T) @ self.up.T  # type: ignore[no-any-return]


class QuestionTower(nn.Module):
    """The base encoder with an adapter and a head; CLS pooling, unit length."""

    def __init__(self, folder: Path, rank: int) -> None:
        super().__init__()
        base = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self.tokenizer = base.tokenizer
        self.encoder: Any = base[0].auto_model
        encoder: Any = self.encoder
        encoder.requires_grad_(False)
        self.adapters: dict[str, LowRank] = {}
        for name, layer in list(encoder.named_modules()):
            if name.startswith("encoder.") and isinstance(layer, nn.Linear):
                parent, _, child = name.rpartition(".")
                self.adapters[name] = LowRank(layer, rank)
                setattr(encoder.get_submodule(parent), child, self.adapters[name])
        self.small = {
            name.replace(".frozen", ""): value
            for name, value in encoder.named_parameters()
            if name.startswith("encoder.") and ("LayerNorm" in name or name.endswith(".bias"))
        }
        for value in self.small.values():
            value.requires_grad_(True)
        width = int(base.get_embedding_dimension() or 0)
        self.head = nn.Linear(width, width)
        nn.init.eye_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, questions: Sequence[str]) -> Tensor:
        """Encode questions to (n, dimension)."""
        batch = self.tokenizer(
            list(questions), padding=True, truncation=True, max_length=TOKENS, return_tensors="pt"
        ).to(self.head.weight.device)
        with torch.autocast(self.head.weight.device.type, dtype=torch.bfloat16):
            hidden = self.encoder(**batch).last_hidden_state[:, 0].float()
        return nn.functional.normalize(self.head(hidden), dim=-1)

    def save(self, path: Path) -> None:
        """Write the adapter in the form that ingest.embed reads."""
        tensors: dict[str, Tensor] = {f"{n}.lora_A": a.down for n, a in self.adapters.items()}
        tensors |= {f"{n}.lora_B": a.up for n, a in self.adapters.items()}
        tensors |= dict(self.small.items())
        tensors |= {"head.weight": self.head.weight, "head.bias": self.head.bias}
        save_file({n: t.detach().cpu().half().contiguous() for n, t in tensors.items()}, path)


def main(argv: list[str] | None = None) -> int:
    """Train, print the dev figures, and write the adapter and the vectors beside the base weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=Path, help="real questions with their articles (JSON lines)")
    parser.add_argument("--add", type=Path, nargs="*", default=[], help="more laws to tell apart (Markdown)")
    parser.add_argument("--model", type=Path, default=Path(__file__).parent / "model")
    parser.add_argument("--cache", type=Path, help="keep the base article vectors in this file")
    parser.add_argument(
        "--epochs", type=float, default=4.0, help="0: keep the adapter, make the vectors again"
    )
    parser.add_argument("--rank", type=int, default=48)
    parser.add_argument("--lr", type=float, default=6e-4)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    random.seed(SEED)
    torch.manual_seed(SEED)

    if options.epochs > 0:
        run(options)
    ship_vectors(options.model, options.cache)
    return 0


def run(options: argparse.Namespace) -> None:
    """Encode the articles, train the question side against them and save the adapter."""
    passages = [p for d in load(options.add).documents for p in split(d)]
    column = best_versions(passages)
    vectors = base_vectors([passages[row] for row in column.values()], options.model, options.cache)
    articles = torch.from_numpy(vectors).to(options.device)
    place = {key: n for n, key in enumerate(column)}
    written = written_pairs(place)
    real = real_pairs(options.questions, place) if options.questions else []
    dev, real = real[:DEV_SHARE], real[DEV_SHARE:]
    _log.info(
        "%d articles, %d written, %d real, %d dev questions", len(place), len(written), len(real), len(dev)
    )
    tower = QuestionTower(options.model, options.rank).to(options.device)
    train(tower, articles, written + real * REAL_WEIGHT, dev, options)
    tower.save(options.model / ADAPTER)


def best_versions(passages: Sequence[Passage]) -> dict[tuple[str | None, str | None], int]:
    """Map (law, article) to the row of the version in force, else of the latest."""
    today = date.today()
    rank = {row: (p.status_on(today) is Status.IN_FORCE, p.document) for row, p in enumerate(passages)}
    best: dict[tuple[str | None, str | None], int] = {}
    for row, passage in enumerate(passages):
        key = (passage.law or passage.title, passage.article)
        if key not in best or rank[row] > rank[best[key]]:
            best[key] = row
    return best


def base_vectors(passages: Sequence[Passage], folder: Path, cache: Path | None) -> Any:
    """Encode articles with the base weights, (n, dimension); what the cache holds is not encoded again."""
    texts = [embedding_text(p) for p in passages]
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


def written_pairs(place: dict[tuple[str | None, str | None], int]) -> list[Pair]:
    """Read corpus/questions, Chinese and English."""
    pairs = []
    for entry in question_entries():
        gold = place.get((entry["law"], entry["article"]))
        if gold is not None:
            pairs += [Pair(text, (gold,)) for text in (*entry["zh"], *entry["en"])]
    return pairs


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


def train(tower: QuestionTower, articles: Tensor, pairs: list[Pair], dev: list[Pair], options: Any) -> None:
    """Run AdamW with warm-up and cosine decay; print loss and dev recall every 300 steps."""
    low_rank = [p for a in tower.adapters.values() for p in (a.down, a.up)]
    rates = [options.lr, options.lr / 4, options.lr / 4]
    groups = [low_rank, list(tower.small.values()), list(tower.head.parameters())]
    optimizer = torch.optim.AdamW(
        [{"params": g, "lr": r} for g, r in zip(groups, rates, strict=True)], weight_decay=0.01
    )
    steps = int(options.epochs * len(pairs) / BATCH)
    mean, started = 0.0, time.monotonic()
    tower.train()
    for step, batch in enumerate(batches(pairs), 1):
        scale = min(1.0, step / 100) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * scale
        scores = tower([pair.question for pair in batch]) @ articles.T / TEMPERATURE
        loss = loss_of(scores, [pair.gold for pair in batch])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([p for g in groups for p in g], 1.0)
        optimizer.step()
        mean = loss.item() if step == 1 else 0.98 * mean + 0.02 * loss.item()
        if step % 300 == 0 or step == steps:
            left = (time.monotonic() - started) / step * (steps - step) / 60
            _log.info(
                "step %d/%d loss %.3f dev %s, %.0f min left",
                step,
                steps,
                mean,
                recall(tower, articles, dev),
                left,
            )
            tower.save(options.model / ADAPTER)
        if step >= steps:
            break


def recall(tower: QuestionTower, articles: Tensor, dev: Sequence[Pair]) -> dict[str, float]:
    """Return R@1, R@10, R@100 and MRR@10 of the article vectors alone over dev questions."""
    if not dev:
        return {}
    tower.eval()
    with torch.inference_mode():
        encoded = torch.cat([tower([p.question for p in dev[i : i + 64]]) for i in range(0, len(dev), 64)])
        found = (encoded @ articles.T).topk(100).indices.tolist()
    tower.train()
    figures = {
        f"R@{k}": sum(len(set(f[:k]) & set(p.gold)) / len(p.gold) for f, p in zip(found, dev, strict=True))
        / len(dev)
        for k in (1, 10, 100)
    }
    ranks = [
        next((1 / n for n, c in enumerate(f[:10], 1) if c in p.gold), 0.0)
        for f, p in zip(found, dev, strict=True)
    ]
    return {name: round(value, 3) for name, value in (figures | {"MRR@10": sum(ranks) / len(dev)}).items()}


def ship_vectors(folder: Path, cache: Path | None) -> None:
    """Write the vectors of the shipped corpus and of every Chinese question beside the model."""
    embedder = SentenceEmbedder(folder)
    shipped = list({embedding_text(p): p for d in load(()).documents for p in split(d)}.values())
    asked = dict.fromkeys(text for entry in question_entries() for text in entry["zh"])
    order = sorted(asked, key=len, reverse=True)
    parts = [base_vectors(shipped, folder, cache)]
    for start in tqdm(range(0, len(order), 256), desc="questions"):
        parts.append(embedder.questions(order[start : start + 256]))
    keys = [text_key(embedding_text(p), "article") for p in shipped] + [
        text_key(t, "question") for t in order
    ]
    save_vectors(folder, embedder.id, keys, np.concatenate(parts))


if __name__ == "__main__":
    sys.exit(main())
