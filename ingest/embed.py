"""Text → vectors: the Embedder seam and the model that ships.

The shipped model is a sentence-transformers folder (``ingest/model``) with a low-rank adapter for
questions (LoRA, Hu et al. 2021): articles are encoded by the base weights, questions by the base
weights plus the adapter. An article that questions were written for has a learned vector, shipped by
the hash of its text (``ingest/train.py``); any other text is encoded.
Any other sentence-transformers folder works too, without adapter.
"""

from __future__ import annotations

import copy
import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from langchain_core.embeddings import Embeddings

from corpus.errors import EmbedderError
from corpus.types import Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    Vectors = NDArray[np.float32]

ARTICLE_TOKENS = 192
QUESTION_TOKENS = 128
BATCH = 32
ADAPTER = "question_adapter.safetensors"
VECTORS = "vectors.safetensors"
GATE = "gate.safetensors"
SHIPPED_BITS = {"learned": 8, "article": 4, "question": 4}
NORMAL_STEP = {4: 0.3352, 8: 0.0308}


class Embedder(Protocol):
    """What the index needs of an embedding model. Vectors are float32, unit length, (n, dimension)."""

    id: str

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""

    def articles(self, texts: Sequence[str]) -> Vectors:
        """Encode passages."""

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Encode questions."""


class SentenceEmbedder(Embeddings):
    """A sentence-transformers folder as an Embedder and as LangChain ``Embeddings``.

    Raises EmbedderError where the folder holds no loadable model. No network is used.
    """

    def __init__(self, folder: Path, threads: int = 2) -> None:
        self.folder = folder
        self.id = model_id(folder)
        self._threads = threads
        self._lock = threading.Lock()
        self._towers: _Towers | None = None

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return int(self.load().articles.get_embedding_dimension() or 0)

    def load(self) -> _Towers:
        """Load the weights now (seconds); else the first text to encode does."""
        with self._lock:
            if self._towers is None:
                self._towers = _load(self.folder, self._threads)
            return self._towers

    def articles(self, texts: Sequence[str]) -> Vectors:
        """Encode passages; (n, dimension)."""
        return self._encode(self.load().articles, texts, None)

    def questions(self, texts: Sequence[str]) -> Vectors:
        """Encode questions; (n, dimension)."""
        towers = self.load()
        return self._encode(towers.questions, texts, towers.prompt)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Encode passages for LangChain."""
        return self.articles(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        """Encode one question for LangChain."""
        return self.questions([text])[0].tolist()  # type: ignore[no-any-return]

    def _encode(self, model: SentenceTransformer, texts: Sequence[str], prompt: str | None) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        import torch

        many = len(texts) >= BATCH and self.load().bfloat16
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=many):
            vectors = model.encode(
                list(texts),
                batch_size=BATCH,
                prompt=prompt,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_tensor=True,
            )
        return np.ascontiguousarray(vectors.float().numpy(), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Towers:
    """The two encoders, and the prompt of the question side where the base model has one.

    ``bfloat16``: this CPU multiplies it in hardware; many texts are then encoded in half the
    time (10.8 for 20.1 ms each on two cores), cosine to single precision ≥ .99997.
    """

    articles: SentenceTransformer
    questions: SentenceTransformer
    prompt: str | None
    bfloat16: bool


def _load(folder: Path, threads: int) -> _Towers:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(max(1, threads))
    try:
        articles = SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, trust_remote_code=False
        )
        articles.max_seq_length = ARTICLE_TOKENS
        return _Towers(articles, *_question_tower(articles, folder), bfloat16=_has_bfloat16())
    except Exception as error:  # the library raises many types for a broken folder
        raise EmbedderError(
            f"无法加载嵌入模型 {folder}：请检查该文件夹是否完整，或用 FAWEN_MODEL 指定另一个本地模型文件夹。",
            f"The embedding model in {folder} cannot be loaded; check the folder or set FAWEN_MODEL.",
        ) from error


def _has_bfloat16() -> bool:
    """Ask torch, whose name for this may change, whether the CPU has AVX-512 BF16 instructions."""
    import torch

    supported = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return bool(supported and supported())


def model_id(folder: Path) -> str:
    """Name a model by the SHA-256 of its configuration and weights, first 16 hex digits.

    Raises EmbedderError where the folder has no weights.
    """
    digest = hashlib.sha256(f"{ARTICLE_TOKENS}/{QUESTION_TOKENS}".encode())
    files = sorted(
        p
        for p in folder.glob("**/*")
        if p.suffix in {".json", ".safetensors"} and p.name not in (VECTORS, GATE)
    )
    if not any(p.suffix == ".safetensors" for p in files):
        raise EmbedderError(
            f"{folder} 中没有 safetensors 格式的模型权重，请检查 FAWEN_MODEL。",
            f"There are no safetensors weights in {folder}; check FAWEN_MODEL.",
        )
    for path in files:
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def _question_tower(base: SentenceTransformer, folder: Path) -> tuple[SentenceTransformer, str | None]:
    """Return the model that encodes questions, and its prompt where the base model has one."""
    if not (folder / ADAPTER).is_file():
        return base, base.prompts.get("query") or None
    import torch
    from safetensors.torch import load_file
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Dense

    tensors = load_file(folder / ADAPTER)
    tower = copy.deepcopy(base)
    encoder: Any = tower[0].auto_model
    parameters = dict(encoder.named_parameters())
    with torch.no_grad():
        for name in (n.removesuffix(".lora_A") for n in tensors if n.endswith(".lora_A")):
            down, up = tensors[f"{name}.lora_A"].float(), tensors[f"{name}.lora_B"].float()
            parameters[f"{name}.weight"] += up @ down
        for name, tensor in tensors.items():
            if name in parameters:
                parameters[name].copy_(tensor.float())
    dimension = int(base.get_embedding_dimension() or 0)
    head = Dense(dimension, dimension, bias=True, activation_function=torch.nn.Identity())
    head.linear.load_state_dict(
        {"weight": tensors["head.weight"].float(), "bias": tensors["head.bias"].float()}
    )
    layers = list(tower)
    model = SentenceTransformer(modules=[*layers[:2], head, *layers[2:]], device="cpu")
    model.max_seq_length = QUESTION_TOKENS
    return model, None


def embedding_text(passage: Passage) -> str:
    """Return the text that stands for a passage in the vector space: short title, number, text."""
    title = passage.title.removeprefix("中华人民共和国")
    return f"{title} {passage.article or passage.section} {passage.text}"


def text_key(text: str, side: str) -> str:
    """Key a text's vector: 16 hex digits of SHA-256 over side ("article" or "question") and text."""
    return hashlib.sha256(f"{side}\x1f{text}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Packed:
    """Vectors in few bits: each dimension less its mean, in equal steps of its own.

    Two codes of four bits a byte (``bits`` 4) or one of eight; (n, dimension · bits / 8) uint8.
    """

    bits: int
    mean: Vectors
    step: Vectors
    codes: NDArray[np.uint8]

    @classmethod
    def pack(cls, vectors: Vectors, bits: int) -> Packed:
        """Quantize (n, dimension); the step is the best one for a normal distribution (Max 1960)."""
        mean, spread = vectors.mean(axis=0), vectors.std(axis=0) + 1e-9
        step = (spread * NORMAL_STEP[bits]).astype(np.float32)
        half = 2 ** (bits - 1)
        codes = (np.clip(np.floor((vectors - mean) / step), -half, half - 1) + half).astype(np.uint8)
        if bits == 4:
            codes = codes[:, ::2] << 4 | codes[:, 1::2]
        return cls(bits, mean.astype(np.float32), step, codes)

    def row(self, row: int) -> Vectors:
        """Return one vector; its length is that of the vector packed, but for rounding."""
        codes = self.codes[row]
        if self.bits == 4:
            codes = np.stack((codes >> 4, codes & 15), axis=-1).reshape(-1)
        vector: Vectors = (codes.astype(np.float32) - 2 ** (self.bits - 1) + 0.5) * self.step + self.mean
        return vector


class VectorStore:
    """Vectors already computed, by text_key.

    The file names the model that made it; with another model it is empty, not wrong.
    """

    def __init__(self, sides: dict[str, tuple[list[str], Packed]] | None = None) -> None:
        self._place = {
            key: (packed, row) for keys, packed in (sides or {}).values() for row, key in enumerate(keys)
        }
        self._learned = frozenset(sides["learned"][0]) if sides and "learned" in sides else frozenset()

    @classmethod
    def open(cls, folder: Path, model: str) -> VectorStore:
        """Read the vectors shipped beside a model; none where the file is absent or of another model."""
        from safetensors import safe_open

        if not (folder / VECTORS).is_file():
            return cls()
        with safe_open(folder / VECTORS, framework="numpy") as file:
            if (file.metadata() or {}).get("model") != model:
                return cls()
            return cls(
                {
                    side: (
                        [row.tobytes().hex() for row in file.get_tensor(f"{side}.keys")],
                        Packed(
                            bits, *(file.get_tensor(f"{side}.{part}") for part in ("mean", "step", "codes"))
                        ),
                    )
                    for side, bits in SHIPPED_BITS.items()
                }
            )

    def get(self, key: str) -> Vectors | None:
        """Return the vector of a key, or None."""
        place = self._place.get(key)
        return place and place[0].row(place[1])

    def is_learned(self, key: str) -> bool:
        """Tell whether a text's vector was learned from questions, not encoded."""
        return key in self._learned

    def __len__(self) -> int:
        return len(self._place)


def save_vectors(folder: Path, model: str, sides: Mapping[str, tuple[Sequence[str], Vectors]]) -> None:
    """Write the vectors that ship beside a model: part (as in SHIPPED_BITS) → keys, vectors."""
    from safetensors.numpy import save_file

    tensors: dict[str, Any] = {}
    for side, (keys, vectors) in sides.items():
        packed = Packed.pack(vectors, SHIPPED_BITS[side])
        tensors[f"{side}.keys"] = np.array([list(bytes.fromhex(key)) for key in keys], np.uint8)
        tensors |= {f"{side}.mean": packed.mean, f"{side}.step": packed.step, f"{side}.codes": packed.codes}
    save_file(tensors, folder / VECTORS, {"model": model})
