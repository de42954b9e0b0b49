"""The chat page: one conversation, a box, examples, two languages.

The conversation is HTML that ui.render escaped, on one line so that Markdown leaves it alone, and
Gradio sanitizes it once more. gr.HTML and ``js=`` are not used: they need ``unsafe-eval``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from corpus.errors import FawenError
from corpus.language import language_of
from corpus.settings import Settings
from corpus.types import Answer
from qa.wording import NOTICE
from ui.render import answer_html, escape

STYLE = Path(__file__).with_name("static") / "chat.css"
HEAD = Path(__file__).with_name("static") / "head.html"
LONGEST_CONVERSATION = 20
_log = logging.getLogger("fawen.chat")

TEXT: dict[str, dict[str, Any]] = {
    "zh": {
        "tagline": "中国法律问答 · 每条引用可核对",
        "hello": "用大白话写下您的问题。回答只引用法律条文和法院评析的原文，并标明出处和效力；找不到依据时会直说。",
        "box": "您的问题",
        "placeholder": "例如：自己的微信号能卖吗？",
        "send": "提问",
        "new": "新对话",
        "examples": "试一试",
        "wait": "正在查找依据……",
        "sorry": "系统出错了，没有得到回答。请稍后再试，或拨打全国公共法律服务热线12348。",
        "you": "您问",
        "questions": ("自己的微信号能卖吗？", "同事借我钱不还怎么办", "房东不退押金怎么办", "民法典1038条"),
    },
    "en": {
        "tagline": "Answers from Chinese law · every citation can be checked",
        "hello": "Ask in plain words. Answers only quote the law and courts' commentary, with source and status; where"
        " nothing carries an answer, this page says so.",
        "box": "Your question",
        "placeholder": "For example: can I sell my own WeChat account?",
        "send": "Ask",
        "new": "New chat",
        "examples": "Try",
        "wait": "Looking for a basis…",
        "sorry": "Something went wrong and there is no answer. Try again later, or call 12348.",
        "you": "You asked",
        "questions": (
            "Can I sell my own WeChat account?",
            "A colleague borrowed money and won't pay it back",
            "My landlord won't return my deposit, what can I do?",
            "Civil Code art. 1038",
        ),
    },
}

Turn = tuple[str, str, str]
"""(language of the question, the question, the reply as HTML)"""


def build_chat(ask: Callable[[str, str | None], Answer], settings: Settings) -> gr.Blocks:
    """Build the page; ``ask`` answers in the language of the question."""

    def respond(question: str, turns: list[Turn], lang: str) -> Iterator[tuple[str, list[Turn], str]]:
        spoken = language_of(question) if question.strip() else lang
        waiting: Turn = (spoken, question, f'<p class="fw-wait">{escape(TEXT[spoken]["wait"])}</p>')
        yield conversation([*turns, waiting], lang), turns, ""
        turns = [*turns, (spoken, question, reply(ask, question, spoken, len(turns)))][-LONGEST_CONVERSATION:]
        yield conversation(turns, lang), turns, ""

    def speak(lang: str, turns: list[Turn]) -> tuple[Any, ...]:
        text = TEXT[lang]
        return (
            header(settings.court, lang),
            conversation(turns, lang),
            gr.Textbox(label=text["box"], placeholder=text["placeholder"]),
            gr.Button(text["send"]),
            gr.Button(text["new"]),
            footer(lang),
            *(gr.Button(question) for question in text["questions"]),
        )

    zh = TEXT["zh"]
    with gr.Blocks(title=settings.court, analytics_enabled=False, fill_width=True) as page:
        turns = gr.State([])
        with gr.Row(elem_id="fw-top"):
            head = _markdown(header(settings.court, "zh"), "fw-head")
            lang = gr.Radio(
                [("中文", "zh"), ("English", "en")],
                value="zh",
                label="语言 Language",
                elem_id="fw-lang",
                container=False,
            )
        log = _markdown(conversation([], "zh"), "fw-log")
        with gr.Row(elem_id="fw-examples"):
            examples = [gr.Button(question, size="sm", variant="secondary") for question in zh["questions"]]
        with gr.Row(elem_id="fw-ask"):
            box = gr.Textbox(
                label=zh["box"], placeholder=zh["placeholder"], lines=1, max_lines=6, scale=8, elem_id="fw-box",
                max_length=4 * settings.max_question_chars, autofocus=True,
            )  # fmt: skip
            send = gr.Button(zh["send"], variant="primary", scale=1, min_width=96, elem_id="fw-send")
            new = gr.Button(zh["new"], variant="secondary", scale=1, min_width=96, elem_id="fw-new")
        foot = _markdown(footer("zh"), "fw-foot")

        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        for trigger in (box.submit, send.click):
            trigger(respond, [box, turns, lang], [log, turns, box], **quiet)
        for example in examples:
            example.click(respond, [example, turns, lang], [log, turns, box], **quiet)
        new.click(lambda spoken: (conversation([], spoken), []), [lang], [log, turns], **quiet)
        lang.change(speak, [lang, turns], [head, log, box, send, new, foot, *examples], **quiet)
    page.queue(max_size=32, default_concurrency_limit=2)
    blocks: gr.Blocks = page
    return blocks


def _markdown(value: str, elem_id: str) -> gr.Markdown:
    """Show HTML that is escaped already; nothing in it is read as Markdown or LaTeX."""
    return gr.Markdown(value, elem_id=elem_id, sanitize_html=True, latex_delimiters=[], container=False)


def reply(ask: Callable[[str, str | None], Answer], question: str, lang: str, turn: int) -> str:
    """Answer as HTML; an error becomes its sentence, never a trace."""
    try:
        return answer_html(ask(question, None), str(turn))
    except FawenError as error:
        return f'<p class="fw-fault">{escape(error.message(lang))}</p>'
    except Exception:
        _log.exception("unexpected error while answering")
        return f'<p class="fw-fault">{escape(TEXT[lang]["sorry"])}</p>'


def conversation(turns: list[Turn], lang: str) -> str:
    """Render the conversation; an empty one greets."""
    if not turns:
        return f'<div class="fw-log" role="log"><p class="fw-hello">{escape(TEXT[lang]["hello"])}</p></div>'
    shown = "".join(
        f'<section class="fw-turn"><h2 class="fw-question"><span>{escape(TEXT[spoken]["you"])}</span>'
        f"{escape(question)}</h2>{answered}</section>"
        for spoken, question, answered in turns
    )
    return one_line(f'<div class="fw-log" role="log" aria-live="polite">{shown}</div>')


def header(court: str, lang: str) -> str:
    """Render the page's head."""
    return one_line(f"<div><h1>{escape(court)}</h1><p>{escape(TEXT[lang]['tagline'])}</p></div>")


def footer(lang: str) -> str:
    """Render the notice that is always there."""
    return one_line(f"<div><p>{escape(NOTICE[lang])}</p></div>")


def one_line(shown: str) -> str:
    """Keep an HTML block in one: a blank line would end it and let Markdown read the rest."""
    return shown.replace("\n", "<br>")
