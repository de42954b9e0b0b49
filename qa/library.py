"""Holds the index generation in use and swaps it when a new one is published."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import IndexUnavailable
from corpus.names import LawNames
from corpus.registry import instruments
from ingest.embed import Embedder, SentenceEmbedder
from ingest.gate import Gate
from ingest.index import Index, current_generation, open_index
from ingest.lexicon import Lexicon
from qa.retrieve import Retriever

_log = logging.getLogger("fawen.library")


@dataclass(frozen=True, slots=True)
class Shelf:
    """One generation and what is made of it; an answer uses one shelf from start to end."""

    index: Index
    names: LawNames
    retriever: Retriever
    embedder: Embedder


class Library:
    """The current shelf of an index directory.

    ``current`` looks at the CURRENT marker (one small file) and opens a new generation when it
    changed; questions already running keep the shelf they have.
    """

    def __init__(self, root: Path, embedder: SentenceEmbedder) -> None:
        self.root = root
        self.embedder = embedder
        self._lexicon = Lexicon()
        self._gate = Gate(embedder.folder)
        self._lock = threading.Lock()
        self._marker = current_generation(root)
        self._shelf = self._open()

    def current(self) -> Shelf:
        """Return the shelf of the generation in use."""
        marker = current_generation(self.root)
        if marker and marker != self._marker:
            with self._lock:
                if marker != self._marker:
                    self._marker = marker
                    self._swap()
        return self._shelf

    def _swap(self) -> None:
        """Open the new generation; where that fails, go on with the old one and say so."""
        try:
            self._shelf = self._open()
        except IndexUnavailable as error:
            _log.error("%s", error)

    def _open(self) -> Shelf:
        index = open_index(self.root, self.embedder.id)
        names = LawNames(index.laws(), instruments())
        return Shelf(index, names, Retriever(index, self.embedder, self._lexicon, self._gate), self.embedder)
