"""Tables of the desk, one noun per file."""

from handoff.models.audit import AuditRow
from handoff.models.cadres import Cadre
from handoff.models.cases import Case
from handoff.models.contacts import ChannelIdentity, Contact
from handoff.models.conversations import Conversation
from handoff.models.messages import Message
from handoff.models.organisations import Hotline, Organisation

__all__ = [
    "AuditRow",
    "Cadre",
    "Case",
    "ChannelIdentity",
    "Contact",
    "Conversation",
    "Hotline",
    "Message",
    "Organisation",
]
