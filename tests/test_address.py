"""Addresses are stable: what is printed reads back, and names one text of one provision."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.address import Address, parse_address, print_address
from corpus.citation import article_label
from corpus.names import LawNames

CIVIL, CRIMINAL = "中华人民共和国民法典", "中华人民共和国刑法"
FAMILY = "最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）"
NAMES = LawNames([CIVIL, CRIMINAL, FAMILY])


@pytest.mark.parametrize(
    ("address", "printed"),
    [
        (Address(CIVIL, "第一千零三十八条"), "/law/民法典/1038"),
        (Address(CIVIL, "第一千零三十八条", 1), "/law/民法典/1038/1"),
        (Address(CIVIL, "第三十九条", 1, 3), "/law/民法典/39/1/3"),
        (Address(CRIMINAL, "第二百五十三条之一"), "/law/刑法/253-1"),
        (Address(CIVIL, "第一千零三十八条", version="2020-05-28"), "/law/民法典/1038@2020-05-28"),
        (Address(CIVIL), "/law/民法典"),
        (Address(CRIMINAL, "全文"), "/law/刑法/全文"),
    ],
)
def test_an_address_is_printed_and_read(address: Address, printed: str) -> None:
    assert print_address(address) == printed
    assert parse_address(printed, NAMES) == address


def test_a_percent_encoded_address_is_read() -> None:
    assert parse_address("/law/%E6%B0%91%E6%B3%95%E5%85%B8/1038", NAMES) == Address(CIVIL, "第一千零三十八条")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/law/",
        "/law/火星法/1",
        "/laws/民法典/1",
        "/law/民法典/1/0",
        "/law/民法典/1/x",
        "/law/民法典/1/1/1/1",
    ],
)
def test_what_names_nothing_is_no_address(text: str) -> None:
    assert parse_address(text, NAMES) is None


@given(
    st.sampled_from([CIVIL, CRIMINAL, FAMILY]),
    st.builds(article_label, st.integers(1, 9999), st.none() | st.integers(1, 20)),
    st.none() | st.integers(1, 40),
    st.none() | st.integers(1, 40),
    st.sampled_from(["", "2020-05-28"]),
)
def test_every_address_reads_back(
    law: str, article: str, paragraph: int | None, item: int | None, version: str
) -> None:
    address = Address(law, article, paragraph or (1 if item else None), item, version)
    assert parse_address(print_address(address), NAMES) == address
