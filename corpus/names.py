"""The names of laws: what resolves to an official title, and where a text names a law.

Names resolve exactly or not at all; a longer or similar name never stands for a shorter one.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from corpus.registry import Instrument

TABLE = Path(__file__).with_name("lawnames.txt")
PRC = "中华人民共和国"

_NTH = r"(?:\([一二三四五六七八九十]{1,3}\)|[一二三四五](?=[第0-9]))?"
_FOREIGN = re.compile(
    r"(?:日本|德国|法国|美国|英国|韩国|朝鲜|俄罗斯|苏联|苏俄|瑞士|意大利|荷兰|奥地利|西班牙|葡萄牙|比利时|印度|越南|泰国"
    r"|新加坡|马来西亚|加拿大|澳大利亚|新西兰|巴西|欧盟|欧洲|台湾|香港|澳门|民国|国际|外国)(?:地区|联邦|的)?$"
)
_ABOUT = re.compile(
    r"(?:(?:全国人民代表大会|全国人大|常务委员会|常委会|最高人民法院|最高人民检察院|最高法|最高检|两高|国务院|、|和)*)"
    r"关于(?:适用|修改|废止|执行|贯彻|实施)$"
)
_ABOUT_WHAT = re.compile(rf"》?[^,。;:、!?\n第]{{0,24}}?(?:解释|规定|批复|意见|决定|通知|纪要|办法){_NTH}")
_LEFT_ENDS = frozenset(  # the last characters of _FOREIGN, _ABOUT and 实施: a cheap test before them
    "本国韩鲜斯联俄士利兰牙时度南坡亚大西盟洲湾港门际邦区的" + "用改止行彻施"
)
_BOOK = "(?:总则|物权|合同|人格权|婚姻家庭|继承|侵权责任)"
_LONGER = re.compile(  # what turns the name before it into the name of another instrument
    rf"》?(?:(?:的|若干问题的?|{_BOOK}编(?:通则)?(?:若干问题)?的?|有关[^,。;:、!?\n第]{{1,16}}?的)?(?:司法)?"
    rf"解释(?![了为道说力权学方规成清得到不下]|一下){_NTH}|(?:若干|时间效力的若干)(?:问题的?)?(?:规定|意见|批复){_NTH}"
    r"|的?(?:实施|施行|暂行|补充|配套)(?:条例|细则|办法|规定|意见)"
    rf"|的?(?:条例|细则|修正案{_NTH})|\(?(?:草案|征求意见稿|修订草案|修正草案)\)?)"
)
_NUMBERED = re.compile(r"》?\([一二三四五六七八九十]{1,3}\)")
_LOCAL_RULES = re.compile(r"》?的?(?:若干)?(?:办法|条例|细则|规定)")
_RIGHT_STARTS = frozenset(  # the first characters of _LONGER, _NUMBERED and _OTHER_WORD
    "》(的若总物合人婚继侵有司解时实施暂补配条细修草征" + "务院律庭官治学医令制警网师定规理案型"
)
_OTHER_WORD = re.compile(
    r"法(?:[务院律庭官治学医令警网师]|人(?!民)|制(?!度)|定(?!期)|规(?!定)|理(?!解)|案(?![例件]))|典型"
)
_VERSION = re.compile(r"\((?:19|20)\d\d年?(?:第.次)?(?:修正|修订|修改|公布|通过)(?:文|版)?本?\)$")
_CITED = re.compile(r"(?:\d|条(?:之.{1,3})?(?:第?.{1,5}款)?(?:第?.{1,6}项)?)$")
_ISSUER = re.compile(r"(?:最高人民法院|最高人民检察院|公安部|国务院|、)+(?=关于.{6})")
_SHORTENED = re.compile(
    r"最高人民法院关于(?:适用(民法典)?(?:有关)?(.+?)(?:有关|若干问题)?的?|审理(.+?)(?:纠纷)?案件(?:.*?法律(?:若干)?(?:问题)?|若干问题)的)"
    rf"(?:解释|规定)({_NTH})"
)
_MARKS = re.compile(r"[《》<>「」『』“”\"'\s]")
_SKIPPED = frozenset("《》「」『』“”\"' \t\r\n")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_HAN = re.compile(r"[\u3400-\u9fff]")
_OF_CHINA = re.compile(
    r",?\s{1,2}of\s{1,2}(?:the\s{1,2})?(?:people's\s{1,2}republic\s{1,2}of\s{1,2}china|p\.?\s?r\.?\s?c\b\.?|china)"
)
_ELSEWHERE = re.compile(r"\s{1,2}of\s{1,2}(?:the\s{1,2})?[A-Z]\w+")
_LONGER_EN = re.compile(
    r"(?:'s)?\s{1,2}(?:implement|(?:judicial\s)?interpretation|draft|amendment)\w*(?:\s(?:rules|regulations)\b)?"
)
_ABOUT_EN = re.compile(
    r"(?:implement\w*\b[\w\s]{0,40}?\b(?:of|for)|interpretations?\b[^.;]{0,60}?\bappl(?:ication|ying)\b[^.;]{0,60}?"
    r"|amendments?\b[\w\s()]{0,12}\bto)\s(?:the\s)?(?:(?:prc|chinese|china's)\s)?$"
)
_PREFIX_EN = re.compile(r"^(?:the )?(?:(?:prc|p r c|chinese|china's|people's republic of china(?:'s)?) )?")
_SUFFIX_EN = re.compile(r" of (?:the )?(?:people's republic of china|prc|p r c|china)$")
_ABROAD = re.compile(
    r"german|french|japanese|korean|swiss|italian|spanish|dutch|russian|taiwan(?:ese)?|u\.?s\.?|american|british|uk|indian"
    r"|english|vietnamese|thai|singapore|california|louisiana|quebec|european|eu|international|intellectual|macau|kong"
)
_COMMON = re.compile(
    r"prc|chinese|china(?:'s)?|the|under|per|see|in|by|of|and|or|does|do|is|what|which|according|to|from|with|can|may|a|how"
    r"|when|if|has|was|are|our|new|current|both|articles?|at|for|on|that|this|while|whether|since"
)


def _fold_table() -> dict[int, int]:
    """Map one character to one: half width, lower case, one kind of 《》, dash and apostrophe."""
    table = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)} | {c: c + 32 for c in range(65, 91)}
    table |= {c: c - 0xFEE0 + 32 for c in range(0xFF21, 0xFF3B)}
    table |= dict.fromkeys(map(ord, "‐‑‒–—―−"), ord("-"))
    for block in (range(0x2E80, 0x2FD6), range(0xF900, 0xFB00)):  # radicals and doubles that PDFs hold
        table |= {c: ord(n) for c in block if len(n := unicodedata.normalize("NFKC", chr(c))) == 1}
    table |= str.maketrans("〈〉〈〉　\xa0’〜⺠⻓⻅⻋⻔⻚⻛⻢", "《》《》  '~民长见车门页风马")
    return table


_FOLDED = _fold_table()


def fold(text: str) -> str:
    """Return ``text`` as names and citations are compared; offsets stay the same."""
    return text.translate(_FOLDED)


def _key(name: str) -> str:
    """Return what two spellings of the same name share."""
    text = fold(unicodedata.normalize("NFKC", name)).replace(PRC, " ")
    if _HAN.search(text):
        return _MARKS.sub("", text).replace(PRC, "")
    words = " ".join(re.findall(r"[a-z0-9']+", text)).replace("labour", "labor")
    return _SUFFIX_EN.sub("", _PREFIX_EN.sub("", words))


def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """Return alias → name (both as keys) and name → printed English name."""
    other: dict[str, str] = {}
    english: dict[str, str] = {}
    for row in TABLE.read_text("utf-8").splitlines():
        if row.startswith("#"):
            continue
        name, *columns = (part.strip() for part in row.split("|"))
        if not columns:
            other |= {plain: plain for plain in name.split()}
            continue
        in_english = columns[1].split("; ") if len(columns) > 1 else []
        other |= dict.fromkeys([name, *columns[0].split(), *map(_key, in_english)], name)
        if in_english:
            english[name] = in_english[0]
    return other, english


_ALIASES, _ENGLISH = _tables()


class Mention(NamedTuple):
    """One place where a text names a law.

    ``start`` and ``end`` take in its 《》; ``law`` is the official title, or None where we hold no
    such law; ``name`` is what the text wrote.
    """

    start: int
    end: int
    law: str | None
    name: str


class LawNames:
    """Official titles and every name that means exactly one of them.

    ``titles`` are held; ``known`` instruments resolve as well, but their text is not there.
    """

    def __init__(self, titles: Iterable[str], known: Mapping[str, Instrument] | None = None) -> None:
        self.held = frozenset(titles)
        self._instruments = known or {}
        self._exact = self.held | self._instruments.keys()
        self._law: dict[str, str] = {}
        for title in sorted(self._exact, key=self._rank):
            self._law.setdefault(_key(title), title)
        self._law.pop("", None)
        shortened = _short_names({k: t for k, t in self._law.items() if not self.repeal(t)})
        of_old = _short_names({k: t for k, t in self._law.items() if self.repeal(t)})
        for alias, old in of_old.items():  # 劳动争议司法解释 may mean the (一) in force
            if alias not in shortened and f"{alias}(一)" not in shortened:
                shortened[alias] = old
        meant = {alias: self._law[name] for alias, name in _ALIASES.items() if name in self._law}
        meant = {alias: next(iter(laws)) for alias, laws in shortened.items() if len(laws) == 1} | meant
        self._law = meant | self._law
        self._trie: dict[str, Any] = {}
        for key in {*_ALIASES, *self._law}:
            for spelling in {key, key.replace("labor", "labour")}:
                node = self._trie
                for char in spelling:
                    node = node.setdefault(char, {})
                node[""] = self._law.get(key)
        han = "".join(filter(_HAN.match, self._trie))
        latin = "".join(char for char in self._trie if "a" <= char <= "z")
        self._starts = re.compile(rf"[{han}中](?=[\W\u3400-\u9fff])|《|(?<![a-z0-9])[{latin}](?=[a-z-])")

    def resolve(self, name: str) -> str | None:
        """Return the official title that ``name`` means, or None; a similar name means nothing."""
        name = name.strip()
        if name in self._exact:
            return name
        return self._law.get(_key(name)) if len(name) <= 300 else None

    def _rank(self, title: str) -> tuple[bool, bool, str]:
        """Order titles that share a name: the held one first, then the one of the People's Republic."""
        return title not in self.held, not title.startswith(PRC), title

    def repeal(self, title: str) -> Instrument | None:
        """Return what is known of an instrument's repeal, or None where none is known."""
        known = self._instruments.get(title)
        return known if known and known.repealed else None

    def repealed_by(self, title: str) -> list[Instrument]:
        """Return the instruments that one law took the place of."""
        return [known for known in self._instruments.values() if known.successor == title]

    def short(self, title: str) -> str:
        """Return a title without 中华人民共和国."""
        return title.replace(PRC, "") or title

    def english(self, title: str) -> str | None:
        """Return the English name that we print for a title, where there is one."""
        key = _key(title)
        return _ENGLISH.get(_ALIASES.get(key, key))

    def suggest(self, name: str, n: int = 3) -> list[str]:
        """Return up to ``n`` titles whose names look like ``name``: suggestions, never an answer."""
        near = difflib.get_close_matches(_key(name[:100]), self._law, n=3 * n, cutoff=0.6) if n > 0 else []
        return list(dict.fromkeys(self._law[key] for key in near))[:n]

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Return (start, end, official title) of each name in ``text``, without its 《》."""
        found = []
        for start, end, law, _ in self.mentions(text):
            if law is not None:
                inner = text[start] in "《〈" and text[end - 1] in "》〉"
                found.append((start + inner, end - inner, law))
        return found

    def mentions(self, text: str) -> list[Mention]:
        """Return every place that names a law, held or not, in order and not overlapping.

        A name in 《》 counts as a whole. A name not held is seen where it stands in 《》, is longer
        than a known name in it, or is one of the common laws of the table.
        """
        folded = fold(text) + "\0"
        regions = _bracketed(folded)
        trie = self._trie
        found: list[Mention] = []
        done = 0
        for match in self._starts.finditer(folded):
            start = match.start()
            if start < done:
                continue
            char = folded[start]
            if char == "《":
                mention = self._in_brackets(text, folded, start, done, regions) if start in regions else None
            elif char == "中" or folded[start + 1] in trie[char] or not folded[start + 1].isalnum():
                mention = self._plain(text, folded, start, done)
            else:
                continue
            if mention is not None:
                found.append(mention)
                done = mention.end
        return found

    def _in_brackets(
        self, text: str, folded: str, start: int, done: int, regions: dict[int, int]
    ) -> Mention | None:
        """Read the 《…》 that opens at ``start``: a name, unless it holds a whole citation."""
        end = regions[start]
        inner = folded[start + 1 : end - 1]
        law = self._law.get(inner) or self._law.get(_MARKS.sub("", inner).replace(PRC, ""))
        if law is None and inner[0].isascii():
            law = self._law.get(_key(inner))
        elif law is None and inner[-1] == ")":
            law = self._law.get(_key(_VERSION.sub("", inner)))
        if law is None:
            name = _written(text[start + 1 : end - 1])
            return None if _CITED.search(inner) else Mention(start, end, None, name)
        return self._whole(text, folded, start, end, done, law)

    def _plain(self, text: str, folded: str, start: int, done: int) -> Mention | None:
        """Read the longest name at ``start``, 《》 and blanks inside ignored."""
        node, at, depth, skips = self._trie, start, 0, 8
        end, law = 0, None
        while True:
            char = folded[at]
            following = node.get(char)
            if following is None or char == "中":
                if char == "中" and skips and folded.startswith(PRC, at):
                    at, skips = at + len(PRC), max(0, skips - 3)
                    continue
                if following is None and char in "-\t\n\xa0" and " " in node:
                    following = node[" "]
                elif following is None and char == "," and folded[at + 1] == " " in node:
                    at += 1
                    continue
                elif following is None:
                    if char not in _SKIPPED or not skips or at == start:
                        break
                    depth += (char == "《") - (char == "》")
                    at, skips = at + 1, skips - 1
                    continue
            node, at = following, at + 1
            if "" in node and not depth and not (char in _LATIN and folded[at] in _LATIN):
                end, law = at, node[""]
        if not end:
            return None
        if folded[start].isascii():
            return _english(text, folded, start, end, done, law)
        return self._whole(text, folded, start, end, done, law)

    def _whole(
        self, text: str, folded: str, start: int, end: int, done: int, law: str | None
    ) -> Mention | None:
        """Return the mention of a Chinese name, or of the longer name around it, or None inside a word."""
        wider = None
        if start > done and folded[start - 1] in _LEFT_ENDS:
            wider = _wider_to_the_left(folded, start, end, done)
        if wider is None and folded[end] in _RIGHT_STARTS:
            if _OTHER_WORD.match(folded, end - 1):
                return None
            longer = _LONGER.match(folded, end)
            if longer is None and folded[end - 1] in "释定案见复":
                longer = _NUMBERED.match(folded, end)
            wider = (start, longer.end()) if longer else None
        if wider is not None:
            name = text[slice(*wider)]
            return Mention(*wider, self.resolve(name), _written(name))
        inner = folded[start] == "《"
        return Mention(start, end, law, text[start + inner : end - inner])


def _written(name: str) -> str:
    """Return a name from a text as it stands inside 《》: on one line, inner marks 〈〉."""
    if not _SKIPPED.isdisjoint(name):
        name = re.sub(r"\s+", "" if _HAN.search(name) else " ", name).replace("《", "〈").replace("》", "〉")
    return name.strip()


def _short_names(laws: Mapping[str, str]) -> dict[str, set[str]]:
    """Return the short names of laws given by key, each with every title that it may mean."""
    found: dict[str, set[str]] = {}
    for key, title in laws.items():
        for alias in _shortened(key):
            found.setdefault(alias, set()).add(title)
    return found


def _shortened(key: str) -> list[str]:
    """Return what a judicial interpretation also goes by: 民间借贷司法解释, 公司法解释三, 关于….

    A short name that two titles share is not used.
    """
    issued = _ISSUER.match(key)
    match = _SHORTENED.fullmatch(key)
    if match is None:
        return [key[issued.end() :]] if issued else []
    code, applied, tried, nth = match.groups()
    stems = [tried or applied, *([code + applied] if code else [])]
    for alias, name in _ALIASES.items():
        if applied and alias != name and applied.startswith(name) and _HAN.match(alias):
            stems.append(alias + applied[len(name) :])
    kinds = ["解释", "司法解释", *(["规定"] if "规定" in key[-6:] and len(stems[0]) > 3 else [])]
    short = [stem + kind + end for stem in stems for kind in kinds for end in {nth, nth.strip("()")}]
    return short + ([key[issued.end() :]] if issued else [])


def _bracketed(folded: str) -> dict[int, int]:
    """Return start → end of each outermost 《…》 that can hold a name.

    A name stays within one sentence and 150 characters.
    """
    spans: list[tuple[int, int]] = []
    opened: list[int] = []
    for match in re.finditer("[《》。!?]", folded) if "》" in folded else ():
        char = match[0]
        if char == "《":
            opened.append(match.start())
        elif char != "》":
            opened.clear()
        elif opened:
            start, end = opened.pop(), match.end()
            if 2 < end - start <= 150:
                while spans and spans[-1][0] > start:
                    spans.pop()
                spans.append((start, end))
    return dict(spans)


def _wider_to_the_left(folded: str, start: int, end: int, done: int) -> tuple[int, int] | None:
    """Return the bounds of 德国民法典, 关于适用〈民法典〉…的解释, 实施〈…法〉办法 around a name."""
    before = folded[max(done, start - 60) : start]
    if foreign := _FOREIGN.search(before):
        return start - len(before) + foreign.start(), end
    if (about := _ABOUT.search(before)) and (what := _ABOUT_WHAT.match(folded, end)):
        return start - len(before) + about.start(), what.end()
    if before.endswith("实施") and (rules := _LOCAL_RULES.match(folded, end)):
        return start - 2, rules.end()
    return None


def _english(text: str, folded: str, start: int, end: int, done: int, law: str | None) -> Mention:
    """Read an English name in its place: of the PRC, of another country, or in a longer name."""
    if of_china := _OF_CHINA.match(folded, end):
        return Mention(start, of_china.end(), law, text[start:end])
    begin = start
    longer = _ELSEWHERE.match(text, end) or _LONGER_EN.match(folded, end)
    if longer:
        end = longer.end()
    lead = text[max(done, start - 160) : start]
    if re.search("mplement|nterpret|mendment", lead) and (about := _ABOUT_EN.search(fold(lead))):
        begin = start - len(lead) + about.start()
    elif (words := lead[-40:].split()) and lead[-1].isspace():
        word, opening = words[-1], len(words) == 1 or words[-2][-1] in ".?!:;,"
        named = word[0].isupper() and not opening and not _COMMON.fullmatch(word.lower().strip(".,:;"))
        if named or _ABROAD.fullmatch(word.lower()):
            begin = start - len(lead) + lead.rindex(word)
    if longer or begin < start:
        return Mention(begin, end, None, _written(text[begin:end]))
    return Mention(start, end, law, text[start:end])
