"""BM25 alone: our segmentation and stop words, over the articles that the desk searches and nothing else."""

import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from knowledge.entries import Reference
from knowledge.keywords import Keywords, Table, create_tables
from knowledge.normalise import normalise
from knowledge.passages import Passage
from knowledge.peers.ranked import best, reference_of

DATABASE: Final = "keywords.sqlite3"


class KeywordsAlone:
    """An index of its own, so that neither our wordings nor our answers have a say in how rare a word is."""

    def __init__(self, articles: Sequence[Passage]) -> None:
        self._references = [reference_of(article) for article in articles]
        with tempfile.TemporaryDirectory(prefix="niangjia-") as folder:
            database = Path(folder) / DATABASE
            with closing(sqlite3.connect(database)) as connection, connection:
                create_tables(connection, articles)
            self._keywords = Keywords(database, len(articles))

    def find(self, question: str, *, most: int) -> Sequence[Reference]:
        """See Peer."""
        return best(self._keywords.scores(Table.WORDS, normalise(question)), self._references, most=most)
