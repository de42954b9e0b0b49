"""Every error FaWen raises on purpose.

FawenError                  message_zh and message_en: one sentence each, saying what to do
├── InputError              the visitor's question or argument cannot be used
│   ├── UnknownLaw          no law of that name in the index
│   └── UnknownArticle      the law has no such article
├── SourceError             a file or folder to ingest cannot be read
├── IndexUnavailable        there is no index, or none that can be opened
│   ├── IndexDamaged        a generation's files differ from its manifest
│   └── IndexMismatch       the index was made with another embedder or format
├── IndexBusy               another process is publishing to the same index
└── EmbedderError           the embedding model cannot be loaded
"""

from __future__ import annotations

from typing import Self


class FawenError(Exception):
    """An error with one clear sentence in each of the product's languages."""

    def __init__(self, message_zh: str, message_en: str) -> None:
        super().__init__(f"{message_zh} / {message_en}")
        self.message_zh = message_zh
        self.message_en = message_en
        self.lang = "zh"

    def in_language(self, lang: str) -> Self:
        """Remember the language of the question that this error answers."""
        self.lang = lang
        return self

    def message(self, lang: str | None = None) -> str:
        """Return the sentence in ``lang``, else in the language of the question."""
        return self.message_en if (lang or self.lang) == "en" else self.message_zh


class InputError(FawenError):
    """The visitor's question or argument cannot be used."""


class UnknownLaw(InputError):
    """No law of that name is in the index."""


class UnknownArticle(InputError):
    """The law has no such article."""


class SourceError(FawenError):
    """A file or folder to ingest cannot be read."""


class IndexUnavailable(FawenError):
    """There is no index, or none that can be opened."""


class IndexDamaged(IndexUnavailable):
    """A generation's files differ from its manifest."""


class IndexMismatch(IndexUnavailable):
    """The index was made with another embedder or another format."""


class IndexBusy(FawenError):
    """Another process is publishing to the same index."""


class EmbedderError(FawenError):
    """The embedding model cannot be loaded."""
