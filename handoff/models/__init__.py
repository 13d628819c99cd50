"""Tables of the desk, one noun per file."""

from handoff.models.alarms import Alert, ChainEnd
from handoff.models.attachments import Attachment
from handoff.models.audit import AuditRow
from handoff.models.cadres import Cadre
from handoff.models.cases import Case
from handoff.models.contacts import ChannelIdentity, Contact
from handoff.models.conversations import Conversation
from handoff.models.links import LinkCode, LinkTry
from handoff.models.messages import Message
from handoff.models.organisations import Department, Hotline, Organisation
from handoff.models.pushes import PendingMedia, PlatformToken, Push, Scan, UsedSignature
from handoff.models.roster import Absence, RosterLine
from handoff.models.screening import OwnPhrase, WordsApproval
from handoff.models.talks import BreakGlass, CallBack, CannedReply, Note, Participant, Sheet, Viewing

__all__ = [
    "Absence",
    "Alert",
    "Attachment",
    "AuditRow",
    "BreakGlass",
    "Cadre",
    "CallBack",
    "CannedReply",
    "Case",
    "ChainEnd",
    "ChannelIdentity",
    "Contact",
    "Conversation",
    "Department",
    "Hotline",
    "LinkCode",
    "LinkTry",
    "Message",
    "Note",
    "Organisation",
    "OwnPhrase",
    "Participant",
    "PendingMedia",
    "PlatformToken",
    "Push",
    "RosterLine",
    "Scan",
    "Sheet",
    "UsedSignature",
    "Viewing",
    "WordsApproval",
]
