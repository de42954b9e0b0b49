"""What a provision of a law refers to: 本法第十条, 前款, 上一条, and the articles of other laws.

Relative forms are counted from where they stand: in paragraph 3, 前款 is paragraph 2 and 前两款 are
paragraphs 1 and 2 (《立法技术规范（试行）（一）》, 2009).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.citation import Reference, parse, parse_article_number
from corpus.names import LawNames
from corpus.numerals import to_int
from corpus.structure import paragraphs

_N = "[一二两三四五六七八九十]"
_RELATIVE = re.compile(
    rf"(?:(?P<article>本条|[前上]一?条|[前上](?P<articles>{_N})条)|(?P<paragraph>[前上]一?款|[前上](?P<paragraphs>{_N})款)"
    rf"|(?P<item>[前上]一?项|[前上](?P<items>{_N})项))"
    rf"(?:第(?P<to_paragraph>{_N}{{1,3}})款)?(?:第?[（(]?(?P<to_item>{_N}{{1,3}})[）)]?项)?"
)
_ABOUT = re.compile(r"^(.+法)修正案|关于(?:修改)?《([^《》]+)》.*的(?:决定|解释)$")


def cross_references(
    law: str, number: str, text: str, numbers: Sequence[str], names: LawNames
) -> list[Reference]:
    """Return every reference in article ``number`` of ``law``, in the order of the text.

    ``numbers`` are the labels of the law's articles in order; they tell what 前条 is. A bare 第十条
    belongs to the law itself, in an amendment or interpretation of one law to that law. Spans count
    in ``text``.
    """
    about = _ABOUT.search(law)
    own = (names.resolve(about[1] or about[2]) if about else None) or law
    found: list[Reference] = []
    offset = 0
    for place, paragraph in enumerate(paragraphs(text), 1):
        offset = text.index(paragraph, offset)
        parts = [
            replace(r, law=own) if r.law is None and r.unknown_law is None else r
            for r in parse(paragraph, names)
        ]
        parts += _relative(paragraph, own, number, place, numbers)
        parts.sort(key=lambda reference: reference.start)
        found += [replace(r, start=r.start + offset, end=r.end + offset) for r in parts]
        offset += len(paragraph)
    return found


def _relative(
    text: str, law: str, number: str, paragraph: int, numbers: Sequence[str]
) -> Iterator[Reference]:
    """Read 本条, 前条, 前款 and 前项 in one paragraph."""
    here = numbers.index(number) if number in numbers else -1
    for match in _RELATIVE.finditer(text):
        if here < 0 or text[match.start() - 1 : match.start()] in ("目", "以", "提"):
            continue
        article, parts = number, [paragraph]
        if match["article"] and match["article"] != "本条":
            back = to_int(match["articles"] or "一") or 1
            if back > here:
                continue
            for label in numbers[here - back : here]:
                yield from _made(law, label, match, [None])
            continue
        if match["paragraph"]:
            back = to_int(match["paragraphs"] or "一") or 1
            parts = list(range(max(paragraph - back, 0), paragraph)) or [0]
        elif match["article"] and not match["to_paragraph"]:
            parts = []
        yield from _made(law, article, match, parts or [None])


def _made(law: str, label: str, match: re.Match[str], parts: Sequence[int | None]) -> Iterator[Reference]:
    """Make one Reference a paragraph (None: the whole article)."""
    place = parse_article_number(label)
    if place is None:
        return
    paragraph, item = (to_int(match[name]) if match[name] else None for name in ("to_paragraph", "to_item"))
    for part in [paragraph] if paragraph else parts:
        yield Reference(law, *place, part, item, None, match[0], match.start(), match.end())
