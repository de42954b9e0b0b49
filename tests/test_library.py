"""Generations change under running questions; LangChain code can use the retriever."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from langchain_core.runnables import RunnableLambda

from corpus.errors import EmbedderError, IndexMismatch
from corpus.settings import Settings
from ingest.embed import SentenceEmbedder, VectorStore, save_vectors, text_key
from ingest.index import current_generation, open_index
from ingest.publish import Content, publish, publishing
from qa.answer import Assistant
from qa.langchain import FawenRetriever
from qa.library import Library


def small_content(index_dir: Path) -> Content:
    """The first hundred passages of the real index as a generation of their own."""
    index = open_index(index_dir)
    rows = range(100)
    return Content(
        passages=[index.passage(row) for row in rows],
        questions=[],
        links=[],
        vectors=index.articles.reconstruct_n(0, 100),
        question_vectors=np.zeros((0, index.articles.d), np.float32),
        learned=[True for _ in rows],
        vector_keys=[f"{row:016x}" for row in rows],
        question_keys=[],
        words=[["民法"] for _ in rows],
        english=[],
        embedder=index.manifest["embedder"],
        corpus_date="2026-01-01",
        report={},
    )


def test_a_new_generation_serves_while_questions_run(
    index_dir: Path, settings: Settings, embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    root = tmp_path / "index"
    shutil.copytree(index_dir, root)
    assistant = Assistant(Library(root, embedder), settings)
    content = small_content(index_dir)
    seen: set[str] = set()
    faults: list[BaseException] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                seen.add(assistant.ask("借钱不还怎么办").generation)
            except BaseException as error:
                faults.append(error)
                return

    readers = [threading.Thread(target=ask) for _ in range(2)]
    for reader in readers:
        reader.start()
    first = current_generation(root)
    for _ in range(3):
        with publishing(root):
            last = publish(root, content)
    stop.set()
    for reader in readers:
        reader.join()  # a reader may be opening the last one; until it has, the others are served the one before
    assert assistant.ask("借钱不还怎么办").generation == last
    assert faults == [] and first in seen


def test_a_new_generation_that_cannot_be_opened_leaves_the_old_one_serving(
    index_dir: Path, settings: Settings, embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    root = tmp_path / "index"
    shutil.copytree(index_dir, root)
    assistant = Assistant(Library(root, embedder), settings)
    first = assistant.ask("借钱不还怎么办").generation
    with publishing(root):
        publish(root, replace(small_content(index_dir), embedder="another model"))
    assert assistant.ask("借钱不还怎么办").generation == first


def test_another_model_is_refused_not_mixed(index_dir: Path, tmp_path: Path, settings: Settings) -> None:
    other = tmp_path / "model"
    shutil.copytree(settings.model, other, ignore=shutil.ignore_patterns("question_adapter*", "vectors*"))
    with pytest.raises(IndexMismatch):
        Library(index_dir, SentenceEmbedder(other))


def test_a_folder_without_a_model_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="FAWEN_MODEL"):
        SentenceEmbedder(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(EmbedderError, match="FAWEN_MODEL"):
        SentenceEmbedder(tmp_path).load()


def test_any_sentence_transformers_folder_serves_without_adapter(tmp_path: Path, settings: Settings) -> None:
    plain = tmp_path / "model"
    shutil.copytree(settings.model, plain, ignore=shutil.ignore_patterns("question_adapter*", "vectors*"))
    embedder = SentenceEmbedder(plain)
    near, far = (
        embedder.articles(["借款人应当返还借款。", "国旗应当早晨升起。"])
        @ embedder.questions(["借钱不还"])[0]
    )
    assert near > far


def test_shipped_vectors_are_those_of_the_shipped_model(
    settings: Settings, embedder: SentenceEmbedder
) -> None:
    store = VectorStore.open(settings.model, embedder.id)
    assert len(store) > 45_000
    question = "民事纠纷和行政纠纷怎么区分，归哪里管"
    assert store.get(text_key(question, "question")) is None
    index_text = "民法典 第二条 民法调整平等主体的自然人、法人和非法人组织之间的人身关系和财产关系。"
    stored = store.get(text_key(index_text, "article"))
    assert stored is not None
    assert float(stored @ embedder.articles([index_text])[0]) > 0.999


def test_vectors_of_another_model_are_not_used(tmp_path: Path) -> None:
    vectors = np.eye(3, 8, dtype=np.float32)
    keys = {side: [text_key(t, side) for t in "abc"] for side in ("article", "question")}
    parts = {
        "learned": (keys["article"], vectors),
        "article": ([], vectors),
        "question": (keys["question"], vectors),
    }
    save_vectors(tmp_path, "model-a", parts)
    stored = VectorStore.open(tmp_path, "model-a").get(text_key("b", "article"))
    assert stored is not None and np.allclose(stored, vectors[1], atol=0.02)
    assert len(VectorStore.open(tmp_path, "model-b")) == 0


def test_the_retriever_works_in_a_langchain_chain(assistant: Assistant) -> None:
    retriever = FawenRetriever(library=assistant.library, k=5)
    chain = retriever | RunnableLambda(lambda documents: [d.metadata["article"] for d in documents])
    assert chain.invoke("民法典1038条")[0] == "第一千零三十八条"
    documents = retriever.invoke("借钱不还怎么办")
    assert len(documents) == 5 and documents[0].metadata["status"] == "现行有效" and documents[0].page_content
    embedder = assistant.library.embedder
    assert isinstance(embedder, SentenceEmbedder)
    assert (
        len(embedder.embed_query("借钱")) == embedder.dimension == len(embedder.embed_documents(["借款"])[0])
    )
