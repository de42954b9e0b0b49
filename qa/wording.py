"""The sentences around the law: how a provision is introduced, refused and noticed, in zh and en."""

from __future__ import annotations

import re
from datetime import date

from corpus.names import LawNames
from corpus.numerals import to_chinese, to_int
from corpus.types import Passage, Status

NOTICE = {
    "zh": "本回答由系统自动摘录法律文本生成，仅供参考，不构成法律意见，也不代表人民法院的立场。"
    "需要帮助可以拨打全国公共法律服务热线12348。",
    "en": "This answer was put together automatically from legal texts. It is for reference only, is not legal"
    " advice and does not represent the position of any court. National legal-service line: 12348. Only the"
    " Chinese text of the law is authoritative.",
}
REFUSAL = {
    "zh": "未检索到依据：库中没有能够回答这个问题的法律条文或评析。",
    "en": "No basis found: nothing in this library answers the question.",
}
REFERRALS = (
    (
        r"自杀|轻生|不想活|suicid|kill myself|end my life",
        "如果您有伤害自己的念头，请立即拨打110，或者全国统一心理援助热线12356。",
        "If you are thinking of harming yourself, call 110 now, or the psychological aid line 12356.",
    ),
    (
        r"打我|打了我|被打|殴打|家暴|家庭暴力|强奸|性侵|猥亵|威胁我|hits? me|beats? me|domestic violence|\brape|assaulted me",
        "如果您正处于危险之中，请立即拨打110。",
        "If you are in danger now, call 110.",
    ),
    (
        r"被抓|被拘|拘留了|刑拘|逮捕|取保|detained|arrested|in custody",
        "被拘留、逮捕的人有权委托辩护人；经济困难的可以申请法律援助，拨打12348。",
        "A person in custody may have a defence lawyer; those who cannot afford one can ask for legal aid at 12348.",
    ),
)
_STATUS_EN = {
    Status.IN_FORCE: "in force",
    Status.AMENDED: "since amended",
    Status.REPEALED: "repealed",
    Status.NOT_YET: "not yet in force",
}
_ENGLISH = LawNames(())


def status_label(status: Status, lang: str) -> str:
    """Print a status in the reader's language."""
    return _STATUS_EN[status] if lang == "en" else str(status)


def titled(law: str) -> str:
    """Print a law's name in 《》, with 〈〉 inside (GB/T 15834-2011)."""
    return "《" + law.replace("《", "〈").replace("》", "〉") + "》"


def cited_as(passage: Passage, paragraph: int | None, lang: str, item: int | None = None) -> str:
    """Print a citation: 《中华人民共和国民法典》第一千零三十八条第一款; a commentary's title."""
    if passage.law is None:
        return passage.title_en if lang == "en" and passage.title_en else passage.title
    if lang == "en":
        name = _ENGLISH.english(passage.law) or titled(passage.law)
        text = f"{name}, {_article_en(passage.article)}" + (f", paragraph {paragraph}" if paragraph else "")
        text += f", item {item}" if item else ""
        printed = cited_as(passage, paragraph, "zh", item)
        return text if name.startswith("《") else f"{text} ({printed})"
    place = passage.article if passage.article != "全文" else ""
    part = (f"第{to_chinese(paragraph)}款" if paragraph else "") + (
        f"第（{to_chinese(item)}）项" if item else ""
    )
    return f"{titled(passage.law)}{place or ''}{part}"


def _article_en(article: str | None) -> str:
    """Print 第二百五十三条之一 as Article 253-1."""
    head, _, suffix = (article or "").partition("条")
    number, extra = to_int(head.removeprefix("第")), to_int(suffix.removeprefix("之"))
    return f"Article {number}{f'-{extra}' if extra else ''}" if number else article or ""


def provides(provision: str, words: str, remark: str, lang: str) -> str:
    """Introduce words of a provision; one that is not law on the day says so."""
    if lang == "en":
        return f"{provision}{f' ({remark})' if remark else ''} reads: “{words}”"
    return f"{provision}{f'（{remark}）' if remark else ''}规定：“{words}”"


def remark(passage: Passage, day: date, lang: str) -> str:
    """Say what a reader must know of a text on ``day``: it is no law then, or reads as amended later."""
    status = passage.status_on(day)
    told = [] if status is Status.IN_FORCE else [status_label(status, lang)]
    if later_text(passage, day, lang):
        told.append("as amended later" if lang == "en" else "后来修正的文本")
    return "; ".join(told) if lang == "en" else "，".join(told)


def later_text(passage: Passage, day: date, lang: str) -> str:
    """Say that the text of ``day`` is not held where this one was made later; else ""."""
    if passage.status_on(day) is Status.NOT_YET or not passage.later_than(day):
        return ""
    if lang == "en":
        return f"text as amended {passage.promulgated}; the text of {day} is not held"
    return f"{passage.promulgated}修正后的文本，未收录{day}的文本"


def _on(day: str, lang: str) -> str:
    """Print a day as the law does: 2021年1月1日."""
    on = date.fromisoformat(day)
    return f"{on.day} {on:%B %Y}" if lang == "en" else f"{on.year}年{on.month}月{on.day}日"


def now_in(provision: str, lang: str) -> str:
    """Say that the rule of a repealed provision stands in the one cited."""
    return (
        f"The rule of {provision} now stands here."
        if lang == "en"
        else f"{provision}的内容现由这里引用的条文规定。"
    )


def not_held_then(law: str, effective: str, older: list[str], lang: str) -> str:
    """Say that a law came later than the day asked about, and which older laws are not held."""
    if lang == "en":
        named = (
            f" The laws it replaced ({', '.join(titled(name) for name in older)}) are not held."
            if older
            else ""
        )
        return f"{titled(law)} took effect on {_on(effective, lang)}, after the day asked about.{named}"
    named = f"当时施行的{'、'.join(titled(name) for name in older)}，库中没有收录正文。" if older else ""
    return f"{titled(law)}自{_on(effective, lang)}起施行，您问的日期在此之前。{named}"


def referral(question: str, lang: str) -> str:
    """Say whom to call where a question speaks of violence, self-harm or custody; else ""."""
    for pattern, chinese, english in REFERRALS:
        if re.search(pattern, question, re.IGNORECASE):
            return english if lang == "en" else chinese
    return ""


def replaced(law: str, day: str, lang: str) -> str:
    """Say that a law named in the question is law no longer."""
    if lang == "en":
        return f"《{law}》 was repealed when the law cited here took effect on {_on(day, lang)}; it stands below."
    return f"《{law}》已经废止：自{_on(day, lang)}起由这里引用的法律取代，下列为现行规定。"
