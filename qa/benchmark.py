"""How search slows as the corpus grows: ``python -m qa.benchmark [SIZE …]``.

For each size an index is made and asked the same questions, one at a time and then from four threads. Up to the
shipped size its passages are a sample of the shipped ones; beyond it they are repeated, each copy with its
vector moved a little at random, so sizes above are synthetic. Prints one row a size. Not covered:
the time to make the index, ranking quality.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.settings import Settings, from_environment
from ingest.build import build
from ingest.embed import SentenceEmbedder, VectorStore
from ingest.index import Index, open_index
from ingest.publish import Content, Question, publish, publishing
from ingest.vectors import read_vectors
from ingest.words import passage_tokens
from qa.answer import Assistant
from qa.evaluate import percentiles
from qa.library import Library

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIZES = (24_000, 61_000, 1_000_000)
ASKED = 200
THREADS = 4
NOISE = 0.02


def main(argv: list[str] | None = None) -> int:
    """Build the shipped index once, grow or cut it to each size and time searches."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="SIZE", help="passages")
    sizes = parser.parse_args(argv).sizes
    settings = from_environment()
    embedder = SentenceEmbedder(settings.model, settings.threads)
    with tempfile.TemporaryDirectory() as folder:
        shipped = Path(folder) / "shipped"
        build(shipped, embedder, VectorStore.open(settings.model, embedder.id), quiet=True)
        index = open_index(shipped)
        asked = [text for row in range(0, len(index), 97) for text in index.question_texts(row)[:1]][:ASKED]
        print(f"{'passages':>10} {'p50 ms':>8} {'p95 ms':>8} {'a second':>9} {'index MB':>9}")
        for size in sizes:
            root = Path(folder) / str(size)
            resize(index, size, root)
            print(row(root, size, embedder, settings, asked), flush=True)
    return 0


def resize(index: Index, size: int, root: Path) -> None:
    """Publish an index of ``size`` passages under ``root``, made of the passages of ``index``."""
    random = np.random.default_rng(size)
    rows = np.arange(size) % len(index)
    if size < len(index):
        rows = np.sort(random.permutation(len(index))[:size])
    vectors = read_vectors(index.articles)[rows]
    copies = np.arange(size) >= len(index)
    vectors[copies] += random.normal(0, NOISE, (int(copies.sum()), vectors.shape[1])).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    passages = [index.passage(row) for row in range(len(index))]
    words = [passage_tokens(p) for p in passages]
    place = {int(row): n for n, row in enumerate(rows[~copies])}
    owners = [
        [place[row] for row in index.asked_of.of(n) if row in place] for n in range(index.questions.ntotal)
    ]
    kept = [n for n, found in enumerate(owners) if found]
    questions = [Question(tuple(owners[n]), "zh", str(n)) for n in kept]
    asked: NDArray[np.float32] = read_vectors(index.questions)[kept]
    content = Content(
        passages=[
            passages[row] if not copy else replace(passages[row], title=f"{passages[row].title}{n}")
            for n, (row, copy) in enumerate(zip(rows, copies, strict=True))
        ],
        questions=questions,
        links=[],
        vectors=vectors,
        question_vectors=asked,
        learned=[True] * size,
        vector_keys=[""] * size,
        question_keys=[""] * len(questions),
        words=[words[row] for row in rows],
        english=[],
        embedder=index.manifest["embedder"],
        corpus_date="",
        report={},
    )
    with publishing(root):
        publish(root, content)


def row(root: Path, size: int, embedder: SentenceEmbedder, settings: Settings, asked: list[str]) -> str:
    """Time every question; return the row that is printed."""
    assistant = Assistant(Library(root, embedder), settings)
    for text in asked[:5]:
        assistant.search(text, 10)
    seconds = []
    for text in asked:
        started = time.perf_counter()
        assistant.search(text, 10)
        seconds.append(time.perf_counter() - started)
    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda text: assistant.search(text, 10), asked))
    rate = len(asked) / (time.perf_counter() - started)
    took = percentiles(seconds)
    manifest = assistant.library.current().index.manifest
    megabytes = sum(file["bytes"] for file in manifest["files"].values()) / 1e6
    return f"{size:>10,} {took['p50']:>8} {took['p95']:>8} {rate:>9.1f} {megabytes:>9.0f}"


if __name__ == "__main__":
    sys.exit(main())
