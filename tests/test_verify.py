"""Verification: what a source does not say is not shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.types import Citation, Claim, Kind, Passage, Status
from qa.sentences import pieces, sentences
from qa.verify import verify

LOAN = Passage(
    Kind.STATUTE, "试验法", "试验法", "第五条", "借款人应当在三十日内返还借款。\n有下列情形之一的，可以延期：\n（一）患病的；\n（二）受灾的。",
    "试验法@2020", source="试验",
)  # fmt: skip
CITATION = Citation(
    1,
    Kind.STATUTE,
    "试验法",
    "第五条",
    1,
    "《试验法》第五条第一款",
    LOAN.paragraphs[0],
    Status.IN_FORCE,
    None,
    "试验",
    None,
    LOAN,
)


def kept(text: str, *numbers: int) -> bool:
    return bool(verify([Claim(text, numbers or (1,))], [CITATION]).claims)


@pytest.mark.parametrize(
    "text",
    [
        "《试验法》第五条规定：“借款人应当在三十日内返还借款。”",
        "《试验法》第五条规定：“有下列情形之一的，可以延期：……（二）受灾的。”",
        "应当返还借款。",
    ],
)
def test_what_the_source_says_stays(text: str) -> None:
    assert kept(text)


@pytest.mark.parametrize(
    "text",
    [
        "《试验法》第五条规定：“借款人应当在六十日内返还借款。”",
        "应当在六十日内返还。",
        "罚款500元。",
        "《试验法》第十五条规定了。",
        "有下列情形之一的：“（三）失业的。”",
    ],
)
def test_what_the_source_does_not_say_is_dropped(text: str) -> None:
    assert not kept(text)


def test_a_claim_without_a_found_source_is_dropped() -> None:
    assert not kept("应当返还借款。", 2)
    assert not verify([Claim("应当返还借款。", ())], [CITATION]).claims


@pytest.mark.parametrize(
    "wrong",
    [
        replace(CITATION, quote="借款人应当在六十日内返还借款。"),
        replace(CITATION, paragraph=2),
        replace(CITATION, paragraph=7),
        replace(CITATION, article="第六条"),
        replace(CITATION, law="试验法实施条例"),
    ],
)
def test_a_wrong_citation_takes_its_claims_with_it(wrong: Citation) -> None:
    verdict = verify([Claim("应当返还借款。", (1,))], [wrong])
    assert verdict.citations == () and verdict.claims == () and len(verdict.dropped) == 2


def test_sentences_of_a_list_keep_their_lead_and_stay_verbatim() -> None:
    found = sentences(LOAN)
    assert [(s.text, s.paragraph) for s in found] == [
        ("借款人应当在三十日内返还借款。", 1),
        ("有下列情形之一的，可以延期：（一）患病的；", 2),
        ("有下列情形之一的，可以延期：……（二）受灾的。", 2),
    ]
    squeezed = LOAN.text.replace("\n", "")
    assert all(piece in squeezed for s in found for piece in pieces(s.text))
