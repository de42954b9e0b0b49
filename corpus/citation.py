"""One grammar for citations: read and print 《…》第…条之…第…款第（…）项, "Civil Code art. 1038" and 案号."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from corpus.names import LawNames, Mention, fold
from corpus.numerals import to_chinese, to_int

LAST_ARTICLE, LAST_SUFFIX, LAST_PART = 9_999, 99, 999
LONGEST_RANGE = 200
MOST_FROM_RANGES = 10_000  # in one text; beyond it a range gives its two ends

# All patterns read folded text: half width, lower case, one kind of dash. Repeats are bounded, so
# that reading is linear in the length of the text.
_DIGITS = "零〇○一二三四五六七八九十百千万两"
_ANY = rf"[0-9{_DIGITS}]"
_N = rf"(?:[0-9]{{1,9}}|[{_DIGITS}]{{1,12}})"
_S = r"[ \t]{0,3}"
_ONE = rf"(?:\({_S}{_N}{_S}\)|{_N}(?:之{_N}(?={_S}条))?)"
_AND = r"(?:以及|或者|[、,和与及或至到~-])"
_RANGES = frozenset("至到~-")
_UNITS = "条款项"
_PIECE = re.compile(
    rf"{_S}(第)?{_S}({_ONE}(?:{_S}{_AND}{_S}{_ONE}){{0,60}}){_S}"
    r"(条(?!件|例(?!外)|约(?!定))|款(?![式额])|项(?!目))"
)
_TOKEN = re.compile(rf"\(?{_S}({_N})(?:之({_N}))?{_S}\)?|{_AND}")
_JOIN = re.compile(rf"{_S}({_AND}){_S}(?=[第之(]|{_ANY})")
_SUFFIX = re.compile(rf"{_S}之{_S}({_N})(?!{_ANY}|[切方般些直致旦样款项个种名次条部半年月日倍])")
_PLAIN = re.compile(
    rf"第?{_S}([0-9]{{1,9}}(?:{_S}[、和至到~-]{_S}[0-9]{{1,9}}){{0,60}})(?![0-9a-z])"
    rf"(?!{_S}(?:[年元天个月日号时分秒岁万亿千百块名人次周小倍版届章节编页字部种期批份件张册套本条款项目%/]|[.:-][0-9]"
    r"|(?:years?|days?|months?|hours?|yuan|rmb)\b))"
)
_TO_PLAIN = re.compile(rf"[”\"』」】》)]?{_S}(?=第?{_S}[0-9])")
_TO_BARE = re.compile(rf"[”\"』」】》)]?{_S}(?:中的|里的|的)?{_S}(?={_ANY})")
_GAP = re.compile(
    rf"[”\"』」】》)]{{0,2}}(?:\([^()\n]{{0,40}}\))?{_S}(?:中的?|里面?的?|规定的|的|之)?{_S},?{_S}"
)
_ANCHOR = re.compile(
    rf"第(?={_S}\(?{_ANY}{{1,12}}\)?{_S}(?:条|{_AND}))"
    r"|(?<![a-z])art(?:icles?|s)?\b\.?(?=\s{0,2}[0-9])|§{1,2}(?=\s?[0-9])"
)
_HEREAFTER = re.compile(r"\(?[^()《》。;]{0,40}?以下(?:均)?(?:简称|称)(?:为|:)?[“\"]?")
_SHORT_NAME = re.compile(r"以下(?:均|统)?(?:简称|称)(?:为|:)?[“\"「]([^“”\"「」《》\n]{2,20})[”\"」]")
_SAME_ARTICLE = re.compile(r"(?:同|该)条(?=第)")
_SENTENCE_END = re.compile(r"[。!?\n！？|]|\.(?=\s{1,3}[A-Z])")
_THING = re.compile(
    r"评论|微博|消息|短信|信息|微信|朋友圈|视频|留言|建议|新闻|回复|弹幕|评价|线索|街|路|船|狗|鱼|裤|命|河|腿"
)
_OURS = re.compile(
    r"(?:本(?:实施|施行|暂行)?(?:法典?|条例|办法|规定|细则|解释|规则|决定)|(?:^|[其的及]|相关|有关)司法解释"
    r"|合同|协议书?|章程|规约|承诺书|手册|制度|计划书|备忘录|租约|保单|条款|文件|约定|声明)(?:里|中)?的?$"
    r"|(?:有限|集团|责任|股份|某|本|我|×|X)公司|民约的?$|平台规则"
    r"|[本我](?:校|院|所|村|社区|单位|协会)[\u3400-\u9fff]{0,16}(?:细则|办法|规定|规则|制度|条例)的?$"
)
_GENERIC = re.compile(r"(?:规定|解释|办法|条例|决定|细则|规则|意见|通知|修正案)")
_LAWLIKE = re.compile(
    r"(?:法典?|条例|规定|解释|办法|决定|细则|规则|意见|通知|修正案|批复|纪要|准则|标准|公约|协定|程序"
    r"|law|code|act|regulations?|rules|provisions)(?:[(（].*[)）])?$"
)
_SAME = re.compile(
    r"(?:该|同|此|上述|前述)(?:特别|暂行|实施|若干)?(?:部?法律?|法典|条例|办法|规定|细则|解释|规则)的?$"
)
_RUN = re.compile(r"[\u3400-\u9fff()]{2,48}$")
_NOT_A_LAW = "新旧老原方看做说想违合司执非依立普守犯无没设书魔疗语打玩写用办手技算枪的该本"
_INSTRUMENT = re.compile(
    r"(?:(?<![的关该其本之等])(?:条例|办法|规定|细则|规则|解释|决定|修正案|准则|通知|意见)"
    rf"|(?<![{_NOT_A_LAW}])法典?)(?:\([一二三四五六七八九十]{{1,3}}\))?$"
)
_ISSUED = re.compile(
    r"(?:最高人民法院|最高人民检察院|国务院|[\u3400-\u9fff]{2,6}[部委局省市])?关于.*(?:规定|解释|决定|批复|意见)$"
)
_LEAD = re.compile(
    r"(?:.*(?:根据|依据|依照|按照|参照|违反|(?<!关于)适用(?!法律)|符合|以及|请问|触犯|援引|引用))?"
    r"(?:和|与|及|或者?|在|是|按|依|据|我国|现行|因|由|的|了|对|从|参?见|看|问|中|里|相关|有关|其)*"
)

_EN_LIST = re.compile(
    r"\s{0,2}([0-9]{1,9}(?:-[0-9]{1,9})?"
    r"(?:(?:\s?,\s{0,2}(?:(?:and|or)\s{1,2})?|\s{1,2}(?:and|or|to|through|&)\s{1,2})[0-9]{1,9}(?:-[0-9]{1,9})?){0,60})"
    r"(?![0-9])(?!\.[0-9])"
)
_EN_NUMBER = re.compile(r"(to|through)?\s*([0-9]{1,9})(?:-([0-9]{1,9}))?")
_EN_PART = r"\s{0,2}\(?([0-9]{1,4})\)?"
_EN_PARAGRAPH = re.compile(rf"(?:,?\s{{0,2}}(?:para(?:graph)?\b\.?|¶){_EN_PART}|\(([0-9]{{1,4}})\))(?![0-9])")
_EN_ITEM = re.compile(rf"(?:,?\s{{0,2}}(?:subparagraph|item|point)\b{_EN_PART}|\(([0-9]{{1,4}})\))(?![0-9])")
_EN_BEFORE = re.compile(
    rf"(?:\bitem{_EN_PART},?\s{{1,2}}(?:of\s{{1,2}})?)?\bpara(?:graph)?\b\.?{_EN_PART},?\s{{1,2}}"
    r"(?:of\s{1,2})?(?:the\s)?$"
)
_EN_OF = re.compile(r",?\s{1,2}(of\s{1,2}(?:the\s{1,2})?|the\s{1,2})?(?:(?:prc|chinese|china's)\s{1,2})?")
_EN_NAME = re.compile(
    r"[\"“]?([A-Z][\w'&-]{0,20}(?:\s(?:[A-Z][\w'&-]{0,20}|of|and|on|for|the|in)){0,8}\s(?:Law|Code|Act|Regulations?|Rules))\b[\"”]?"
)
_EN_SAME = re.compile(r",?\s{1,2}of\s{1,2}(?:the\s)?(?:same|said|that)\b")

_CASE = re.compile(
    r"[(\[〔【]\s?((?:19|20)[0-9]{2})\s?[)\]〕】]\s?([\u3400-\u9fff]{1,8})\s?([0-9]{0,4})\s?([\u3400-\u9fff]{0,8}?)"
    r"\s?([0-9]{1,7})\s?号(之[一二三四五六七八九十]{1,3})?"
)
_OF_A_COURT = re.compile("[民刑行执赔破知商财清仲]")
_ALONE = re.compile(rf"(?:第|art(?:icle|\b\.?)|§)?\s{{0,3}}({_N}){_S}条?{_S}(?:[之-]{_S}({_N}){_S}条?)?")


@dataclass(frozen=True, slots=True)
class Reference:
    """One provision that a text cites, and where.

    ``law`` is the official title; where the text names a law that is not held, ``law`` is None
    and ``unknown_law`` the name as written. A bare 第十条 has neither. ``start`` and ``end`` are
    characters of the text; a range gives every article the span of the whole.
    """

    law: str | None
    article: int
    suffix: int | None = None
    paragraph: int | None = None
    item: int | None = None
    unknown_law: str | None = None
    raw: str = field(default="", compare=False)
    start: int = field(default=-1, compare=False)
    end: int = field(default=-1, compare=False)

    @property
    def label(self) -> str:
        """Print the article's number as the law does: 第二百五十三条之一."""
        return article_label(self.article, self.suffix)


class _Place(NamedTuple):
    """An article or a part of one, and its span."""

    start: int
    end: int
    article: int
    suffix: int | None = None
    paragraph: int | None = None
    item: int | None = None


def parse(text: str, names: LawNames) -> list[Reference]:
    """Read every reference to a provision, in the order of the text.

    A bare article belongs to the law named last before it in the same sentence. Articles above
    9,999 and paragraph or item 0 are no references. A range gives each article, at most 200: the
    first 199 and the last.
    """
    folded = fold(text)
    return list(_Reader(text, folded, names).references()) if re.search(_ANY, folded) else []


class _Reader:
    """One pass over one text: its mentions of laws, and the sentences that part them."""

    def __init__(self, text: str, folded: str, names: LawNames) -> None:
        self.text, self.folded = text, folded
        self.mentions = _defined(folded, names.mentions(text))
        self.at_start = {mention.start: mention for mention in self.mentions}
        self.ends = [match.start() for match in _SENTENCE_END.finditer(text)]
        self.near: Mention | None = None  # the last 《…》 or law
        self.last: Mention | None = None  # the last law, held or not, or contract
        self.latest: Reference | None = None
        self.again = 0  # where 该法 last named the law again
        self.done = 0
        self.left = MOST_FROM_RANGES

    def references(self) -> Iterator[Reference]:
        """Yield references at 第, art. and §, and at the number that follows a name."""
        starts = {match.start(): False for match in _ANCHOR.finditer(self.folded)}
        starts |= {match.start(): False for match in _SAME_ARTICLE.finditer(self.folded)}
        for mention in self.mentions:
            if mention.law or _LAWLIKE.search(mention.name.lower()):
                gaps = (pattern.match(self.folded, mention.end) for pattern in (_TO_PLAIN, _TO_BARE))
                starts |= {gap.end(): True for gap in gaps if gap}
        following = iter(self.mentions)
        ahead = next(following, None)
        for start in sorted(starts):
            while ahead is not None and ahead.end <= start:
                self.near = ahead
                if ahead.law or _LAWLIKE.search(ahead.name.lower()) or _OURS.search(ahead.name):
                    self.last, self.again = ahead, 0
                ahead = next(following, None)
            if start < self.done or (ahead is not None and ahead.start < start):
                continue
            if self.folded[start] in "a§":
                found = self._english(start)
            elif self.folded[start] in "同该":
                found = self._same_article(start)
            else:
                found = self._chinese(start, starts[start])
            for reference in found:
                self.latest = reference
                yield reference

    def _chinese(self, start: int, direct: bool) -> Iterator[Reference]:
        places, end = _places(self.folded, start, direct, min(LONGEST_RANGE, max(self.left, 2)))
        if not places:
            return
        law, unknown, begin = self._law(start)
        a_thing = begin == start and _THING.match(self.folded, end)  # 第一条评论
        if a_thing and (places[0].article <= 30 or not (law or unknown)):
            return
        self.done = end
        first, before = places[0].start, None
        for place in places:
            self.left -= place.start == before
            before = place.start
            yield self._reference(place._replace(start=begin) if before == first else place, law, unknown)

    def _same_article(self, start: int) -> Iterator[Reference]:
        """Read 同条第二款 as a part of the article cited last."""
        latest = self.latest
        if latest is None or self.folded.rfind("\n", 0, start) > latest.end:
            return
        parts, end = _places(f"第{latest.article}条{self.folded[start + 2 :][:60]}", 0, False, LONGEST_RANGE)
        shift = start + 2 - len(f"第{latest.article}条")
        self.done = end + shift
        for part in parts:
            if part.paragraph or part.item:
                place = part._replace(
                    start=max(start, part.start + shift), end=part.end + shift, suffix=latest.suffix
                )
                yield self._reference(place, latest.law, latest.unknown_law)

    def _english(self, start: int) -> Iterator[Reference]:
        word = _ANCHOR.match(self.folded, start)
        listed = _EN_LIST.match(self.folded, word.end()) if word else None
        if word is None or listed is None:
            return
        end = listed.end()
        several = word[0].rstrip(".").endswith("s") or word[0] == "§§"
        numbers = _english_numbers(listed[1], several, min(LONGEST_RANGE, max(self.left, 2)))
        if not several and len(numbers) > 1 and self.folded[end : end + 4].split() != ["of"]:
            end = listed.start(1) + len(re.split(r"[\s,]", listed[1], maxsplit=1)[0])
            numbers = numbers[:1]
        law, unknown, begin = self._law(start)
        before = _EN_BEFORE.search(self.folded[max(self.done, start - 60) : start])
        parts: list[str | None] = [before[2], before[1]] if before else [None, None]
        if before and begin == start:
            begin -= len(before[0])
        end = self._english_parts(end, parts)
        of = _EN_OF.match(self.folded, end)
        mention = self.at_start.get(of.end()) if of else None
        if of and mention and (of[1] or law is None):
            law, unknown = _named(mention)
            end = self._english_parts(mention.end, parts)
        elif of and (name := _EN_NAME.match(self.text, of.end())):
            law, unknown, end = None, name[1], name.end()
        elif of and of[1] and of[1].startswith("of") and not _EN_SAME.match(self.folded, end):
            law = unknown = None
        self.done = end
        paragraph, item = (int(part) if part else None for part in parts)
        if any(part is not None and not 0 < part <= LAST_PART for part in (paragraph, item)):
            return
        self.left -= len(numbers) - 1
        for article, suffix in numbers:
            yield self._reference(_Place(begin, end, article, suffix, paragraph, item), law, unknown)

    def _english_parts(self, at: int, parts: list[str | None]) -> int:
        """Read ", paragraph 1, item 2" or "(1)(2)" into ``parts``; return where it ends."""
        for index, pattern in enumerate((_EN_PARAGRAPH, _EN_ITEM)):
            match = pattern.match(self.folded, at) if parts[index] is None else None
            if match:
                parts[index], at = match[1] or match[2], match.end()
        return at

    def _reference(self, place: _Place, law: str | None, unknown: str | None) -> Reference:
        start, end, article, suffix, paragraph, item = place
        return Reference(law, article, suffix, paragraph, item, unknown, self.text[start:end], start, end)

    def _law(self, start: int) -> tuple[str | None, str | None, int]:
        """Return the law of an article at ``start``, held or unknown, and where its citation begins."""
        last, near = self.last, self.near
        since = near.end if near else 0
        if near and start - since <= 60 and _GAP.fullmatch(self.folded, since, start):
            return *_named(near), near.start
        before = self.folded[max(since, self.done, start - 48) : start]
        tail = before.rstrip(" \t")
        if tail and ("\u3400" <= tail[-1] <= "\u9fff" or tail[-1] == ")"):
            if _OURS.search(tail):
                return None, None, start
            if last and _SAME.search(tail):
                self.again = start
                return *_named(last), start
            if (length := _instrument(tail)) and not _OURS.search(tail):
                end = start - len(before) + len(tail)
                return None, self.text[end - length : end], end - length
        if last:
            index = bisect_left(self.ends, max(last.end, self.again))
            if index == len(self.ends) or self.ends[index] >= start:
                return *_named(last), start
        return None, None, start


def _named(mention: Mention) -> tuple[str | None, str | None]:
    """Return a mention as (law, unknown law); 《租赁合同》 and a 《规定》 never named in full are neither."""
    neither = mention.law or _OURS.search(mention.name) or _GENERIC.fullmatch(mention.name)
    return mention.law, None if neither else mention.name


def _defined(folded: str, mentions: list[Mention]) -> list[Mention]:
    """Give 《办法》 its meaning where the text says 《…办法》（以下简称《办法》）."""
    meanings: dict[str, Mention] = {}
    found: list[Mention] = []
    for mention in mentions:
        if mention.law is None:
            between = folded[found[-1].end : mention.start] if found else ""
            if len(between) < 60 and _HEREAFTER.fullmatch(between):
                meanings[mention.name] = found[-1]
            if meaning := meanings.get(mention.name):
                mention = mention._replace(law=meaning.law, name=meaning.name)
        found.append(mention)
    return _with_short_names(folded, found)


def _with_short_names(folded: str, mentions: list[Mention]) -> list[Mention]:
    """Add each later 基本法第…条 where the text says 《…基本法》（以下简称“基本法”）."""
    added: list[Mention] = []
    for match in _SHORT_NAME.finditer(folded):
        before = [m for m in mentions if m.end <= match.start() and match.start() - m.end < 60]
        if not before or "。" in folded[before[-1].end : match.start()]:
            continue
        short = re.compile(rf"{re.escape(match[1])}(?=[”\"»》]?的?{_S}第{_S}\(?{_ANY})")
        added += [
            Mention(*use.span(), before[-1].law, before[-1].name)
            for use in short.finditer(folded, match.end())
            if not any(m.start < use.end() and use.start() < m.end for m in mentions)
        ]
    return sorted([*mentions, *added]) if added else mentions


def _instrument(tail: str) -> int:
    """Return the length of the name of a law, not in 《》, that ends ``tail``: 某某管理条例."""
    run = _RUN.search(tail)
    if run is None:
        return 0
    if issued := _ISSUED.search(run[0]):
        return len(issued[0])
    lead = _LEAD.match(run[0])
    name = run[0][lead.end() :] if lead else run[0]
    kind = _INSTRUMENT.search(name)
    return len(name) if kind and kind.start() > 0 and len(name) >= (2 if kind[0][0] == "法" else 4) else 0


def _places(folded: str, at: int, direct: bool, longest: int) -> tuple[list[_Place], int]:
    """Read articles, paragraphs and items that hang together, and say where they end.

    A list or a range goes on at any level: 第十条第一款、第三款和第十二条. ``direct`` says that a law's
    name stands right before, so that 1038条 and 1038 count without 第.
    """
    places: list[_Place] = []
    level, end, joint = -1, at, ""
    while True:
        further = _SUFFIX.match(folded, at) if level == 0 and joint else None
        piece = None if further else _PIECE.match(folded, at)
        if further:
            _add_suffix(places, further, joint, places[-1]._replace(start=at, suffix=places[-1].suffix))
            at = end = further.end()
        elif piece and _continues(piece, level, joint, direct):
            unit = _UNITS.index(piece[3])
            outer = piece.start(1) if piece[1] else piece.start(2), piece.end()
            numbers = _numbers(folded, piece.span(2), outer, LAST_PART if unit else LAST_ARTICLE, longest)
            if numbers is None:  # 第零款, 第一万条: no reference at all
                return (places[:-1] if unit else places), piece.end()
            _extend(places, numbers, unit, level, joint, longest)
            level, at = unit, piece.end()
            if unit == 0 and (own := _SUFFIX.match(folded, at)):
                _add_suffix(places, own, joint, None)
                at = own.end()
            end = at
        else:
            break
        join = _JOIN.match(folded, at)
        joint, at = (join[1], join.end()) if join else ("", at)
    plain = _PLAIN.match(folded, at) if direct and not places else None
    if plain and not any(1949 <= int(n) <= 2099 or n[0] == "0" for n in re.findall("[0-9]+", plain[1])):
        places = _numbers(folded, plain.span(1), plain.span(), LAST_ARTICLE, longest) or []
        end = plain.end()
        if places and (own := _SUFFIX.match(folded, end)):
            _add_suffix(places, own, "", None)
            end = own.end()
    return places, end


def _continues(piece: re.Match[str], level: int, joint: str, direct: bool) -> bool:
    """Say whether a piece belongs to the citation before it, or opens one."""
    unit, bare, written = _UNITS.index(piece[3]), piece[1] is None, piece[2]
    if level < 0:
        return unit == 0 and (not bare or (direct and (len(written) > 1 or written.isdigit())))
    if bare and unit == 2 and written[0] not in "(0123456789":
        return False
    if not joint:
        return unit > level
    return unit <= level if joint != "," else not bare or written[0] == "("


def _add_suffix(places: list[_Place], match: re.Match[str], joint: str, beside: _Place | None) -> None:
    """Read 之N into the last place, or ``beside`` it: 之一、之二; 第一百二十条之一至之六."""
    suffix = _number(match[1], LAST_SUFFIX)
    if suffix is None:
        return
    place = (beside or places.pop())._replace(end=match.end(), suffix=suffix)
    last = places[-1] if places else None
    if last and last.suffix and joint in _RANGES and last.article == place.article:
        place = place._replace(start=last.start)
        places += [place._replace(suffix=n) for n in range(last.suffix + 1, suffix)]
    places.append(place)


def _extend(places: list[_Place], new: list[_Place], unit: int, level: int, joint: str, longest: int) -> None:
    """Add the numbers of one piece: below the last place, beside it, or as the end of a range."""
    part = ("article", "paragraph", "item")[unit]
    last = places[-1] if places else None
    if last and unit:
        new = [last._replace(start=n.start, end=n.end, item=None)._replace(**{part: n.article}) for n in new]
        if unit > level:
            new[0] = new[0]._replace(start=last.start)
            places.pop()
    if last and joint in _RANGES and unit <= level and (low := getattr(last, part)):
        to = new[0]
        places[-1] = last._replace(end=to.end)
        new[0] = to = to._replace(start=last.start)
        upto = min(getattr(to, part), low + longest - 1)
        places += [to._replace(**{part: n}) for n in range(low + 1, upto)]
    places += new


def _numbers(
    folded: str, span: tuple[int, int], outer: tuple[int, int], most: int, longest: int
) -> list[_Place] | None:
    """Read 二十五、二十六, 10-12 or 253-1 as places; None where one number cannot be.

    The first and the last place reach to the bounds of ``outer``.
    """
    found: list[_Place] = []
    joint = ""
    for token in _TOKEN.finditer(folded, *span):
        if token[1] is None:
            joint = token[0]
            continue
        value = _number(token[1], most)
        if value is None:
            return None
        end = outer[1] if token.end() == span[1] else token.end()
        suffix = _number(token[2], LAST_SUFFIX) if token[2] else None
        last = found[-1] if found else None
        if last is None or joint not in _RANGES:
            found.append(_Place(token.start() if last else outer[0], end, value, suffix))
            continue
        found[-1] = last = last._replace(end=end)
        if joint == "-" and most == LAST_ARTICLE and value < last.article and value <= LAST_SUFFIX:
            found[-1] = last._replace(suffix=value)
        else:
            between = range(last.article + 1, min(value, last.article + longest - 1))
            found += [last._replace(article=n) for n in (*between, value)]
    return found


def _english_numbers(listed: str, several: bool, longest: int) -> list[tuple[int, int | None]]:
    """Read "10, 11 and 12", "10 to 12" or "253-1"; empty where one number cannot be."""
    found: list[tuple[int, int | None]] = []
    for upto, first, second in _EN_NUMBER.findall(listed):
        low, high = int(first), int(second or 0)
        if not 0 < low <= LAST_ARTICLE or high > LAST_ARTICLE or (second and not high):
            return []
        if upto and found:
            before = found[-1][0]
            found += [(n, None) for n in (*range(before + 1, min(low, before + longest - 1)), low)]
        elif several and high > low:
            found += [(n, None) for n in (*range(low, min(high, low + longest - 1)), high)]
        else:
            found.append((low, high if 0 < high <= LAST_SUFFIX else None))
    return found


@lru_cache(maxsize=4096)
def _number(text: str, most: int) -> int | None:
    """Read a number from 1 to ``most``, in digits or as laws print it."""
    value = to_int(text)
    if value is None or not 0 < value <= most or text == "两":
        return None
    if not text.isdigit() and any(unit in text for unit in "十百千"):
        plain = re.sub("[零〇○]", "", text.replace("两", "二")).replace("一十", "十")
        if plain != to_chinese(value).replace("零", "").replace("一十", "十"):
            return None
    return value


def parse_article_number(text: str) -> tuple[int, int | None] | None:
    """Read an article number typed alone: 1038, 第一千零三十八条, 253条之一, 253-1, art. 253-1."""
    match = _ALONE.fullmatch(fold(text[:60]).strip())
    article = _number(match[1], LAST_ARTICLE) if match else None
    if match is None or article is None:
        return None
    suffix = _number(match[2], LAST_SUFFIX) if match[2] else None
    return None if match[2] and suffix is None else (article, suffix)


def article_label(article: int, suffix: int | None = None) -> str:
    """Print an article's number: (253, 1) → 第二百五十三条之一."""
    return f"第{to_chinese(article)}条" + (f"之{to_chinese(suffix)}" if suffix else "")


def format_reference(ref: Reference, names: LawNames | None = None) -> str:
    """Print a reference as courts do: 《中华人民共和国刑法》第二百五十三条之一第二款第（一）项."""
    law = ref.law or ref.unknown_law
    if names is not None and ref.law:
        law = names.resolve(ref.law) or ref.law
    paragraph = f"第{to_chinese(ref.paragraph)}款" if ref.paragraph else ""
    item = f"第（{to_chinese(ref.item)}）项" if ref.item else ""
    return (_bracketed(law) if law else "") + ref.label + paragraph + item


def _bracketed(name: str) -> str:
    """Print a name in 《》, the marks inside it as 〈〉."""
    return f"《{name.replace('《', '〈').replace('》', '〉')}》"


def format_reference_en(ref: Reference, names: LawNames) -> str:
    """Print a reference in English: Criminal Law, Article 253-1, paragraph 2, item 1."""
    law = ref.unknown_law
    if ref.law:
        law = names.english(ref.law) or _bracketed(names.short(ref.law))
    elif law and not law.isascii():
        law = _bracketed(law)
    text = f"Article {ref.article}" + (f"-{ref.suffix}" if ref.suffix else "")
    text += f", paragraph {ref.paragraph}" if ref.paragraph else ""
    return (f"{law}, " if law else "") + text + (f", item {ref.item}" if ref.item else "")


def parse_case_numbers(text: str) -> list[str]:
    """Return each 案号 once, printed as （2020）苏0281民初1234号."""
    found = (match.groups(default="") for match in _CASE.finditer(fold(text)))
    printed = (
        f"（{year}）{court}{code}{kind}{number}号{nth}"
        for year, court, code, kind, number, nth in found
        if _OF_A_COURT.search(court + kind)
    )
    return list(dict.fromkeys(printed))
