"""What can be wrong with an act of a cadre on a talk."""

from __future__ import annotations


class ConversationNotFound(Exception):
    """There is no such conversation for this cadre: missing, another union's, or not theirs to read."""


class AlreadyClaimed(Exception):
    """Another cadre has the conversation; `holder` is their display name."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class NotHolder(Exception):
    """Only the cadre who holds the conversation may do this."""


class NotAColleague(Exception):
    """The other cadre cannot take part: another union's, without access to talks, complained of, or oneself."""


class CannotGoThere(Exception):
    """A complaint about a cadre or money goes to the discipline department or upwards, nowhere else."""


class FollowUpMissing(Exception):
    """A talk in danger is not closed before it was asked how and when to telephone, and the answer stands here."""


class MustStayOpen(Exception):
    """A matter of life, of a child or of a serious hazard stays open although the worker withdraws."""


class NewWords(Exception):
    """While the cadre was about to end the talk, the worker wrote something that the page did not show yet."""


class NoDanger(Exception):
    """There are no fixed words to send: nobody is in danger in this talk."""
