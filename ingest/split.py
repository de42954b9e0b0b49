"""Documents → Passages: a law by 条, a commentary by its sections, never across an article."""

from __future__ import annotations

from collections.abc import Iterator

from langchain_text_splitters import RecursiveCharacterTextSplitter

from corpus.types import Document, Passage

CONCLUSION = {"zh": "结论", "en": "Answer"}
SECTION_CHARS = 1200
_SEPARATORS = ["\n\n", "\n", "。", "；", ". ", "，", ", ", ""]


def split(document: Document) -> Iterator[Passage]:
    """Yield the passages of one document in reading order."""
    is_law = document.kind.is_law
    key = document_key(document)

    def passage(
        text: str, article: str | None, headings: tuple[str, ...], section: str, lang: str
    ) -> Passage:
        return Passage(
            kind=document.kind,
            title=document.title,
            law=document.title if is_law else None,
            article=article,
            text=text,
            document=key,
            headings=headings,
            section=section,
            lang=lang,
            status=document.status,
            level=document.level,
            issuer=document.issuer,
            promulgated=document.promulgated,
            effective=document.effective,
            until=document.until,
            note=document.note,
            title_en=document.title_en,
            source=document.source,
            url=document.url,
            cites=document.cites,
        )

    for article in document.articles:
        yield passage(article.text, article.number, article.headings, "", "zh")
    for section in document.sections:
        for text in _pieces(section.text):
            yield passage(text, None, (), section.name, section.lang)


def document_key(document: Document) -> str:
    """Name one version of one title: title@date."""
    return f"{document.title}@{document.version}"


def _pieces(text: str) -> list[str]:
    """Cut a long section between paragraphs or sentences; a short one stays whole."""
    if len(text) <= SECTION_CHARS:
        return [text]
    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS, chunk_size=SECTION_CHARS, chunk_overlap=0, keep_separator="end"
    )
    return [piece.strip() for piece in splitter.split_text(text) if piece.strip()]
