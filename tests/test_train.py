"""What is learned about an article helps questions nobody has trained on, and nothing else moves."""

from __future__ import annotations

import argparse
import random

import numpy as np
import torch

from ingest.embed import Packed
from ingest.train import Pair, figures, loss_of, train_articles


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def test_learned_articles_answer_new_wordings_of_their_questions() -> None:
    """Lay wording stands far from the article's own vector, but near other lay wording."""
    random.seed(1)
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    articles, lay = unit(rng.normal(size=(60, 32))), unit(rng.normal(size=(20, 32)))

    def ask(topic: int) -> np.ndarray:
        return unit(lay[topic] + 0.06 * rng.normal(size=32))

    pairs = [Pair(f"{topic}/{n}", (topic,)) for topic in range(20) for n in range(8)]
    dev = [Pair(f"new {topic}", (topic,)) for topic in range(20)]
    encoded = {pair.question: ask(pair.gold[0]) for pair in (*pairs, *dev)}
    asked = list(range(20))
    questions = torch.from_numpy(np.stack([encoded[p.question] for p in dev]))
    before = figures(
        torch.cat((questions @ torch.from_numpy(articles).T, torch.full((20, 60), -9.0)), 1), dev
    )
    options = argparse.Namespace(device="cpu")
    learned = np.concatenate(
        [
            train_articles(torch.from_numpy(articles), asked, pairs * 200, [], encoded, options),
            articles[20:],
        ]
    )
    after = figures(torch.cat((questions @ torch.from_numpy(learned).T, torch.full((20, 60), -9.0)), 1), dev)
    assert learned.shape == articles.shape
    assert before["R@1"] < 0.3 and after["R@1"] > 0.9


def test_every_gold_of_a_question_pulls() -> None:
    right = loss_of(torch.tensor([[5.0, 5.0, 0.0]]), [(0, 1)])
    half = loss_of(torch.tensor([[5.0, 0.0, 0.0]]), [(0, 1)])
    wrong = loss_of(torch.tensor([[0.0, 0.0, 5.0]]), [(0, 1)])
    assert right < half < wrong


def test_packed_vectors_keep_direction_and_length() -> None:
    vectors = np.random.default_rng(3).normal(size=(500, 64)).astype(np.float32) + 0.3
    vectors[0] *= 1.4
    for bits, close in ((8, 0.9995), (4, 0.99)):
        packed = Packed.pack(vectors, bits)
        assert packed.codes.nbytes == vectors.size * bits // 8
        rows = np.stack([packed.row(n) for n in range(len(vectors))])
        assert (unit(rows) * unit(vectors)).sum(axis=1).mean() > close
        lengths = np.linalg.norm(rows, axis=1) / np.linalg.norm(vectors, axis=1)
        assert abs(float(lengths.mean()) - 1) < 0.02
