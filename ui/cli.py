"""The ``fawen`` command: serve, ask, search, article, ingest, eval, status.

Errors are one sentence on stderr and exit status 1 (2 for a wrong command line).
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import FawenError, InputError
from corpus.language import language_of
from corpus.settings import Settings, from_environment
from corpus.types import Kind, Status

if TYPE_CHECKING:
    from qa.answer import Assistant
    from qa.library import Shelf


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    arguments = _parser().parse_args(argv)
    try:
        settings = from_environment()
        if arguments.index is not None:
            settings = replace(settings, index=arguments.index)
        run: Callable[[argparse.Namespace, Settings], int] = arguments.run
        return run(arguments, settings)
    except FawenError as error:
        print(error.message(getattr(arguments, "lang", None)), file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        print("已中断 / interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--index", type=Path, metavar="DIR", help="索引目录 index folder (FAWEN_INDEX)")
    parser = argparse.ArgumentParser(
        prog="fawen", description="法问：中国法律问答，每条引用可核对 / Chinese law, cited."
    )
    parser.add_argument("--version", action="version", version=f"fawen {version('fawen')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(
        name: str, run: Callable[[argparse.Namespace, Settings], int], help_text: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, parents=[shared], help=help_text, description=help_text)
        command.set_defaults(run=run)
        return command

    serve = add("serve", _serve, "打开网页问答 / serve the web chat")
    serve.add_argument("--host")
    serve.add_argument("--port", type=int)
    for name, run, text in (
        ("ask", _ask, "提问并得到有引用的回答 / answer a question"),
        ("search", _search, "查找相关条文 / find passages"),
    ):
        command = add(name, run, text)
        command.add_argument("question", nargs="?", metavar="QUESTION")
        command.add_argument("--batch", type=Path, metavar="FILE.jsonl", help='每行 {"id","question"}')
        command.add_argument("--json", action="store_true", help="输出 JSON")
        command.add_argument("--lang", choices=("zh", "en"), help="回答语言 language of the answer")
        if name == "search":
            command.add_argument("--k", type=int, default=10, help="条数 number of results (10)")
            _add_filters(command)
    article = add("article", _article, "查看一条法律条文 / print an article")
    article.add_argument("law", metavar="LAW")
    article.add_argument("number", metavar="NUMBER")
    article.add_argument("--json", action="store_true")
    ingest = add("ingest", _ingest, "建立索引；可加入自己的文件 / build the index; PATHs are added")
    ingest.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    ingest.add_argument("--json", action="store_true")
    judge = add("eval", _eval, "用已知答案的问题评测检索 / measure retrieval on judged questions")
    judge.add_argument(
        "file", type=Path, metavar="FILE", help='每行 {"question","articles":[{"law","article"}]}'
    )
    judge.add_argument("--k", type=int, default=100, help="最深名次 deepest rank (100)")
    judge.add_argument("--peers", action="store_true", help="同时评测对照检索 measure other searches too")
    judge.add_argument("--json", action="store_true")
    status = add("status", _status, "索引里有什么 / what the index holds")
    status.add_argument("--json", action="store_true")
    return parser


def _add_filters(command: argparse.ArgumentParser) -> None:
    """Add the options that narrow a search; each but the day may be given more than once."""
    add = partial(command.add_argument, action="append", default=[])
    add("--law", metavar="LAW", help="只查这部法律 only this law")
    add("--kind", choices=[str(kind) for kind in Kind], help="只查这类来源 only this kind of source")
    add("--level", metavar="LEVEL", help="只查这一效力级别，如 司法解释 only this level")
    add("--status", choices=[str(status) for status in Status], help="只查这一效力状态 only this status")
    command.add_argument("--as-of", metavar="YYYY-MM-DD", help="只查当日有效的条文 what was law on that day")


def _embedder(settings: Settings) -> Any:
    from ingest.embed import SentenceEmbedder

    return SentenceEmbedder(settings.model, settings.threads)


def _build(settings: Settings, embedder: Any, paths: list[Path]) -> dict[str, Any]:
    from ingest.build import build
    from ingest.embed import VectorStore

    return build(settings.index, embedder, VectorStore.open(settings.model, embedder.id), paths)


def _assistant(settings: Settings) -> Assistant:
    """Open the index, building it from the shipped corpus where there is none yet."""
    from qa.answer import Assistant
    from qa.library import Library

    embedder = _embedder(settings)
    if not any(settings.index.glob("gen-*")):
        print(f"首次使用，正在建立索引 {settings.index} / first start, building the index", file=sys.stderr)
        _build(settings, embedder, [])
    return Assistant(Library(settings.index, embedder), settings)


def _serve(arguments: argparse.Namespace, settings: Settings) -> int:
    from ui.app import serve

    settings = replace(settings, host=arguments.host or settings.host, port=arguments.port or settings.port)
    assistant = _assistant(settings)
    assistant.library.embedder.load()
    serve(assistant.ask, settings)
    return 0


def _ask(arguments: argparse.Namespace, settings: Settings) -> int:
    from ui.text import answer_json, answer_text

    if arguments.batch:
        return _each_line(
            arguments, settings, lambda assistant, text: answer_json(assistant.ask(text, arguments.lang))
        )
    question = _question(arguments)
    assistant = _assistant(settings)
    try:
        answer = assistant.ask(question, arguments.lang)
    except InputError as error:
        if arguments.json:
            print(_dump(_failure(error, question, assistant.library.current())))
        raise
    print(_dump(answer_json(answer)) if arguments.json else answer_text(answer))
    return 0


def _search(arguments: argparse.Namespace, settings: Settings) -> int:
    from ui.text import hit_json

    if arguments.k < 1:
        raise InputError("--k 应为正整数。", "--k must be a positive number.")

    def search(assistant: Assistant, text: str) -> dict[str, Any]:
        found = assistant.search(
            text,
            arguments.k,
            arguments.lang,
            laws=arguments.law,
            kinds=arguments.kind,
            levels=arguments.level,
            statuses=arguments.status,
            as_of=arguments.as_of,
        )
        return {"results": [hit_json(hit) for hit in found]}

    if arguments.batch:
        return _each_line(arguments, settings, search)
    question = _question(arguments)
    found = search(_assistant(settings), question)["results"]
    if arguments.json:
        print(_dump({"question": question, "results": found}))
        return 0
    for hit in found:
        print(f"{hit['score']:.3f}  {hit['title']} {hit['article'] or ''}")
    return 0


def _question(arguments: argparse.Namespace) -> str:
    if arguments.question is None:
        raise InputError(
            "请写出问题，或用 --batch 指定问题文件。", "Give a question, or a file of questions with --batch."
        )
    return str(arguments.question)


def _each_line(
    arguments: argparse.Namespace, settings: Settings, run: Callable[[Assistant, str], dict[str, Any]]
) -> int:
    """Run one JSON line after another; a line that cannot be used gets its sentence and stops nothing."""
    from qa.question import read_entries

    lines = read_entries(
        arguments.batch, ("id", "question"), lambda e: {"id": e["id"], "question": str(e["question"])}
    )
    assistant = _assistant(settings)
    failed = 0
    for entry in lines:
        try:
            result = run(assistant, entry["question"])
        except InputError as error:
            failed += 1
            result = _failure(error, entry["question"], assistant.library.current())
            if arguments.command == "search":
                result = {"results": [], "error": result["answer"]}
        print(_dump({"id": entry["id"], **result}), flush=True)
    if failed:
        print(f"{failed} 个问题无法回答 / {failed} question(s) could not be used", file=sys.stderr)
    return 0


def _failure(error: InputError, question: str, shelf: Shelf) -> dict[str, Any]:
    from ui.text import failure_json

    manifest = shelf.index.manifest
    lang = error.lang or language_of(question)
    return failure_json(question, lang, error.message(lang), manifest["corpus_date"], shelf.index.generation)


def _article(arguments: argparse.Namespace, settings: Settings) -> int:
    from ui.text import answer_json, answer_text

    answer = _assistant(settings).article(arguments.law, arguments.number)
    print(_dump(answer_json(answer)) if arguments.json else answer_text(answer))
    return 0


def _ingest(arguments: argparse.Namespace, settings: Settings) -> int:
    report = _build(settings, _embedder(settings), arguments.paths)
    if arguments.json:
        print(_dump(report))
        return 0
    print(f"索引 {settings.index} / {report['generation']}，语料日期 {report['corpus_date']}")
    for name in ("documents", "passages", "status", "questions"):
        print(f"  {name}: " + ", ".join(f"{key} {count:,}" for key, count in report[name].items()))
    print(f"  questions due for review: {report['questions_due_for_review']}")
    for name in ("skipped", "odd"):
        for line in report[name]:
            print(f"  {name}: {line}")
    return 0


def _eval(arguments: argparse.Namespace, settings: Settings) -> int:
    from qa.evaluate import evaluate, table

    if arguments.k < 1:
        raise InputError("--k 应为正整数。", "--k must be a positive number.")
    report = evaluate(
        _assistant(settings), arguments.file, arguments.k, arguments.peers, quiet=arguments.json
    )
    print(_dump(report) if arguments.json else table(report))
    return 0


def _status(arguments: argparse.Namespace, settings: Settings) -> int:
    from ingest.index import open_index

    index = open_index(settings.index)
    manifest = index.manifest
    size = sum(f["bytes"] for f in manifest["files"].values())
    about = {
        "index": str(settings.index), "generation": index.generation, "corpus_date": manifest["corpus_date"],
        "today": date.today().isoformat(), "passages": manifest["passages"], "questions": manifest["questions"],
        "laws": len(index.laws()), "embedder": manifest["embedder"], "bytes": size, "report": manifest["report"],
    }  # fmt: skip
    if arguments.json:
        print(_dump(about))
        return 0
    for name, value in about.items():
        if name != "report":
            print(f"{name}: {value:,}" if isinstance(value, int) else f"{name}: {value}")
    return 0


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
