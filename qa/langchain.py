"""Our retrieval as a LangChain retriever, to drop into other people's chains."""

from __future__ import annotations

from datetime import date

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from qa.filters import Filter
from qa.library import Library
from qa.question import read_question


class FawenRetriever(BaseRetriever):
    """Return the ``k`` best passages as Documents, with their citation in the metadata.

    ``only`` narrows what may be returned; see qa.filters.

    Raises InputError for a question that cannot be used.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    k: int = 10
    max_chars: int = 2000
    only: Filter = Filter()

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        shelf = self.library.current()
        question = read_question(query, shelf.names, self.max_chars)
        today = date.today()
        return [
            Document(
                id=hit.passage.id,
                page_content=hit.passage.text,
                metadata={
                    "kind": str(hit.passage.kind),
                    "law": hit.passage.law,
                    "article": hit.passage.article,
                    "title": hit.passage.title,
                    "status": str(hit.passage.status_on(today)),
                    "effective": hit.passage.effective,
                    "source": hit.passage.source,
                    "score": hit.score,
                },
            )
            for hit in shelf.retriever.search(question, self.k, self.only)
        ]
