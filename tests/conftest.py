"""Real parts for every test: the shipped corpus, the shipped model, one index built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.settings import Settings, from_environment
from ingest.build import build
from ingest.embed import SentenceEmbedder, VectorStore
from qa.answer import Assistant
from qa.library import Library

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    index = tmp_path_factory.mktemp("fawen") / "index"
    return from_environment({"FAWEN_INDEX": str(index)})


@pytest.fixture(scope="session")
def embedder(settings: Settings) -> SentenceEmbedder:
    return SentenceEmbedder(settings.model)


@pytest.fixture(scope="session")
def index_dir(settings: Settings, embedder: SentenceEmbedder) -> Path:
    """The shipped corpus, indexed as a newcomer's first start does."""
    build(settings.index, embedder, VectorStore.open(settings.model, embedder.id), quiet=True)
    return settings.index


@pytest.fixture(scope="session")
def assistant(index_dir: Path, settings: Settings, embedder: SentenceEmbedder) -> Iterator[Assistant]:
    yield Assistant(Library(index_dir, embedder), settings)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The design folder's data; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the project's shared folder, not found at {SHARED}")
    return SHARED
