"""The names of laws: what resolves to an official title, and where a text names a law.

Names resolve exactly or not at all; a longer or similar name never stands for a shorter one.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple

PRC = "中华人民共和国"
CIVIL_CODE = (PRC + "民法典", "2021-01-01")
REPLACED = frozenset(
    ["婚姻法", "继承法", "民法通则", "收养法", "担保法", "合同法", "物权法", "侵权责任法", "民法总则"]
)

# name | aliases in use | English names, the printed one first; " # " parts two laws. A line without | lists
# names alone: a shorter name is not found inside them even where their text is not held.
_TABLE = """
宪法||Constitution # 民法典||Civil Code # 刑法|刑法典|Criminal Law; Criminal Code
刑事诉讼法|刑诉法|Criminal Procedure Law; Criminal Procedure Code; Code of Criminal Procedure
民事诉讼法|民诉法|Civil Procedure Law; Civil Procedure Code; Code of Civil Procedure
行政诉讼法|行诉法|Administrative Litigation Law; Administrative Procedure Law
治安管理处罚法|治安法 治安处罚法 治管法|Public Security Administration Punishments Law; \
Public Security Administration Penalties Law; Public Security Administration Punishment Law; \
Law on Public Security Administration
消费者权益保护法|消法 消保法 消费者保护法 消费者权益法|Consumer Rights Protection Law; \
Consumer Protection Law; Law on the Protection of Consumer Rights and Interests; \
Consumer Rights and Interests Protection Law # 劳动法||Labor Law
劳动合同法|劳合法|Labor Contract Law; Law on Labor Contracts; Employment Contract Law
劳动争议调解仲裁法|劳动仲裁法 劳动争议仲裁法|Labor Dispute Mediation and Arbitration Law
个人信息保护法|个保法 个信法 个人信息法|Personal Information Protection Law; PIPL
数据安全法|数安法|Data Security Law
网络安全法|网安法|Cybersecurity Law; Cyber Security Law; Network Security Law
反电信网络诈骗法|反电诈法 反诈法 反诈骗法 反电信诈骗法|Anti-Telecom and Online Fraud Law; \
Anti-Telecom Fraud Law
反家庭暴力法|反家暴法 反家庭暴力防治法|Anti-Domestic Violence Law; Domestic Violence Law
未成年人保护法|未保法|Minors Protection Law; Law on the Protection of Minors; Protection of Minors Law
妇女权益保障法|妇女法 妇女权益法|Women's Rights Protection Law; \
Law on the Protection of Women's Rights and Interests
老年人权益保障法|老年人法 老年法 老年人权益法|Elderly Rights Protection Law; \
Law on the Protection of the Rights and Interests of the Elderly
残疾人保障法|残保法 残疾人法|Law on the Protection of Persons with Disabilities
道路交通安全法|道交法 道交安法 道路交通法|Road Traffic Safety Law # 食品安全法|食安法|Food Safety Law
产品质量法|产质法|Product Quality Law
药品管理法|药管法|Drug Administration Law; Pharmaceutical Administration Law
医师法||Physicians Law; Doctors Law
人口与计划生育法|计生法 计划生育法 人口计生法|Population and Family Planning Law
电子商务法|电商法|E-Commerce Law; Electronic Commerce Law; Ecommerce Law
电子签名法||Electronic Signature Law; Electronic Signatures Law # 广告法||Advertising Law; Advertisement Law
反不正当竞争法|反不当竞争法|Anti-Unfair Competition Law; Unfair Competition Law
反垄断法||Anti-Monopoly Law; Antimonopoly Law; Antitrust Law # 反洗钱法||Anti-Money Laundering Law
反恐怖主义法|反恐法|Counter-Terrorism Law; Counterterrorism Law; Anti-Terrorism Law
反间谍法||Counter-Espionage Law; Counterespionage Law; Anti-Espionage Law # 著作权法|版权法|Copyright Law
商标法||Trademark Law # 专利法||Patent Law # 公司法||Company Law; Companies Law; Corporate Law
合伙企业法||Partnership Enterprise Law; Partnership Law
个人独资企业法|独资企业法|Sole Proprietorship Enterprise Law
企业破产法|破产法|Enterprise Bankruptcy Law; Bankruptcy Law # 外商投资法|外资法|Foreign Investment Law
证券法||Securities Law # 保险法||Insurance Law # 票据法||Negotiable Instruments Law; Bills Law
中国人民银行法|人民银行法 央行法|Law on the People's Bank of China; People's Bank of China Law
海商法||Maritime Law; Maritime Code # 招标投标法|招投标法|Bidding Law; Tendering and Bidding Law
政府采购法|政采法|Government Procurement Law
税收征收管理法|税收征管法 征管法|Tax Collection Administration Law; Tax Collection and Administration Law
个人所得税法|个税法|Individual Income Tax Law; Personal Income Tax Law
企业所得税法||Enterprise Income Tax Law; Corporate Income Tax Law # 增值税法||Value-Added Tax Law; VAT Law
社会保险法|社保法|Social Insurance Law # 社会救助法||Social Assistance Law # 工会法||Trade Union Law
就业促进法||Employment Promotion Law
职业病防治法|职防法 职业病法|Law on the Prevention and Control of Occupational Diseases; \
Occupational Disease Law # 安全生产法||Work Safety Law; Production Safety Law
行政处罚法||Administrative Penalty Law; Administrative Penalties Law; Administrative Punishment Law
行政许可法||Administrative Licensing Law; Administrative License Law
行政强制法||Administrative Compulsion Law; Administrative Coercion Law
行政复议法|复议法|Administrative Reconsideration Law; Administrative Review Law
国家赔偿法|国赔法|State Compensation Law # 公务员法||Civil Servant Law; Civil Servants Law
监察法||Supervision Law # 立法法||Legislation Law # 仲裁法||Arbitration Law
人民调解法||People's Mediation Law # 法律援助法|法援法|Legal Aid Law # 律师法||Lawyers Law; Law on Lawyers
公证法||Notarization Law; Notary Law # 人民法院组织法|法院组织法|Organic Law of the People's Courts
人民警察法|警察法|People's Police Law # 监狱法||Prison Law
土地管理法|土管法|Land Administration Law; Land Management Law
城市房地产管理法|房地产管理法|Urban Real Estate Administration Law
农村土地承包法|土地承包法|Rural Land Contracting Law # 环境保护法|环保法|Environmental Protection Law
海洋环境保护法||Marine Environment Protection Law # 环境影响评价法|环评法|Environmental Impact Assessment Law
教育法||Education Law # 义务教育法||Compulsory Education Law # 高等教育法|高教法|Higher Education Law
职业教育法|职教法|Vocational Education Law # 学前教育法||Preschool Education Law
民办教育促进法|民办教育法|Private Education Promotion Law # 教师法||Teachers Law
居民身份证法|身份证法|Resident Identity Card Law
出境入境管理法|出入境管理法 出入境法|Exit and Entry Administration Law; Exit-Entry Administration Law
国家安全法|国安法|National Security Law
香港特别行政区维护国家安全法|香港国安法 港区国安法|Hong Kong National Security Law
香港特别行政区基本法|香港基本法|Basic Law of the Hong Kong Special Administrative Region; Hong Kong Basic Law
全国人民代表大会和地方各级人民代表大会选举法|选举法|Electoral Law; Election Law
全国人民代表大会和地方各级人民代表大会代表法|代表法 # 各级人民代表大会常务委员会监督法|监督法
地方各级人民代表大会和地方各级人民政府组织法|地方组织法
劳动合同法实施条例||Labor Contract Law Implementing Regulations
工伤保险条例|工伤条例|Work Injury Insurance Regulations; Work-Related Injury Insurance Regulations
职工带薪年休假条例|带薪年休假条例 年休假条例|Paid Annual Leave Regulations
女职工劳动保护特别规定|女职工特别规定|Special Provisions on the Labor Protection of Female Employees
住房公积金管理条例|公积金条例 公积金管理条例|Housing Provident Fund Regulations
道路交通安全法实施条例|道交法实施条例 # 消费者权益保护法实施条例|消法实施条例
机动车交通事故责任强制保险条例|交强险条例
政府信息公开条例|信息公开条例|Government Information Disclosure Regulations
物业管理条例|物管条例|Property Management Regulations
国有土地上房屋征收与补偿条例|房屋征收条例 征收补偿条例 征补条例
保障农民工工资支付条例|农民工工资条例 农民工工资支付条例 # 诉讼费用交纳办法|诉讼费用办法 诉讼费交纳办法
婚姻法||Marriage Law # 继承法||Succession Law; Inheritance Law; Law of Succession # 收养法||Adoption Law
担保法||Guarantee Law; Guaranty Law # 合同法||Contract Law
物权法||Property Law; Property Rights Law; Real Right Law; Real Rights Law
侵权责任法|侵权法|Tort Liability Law; Tort Law
民法通则||General Principles of the Civil Law; General Principles of Civil Law
民法总则||General Provisions of the Civil Law; General Rules of the Civil Law
爱国主义教育法||Patriotic Education Law # 国防教育法||National Defense Education Law; Defense Education Law
军人保险法 法治宣传教育法 节约能源法 可再生能源法 能源法 水污染防治法
退役军人保障法 人民陪审员法 农村土地承包经营纠纷调解仲裁法 农民专业合作社法 野生动物保护法 城乡规划法
证券投资基金法 枪支管理法 社区矫正法 护照法 海上交通安全法 期货和衍生品法 信托法 会计法 商业银行法
海事诉讼特别程序法 乡村振兴促进法 反外国制裁法 疫苗管理法 城市居民委员会组织法 国籍法 人民武装警察法 审计法
预防未成年人犯罪法 家庭教育促进法 农产品质量安全法 精神卫生法 传染病防治法 反有组织犯罪法 银行业监督管理法
公职人员政务处分法 人民检察院组织法 涉外民事关系法律适用法 建筑法 固体废物污染环境防治法 噪声污染防治法
禁毒法 澳门特别行政区基本法 村民委员会组织法 英雄烈士保护法
"""
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
    r"最高人民法院关于(?:适用(民法典)?(.+?)(?:有关|若干问题)?的?|审理(.+?)(?:纠纷)?案件.*?法律(?:若干)?(?:问题)?的)"
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
    for row in _TABLE.replace("#", "\n").split("\n"):
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
    """The official titles of one index and every name that means exactly one of them."""

    def __init__(self, titles: Iterable[str]) -> None:
        held = sorted(set(titles), key=lambda title: (not title.startswith(PRC), title))
        self._exact = frozenset(held)
        self._law: dict[str, str] = {}
        for title in held:
            self._law.setdefault(_key(title), title)
        self._law.pop("", None)
        shortened: dict[str, set[str]] = {}
        for key, title in self._law.items():
            for alias in _shortened(key):
                shortened.setdefault(alias, set()).add(title)
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
        self._starts = re.compile(rf"[{han}中](?=[\W\u3400-\u9fff])|《|(?<![a-z0-9])[{latin}](?=[a-z])")

    def resolve(self, name: str) -> str | None:
        """Return the official title that ``name`` means, or None; a similar name means nothing."""
        name = name.strip()
        if name in self._exact:
            return name
        return self._law.get(_key(name)) if len(name) <= 300 else None

    def short(self, title: str) -> str:
        """Return a title without 中华人民共和国."""
        return title.replace(PRC, "") or title

    def english(self, title: str) -> str | None:
        """Return the English name that we print for a title, where there is one."""
        key = _key(title)
        return _ENGLISH.get(_ALIASES.get(key, key))

    def successor(self, name: str) -> tuple[str, str] | None:
        """Return the Civil Code and its first day for one of the nine laws that it replaced."""
        key = _key(name)
        return CIVIL_CODE if _ALIASES.get(key, key) in REPLACED else None

    def suggest(self, name: str, n: int = 3) -> list[str]:
        """Return up to ``n`` titles whose names look like ``name``: suggestions, never an answer."""
        near = difflib.get_close_matches(_key(name[:100]), self._law, n=3 * n, cutoff=0.5) if n > 0 else []
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
