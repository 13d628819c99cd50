"""Talks on WeChat and Telegram for the console's tests, with what the platform allows in each."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction

from bot.channel_settings import AccountKind, TelegramSettings, WechatAccount, WechatSettings
from handoff.desk import request_handoff
from handoff.kinds import Channel, Delivery, Medium, MessageKind, WindowKind
from handoff.models import Cadre, Conversation, Message, PendingMedia
from handoff.outbox import say
from handoff.windows import open_window
from tests.console.conftest import Desk


def account(name: str = "main", *, verified: bool = True, notice: str = "") -> WechatAccount:
    """An official account of the settings."""
    return WechatAccount(
        name=name,
        kind=AccountKind.SERVICE,
        verified=verified,
        app_id="wx1",
        app_secret="s",
        token="t",
        notice=notice,
        notice_template="T1" if notice else "",
    )


def configure(settings: Any, *accounts: WechatAccount, telegram: bool = False) -> None:
    """As `niangjia.toml` would say."""
    channels = {"wechat": WechatSettings(accounts=accounts), "telegram": TelegramSettings(enabled=telegram)}
    settings.NIANGJIA = replace(settings.NIANGJIA, **channels)


def on_wechat(
    desk: Desk, *, heard_hours_ago: float = 0, used: int = 0, kind: WindowKind = WindowKind.MESSAGE, **row: Any
) -> Conversation:
    """A worker of the official account waits for a person; how long ago the platform's window opened, what is used."""
    talk = desk.talk("老板不发工资")
    at = desk.now - timedelta(hours=heard_hours_ago)
    Conversation.objects.filter(pk=talk.pk).update(channel=Channel.WECHAT, heard_at=at, **row)
    with transaction.atomic():
        locked = Conversation.locked(talk.pk)
        open_window(locked, kind, now=at)
        request_handoff(locked, now=desk.now)
    Conversation.objects.filter(pk=talk.pk).update(window_used=used)
    talk.refresh_from_db()
    return talk


def replies(
    desk: Desk, talk: Conversation, cadre: Cadre, text: str, delivery: Delivery = Delivery.PENDING, **row: Any
) -> Message:
    """A cadre's reply that has come so far."""
    with transaction.atomic():
        message = say(Conversation.locked(talk.pk), MessageKind.CADRE, text, now=desk.now, cadre=cadre)
    Message.objects.filter(pk=message.pk).update(delivery=delivery, **row)
    message.refresh_from_db()
    return message


def sends_media(desk: Desk, talk: Conversation, medium: Medium = Medium.PICTURE, **pending: Any) -> PendingMedia:
    """A picture (voice …) came that the platform still holds."""
    message = desk.hears(talk, "")
    Message.objects.filter(pk=message.pk).update(medium=medium, platform_key=f"wechat:{uuid.uuid4()}")
    return PendingMedia.objects.create(message=message, source_sealed=b"x", **{"next_at": desk.now, **pending})
