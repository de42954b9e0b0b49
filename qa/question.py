"""What the visitor typed → a Question that the rest can rely on."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from corpus.citation import Reference, parse
from corpus.errors import InputError
from corpus.language import language_of
from corpus.names import LawNames

_BLANK_LINES = re.compile(r"\s+")
_WORD = re.compile(r"[\w]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Question:
    """A clean question, its language ("zh" or "en"), the provisions and the laws that it names."""

    text: str
    lang: str
    references: tuple[Reference, ...] = ()
    laws: tuple[str, ...] = ()


def read_question(raw: str, names: LawNames, max_chars: int, lang: str | None = None) -> Question:
    """Clean and read a question; raise InputError where there is nothing to answer.

    Control, bidi and zero-width characters and lone surrogates are dropped.
    """
    text = clean(raw)
    lang = lang or language_of(text)
    if not text:
        raise InputError(
            "请输入您的问题，例如：自己的微信号能卖吗？",
            "Type a question, for example: can I sell my own WeChat account?",
        ).in_language(lang)
    if len(text) > max_chars:
        raise InputError(
            f"问题太长（{len(text)}字），请缩短到{max_chars}字以内，只写要紧的事实和想问的事。",
            f"The question is too long ({len(text)} characters); shorten it to {max_chars} or fewer.",
        ).in_language(lang)
    if not _WORD.search(text):
        raise InputError(
            "没有看到文字，请用一句话写出您的问题。",
            "There are no words in it; write your question in one sentence.",
        ).in_language(lang)
    named = dict.fromkeys(law for _, _, law in names.find(text))
    return Question(text, lang, tuple(parse(text, names)), tuple(named))


def clean(raw: str) -> str:
    """Fold white space and drop characters that do not show (Unicode categories Cc, Cf, Cs, Co)."""
    kept = (c if unicodedata.category(c) not in {"Cf", "Cs", "Co"} else "" for c in raw)
    spaced = "".join(" " if unicodedata.category(c) == "Cc" else c for c in "".join(kept))
    return _BLANK_LINES.sub(" ", spaced).strip()
