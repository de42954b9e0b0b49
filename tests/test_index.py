"""The index directory: published whole or not at all, opened only when every byte is as written."""

from __future__ import annotations

import json
import multiprocessing
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from corpus.checking import Verdict
from corpus.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexUnavailable
from corpus.types import Kind, Passage
from ingest.index import open_index
from ingest.link import Link
from ingest.publish import Content, Question, publishing, verify
from ingest.publish import publish as publish_locked
from ingest.words import english_tokens, tokens

TEXTS = [
    "借款人应当按照约定的期限返还借款。",
    "出租人应当按照约定将租赁物交付承租人。",
    "自然人的个人信息受法律保护。",
]


def content(texts: list[str], embedder: str = "model-a") -> Content:
    passages = [
        Passage(Kind.STATUTE, "试验法", "试验法", f"第{'一二三四五六七'[n]}条", text, "试验法@2020-01-01")
        for n, text in enumerate(texts)
    ]
    vectors = np.random.default_rng(7).normal(size=(len(texts), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Content(
        passages=passages,
        questions=[
            Question((0,), "zh", "借钱不还怎么办"),
            Question((0, 1), "en", "What if a borrower does not repay?"),
        ],
        links=[Link("评析", "试验法", "第二条", 1, None, Verdict.WRONG_PLACE, "在第二款")],
        vectors=vectors,
        question_vectors=vectors[:1],
        learned=[False] * len(texts),
        vector_keys=[p.id[:16] for p in passages],
        question_keys=["q0"],
        words=[tokens(text) for text in texts],
        english=[english_tokens("What if a borrower does not repay?")],
        embedder=embedder,
        corpus_date="2020-01-01",
        report={},
    )


def publish(root: Path, generation: Content, step: Callable[[str], None] = lambda name: None) -> str:
    with publishing(root):
        return publish_locked(root, generation, step)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    publish(tmp_path / "index", content(TEXTS[:2]))
    publish(tmp_path / "index", content(TEXTS))
    return tmp_path / "index"


def test_what_is_published_is_read_back(root: Path) -> None:
    index = open_index(root, "model-a")
    assert len(index) == 3
    assert [index.passage(row).text for row in range(3)] == TEXTS
    assert index.rows("试验法", "第二条") == [1]
    assert index.question_texts(0) == ["借钱不还怎么办"]
    (found,) = index.commentary_on("试验法", "第二条")
    assert (found.title, found.paragraph, found.verdict) == ("评析", 1, Verdict.WRONG_PLACE)
    assert index.cited_by("评析") == [found] and index.commentary_on("试验法", "第一条") == []
    assert index.asked("what if a borrower does NOT repay?") == [0, 1]
    assert index.question_texts(1, "en") == ["What if a borrower does not repay?"]


def test_ids_do_not_depend_on_the_build(root: Path, tmp_path: Path) -> None:
    publish(tmp_path / "other", content(TEXTS[::-1][::-1]))
    ids = [[open_index(place).passage(row).id for row in range(3)] for place in (root, tmp_path / "other")]
    assert ids[0] == ids[1]


def test_two_generations_are_kept_and_no_leftovers(root: Path) -> None:
    (root / "draft-killed").mkdir()
    (root / "draft-killed" / "half.sqlite").write_bytes(b"x")
    for _ in range(3):
        publish(root, content(TEXTS))
    assert sorted(p.name for p in root.glob("*-*")) == ["gen-000004", "gen-000005"]


@pytest.mark.parametrize("seed", range(60))
def test_any_flipped_byte_is_found_and_the_older_generation_serves(root: Path, seed: int) -> None:
    rng = random.Random(seed)
    files = sorted(p for p in (root / "gen-000002").rglob("*") if p.is_file() and p.stat().st_size)
    path = files[seed % len(files)]
    raw = bytearray(path.read_bytes())
    kind = seed // len(files) % 3
    if kind == 0:
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    elif kind == 1:
        del raw[rng.randrange(len(raw)) :]
    else:
        raw += b"\0"
    path.write_bytes(raw)
    changed_json = path.name == "manifest.json" and _same_manifest(path)
    index = open_index(root, "model-a")
    assert index.generation == ("gen-000002" if changed_json else "gen-000001")


def _same_manifest(path: Path) -> bool:
    """White space added to JSON changes no value."""
    try:
        verify(path.parent)
    except IndexDamaged:
        return False
    return True


def test_swapped_missing_and_added_files_are_found(root: Path) -> None:
    new = root / "gen-000002"
    shutil.copy(root / "gen-000001" / "articles.faiss", new / "articles.faiss")
    with pytest.raises(IndexDamaged, match="articles.faiss"):
        verify(new)
    (new / "articles.faiss").unlink()
    with pytest.raises(IndexDamaged, match="articles.faiss"):
        verify(new)


def test_a_manifest_edited_by_hand_is_found(root: Path) -> None:
    path = root / "gen-000002" / "manifest.json"
    sealed = json.loads(path.read_text("utf-8"))
    sealed["manifest"]["passages"] = 2
    path.write_text(json.dumps(sealed), "utf-8")
    with pytest.raises(IndexDamaged, match="manifest"):
        verify(path.parent)


def test_all_generations_damaged_is_one_sentence(root: Path) -> None:
    for folder in root.glob("gen-*"):
        (folder / "passages.sqlite").write_bytes(b"not a database")
    with pytest.raises(IndexDamaged) as caught:
        open_index(root)
    assert "fawen ingest" in caught.value.message_zh and "fawen ingest" in caught.value.message_en


def test_another_embedder_is_refused(root: Path) -> None:
    with pytest.raises(IndexMismatch):
        open_index(root, "model-b")


def test_no_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="fawen ingest"):
        open_index(tmp_path / "nothing")


def test_a_place_that_cannot_hold_an_index_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(IndexUnavailable, match="--index"):
        publish(tmp_path / "file" / "index", content(TEXTS))


def test_a_second_publisher_is_told_at_once(root: Path) -> None:
    with publishing(root), pytest.raises(IndexBusy):
        publish(root, content(TEXTS))
    assert open_index(root).generation == "gen-000002"


def _publish_for_ever(root: Path, started: multiprocessing.synchronize.Event) -> None:
    while True:
        publish(root, content(TEXTS))
        started.set()


def test_a_killed_publisher_tears_nothing(root: Path) -> None:
    rng = random.Random(1)
    context = multiprocessing.get_context("spawn")
    for _ in range(5):
        started = context.Event()
        process = context.Process(target=_publish_for_ever, args=(root, started))
        process.start()
        assert started.wait(60)
        process.join(rng.random() * 0.1)
        process.kill()
        process.join()
        assert [open_index(root).passage(row).text for row in range(3)] == TEXTS
    publish(root, content(TEXTS))
    assert not list(root.glob("draft-*")) and not (root / "CURRENT.tmp").exists()


@pytest.mark.parametrize(
    "step", ["条文 passages", "索引 vectors", "检索词 words", "英文 english", "写入 sync"]
)
def test_a_disk_that_refuses_leaves_the_old_index(root: Path, step: str) -> None:
    def refuse(name: str) -> None:
        if name == step:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        publish(root, content(TEXTS), refuse)
    assert open_index(root).generation == "gen-000002"
    assert not list(root.glob("draft-*"))
