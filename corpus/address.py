"""Stable addresses of provisions: /law/民法典/1038, …/1038/1 (款), …/1038/1/2 (项), …@2020-05-28 (a text).

The name is the short title, the numbers are Arabic: 第二百五十三条之一 is 253-1. An item of an article
whose one paragraph is not counted stands under paragraph 1. What has no number (条目一, 全文) keeps its label.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, unquote

from corpus.citation import article_label, parse_article_number
from corpus.names import PRC, LawNames
from corpus.types import Passage

OFFICIAL = "https://flk.npc.gov.cn/search?keyword="
PREFIX = "/law/"


class Address(NamedTuple):
    """What an address names; ``version`` is the date of a text, or ""."""

    law: str
    article: str = ""
    paragraph: int | None = None
    item: int | None = None
    version: str = ""


def print_address(address: Address) -> str:
    """Print an address; parse_address reads it back."""
    parts = [address.law.removeprefix(PRC).replace("/", "%2F")]
    if address.article:
        place = parse_article_number(address.article)
        number = f"{place[0]}{f'-{place[1]}' if place[1] else ''}" if place else address.article
        parts.append(number)
        if address.paragraph or address.item:
            parts.append(str(address.paragraph or 1))
        if address.item:
            parts.append(str(address.item))
    return PREFIX + "/".join(parts) + (f"@{address.version}" if address.version else "")


def address_of(passage: Passage, paragraph: int | None = None, item: int | None = None) -> str | None:
    """Print the address of a passage of law, or of a part of it, in its text; None for commentary."""
    if passage.law is None:
        return None
    version = passage.promulgated or passage.effective or ""
    return print_address(Address(passage.law, passage.article or "", paragraph, item, version))


def parse_address(text: str, names: LawNames) -> Address | None:
    """Read an address, percent-encoded or not; None where it is none or names no law."""
    path, _, version = unquote(text).partition("@")
    if not path.startswith(PREFIX):
        return None
    name, *numbers = text.partition("@")[0].removeprefix(PREFIX).strip("/").split("/")
    law = names.resolve(unquote(name))
    if law is None or len(numbers) > 3:
        return None
    if not numbers:
        return Address(law, version=version)
    label = unquote(numbers[0])
    place = parse_article_number(label)
    parts = [int(number) if number.isdecimal() and int(number) else None for number in numbers[1:]]
    if None in parts:
        return None
    paragraph, item = [*parts, None, None][:2]
    return Address(law, article_label(*place) if place else label, paragraph, item, version)


def official_link(law: str) -> str:
    """Return the search of the national database of laws for a title; nothing is fetched from it."""
    return OFFICIAL + quote(law)
