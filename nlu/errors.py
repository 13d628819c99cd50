"""What can be wrong with a dialogue model or a turn."""

from __future__ import annotations


class DialogueError(Exception):
    """The dialogue could not go on."""


class EncoderMismatch(DialogueError):
    """The dialogue model was trained with another encoder."""

    def __init__(self, *, trained: str, given: str) -> None:
        super().__init__(f"the dialogue model was trained with {trained}, the desk runs {given}: build it again")


class ModelMissing(DialogueError):
    """There is no dialogue model in the folder."""


class TrainingFailed(DialogueError):
    """Rasa did not accept the training data."""


class SnapshotUnreadable(DialogueError):
    """The saved state of a talk is not one that this version writes."""


class TurnFailed(DialogueError):
    """A turn could not be finished: an action failed, or Rasa did. The cause is kept; the text names only the place."""

    def __init__(self, where: str) -> None:
        super().__init__(f"the turn failed in {where}")
        self.where = where
