"""Is a question about law at all? One linear score on the question's base vector.

Logistic regression (L2) of the plain-language questions in ``corpus/questions/*.jsonl`` against the
everyday ones in ``off-topic.txt``; ``python -m ingest.gate`` makes ``gate.safetensors`` again in a
minute. A positive score means law. It is one of the things that a refusal is decided on.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.embed import GATE, Embedder, SentenceEmbedder
from ingest.questions import QUESTIONS, question_entries

if TYPE_CHECKING:
    from numpy.typing import NDArray

EVERY = 4
STRENGTH = 3.0


class Gate:
    """A weight vector and a bias; a folder without the file has no gate and scores None."""

    def __init__(self, folder: Path) -> None:
        self._weights: tuple[NDArray[np.float32], float] | None = None
        if (folder / GATE).is_file():
            from safetensors.numpy import load_file

            tensors = load_file(folder / GATE)
            self._weights = tensors["weight"], float(tensors["bias"][0])

    def score(self, embedder: Embedder, question: str) -> float | None:
        """Return the log-odds that a question is about law."""
        if self._weights is None:
            return None
        weight, bias = self._weights
        return float(embedder.articles([question])[0] @ weight + bias)


def fit(law: NDArray[np.float32], other: NDArray[np.float32]) -> tuple[NDArray[np.float32], float]:
    """Fit a balanced logistic regression on (n, dimension) vectors; return weights and bias."""
    import torch

    x = torch.from_numpy(np.concatenate([law, other]))
    y = torch.cat([torch.ones(len(law)), torch.zeros(len(other))])
    balance = torch.where(y == 1, len(y) / (2 * len(law)), len(y) / (2 * len(other)))
    weight = torch.zeros(x.shape[1], requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=500, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        losses = torch.nn.functional.binary_cross_entropy_with_logits(
            x @ weight + bias, y, balance, reduction="sum"
        )
        loss: torch.Tensor = STRENGTH * losses + 0.5 * weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return weight.detach().numpy(), float(bias.detach())


def main(argv: list[str] | None = None) -> int:
    """Fit the gate for a model folder and write it there."""
    from safetensors.numpy import save_file

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=Path(__file__).parent / "model")
    folder = parser.parse_args(argv).model
    embedder = SentenceEmbedder(folder)
    asked = [text for entry in question_entries() for text in (*entry["zh"], *entry["en"])][::EVERY]
    other = (QUESTIONS / "off-topic.txt").read_text("utf-8").split("\n")
    vectors = embedder.articles(asked), embedder.articles([text for text in other if text])
    weight, bias = fit(*vectors)
    save_file({"weight": weight, "bias": np.array([bias], np.float32)}, folder / GATE)
    right = [float((v @ weight + bias > 0).mean()) for v in vectors]
    print(f"{len(asked)} law, right {right[0]:.4f}; {len(vectors[1])} other, right {1 - right[1]:.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
