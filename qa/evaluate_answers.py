"""Measure written answers against lawyers' own: ``fawen eval-answers FILE``.

METEOR (Banerjee & Lavie 2005; exact matches, for WordNet knows no Chinese) and sentence BLEU-4 (Papineni
et al. 2002, method-1 smoothing) over jieba tokens, as LeCoQA computes them; the words judged are an
answer's claims and the law it quotes, without labels and notice. Citation precision and recall are over
the articles that the file names. Not covered: whether an answer is right in law.
"""

from __future__ import annotations

import re
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from corpus.errors import InputError
from corpus.types import Answer
from qa.evaluate import percentiles, read_provisions
from qa.question import read_entries

if TYPE_CHECKING:
    from qa.answer import Assistant


class _NoWordNet:
    """A thesaurus without synonyms."""

    def synsets(self, word: str) -> list[object]:
        """Return no synonym."""
        return []


class _NoStemmer:
    """A stemmer that leaves words as they are."""

    def stem(self, word: str) -> str:
        """Return the word."""
        return word


def evaluate_answers(assistant: Assistant, path: Path, quiet: bool) -> dict[str, Any]:
    """Answer every question of a file of {"question", "answer", "articles"}; return the means.

    Raises InputError where the file cannot be read, or where the extra ``fawen[eval]`` is not installed.
    """
    names = assistant.library.current().names
    entries = [e for e in read_entries(path, ("question", "answer", "articles"), dict) if _complete(e)]
    if not entries:
        raise InputError(
            f"{path.name} 里没有带答案的问题。", f"{path.name} holds no question with an answer."
        )
    judge = _judge()
    seconds, rows, refused, lengths = [], [], 0, []
    assistant.ask(entries[0]["question"][:100])
    for entry in tqdm(entries, desc="评测 eval-answers", disable=quiet):
        started = time.perf_counter()
        answer = assistant.ask(entry["question"][: assistant.settings.max_question_chars])
        seconds.append(time.perf_counter() - started)
        refused += answer.refused
        said = words_of(answer)
        lengths.append(len("".join(claim.text for claim in answer.claims)))
        gold = read_provisions(entry["articles"], names)
        cited = {(c.law, c.article) for c in answer.citations if c.kind.is_law}
        right = len(cited & gold)
        rows.append(
            {
                **judge(said, entry["answer"]),
                "citation_precision": right / len(cited) if cited else 0.0,
                "citation_recall": right / len(gold) if gold else 0.0,
                "gold_cited": float(right > 0),
            }
        )
    return {
        "file": path.name,
        "questions": len(entries),
        **{name: round(statistics.fmean(row[name] for row in rows), 4) for name in rows[0]},
        "refused": round(refused / len(entries), 4),
        "claim_characters_median": statistics.median(lengths),
        "milliseconds": percentiles(seconds),
    }


def _complete(entry: dict[str, Any]) -> bool:
    return isinstance(entry["answer"], str) and isinstance(entry["articles"], list)


def words_of(answer: Answer) -> str:
    """Return what an answer says: its claims, then the law that it quotes and has not said yet."""
    said = [claim.text for claim in answer.claims]
    quoted = [c.quote for c in answer.citations if c.kind.is_law and c.quote[:30] not in "".join(said)]
    return "\n".join((*said, *quoted))


def _judge() -> Any:
    """Return a function that scores an answer against the reference."""
    try:
        import jieba
        from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
        from nltk.translate.meteor_score import meteor_score
    except ImportError as error:
        raise InputError(
            "没有安装评测所需的包，请运行：pip install 'fawen[eval]'。",
            "What judging answers needs is not installed; run: pip install 'fawen[eval]'.",
        ) from error
    jieba.setLogLevel("WARNING")

    def tokens(text: str) -> list[str]:
        return [word for word in jieba.lcut(re.sub(r"\s", "", text)) if word.strip()]

    def score(said: str, reference: str) -> dict[str, float]:
        hypothesis, wanted = tokens(said), tokens(reference)
        smooth = SmoothingFunction().method1
        return {
            "meteor": meteor_score([wanted], hypothesis, stemmer=_NoStemmer(), wordnet=_NoWordNet()),
            "bleu": sentence_bleu([wanted], hypothesis, smoothing_function=smooth),
        }

    return score


def answers_table(report: dict[str, Any]) -> str:
    """Return the figures as lines a person can read, with the published ones beside them."""
    ms = report["milliseconds"]
    lines = [f"{report['file']}: {report['questions']} questions"]
    lines += [
        f"METEOR {report['meteor']:.4f}  BLEU {report['bleu']:.4f}",
        f"citations: precision {report['citation_precision']:.3f}, recall {report['citation_recall']:.3f},"
        f" a right article cited in {report['gold_cited']:.1%}",
        f"refused {report['refused']:.1%}; claims {report['claim_characters_median']:.0f} characters (median)",
        f"one answer: p50 {ms['p50']} ms, p95 {ms['p95']} ms",
        "published METEOR: Qwen2.5-7B RAG .2335, GPT-3.5 RAG .2974, with gold evidence .3136",
    ]
    return "\n".join(lines)
