"""Find gaps and contradictions in the law that is held: numbers, headings, texts, versions, references.

An audit reports; it mends nothing. What can be proved is mended in ``corpus/corrections.toml``, and the
report of the shipped corpus (``corpus/audit.md``) says what is left.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from corpus.book import LawBook, on_day
from corpus.citation import Reference, parse_article_number
from corpus.crossref import cross_references
from corpus.errors import SourceError
from corpus.numerals import NUMERAL_CHARS, to_int
from corpus.quotation import plain, stands_in
from corpus.registry import repeals
from corpus.statutes import AMENDS, end_dates, package_documents
from corpus.structure import find_item, items
from corpus.types import Article, Document, Status, status_on
from ingest.load import law_files
from ingest.markdown import read_law
from ingest.split import document_key, split

KINDS = {
    "number": "条号缺失、重复或次序 missing, repeated or misplaced numbers",
    "heading": "编章节不合 headings that do not fit",
    "text": "正文有异 text that looks damaged",
    "version": "版本与日期 versions and dates",
    "status": "效力状态无据或矛盾 status without proof or contradicted",
    "amendment": "修正案未并入 amendments not merged",
    "reference": "引用落空 references to what is not there",
    "source": "与另一来源不一致 differs from another source",
}
_HEADING = re.compile(rf"第([{NUMERAL_CHARS}]+)(编|分编|章|节)")
_STRAY = re.compile(rf"\n(?:第[{NUMERAL_CHARS}]+(?:编|分编|章|节)[\s　]+\S{{1,20}}|附[\s　]*则)$")
_DELETES = re.compile(rf"删去刑法(第[{NUMERAL_CHARS}]+条(?:之[{NUMERAL_CHARS}]+)?)")
_COMMENCES = re.compile(r"^本(?:法|条例)自.{0,20}(?:施行|实施|生效)")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing an editor must look at; ``kind`` is a key of KINDS, ``text`` the law in its version."""

    kind: str
    text: str
    article: str
    what: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What was looked at, in numbers, and what was found."""

    laws: int
    texts: int
    articles: int
    references: int
    resolved: int
    faults: tuple[Fault, ...]
    day: date

    @property
    def counts(self) -> dict[str, int]:
        """Return how many faults there are of each kind."""
        found = Counter(fault.kind for fault in self.faults)
        return {kind: found[kind] for kind in KINDS}


def audit(paths: Iterable[Path] = (), today: date | None = None) -> Audit:
    """Audit the shipped statutes; Markdown laws under ``paths`` are compared with them.

    Raises SourceError for a path that does not exist.
    """
    documents = package_documents()
    day = today or date.today()
    book = LawBook(passage for document in documents for passage in split(document))
    faults: list[Fault] = []
    for document in documents:
        faults += [*_numbers(document), *_headings(document), *_texts(document), *_dates(document)]
    faults += [*_versions(documents, day), *_amendments(documents)]
    references, broken = _references(documents, book, day)
    faults += broken
    faults += _sources(documents, paths)
    order = list(KINDS)
    faults.sort(key=lambda fault: order.index(fault.kind))
    return Audit(
        laws=len({document.title for document in documents}),
        texts=len(documents),
        articles=sum(len(document.articles) for document in documents),
        references=references,
        resolved=references - len(broken),
        faults=tuple(faults),
        day=day,
    )


def _numbers(document: Document) -> Iterator[Fault]:
    """Yield gaps, repetitions and steps back in the numbers of a text."""
    places = [(parse_article_number(a.number), a.number) for a in document.articles]
    numbered = [(place, label) for place, label in places if place and label.startswith("第")]
    repeated = [label for label, count in Counter(label for _, label in numbered).items() if count > 1]
    for label in repeated:
        yield Fault("number", document_key(document), label, "条号重复 / number stands twice")
    if numbered and numbered[0][0][0] != 1 and "决定" not in document.title:
        yield Fault(
            "number", document_key(document), numbered[0][1], "不从第一条开始 / does not begin with article 1"
        )
    for (before, _), (after, label) in pairwise(numbered):
        (article, suffix), (next_article, next_suffix) = before, after
        follows = (next_article == article + 1 and not next_suffix) or (
            next_article == article and (next_suffix or 0) == (suffix or 0) + 1
        )
        if not follows and label not in repeated and "决定" not in document.title:
            yield Fault(
                "number", document_key(document), label, f"前一条是第{article}条 / follows article {article}"
            )


def _headings(document: Document) -> Iterator[Fault]:
    """Yield headings that skip a number, and a closing article outside 附则."""
    last: dict[tuple[str, ...], int] = {}
    seen: set[tuple[str, ...]] = set()
    before: tuple[str, ...] = ()
    for article in document.articles:
        if article.headings == before:
            continue
        before = article.headings
        if before in seen and before:
            yield Fault(
                "heading", document_key(document), article.number, f"“{before[-1]}”又出现一次 / comes again"
            )
        for depth, heading in enumerate(before):
            path = before[: depth + 1]
            match = _HEADING.match(heading)
            if path in seen or match is None:
                continue
            place, unit = (*before[:depth], match[2]), (match[2],)  # chapters may count on across books
            number = to_int(match[1]) or 0
            if number not in (last.get(place, 0) + 1, last.get(unit, 0) + 1):
                yield Fault(
                    "heading",
                    document_key(document),
                    article.number,
                    f"“{heading}”前缺一个 / one is missing before it",
                )
            last[place] = last[unit] = number
        seen.update(before[: n + 1] for n in range(len(before)))
    closing = next((a for a in reversed(document.articles) if _COMMENCES.match(a.text)), None)
    named = any("附则" in "".join(h.split()) for a in document.articles for h in a.headings)
    chapters = any(_HEADING.match(h) for a in document.articles for h in a.headings)
    if closing and chapters and closing.headings and "附则" not in "".join("".join(closing.headings).split()):
        what = "施行条款不在附则 / commencement outside the supplementary provisions"
        if named:
            yield Fault("heading", document_key(document), closing.number, what)


def _texts(document: Document) -> Iterator[Fault]:
    """Yield texts that are empty, broken in a sentence, or hold what does not belong there."""
    for article in document.articles:
        for what in _damage(article):
            yield Fault("text", document_key(document), article.number, what)


def _damage(article: Article) -> Iterator[str]:
    text = article.text
    if not text.strip():
        yield "没有正文 / empty"
        return
    if _STRAY.search(text):
        yield "末尾有下一章的标题 / ends with the next heading"
    if odd := sorted({c for c in text if unicodedata.category(c) in ("Co", "Cn", "Cc") and c != "\n"}):
        yield f"有不可显示的字符 {odd} / characters that do not show"
    if "（图略）" in text:
        yield "图没有收录 / a picture is missing"
    if re.search(r"\\\\|�|[a-z]+=\"", text):
        yield "有转换残留 / traces of a conversion"
    if "+--" in text or "| |" in text:
        yield "表格是用符号拼的 / a table drawn with signs"
        return
    for paragraph in text.split("\n"):
        if len(paragraph) > 15 and re.search("[\u3400-\u9fff、]$", paragraph) and "附" not in text:
            yield f"“…{paragraph[-10:]}”断在句中 / broken off in a sentence"
            break
    numbers = [item.number for item in items(text)]
    if any(later not in (1, earlier + 1) for earlier, later in pairwise(numbers)) and "附" not in text:
        yield f"项的次序是 {numbers} / items out of order"


def _dates(document: Document) -> Iterator[Fault]:
    """Yield dates that are missing or contradict each other."""
    if not document.promulgated or not document.effective:
        yield Fault("version", document_key(document), "", "没有公布或施行日期 / a date is missing")
    elif document.until and document.until <= document.effective:
        yield Fault(
            "version",
            document_key(document),
            "",
            f"施行{document.effective}、止于{document.until} / ends before it begins",
        )


def _versions(documents: Sequence[Document], day: date) -> Iterator[Fault]:
    """Yield titles with two texts in force, and statuses that no text proves or that one contradicts."""
    titles: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        titles[document.title].append(document)
    repealed = {repeal.title: repeal for repeal in repeals(documents)}
    for title, held in titles.items():
        live = [d for d in held if status_on(day, d.status, d.effective, d.until) is Status.IN_FORCE]
        if len(live) > 1:
            yield Fault("version", title, "", f"{len(live)}个文本同时有效 / texts in force at once")
        if len(held) == 1 and held[0].status is Status.AMENDED:
            yield Fault(
                "status",
                document_key(held[0]),
                "",
                "标为已修改，但没有新文本 / amended, but no newer text is held",
            )
        for document in live:
            repeal = repealed.get(title)
            if repeal and (document.promulgated or "") < repeal.day <= day.isoformat():
                yield Fault(
                    "status",
                    document_key(document),
                    "",
                    f"已被《{repeal.successor}》{repeal.article}废止 / repealed there",
                )
    for document in documents:
        if document.status is Status.REPEALED and document.until is None:
            citing = sum(
                document.title.removeprefix("中华人民共和国") in a.text
                for d in documents
                if d.title != document.title and d.status is Status.IN_FORCE
                for a in d.articles
            )
            yield Fault(
                "status", document_key(document), "",
                f"标为已废止，但所收法律都没有废止它，现行法有{citing}条提到它 / no text repeals it; {citing} articles in force name it",
            )  # fmt: skip


def _amendments(documents: Sequence[Document]) -> Iterator[Fault]:
    """Yield items of the Criminal Law's amendments whose new wording the law does not have.

    Where several amend one article, the last one counts.
    """
    law = next((d for d in documents if d.title == "中华人民共和国刑法"), None)
    if law is None:
        return
    articles = {article.number: article.text for article in law.articles}
    last: dict[tuple[str, str], tuple[Document, Article, str]] = {}
    for document in sorted(documents, key=lambda d: d.version):
        if not document.title.startswith("中华人民共和国刑法修正案"):
            continue
        for item in document.articles:
            for match in AMENDS.finditer(item.text):
                last[match[1], match[2] or ""] = document, item, match[3]
            for number in _DELETES.findall(item.text):
                last[number, ""] = document, item, ""
    for (number, _), (document, item, wording) in last.items():
        lines = [line for line in wording.strip('“”" \n').split("\n") if len(plain(line)) > 10]
        later = any(
            other == number and place[0].version > document.version for (other, _), place in last.items()
        )
        if not later and not all(
            stands_in(line.strip('“”"'), articles.get(number, "")) for line in lines[:1]
        ):
            yield Fault(
                "amendment",
                law.title,
                number,
                f"《{document.title}》{item.number}的文字不在其中 / its wording is not there",
            )


def _references(documents: Sequence[Document], book: LawBook, day: date) -> tuple[int, list[Fault]]:
    """Count every reference from one provision to another, and return those that lead nowhere."""
    count, broken = 0, []
    for document in documents:
        numbers = [article.number for article in document.articles]
        for article in document.articles:
            for reference in cross_references(
                document.title, article.number, article.text, numbers, book.names
            ):
                count += 1
                if what := _broken(reference, document, book, day):
                    broken.append(
                        Fault(
                            "reference", document_key(document), article.number, f"“{reference.raw}”：{what}"
                        )
                    )
    return count, broken


def _broken(reference: Reference, document: Document, book: LawBook, day: date) -> str:
    """Say why a reference leads nowhere, or nothing; a law known but not held is no fault of the text."""
    law = reference.law
    if law is None:
        return "没有这部法律 / no such law"
    if law not in book:
        return ""
    texts = book.versions(law, reference.label)
    if law == document.title:
        texts = [passage for passage in texts if passage.document == document_key(document)]
    passage = on_day(texts, day)
    if passage is None:
        return f"《{law}》没有{reference.label} / no such article"
    count = len(passage.paragraphs)
    if reference.paragraph is not None and not 0 < reference.paragraph <= count:
        return f"该条只有{count}款 / the article has {count} paragraph(s)"
    if reference.item and find_item(passage.text, reference.paragraph, reference.item) is None:
        return "没有这一项 / no such item"
    return ""


def _sources(documents: Sequence[Document], paths: Iterable[Path]) -> Iterator[Fault]:
    """Compare Markdown laws with the texts held: newer ones, other statuses, other words."""
    held: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        held[document.title].append(document)
    read: list[Document] = []
    for path in law_files(paths):
        try:
            read.append(read_law(path))
        except SourceError:
            continue
    for other in end_dates(read):
        texts = held.get(other.title, [])
        same = next((d for d in texts if d.version == other.version), None)
        if texts and same is None and _is_newer(other, texts[-1]):
            yield Fault(
                "source", other.title, "", f"{other.source}有更新的文本{other.version} / has a newer text"
            )
        if same is None:
            continue
        if Status.REPEALED in (same.status, other.status) and same.status is not other.status:
            yield Fault(
                "source",
                document_key(same),
                "",
                f"此处{same.status}，{other.source}为{other.status} / status differs",
            )
        words = {article.number: plain(article.text) for article in other.articles}
        differ = [a.number for a in same.articles if a.number in words and words[a.number] != plain(a.text)]
        if differ:
            shown = "、".join(differ[:5]) + ("…" if len(differ) > 5 else "")
            yield Fault(
                "source",
                document_key(same),
                shown,
                f"{len(differ)}条的文字与{other.source}不同 / articles read otherwise",
            )
        if missing := [a.number for a in same.articles if a.number not in words]:
            yield Fault(
                "source",
                document_key(same),
                "、".join(missing[:5]),
                f"{other.source}缺{len(missing)}条 / articles missing there",
            )


def _is_newer(other: Document, held: Document) -> bool:
    """Say whether a text is later than the one held and reads otherwise: a part of a code is none."""
    words = {article.number: plain(article.text) for article in held.articles}
    return other.version > held.version and any(plain(a.text) != words.get(a.number) for a in other.articles)


def report(found: Audit) -> str:
    """Return the audit as Markdown: the counts, then every fault under its kind."""
    share = found.resolved / found.references if found.references else 1.0
    lines = [
        "# 语料审查 / Audit of the statutes",
        "",
        f"- 审查日 day: {found.day}",
        f"- 法律 laws: {found.laws:,}; 文本 texts: {found.texts:,}; 条文 articles: {found.articles:,}",
        f"- 条文间引用 references: {found.references:,}，可解析 resolved {found.resolved:,} ({share:.2%})",
    ]
    lines += [f"- {KINDS[kind]}: {count}" for kind, count in found.counts.items()]
    for kind, title in KINDS.items():
        of_kind = [fault for fault in found.faults if fault.kind == kind]
        if of_kind:
            lines += ["", f"## {title}", ""]
            lines += [f"- 《{f.text}》{f.article}：{f.what}" for f in of_kind]
    return "\n".join(lines) + "\n"
