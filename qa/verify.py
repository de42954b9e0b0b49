"""Keeps only what the sources say. The same check for every writer.

A claim stays when each citation it names is in the answer, each quotation in it stands verbatim in
a passage it cites, and each number in it stands there too. A citation stays when its quotation is
verbatim and its paragraph exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.structure import find_item
from corpus.types import Citation, Claim
from qa.sentences import pieces

_QUOTED = re.compile(r"“([^“”]+(?:“[^“”]*”[^“”]*)*)”")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*|[零〇一二三四五六七八九十百千万亿]{2,}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was kept and, for each thing dropped, why."""

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    dropped: tuple[str, ...]


def verify(claims: list[Claim], citations: list[Citation]) -> Verdict:
    """Check every claim and citation of a draft."""
    dropped: list[str] = []
    sound: dict[int, Citation] = {}
    for citation in citations:
        fault = _citation_fault(citation)
        if fault:
            dropped.append(f"[{citation.n}] {citation.title}: {fault}")
        else:
            sound[citation.n] = citation
    kept = []
    for claim in claims:
        fault = _claim_fault(claim, sound)
        if fault:
            dropped.append(f"{claim.text[:40]}: {fault}")
        else:
            kept.append(claim)
    return Verdict(tuple(kept), tuple(sound.values()), tuple(dropped))


def _citation_fault(citation: Citation) -> str:
    passage = citation.passage
    if citation.quote not in passage.text:
        return "quotation is not verbatim"
    if citation.paragraph is not None:
        if not 0 < citation.paragraph <= len(passage.paragraphs):
            return "no such paragraph"
        whole = citation.item is None
        if whole and passage.paragraphs[citation.paragraph - 1] != citation.quote:
            return "quotation stands in another paragraph"
    if citation.item is not None:
        found = find_item(passage.text, citation.paragraph, citation.item)
        if found is None or found[1].text != citation.quote:
            return "quotation is not the item cited"
    if (citation.law, citation.article) != (passage.law, passage.article):
        return "names another provision than its passage"
    return ""


def _claim_fault(claim: Claim, sound: dict[int, Citation]) -> str:
    if not claim.citations or any(n not in sound for n in claim.citations):
        return "cites nothing that was found"
    cited = [sound[n] for n in claim.citations]
    carried = squeeze("\n".join(f"{c.passage.title}\n{c.passage.title_en}\n{c.passage.text}" for c in cited))
    for quotation in _QUOTED.findall(claim.text):
        if any(squeeze(piece) not in carried for piece in pieces(quotation)):
            return "quotation is not in what it cites"
    known = carried + squeeze("\n".join(f"{c.title}{c.law or ''}{c.article or ''}" for c in cited))
    known_numbers = set(_NUMBER.findall(known))
    for number in _NUMBER.findall(squeeze(claim.text)):
        if number not in known_numbers:
            return f"the number {number} is not in what it cites"
    return ""


def squeeze(text: str) -> str:
    """Drop white space, which quoting across lines changes."""
    return "".join(text.split())
