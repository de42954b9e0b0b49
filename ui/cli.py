"""The ``fawen`` command: serve, ask, search, article, verify, ingest, audit, eval, eval-answers, status.

Errors are one sentence on stderr and exit status 1 (2 for a wrong command line, 3 where ``verify`` found a
citation that is not right).
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
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
    from corpus.book import LawBook
    from qa.answer import Assistant
    from qa.library import Shelf


NOT_RIGHT = 3


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
        if name == "ask":
            _add_day(command)
        else:
            command.add_argument("--k", type=int, default=10, help="条数 number of results (10)")
            _add_filters(command)
    article = add("article", _article, "查看一条法律条文 / print an article")
    article.add_argument("law", metavar="LAW", help="法律名或地址 name, or address /law/民法典/1038/1")
    article.add_argument("number", nargs="?", metavar="NUMBER", help="条号 1038、253之一、第十条第二款")
    article.add_argument("--json", action="store_true")
    _add_day(article)
    verify = add("verify", _verify, "核对文稿里的法律引用 / check the citations of a draft")
    verify.add_argument("file", nargs="?", metavar="FILE", help=".txt .md .docx，- 为标准输入 standard input")
    verify.add_argument("--batch", type=Path, metavar="FILE.jsonl", help='每行 {"id","text"}')
    verify.add_argument("--json", action="store_true")
    _add_day(verify)
    ingest = add("ingest", _ingest, "建立索引；可加入自己的文件 / build the index; PATHs are added")
    ingest.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    ingest.add_argument("--json", action="store_true")
    audit = add("audit", _audit, "审查所收法条的错漏与矛盾 / find gaps and contradictions in the statutes")
    audit.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="对照的法律文本 laws to compare with"
    )
    audit.add_argument("--json", action="store_true")
    judge = add("eval", _eval, "用已知答案的问题评测检索 / measure retrieval on judged questions")
    judge.add_argument(
        "file", type=Path, metavar="FILE", help='每行 {"question","articles":[{"law","article"}]}'
    )
    judge.add_argument("--k", type=int, default=100, help="最深名次 deepest rank (100)")
    judge.add_argument("--peers", action="store_true", help="同时评测对照检索 measure other searches too")
    judge.add_argument("--json", action="store_true")
    answers = add(
        "eval-answers", _eval_answers, "用律师的回答评测回答 / measure answers against lawyers' own"
    )
    answers.add_argument("file", type=Path, metavar="FILE", help='每行 {"question","answer","articles"}')
    answers.add_argument("--json", action="store_true")
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
    _add_day(command)


def _add_day(command: argparse.ArgumentParser) -> None:
    command.add_argument("--as-of", metavar="YYYY-MM-DD", help="按当日的法律 by the law of that day (today)")


def _embedder(settings: Settings) -> Any:
    from ingest.embed import SentenceEmbedder

    return SentenceEmbedder(settings.model, settings.threads)


def _build(settings: Settings, embedder: Any, paths: list[Path]) -> dict[str, Any]:
    from ingest.build import build
    from ingest.embed import VectorStore

    return build(settings.index, embedder, VectorStore.open(settings.model, embedder.id), paths)


def _built(settings: Settings) -> Any:
    """Return the embedder, having built the index from the shipped corpus where there is none yet."""
    embedder = _embedder(settings)
    if not any(settings.index.glob("gen-*")):
        print(f"首次使用，正在建立索引 {settings.index} / first start, building the index", file=sys.stderr)
        _build(settings, embedder, [])
    return embedder


def _assistant(settings: Settings) -> Assistant:
    """Open the index, built where there is none yet."""
    from qa.answer import Assistant
    from qa.library import Library

    return Assistant(Library(settings.index, _built(settings)), settings)


def _book(settings: Settings) -> LawBook:
    """Open the statutes of the index, built where there is none yet."""
    from corpus.book import LawBook
    from ingest.index import open_index

    _built(settings)
    return LawBook(open_index(settings.index).passages())


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
            arguments,
            settings,
            lambda assistant, text: answer_json(assistant.ask(text, arguments.lang, arguments.as_of)),
        )
    question = _question(arguments)
    assistant = _assistant(settings)
    try:
        answer = assistant.ask(question, arguments.lang, arguments.as_of)
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

    assistant = _assistant(settings)
    if arguments.number is None:
        answer = assistant.at(arguments.law)
    else:
        answer = assistant.article(arguments.law, arguments.number, arguments.as_of)
    print(_dump(answer_json(answer)) if arguments.json else answer_text(answer))
    return 0


def _verify(arguments: argparse.Namespace, settings: Settings) -> int:
    from corpus.checking import Verdict, check
    from qa.filters import read_day
    from qa.question import read_entries
    from ui.drafts import draft_json, draft_table, read_draft

    day = read_day(arguments.as_of) if arguments.as_of else date.today()
    if arguments.batch:
        drafts = read_entries(
            arguments.batch, ("id", "text"), lambda e: {"id": e["id"], "text": str(e["text"])}
        )
        book = _book(settings)
        for draft in drafts:
            print(_dump({"id": draft["id"], **draft_json(check(draft["text"], book, day))}), flush=True)
        return 0
    if arguments.file is None:
        raise InputError(
            "请写出文稿的文件名（- 为标准输入），或用 --batch。",
            "Name a draft (- for standard input), or use --batch.",
        )
    text = read_draft(arguments.file)
    findings = check(text, _book(settings), day)
    print(_dump(draft_json(findings)) if arguments.json else draft_table(text, findings, day.isoformat()))
    return 0 if all(finding.verdict is Verdict.RIGHT for finding in findings) else NOT_RIGHT


def _ingest(arguments: argparse.Namespace, settings: Settings) -> int:
    report = _build(settings, _embedder(settings), arguments.paths)
    if arguments.json:
        print(_dump(report))
        return 0
    print(f"索引 {settings.index} / {report['generation']}，语料日期 {report['corpus_date']}")
    for name in ("documents", "passages", "status", "questions", "citations"):
        print(f"  {name}: " + ", ".join(f"{key} {count:,}" for key, count in report[name].items()))
    print(f"  questions due for review: {report['questions_due_for_review']}")
    for name in ("skipped", "odd"):
        for line in report[name]:
            print(f"  {name}: {line}")
    return 0


def _audit(arguments: argparse.Namespace, settings: Settings) -> int:
    from ingest.audit import audit, report

    found = audit(arguments.paths)
    if arguments.json:
        faults = [asdict(fault) for fault in found.faults]
        about = {
            "day": found.day.isoformat(), "laws": found.laws, "texts": found.texts, "articles": found.articles,
            "references": found.references, "resolved": found.resolved, "counts": found.counts, "faults": faults,
        }  # fmt: skip
        print(_dump(about))
    else:
        print(report(found), end="")
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


def _eval_answers(arguments: argparse.Namespace, settings: Settings) -> int:
    from qa.evaluate_answers import answers_table, evaluate_answers

    report = evaluate_answers(_assistant(settings), arguments.file, quiet=arguments.json)
    print(_dump(report) if arguments.json else answers_table(report))
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
