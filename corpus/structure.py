"""The parts of an article: 款 (natural paragraphs) and 项 (enumerated items), counted as courts count them.

A 款 carries no printed number, so paragraphs are counted; the items that follow a paragraph belong to
it. Source: 《立法法》第六十五条 (条、款、项、目) and the practice of the national database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.numerals import to_int

_ITEM = re.compile(r"[\"“]?[（(]([一二三四五六七八九十百0-9]{1,4})[）)]")
_PLAIN_ITEM = re.compile(r"[\"“]?([一二三四五六七八九十]{1,3})、")
_POINT = re.compile(r"[\"“]?[0-9]{1,3}[.．、]|[①-⑳]")
_TABLE = re.compile(r"[|┃│]|[-+─━]{4}")


@dataclass(frozen=True, slots=True)
class Item:
    """One 项: its number, and its text with the enumerator as printed."""

    number: int
    text: str


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the 款 of an article, each with the 项, 目 and table rows that follow it, in lines."""
    found: list[str] = []
    last = 0  # the last item of a plain list (一、二、), which counts on from 一
    for line in text.split("\n"):
        if not line:
            continue
        plain = _PLAIN_ITEM.match(line)
        number = to_int(plain[1]) if plain else None
        belongs = bool(found) and bool(_ITEM.match(line) or _POINT.match(line) or _TABLE.search(line))
        if found and number is not None and number == last + 1 and (last or found[-1][-1] in "：:"):
            belongs, last = True, number
        elif not belongs:
            last = 0
        if belongs:
            found[-1] += "\n" + line
        else:
            found.append(line)
    return tuple(found)


def items(paragraph: str) -> tuple[Item, ...]:
    """Return the 项 of one paragraph in order, with the lines (目) that belong to each."""
    found: list[Item] = []
    for line in paragraph.split("\n"):
        match = _ITEM.match(line) or (_PLAIN_ITEM.match(line) if "\n" in paragraph else None)
        number = to_int(match[1]) if match else None
        if number:
            found.append(Item(number, line))
        elif found:
            found[-1] = Item(found[-1].number, f"{found[-1].text}\n{line}")
    return tuple(found)


def lead(paragraph: str) -> str:
    """Return a paragraph without its items: what stands before the first one."""
    before: list[str] = []
    for line in paragraph.split("\n"):
        if _ITEM.match(line) or (before and _PLAIN_ITEM.match(line)):
            break
        before.append(line)
    return "\n".join(before)


def all_items(text: str, paragraph: int | None = None) -> list[tuple[int, Item]]:
    """Return (paragraph, item) for every item of an article, or of one of its paragraphs."""
    parts = enumerate(paragraphs(text), 1)
    return [(n, item) for n, part in parts if paragraph in (None, n) for item in items(part)]


def find_item(text: str, paragraph: int | None, number: int) -> tuple[int, Item] | None:
    """Return (paragraph, item) for an item of an article; ``paragraph`` None: wherever it stands first."""
    found = all_items(text, paragraph)
    return next(((n, item) for n, item in found if item.number == number), None)
