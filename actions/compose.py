"""All actions of the dialogue, with what they need."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rasa_sdk import Action

from actions import texts
from actions.answer import AnswerQuestion, OutOfScope, StillWaiting
from actions.callback.around import BeginCallback, FinishCallback, LeaveCallback, StopCallback
from actions.callback.form import AskCallback, ValidateCallbackForm
from actions.callback.state import Field as CallbackField
from actions.cases import CaseReader, CaseStatus
from actions.human import RequestHuman
from actions.join.around import CheckJoin, FinishJoin, JoinForOther, LeaveJoining, StopJoining, TransferMembership
from actions.join.form import AskJoin, ValidateJoinForm
from actions.join.state import Field
from actions.repeat import Repeat, Shorten
from actions.scope import Scopes

if TYPE_CHECKING:
    from knowledge.search import KnowledgeBase


def build_actions(
    knowledge_base: KnowledgeBase,
    scopes: Scopes,
    *,
    case_reader: CaseReader,
    new_case_no: Callable[[], str],
    union_name: str = texts.JOIN_UNION,
) -> list[Action]:
    """One instance of each; names are those of `nlu/domain`. `union_name`: whose desk this is, as workers know it."""
    return [
        AnswerQuestion(knowledge_base, scopes),
        OutOfScope(knowledge_base, scopes),
        RequestHuman(scopes),
        StillWaiting(knowledge_base, scopes),
        Repeat(),
        Shorten(),
        CaseStatus(scopes, case_reader),
        CheckJoin(scopes, case_reader),
        ValidateJoinForm(),
        *(AskJoin(item, union_name) for item in Field),
        FinishJoin(scopes, new_case_no),
        StopJoining(),
        LeaveJoining(),
        TransferMembership(),
        JoinForOther(),
        BeginCallback(scopes),
        ValidateCallbackForm(scopes),
        *(AskCallback(item, scopes) for item in CallbackField),
        FinishCallback(scopes),
        StopCallback(),
        LeaveCallback(),
    ]
