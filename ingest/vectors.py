"""FAISS indexes: made from vectors, opened, and read back."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

CELLS_FROM = 20_000
CELLS_READ = 128


def vector_index(vectors: Vectors, dimension: int) -> Any:
    """Make a FAISS index over (n, dimension), half precision, inner product.

    A large one is cut into cells (IVF, Jégou et al. 2011) so that a search need not read all of it.
    """
    large = len(vectors) >= CELLS_FROM
    cells = f"IVF{2 ** round(math.log2(math.sqrt(len(vectors))))}," if large else ""
    index: Any = faiss.index_factory(dimension, f"{cells}SQfp16", faiss.METRIC_INNER_PRODUCT)
    if large:
        index.cp.seed, index.cp.max_points_per_centroid = 1, 64
    if len(vectors):
        index.train(vectors)
        index.add(vectors)
    return index


def open_vectors(path: Path) -> Any:
    """Read a FAISS index that vector_index made."""
    index: Any = faiss.read_index(str(path))
    if hasattr(index, "nprobe"):
        index.nprobe = CELLS_READ
    return index


def read_vectors(index: Any) -> Vectors:
    """Return every vector of a FAISS index in the order of its rows; (n, dimension)."""
    if hasattr(index, "make_direct_map"):
        index.make_direct_map()
    vectors: Vectors = index.reconstruct_n(0, index.ntotal)
    return vectors
