"""Facts that stop the knowledge base from answering."""

from collections.abc import Iterable


class KnowledgeError(Exception):
    """The knowledge base cannot do what was asked."""


class ArtifactMissing(KnowledgeError):
    """There is no complete artifact in the folder."""


class StaleArtifact(KnowledgeError):
    """The artifact was built by another encoder or another version of this program."""


class EncoderUnusable(KnowledgeError):
    """The model that the settings name cannot be loaded."""


class ArticleNotFound(KnowledgeError):
    """The index holds no such article for the day asked about."""


class SourceProblems(KnowledgeError):
    """The source files contain mistakes; every one of them is named."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))
