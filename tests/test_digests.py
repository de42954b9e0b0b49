"""Every digest of a case: complete, read twice, true to its source, in our own words, and found."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from corpus.language import language_of
from corpus.types import Document
from ingest.digest import read_digest
from ingest.load import COMMENTARY
from qa.answer import Assistant

DIGESTS = sorted(path for path in COMMENTARY.glob("*.md") if path.name != "README.md")
SECTIONS = {
    "zh": ["结论", "案情", "争议", "裁判", "理由", "提示"],
    "en": ["Answer", "Facts", "Question", "Holding", "Reasoning", "What this means"],
}
LONGEST_RUN = 25
QUOTED = re.compile(r"“[^”]*”|《[^》]*》")
NUMBER = re.compile(r"\d[\d,，.]*\d|\d")
ALLOWED = {"12348", "110", "12315"}


def own_words(text: str) -> str:
    return re.sub(r"\s", "", QUOTED.sub("¶", text))


def bigrams(text: str) -> Counter[str]:
    return Counter(a + b for a, b in pairwise(re.sub(r"\W", "", text)))


@pytest.fixture(scope="module")
def sources(shared: Path) -> dict[str, str]:
    """The text of each published case, by file."""
    files = [*(shared / "corpus" / "cases").rglob("*.md"), *(shared / "corpus" / "pages").glob("*.txt")]
    return {path.name: path.read_text("utf-8") for path in files}


def source_of(digest: Document, sources: dict[str, str]) -> str:
    """The case that shares most with a digest's facts and holding."""
    told = bigrams("".join(s.text for s in digest.sections if s.lang == "zh"))
    shares = {name: (told & bigrams(text)).total() for name, text in sources.items()}
    return sources[max(shares, key=lambda name: shares[name])]


def test_there_is_a_digest_of_every_published_case(shared: Path) -> None:
    assert len(DIGESTS) >= len(list((shared / "corpus" / "cases").rglob("*.md"))) + 1


@pytest.mark.parametrize("path", DIGESTS, ids=lambda p: p.stem)
def test_a_digest_is_complete(path: Path) -> None:
    digest = read_digest(path)
    names = [s.name for s in digest.sections]
    for lang, sections in SECTIONS.items():
        assert [n for n in names if n in sections] == sections, lang
    assert len(digest.title) <= 40 and digest.title.endswith("？")
    asked = Counter(language_of(q.partition(" | ")[0]) for q in digest.questions)
    assert asked["zh"] >= 3 and asked["en"] >= 2
    assert len(set(digest.questions)) == len(digest.questions)


@pytest.mark.parametrize("path", [p for p in DIGESTS if "wechat" not in p.name], ids=lambda p: p.stem)
def test_a_second_reader_has_signed(path: Path) -> None:
    assert re.search(r"^reviewed_by: \S", path.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("path", DIGESTS, ids=lambda p: p.stem)
def test_every_number_of_a_digest_stands_in_its_source(path: Path, sources: dict[str, str]) -> None:
    digest = read_digest(path)
    source = re.sub("[,，]", "", source_of(digest, sources))
    for section in digest.sections:
        if section.lang == "zh":
            for number in NUMBER.findall(re.sub("《[^》]*》[^，。；]{0,24}", "", section.text)):
                assert re.sub("[,，]", "", number) in source or number in ALLOWED, (section.name, number)


@pytest.mark.parametrize("path", DIGESTS, ids=lambda p: p.stem)
def test_nothing_is_copied_outside_quotation_marks(path: Path, sources: dict[str, str]) -> None:
    digest = read_digest(path)
    source = re.sub(r"\s", "", source_of(digest, sources))
    for section in digest.sections:
        text = own_words(section.text)
        runs = (text[at : at + LONGEST_RUN + 1] for at in range(len(text) - LONGEST_RUN))
        assert not any(run in source for run in runs), section.name


def test_each_question_finds_its_digest(assistant: Assistant) -> None:
    asked = [(q.partition(" | ")[0], d.title) for d in map(read_digest, DIGESTS) for q in d.questions]
    lost = []
    for question, title in asked:
        if title not in [hit.passage.title for hit in assistant.search(question, 3)]:
            lost.append(question)
    assert len(lost) <= 0.05 * len(asked), lost
