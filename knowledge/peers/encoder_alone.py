"""The encoder alone: cosine of question and article as the model gives it, without centring, words or votes."""

from collections.abc import Sequence

from knowledge.encoder import Encoder
from knowledge.entries import Reference
from knowledge.normalise import normalise
from knowledge.passages import LONGEST_ENCODED, Passage
from knowledge.peers.ranked import best, reference_of


class EncoderAlone:
    """Over the articles that the desk searches. Encodings come from the cache where they are kept."""

    def __init__(self, articles: Sequence[Passage], encoder: Encoder) -> None:
        self._encoder = encoder
        self._references = [reference_of(article) for article in articles]
        self._vectors = encoder.encode_passages([article.text[:LONGEST_ENCODED] for article in articles])

    def find(self, question: str, *, most: int) -> Sequence[Reference]:
        """See Peer."""
        vector = self._encoder.encode_questions([normalise(question)])[0]
        return best(self._vectors @ vector, self._references, most=most)
