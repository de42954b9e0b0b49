"""Where the articles of an older text stand in a newer one, as far as the two texts prove it.

``python -m ingest.moves FOLDER…`` compares every version that the statute package and the Markdown
laws under FOLDER hold of one title with the newest one, and writes ``corpus/moves.tsv``.

Two articles are the same rule when each is the other's nearest by the Dice coefficient of their
character bigrams (Dice 1945) and the coefficient is at least LEAST; anything less is not listed.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from corpus.citation import parse_article_number
from corpus.registry import MOVES, Move, instruments
from corpus.statutes import package_documents
from corpus.types import Article, Document
from ingest.load import load

LEAST = 0.6


def same_rules(old: Sequence[Article], new: Sequence[Article]) -> list[tuple[str, str, float]]:
    """Return (old number, new number, similarity) of each rule that both texts have."""
    if not old or not new:
        return []
    texts = [_bigrams(article.text) for article in (*old, *new)]
    columns: dict[str, int] = {}
    for text in texts:
        for bigram in text:
            columns.setdefault(bigram, len(columns))
    matrix = np.zeros((len(texts), len(columns)), np.float32)
    for row, text in enumerate(texts):
        for bigram, count in text.items():
            matrix[row, columns[bigram]] = count
    before, after = matrix[: len(old)], matrix[len(old) :]
    shared = np.stack([np.minimum(row, after).sum(axis=1) for row in before])
    dice = 2 * shared / (before.sum(axis=1)[:, None] + after.sum(axis=1)[None, :] + 1e-9)
    found = []
    for row, article in enumerate(old):
        best = int(dice[row].argmax())
        if dice[row, best] >= LEAST and int(dice[:, best].argmax()) == row:
            found.append((article.number, new[best].number, float(dice[row, best])))
    return found


def _bigrams(text: str) -> Counter[str]:
    """Count the bigrams of a text's characters, punctuation left out."""
    bare = re.sub(r"\W", "", text)
    return Counter(bare[n : n + 2] for n in range(len(bare) - 1))


def all_moves(documents: Iterable[Document]) -> list[Move]:
    """Compare each version of a title with the newest, and each repealed law with what replaced it.

    A rule that kept its law and its number is no move.
    """
    versions: dict[str, list[Document]] = defaultdict(list)
    for document in sorted(documents, key=lambda document: document.version):
        if document.articles and parse_article_number(document.articles[0].number):
            versions[document.title].append(document)
    pairs = [(old, held[-1]) for held in versions.values() for old in held[:-1]]
    for title, held in versions.items():
        known = instruments().get(title)
        if known and known.successor in versions:
            pairs.append((held[-1], versions[known.successor][-1]))
    found: list[Move] = []
    for old, new in tqdm(sorted(pairs, key=lambda pair: pair[0].title), desc="移位 moves"):
        for before, after, similarity in same_rules(old.articles, new.articles):
            if (old.title, before) != (new.title, after):
                found.append(Move(old.title, old.version, before, new.title, new.version, after, similarity))
    return found


def main(folders: Sequence[str]) -> None:
    """Write the table of moves."""
    documents = load([Path(folder) for folder in folders]).documents
    held = {document.title for document in package_documents()}
    lines = [
        "\t".join((*move[:-1], f"{move.similarity:.2f}"))
        for move in all_moves(document for document in documents if document.title in held)
    ]
    head = MOVES.read_text("utf-8").split("\n\n")[0] if MOVES.exists() else ""
    MOVES.write_text(f"{head}\n\n" + "\n".join(lines) + "\n", "utf-8")
    print(f"{len(lines):,} moves → {MOVES}")


if __name__ == "__main__":
    main(sys.argv[1:])
