"""The whole text of an article that an answer cited, for channels where it is asked for by a tap."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from bot.parts import PartNotReady, Parts
from bot.wording import article_name
from bot.wording_texts import WORDING
from handoff.kinds import MessageKind
from handoff.models import Conversation, Message
from handoff.outbox import say
from handoff.words_here import unions_number
from knowledge.errors import ArticleNotFound


def show_article(conversation: Conversation, message: Message, parts: Parts, *, now: datetime) -> bool:
    """Say the article that a tap asked for; whether it asked for one. The caller holds the conversation's lock."""
    asked = message.extras.get("article")
    if not asked:
        return False
    offered = Message.objects.filter(conversation=conversation, reference=asked["message"]).first()
    cited = _cited(offered, conversation, int(asked["index"])) if offered is not None else None
    text = _text(cited, parts, today=timezone.localdate(now)) if cited is not None else ""
    say(
        conversation,
        MessageKind.ENGINE,
        text or WORDING["article_gone"].format(hotline=unions_number(conversation)),
        now=now,
        in_reply_to=message,
    )
    return True


def _cited(offered: Message, conversation: Conversation, index: int) -> dict[str, Any] | None:
    offered.conversation = conversation
    citations = offered.extras.get("citations", [])
    return citations[index] if 0 <= index < len(citations) else None


def _text(citation: dict[str, Any], parts: Parts, *, today: date) -> str:
    """As it stood in the answer; where the answer only named it, from the index. Empty when it is not there."""
    text, day = citation.get("text") or "", citation.get("version_date") or ""
    if not text:
        law, article_no = citation["law"], citation["article_no"]
        try:
            knowledge = parts.need_knowledge()
            text = knowledge.article(law, article_no, as_of=today).text
        except (PartNotReady, ArticleNotFound):
            return ""
        known = knowledge.cite(law, article_no, on=today).version_date
        day = known.isoformat() if known else ""
    version = WORDING["version"].format(date=day) if day else WORDING["no_version"]
    return WORDING["article_whole"].format(name=article_name(citation), version=version, text=text)
