"""A Markdown law in the LawRefBook layout → a Document.

Layout: optional YAML front matter, ``# title``, lines of history, ``<!-- INFO END -->``,
``## chapter`` headings, ``第一条 …`` followed by its paragraphs. Headings are not uniform in the
wild: a heading may lack its mark, an article its space. Not covered: tables and footnotes.
"""

from __future__ import annotations

import re
from pathlib import Path

from corpus.address import official_link
from corpus.errors import SourceError
from corpus.numerals import NUMERAL_CHARS, to_int
from corpus.statutes import tidy_heading
from corpus.types import Article, Document, Kind, Section, Status

_FRONT = re.compile(r"\A\ufeff?---\n(.*?)\n---\n", re.DOTALL)
_FIELD = re.compile(r'^(\w+):[ \t]*"?(.*?)"?[ \t]*$', re.MULTILINE)
_END = re.compile(r"<!--\s*INFO END\s*-->")
_ARTICLE = re.compile(
    rf"(第([{NUMERAL_CHARS}]{{1,9}})条(?:之[{NUMERAL_CHARS}]{{1,3}})?)([\s　]*)(.*)", re.DOTALL
)
_HEADING = re.compile(rf"(第[{NUMERAL_CHARS}]{{1,5}}(?:编|分编|章|节)|附[\s　]*则)(?:[\s　]+(\S.{{0,40}}))?")
_MARKS = re.compile("[\u200b-\u200f\u2060\ufeff]|\\[\\[|\\]\\]")  # what does not show, and links of a wiki
_CASE = re.compile(r"^#+[ \t]*(?:基本案情|案情|裁判|法官)", re.MULTILINE)
_RANK = {"编": 0, "分编": 1, "章": 2, "节": 3}
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_FILE_DATE = re.compile(r"\((\d{4}-\d{2}-\d{2})\)$")


def read_law(path: Path) -> Document:
    """Read one Markdown law; raise SourceError where it is no such file."""
    try:
        raw = _MARKS.sub("", path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"无法读取 {path.name}：请确认它是 UTF-8 编码的文本文件。",
            f"{path.name} cannot be read; make sure it is a UTF-8 text file.",
        ) from error
    front = _FRONT.match(raw)
    fields = dict(_FIELD.findall(front[1])) if front else {}
    body = raw[front.end() :] if front else raw
    info, text = _split_info(body)
    title = fields.get("title") or _title(info) or _FILE_DATE.sub("", path.stem)
    title = re.sub(
        r"(人民法院|人民检察院|公安部|司法部)[\s　]+(?=最高|公安|司法|国家)", r"\1、", title.strip()
    )
    is_case = bool(_CASE.search(text))
    articles = () if is_case else _articles(text)
    sections = () if articles else _sections(text)
    if not articles and not sections:
        raise SourceError(
            f"{path.name} 里没有正文，已跳过。", f"{path.name} has no text in it and was skipped."
        )
    dated = _FILE_DATE.search(path.stem)
    dates = ["{}-{:0>2}-{:0>2}".format(*d) for d in _DATE.findall(info)]
    published = dated[1] if dated else max(dates, default=fields.get("publish_date") or None)
    return Document(
        kind=Kind.CASE if is_case else _kind(title, fields, path, sections),
        title=title,
        source=f"{fields.get('source') or 'Markdown'} ({path.name})",
        status=Status.REPEALED if _is_repealed(fields, published) else Status.IN_FORCE,
        level=_level(fields, path),
        issuer=fields.get("issuing_authority", ""),
        promulgated=published,
        effective=fields.get("implement_date") or None,
        url=official_link(title),
        articles=articles,
        sections=sections,
    )


def _is_repealed(fields: dict[str, str], published: str | None) -> bool:
    """Read the status of the front matter, which speaks of the text of its own ``publish_date``."""
    return "废止" in fields.get("status", "") and fields.get("publish_date", "") >= (published or "")


def _split_info(body: str) -> tuple[str, str]:
    """Part the lines of history from the text."""
    end = _END.search(body)
    if end:
        return body[: end.start()], body[end.end() :]
    first = re.search(rf"^(?:第[{NUMERAL_CHARS}]+(?:条|编|章|节)|##)", body, re.MULTILINE)
    start = first.start() if first else re.match(r"(?:\s*#[ \t].*)*", body).end()  # type: ignore[union-attr]
    return body[:start], body[start:]


def _title(info: str) -> str:
    """Return the first ``# heading`` of the history."""
    match = re.search(r"^#[ \t]+(.+)$", info, re.MULTILINE)
    return match[1].strip() if match else ""


def _articles(text: str) -> tuple[Article, ...]:
    """Split a text by 条; what stands before the first one is left out.

    A line opens an article when its number is followed by space, or when it counts on from the
    article before it; else 「第十条规定的…」 at the start of a line is a cross-reference.
    """
    articles: list[tuple[str, list[str], tuple[str, ...]]] = []
    headings: dict[int, str] = {}
    last = 0
    for line in (part.strip().strip("　") for part in text.split("\n")):
        mark = line.lstrip("#").strip().strip("=").strip()
        if not mark or mark.startswith("<!--"):
            continue
        heading = _HEADING.fullmatch(mark)
        if heading:
            unit = re.sub(rf"第[{NUMERAL_CHARS}]+", "", heading[1])
            rank = _RANK.get(unit, 0)
            headings = {r: h for r, h in headings.items() if r < rank} | {rank: tidy_heading(mark)}
            continue
        article = _ARTICLE.fullmatch(mark)
        number = to_int(article[2]) if article else None
        counts_on = number is not None and number in (last, last + 1)
        if article and number and (counts_on or (article[3] and number > last)):
            last = number
            articles.append((article[1], [article[4]], tuple(headings[r] for r in sorted(headings))))
        elif articles:
            articles[-1][1].append(mark)
    made = (Article(n, "\n".join(p for p in lines if p), h) for n, lines, h in articles)
    return tuple(article for article in made if article.text)


def _sections(text: str) -> tuple[Section, ...]:
    """Split a text without articles by its headings; without headings it is one section, 正文."""
    found: list[tuple[str, list[str]]] = [("正文", [])]
    for line in (part.strip() for part in text.split("\n")):
        if line.startswith("#"):
            found.append((line.lstrip("#").strip() or "正文", []))
        elif line and not line.startswith("<!--"):
            found[-1][1].append(line)
    return tuple(Section(name, "\n".join(lines)) for name, lines in found if lines)


def _kind(title: str, fields: dict[str, str], path: Path, sections: tuple[Section, ...]) -> Kind:
    """Tell the kind from the front matter, else the folder, else the title.

    A text without articles that nothing else marks as law is never taken for law.
    """
    place = f"{fields.get('category', '')}/{'/'.join(path.parts[-4:-1])}"
    if "司法解释" in place or re.match(r"最高人民(法院|检察院)", title):
        return Kind.INTERPRETATION
    if re.search(r"行政法规|部门规章|市场监督管理总局|公安部|国家安全部|社会保障部", place):
        return Kind.REGULATION
    if "其他" in place:
        return Kind.COMMENTARY
    if re.search(r"(条例|办法|规定|细则|规则)(（试行）)?$", title) and "法律" not in place:
        return Kind.REGULATION
    return Kind.COMMENTARY if sections and not fields else Kind.STATUTE


def _level(fields: dict[str, str], path: Path) -> str:
    """Name the level of authority by the folder of the layout."""
    for level in ("行政法规", "部门规章", "司法解释", "法律"):
        if level in path.parts or level in fields.get("category", ""):
            return level
    return fields.get("category", "")
