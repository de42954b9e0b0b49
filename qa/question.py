"""What the visitor typed → a Question that the rest can rely on."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from corpus.citation import Reference, parse
from corpus.errors import InputError, UnknownLaw
from corpus.language import language_of
from corpus.names import LawNames

T = TypeVar("T")
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
    named = dict.fromkeys(law for _, _, law in names.find(text) if law in names.held)
    return Question(text, lang, tuple(parse(text, names)), tuple(named))


def clean(raw: str) -> str:
    """Fold white space and drop characters that do not show (Unicode categories Cc, Cf, Cs, Co)."""
    kept = (c if unicodedata.category(c) not in {"Cf", "Cs", "Co"} else "" for c in raw)
    spaced = "".join(" " if unicodedata.category(c) == "Cc" else c for c in "".join(kept))
    return _BLANK_LINES.sub(" ", spaced).strip()


def unknown_law(name: str, names: LawNames) -> UnknownLaw:
    """Say that no law has this name, and which names are near."""
    near = [f"《{title}》" for title in names.suggest(name)]
    return UnknownLaw(
        f"库中没有《{name}》。" + (f"名称相近的有：{'、'.join(near)}。" if near else "请核对法律名称。"),
        f"This library holds no law named 《{name}》. "
        + (f"Similar names: {', '.join(near)}." if near else "Check the name."),
    )


def not_held(law: str, names: LawNames) -> UnknownLaw:
    """Say that an instrument is known, but that its text is not in the library; or what replaced it."""
    repeal = names.repeal(law)
    since = f"（{repeal.repealed}起废止）" if repeal else ""
    since_en = f", repealed since {repeal.repealed}," if repeal else ""
    return UnknownLaw(
        f"库中没有收录《{law}》{since}的正文；可以用 fawen ingest 加入它的文本。",
        f"The text of 《{law}》{since_en} is not in this library; fawen ingest adds it.",
    )


def read_entries(path: Path, fields: tuple[str, ...], read: Callable[[dict[str, Any]], T]) -> list[T]:
    """Read a file of JSON lines; raise InputError naming the file, or the first line without the fields."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"无法读取 {path}，请检查路径和编码。", f"{path} cannot be read; check the path."
        ) from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(read(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{path.name} 第{number}行应为含 {' 和 '.join(fields)} 的 JSON 对象。",
                f"Line {number} of {path.name} must be a JSON object with {' and '.join(fields)}.",
            ) from error
    return found
