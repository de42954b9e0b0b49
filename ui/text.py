"""An Answer as labelled plain text and as the JSON of ``fawen ask --json``."""

from __future__ import annotations

from typing import Any

from corpus.address import address_of
from corpus.terms import terms_in
from corpus.types import Answer, Citation, Hit
from qa.wording import REFUSAL, status_label

LABELS = {
    "zh": {
        "meaning": "这意味着什么",
        "case": "相关案例",
        "terms": "词语",
        "basis": "依据",
        "views": "评注/观点，非法律规定",
        "nearest": "最接近的条文",
        "notice": "提示",
        "corpus": "语料",
        "effective": "施行",
        "as_of": "按当日的法律",
    },
    "en": {
        "meaning": "What this means",
        "case": "Similar case",
        "terms": "Terms",
        "basis": "Legal basis",
        "views": "Commentary, not law",
        "nearest": "Nearest provisions",
        "notice": "Notice",
        "corpus": "Corpus",
        "effective": "effective",
        "as_of": "by the law of",
    },
}


def answer_text(answer: Answer) -> str:
    """Return the answer as plain text: conclusion, meaning, case, basis, notice."""
    label = LABELS[answer.lang]
    blocks = [answer.referral] if answer.referral else []
    blocks.append(_claims(answer, "conclusion") or REFUSAL[answer.lang])
    for part in ("meaning", "case"):
        if text := _claims(answer, part):
            blocks.append(f"【{label[part]}】\n{text}")
    laws = [c for c in answer.citations if c.kind.is_law]
    views = [c for c in answer.citations if not c.kind.is_law]
    for heading, found in (("nearest" if answer.refused else "basis", laws), ("views", views)):
        if found:
            blocks.append(f"【{label[heading]}】\n" + "\n".join(_citation(c, answer.lang) for c in found))
    if glossed := glossary(answer):
        lines = (f"{name}：{plain}" for name, plain in glossed)
        blocks.append(f"【{label['terms']}】\n" + "\n".join(lines))
    blocks.append(
        f"【{label['notice']}】{answer.notice}\n{label['corpus']}: {answer.corpus_date} · {answer.generation}"
        + (f" · {label['as_of']} {answer.as_of}" if answer.as_of else "")
    )
    return "\n\n".join(blocks)


def glossary(answer: Answer, most: int = 4) -> list[tuple[str, str]]:
    """Return (term, plain words) of the legal terms that an answer uses; in English the English name."""
    said = "".join(claim.text for claim in answer.claims if claim.part != "case")
    if answer.lang == "en":
        return [(term.term, ", ".join(term.en)) for term in terms_in(said, most)]
    return [(term.term, term.plain) for term in terms_in(said, most)]


def _claims(answer: Answer, part: str) -> str:
    return "\n".join(
        claim.text + "".join(f"[{n}]" for n in claim.citations)
        for claim in answer.claims
        if claim.part == part
    )


def _citation(citation: Citation, lang: str) -> str:
    """Print a citation; law is quoted, a commentary named with its court, authors and source."""
    passage = citation.passage
    if not citation.kind.is_law:
        origin = " · ".join(part for part in (passage.issuer, passage.note, passage.source) if part)
        remarks = "".join(f"\n    {e.partition(' | ')[2]}" for e in passage.cites if " | " in e)
        return f"[{citation.n}] {citation.title}\n    {origin}{remarks}"
    dates = f"{citation.effective} {LABELS[lang]['effective']}" if citation.effective else ""
    about = " · ".join(part for part in (status_label(citation.status, lang), dates, citation.note) if part)
    quote = citation.quote.replace("\n", "\n    ")
    return f"[{citation.n}] {citation.title}（{about}）\n    {quote}"


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return the object that ``fawen ask --json`` prints."""
    return {
        "question": answer.question,
        "lang": answer.lang,
        "refused": answer.refused,
        "answer": answer_text(answer),
        "claims": [{"text": c.text, "citations": list(c.citations)} for c in answer.claims],
        "citations": [
            {
                "n": c.n, "kind": str(c.kind), "law": c.law, "article": c.article, "paragraph": c.paragraph,
                "title": c.title, "quote": c.quote, "status": str(c.status), "effective": c.effective,
                "source": c.source, "url": c.url,
                "address": address_of(c.passage, c.paragraph, c.item),
                **({"item": c.item} if c.item else {}), **({"note": c.note} if c.note else {}),
            }
            for c in answer.citations
        ],
        "corpus": {"date": answer.corpus_date, "generation": answer.generation},
        **({"as_of": answer.as_of} if answer.as_of else {}),
    }  # fmt: skip


def failure_json(question: str, lang: str, message: str, date: str, generation: str) -> dict[str, Any]:
    """Return the same object for a question that could not be used: the sentence, nothing cited."""
    return {
        "question": question, "lang": lang, "refused": True, "answer": message, "claims": [], "citations": [],
        "corpus": {"date": date, "generation": generation},
    }  # fmt: skip


def hit_json(hit: Hit) -> dict[str, Any]:
    """Return a search result."""
    passage = hit.passage
    return {
        "kind": str(passage.kind), "law": passage.law, "article": passage.article, "title": passage.title,
        "address": address_of(passage), "score": hit.score,
    }  # fmt: skip
