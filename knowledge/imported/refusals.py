"""Why a file, or part of one, is not taken in: each is one sentence for the operator."""

from knowledge.errors import KnowledgeError
from knowledge.imported.texts import REFUSED


class UnreadableFile(KnowledgeError):
    """Nothing of the file can be taken in."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(REFUSED[reason].format(**values))
