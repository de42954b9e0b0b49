"""Which words of a draft are given as those of a provision, and how a draft hangs together.

Quotations are bound as drafts do it: 「第…条规定：“…”」, 「“…”（《…》第…条）」, a block quotation below.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.book import LawBook
from corpus.citation import Reference, parse

MOST_QUOTED = 3_000


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words bound to a citation; ``marked`` tells quotation marks from plain words after 规定.

    A ``loose`` one stands further on in the sentence, and may be anyone's words.
    """

    text: str
    marked: bool
    start: int
    end: int
    loose: bool = False


_INSIDE = "[\u3400-\u9fff0-9]"
_WRAP = re.compile(  # not before 一、 or 3. which open an item
    rf"(?:(?<={_INSIDE})|(?<=[（《〈])|(?<=[）)])(?=\s*[条款项]))[ \t]*\n[ \t]*(?={_INSIDE}|[）》〉（])"
    r"(?![一二三四五六七八九十0-9]{1,3}[、.．])"
)


_MARKED_LINE = re.compile(r"[ \t]*(?:[>#|*+-]|\d{1,3}[.、])")  # of Markdown: a line of its own


def unwrapped(text: str) -> tuple[str, Sequence[int]]:
    """Return the text without the line breaks inside sentences, and where each character stood."""
    cuts = [
        m.span()
        for m in _WRAP.finditer(text)
        if not _MARKED_LINE.match(text, text.rfind("\n", 0, m.start()) + 1)
    ]
    if not cuts:
        return text, range(len(text) + 1)
    places: list[int] = []
    done = 0
    for start, end in cuts:
        places += range(done, start)
        done = end
    places += range(done, len(text) + 1)
    return "".join(text[place] for place in places[:-1]), places


_OWN = ("本法", "本法典", "本条例")
_CONTRACT = re.compile(
    r"(?:合同|协议|章程|规约|约定|手册|民约|clause|contract|agreement)[^。；，,\n]{0,4}$"
    r"|《[^》]{0,40}(?:合同|协议|章程|规则|制度|手册)》[^。；，,\n]{0,4}$|(?:规则|细则|制度|办法|规程)$"
)
_AGREED = re.compile(
    r"(?:约定|写明|中约定|\s?(?:of|in) (?:the (?!same|said)|his|her|their|our|its|your|this|that)\b)"
)
_OF_LAW = re.compile(r"(?:[的，,]?(?:规定|“)|[：:]\s?“|）)")
_INTO = re.compile(
    r"(?:依|依据|依照|根据|按|按照|参照|适用|违反|引|引用|援引|属|属于|即|包括|见|参见|看|新法|[：:；;、和及与（(])\s?$"
)


def references_of(text: str, book: LawBook, day: date) -> list[Reference]:
    """Read the references to laws, but those inside the law's own words that are quoted.

    A bare one is taken where it can only be of the law cited last, 本法 where the text names one law,
    and a range takes in the 之一 between its ends.
    """
    found: list[Reference] = []
    ahead = deque((start, law) for start, _, law in book.names.find(text))
    named: dict[str, int] = {}  # the laws named so far, and where each was last
    contract = bool(re.search(r"(?:合同|协议|章程)第|《[^》]{0,40}(?:合同|协议|章程)》|[Cc]lause \d", text))
    for reference in parse(text, book.names):
        last = found[-1] if found else None
        while ahead and ahead[0][0] < reference.start:
            start, law = ahead.popleft()
            named[law] = start
        if reference.law is None and reference.unknown_law is None:
            if len(named) == 1 and text[max(0, reference.start - 12) : reference.start].rstrip().endswith(
                _OWN
            ):
                reference = replace(reference, law=next(iter(named)))
            elif (held := _held(last, named)) and _goes_on(text, held, reference, len(named) > 1 or contract):
                reference = replace(reference, law=held.law)
            else:
                continue
        if last and (last.start, last.end, last.law) == (reference.start, reference.end, reference.law):
            found += _between(last, reference, book, day)
        found.append(reference)
    return _own_references(text, found)


def _held(last: Reference | None, named: Mapping[str, int]) -> Reference | None:
    """Return the last citation, else the law named last, which a bare article may go on from."""
    if last:
        return last if last.law else None
    law = max(named, key=lambda title: named[title], default=None)
    return Reference(law, 1, start=named[law], end=named[law]) if law else None


def _goes_on(text: str, last: Reference, reference: Reference, within_line: bool) -> bool:
    """Tell whether a bare article, a sentence later, is still one of the law cited last, not of a contract."""
    if (last.start, last.end) == (reference.start, reference.end):  # of one range
        return True
    between, after = text[last.end : reference.start], text[reference.end : reference.end + 12]
    far = within_line and "\n" in between and between[-1] not in "（("
    if "|" in between or far or _CONTRACT.search(between):
        return False
    if _AGREED.match(after) or re.search(r"(?:双方|甲乙)[^。；，,\n]{0,4}$", between):
        return False
    large = reference.article > 40 or reference.paragraph or reference.item or reference.raw[0] in "Aa"
    return bool(large or _OF_LAW.match(after) or _INTO.search(between))


def _between(last: Reference, following: Reference, book: LawBook, day: date) -> Iterator[Reference]:
    """Yield 第二百五十三条之一 where a range goes from 第二百五十三条 to the next article."""
    if last.paragraph or last.item or following.suffix or following.article != last.article + 1:
        return
    articles = book.law(last.law, day) if last.law else {}
    for suffix in range((last.suffix or 0) + 1, 100):
        between = replace(last, suffix=suffix)
        if between.label not in articles:
            return
        yield between


_LISTED = re.compile(r"[\s、，,和与及或以至到－\-]{0,6}")


def groups(text: str, references: Sequence[Reference]) -> Iterator[list[Reference]]:
    """Put references that hang together as one list; a quotation after it may be any one's."""
    group: list[Reference] = []
    for reference in references:
        if group and not (
            reference.start <= group[-1].end or _LISTED.fullmatch(text, group[-1].end, reference.start)
        ):
            yield group
            group = []
        group.append(reference)
    if group:
        yield group


_YEAR = re.compile(r"[（(]\s?((?:19|20)\d\d)(?:-\d\d-\d\d|年)?[^（）()]{0,16}[）)]")


def year_of(text: str, reference: Reference, group: Sequence[Reference]) -> str:
    """Return the year of the text that a citation names: 《公司法》（2018年修正）第十六条."""
    first = next(r for r in group if r.law == reference.law)
    named = _YEAR.search(text[first.start : first.end]) or _YEAR.match(text[first.end :].lstrip()[:40])
    return max(re.findall(r"(?:19|20)\d\d", named[0])) if named else ""


_OPEN = '“"「『'
_SHUT = {"“": "”", '"': '"', "「": "」", "『": "』"}
_SAYS = (
    r"(?:规定|载明|指出|明确|要求|写明|写道|写的是|内容为|内容是|原文为|原文是|表述为|所称|所述|称"
    r"|provides?|states?|reads?|says?)"
)
_HAN = "\u3400-\u9fff"
_HOW = r"(?:明确|明文|分别|已经|已|均|也|还|又|对此|就|现|即|正|都)*"
_AFTER = re.compile(  # up to the mark that opens a quotation
    rf"\s{{0,2}}(?:[（(][^（）()\n]{{0,40}}[）)])?\s?(?:中|里)?的?{_HOW}(?:{_SAYS}(?:规定)?(?:了|的|如下|如下内容|that)?"
    rf"\s?(?:[：:]|[，,](?![{_HAN}]{{0,5}}[称说问写讲喊答回认为])[{_HAN}]{{0,5}})?|[{_HAN}]{{0,12}}[：:]|[{_HAN}]{{0,6}}[，,](?:即|也即|也就是)[：:]?|[：:，,])?\s{{0,2}}(?=[{_OPEN}])"
)
_WORDS = re.compile(rf"\s?(?:中|里)?的?{_HOW}{_SAYS}(?:了|如下)?\s?([：:，,])\s{{0,2}}")
_SENTENCE = re.compile(r"[^\n。！？!?“”\"]{10,400}")
_BLOCK = re.compile(r"[^\n]{0,20}?[：:]?[ \t]*\n{1,2}((?:[ \t]*>[^\n]*\n?)+)")
_BEFORE = re.compile(
    rf"[{_HAN}]{{0,8}}[。；，,]?\s{{0,2}}(?:[（(\[【]|——?|-{{1,2}}|适用|属于?|即)\s?(?:见|参见|详见|出自|引自|载于)?\s?$"
)
_FURTHER = re.compile(rf"(?:(?!第[一二三四五六七八九十百千0-9])[^“”《》。；\n]){{1,48}}(?=[{_OPEN}])")
_CITED_AFTER = re.compile(r"[^“”\n]{0,8}[（(](?:见|参见)?\s?(?:《|第[一二三四五六七八九十百千0-9])")


def quotation_of(text: str, group: Sequence[Reference]) -> Quotation | None:
    """Return the words that are given as those of a group of provisions."""
    start, end = group[0].start, group[-1].end
    after = _AFTER.match(text, end)
    span = _between_marks(text, after.end()) if after else None
    loose = after is not None and not re.search(rf"[：:]|{_SAYS}", after[0])  # another citation may follow it
    if span and not (loose and _CITED_AFTER.match(text, span[1] + 1)):
        return Quotation(text[slice(*span)], True, *span)
    if block := _BLOCK.match(text, end):
        lines = (line.strip(" \t>") for line in block[1].splitlines())
        return Quotation("\n".join(lines).strip(), True, *block.span(1))
    before = _BEFORE.search(text[max(0, start - 20) : start])
    if before and (span := _before_marks(text, start - len(before[0]))):
        return Quotation(text[slice(*span)], True, *span)
    further = _FURTHER.match(text, end)
    span = _between_marks(text, further.end()) if further else None
    if span and not _CITED_AFTER.match(text, span[1] + 1):
        return Quotation(text[slice(*span)], True, *span, loose=True)
    words = _WORDS.match(text, end)
    sentence = _SENTENCE.match(text, words.end()) if words else None
    return Quotation(sentence[0], False, *sentence.span()) if sentence else None


def _own_references(text: str, references: Sequence[Reference]) -> list[Reference]:
    """Leave out the references that stand inside the law's words: 「…规定：“违反本法第十条…”」."""
    quotations = (quotation_of(text, group) for group in groups(text, references))
    spans = sorted((q.start, q.end) for q in quotations if q and q.marked and not q.loose)
    found: list[Reference] = []
    following = iter(spans)
    span = next(following, None)
    for reference in references:
        while span and span[1] <= reference.start:
            span = next(following, None)
        if not (span and span[0] <= reference.start):
            found.append(reference)
    return found


def _between_marks(text: str, at: int) -> tuple[int, int] | None:
    """Return the span inside the quotation marks that open at ``at``, marks inside included."""
    opened, shut = text[at], _SHUT[text[at]]
    if text.find(shut, at + 1, at + MOST_QUOTED) < 0:
        return None
    depth = 0
    for place in range(at, min(len(text), at + MOST_QUOTED)):
        if text[place] == opened and opened != shut:
            depth += 1
        elif text[place] == shut and place > at:
            depth -= opened != shut
            if depth == 0:
                return at + 1, place
    return None


def _before_marks(text: str, upto: int) -> tuple[int, int] | None:
    """Return the span of the quotation whose closing mark is the last character before ``upto``."""
    if not upto or text[upto - 1] not in '”"」』':
        return None
    shut = text[upto - 1]
    opened = next(mark for mark, other in _SHUT.items() if other == shut)
    if text.rfind(opened, max(0, upto - MOST_QUOTED), upto - 1) < 0:
        return None
    depth = 0
    for place in range(upto - 1, max(-1, upto - MOST_QUOTED), -1):
        if text[place] == opened and (opened != shut or place < upto - 1):
            depth -= opened != shut
            if depth == 0:
                return place + 1, upto - 1
        elif text[place] == shut:
            depth += 1
    return None
