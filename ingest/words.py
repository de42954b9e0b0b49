"""Words: the tokens that BM25 counts."""

from __future__ import annotations

import re
import unicodedata

from corpus.types import Passage

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "for",
        "from",
        "get",
        "had",
        "has",
        "have",
        "he",
        "her",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "just",
        "me",
        "my",
        "no",
        "not",
        "of",
        "on",
        "or",
        "our",
        "she",
        "should",
        "so",
        "some",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "to",
        "us",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "with",
        "without",
        "would",
        "you",
        "your",
    ]
)


def tokens(text: str) -> list[str]:
    """Cut into character bigrams (Chinese; a lone character stays) and words (ASCII)."""
    found: list[str] = []
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if run.isascii() or len(run) == 1:
            found.append(run)
        else:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found


def passage_tokens(passage: Passage) -> list[str]:
    """Cut a passage's title, headings and text.

    Its plain-language questions are a channel of their own; beside the text they cost MRR@10 .02.
    """
    title = passage.title.removeprefix("中华人民共和国")
    return tokens("\n".join((title, *passage.headings, passage.text)))


def english_tokens(text: str) -> list[str]:
    """Cut English into stems without function words; a light suffix stripper (Harman 1991, S-stemmer)."""
    words = _RUN.findall(unicodedata.normalize("NFKC", text).lower().replace("'", ""))
    return [stem(word) for word in words if word.isascii() and word not in _STOP]


def stem(word: str) -> str:
    """Strip plural, -ing and -ed: landlords → landlord, refused → refus, refusing → refus."""
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word
