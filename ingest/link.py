"""Check what a digest cites: each provision exists, each quoted sentence stands where it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corpus.citation import Reference, parse
from corpus.names import LawNames
from corpus.types import Document, Passage


def check_citations(documents: Iterable[Document], passages: Sequence[Passage]) -> list[str]:
    """Return one line for each citation of a digest that does not resolve to a held provision."""
    held: dict[tuple[str | None, str | None], Passage] = {(p.law, p.article): p for p in passages if p.law}
    names = LawNames({p.law for p in passages if p.law})
    odd = []
    for document in documents:
        for entry in document.cites:
            references = parse(cited_provision(entry), names)
            if not references:
                odd.append(f"{document.title}：看不懂的引用“{entry}” / citation not understood")
            for reference in references:
                fault = _fault(reference, held)
                if fault:
                    odd.append(f"{document.title}：“{entry}”{fault}")
    return odd


def cited_provision(entry: str) -> str:
    """Return the provision of a ``statutes`` entry without its remark."""
    return entry.partition(" | ")[0].strip()


def _fault(reference: Reference, held: dict[tuple[str | None, str | None], Passage]) -> str:
    """Say what is wrong with a reference, or nothing."""
    if reference.law is None:
        return "：库中没有这部法律 / no such law in the index"
    passage = held.get((reference.law, reference.label))
    if passage is None:
        return "：该法没有这一条 / the law has no such article"
    count = len(passage.paragraphs)
    if reference.paragraph and reference.paragraph > count:
        return f"：该条只有{count}款 / the article has {count} paragraph(s)"
    return ""
