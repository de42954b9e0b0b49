"""The two sides that training compares: questions through an adapter, articles as vectors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn

TOKENS = 64


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


class Towers(nn.Module):
    """The question tower, the frozen article vectors and a small difference for those asked about.

    ``articles`` is (n, dimension); ``asked`` are the rows that questions were written for.
    """

    articles: Tensor
    asked: Tensor

    def __init__(self, question: QuestionTower, articles: Tensor, asked: Sequence[int]) -> None:
        super().__init__()
        self.question = question
        self.register_buffer("articles", articles)
        self.register_buffer("asked", torch.tensor(asked))
        self.difference = nn.Parameter(torch.zeros(len(asked), articles.shape[1]))

    def forward(self, questions: Sequence[str]) -> Tensor:
        """Score questions against every article; (questions, articles)."""
        return score(self.question(questions), self.articles, self.asked, self.difference)


def score(questions: Tensor, articles: Tensor, asked: Tensor, difference: Tensor) -> Tensor:
    """Return inner products with the articles, those asked about moved by their difference."""
    learned = questions @ (articles[asked] + difference).T
    return (questions @ articles.T).index_copy(1, asked, learned)
