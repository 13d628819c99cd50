"""The doors of the house: for each channel of the settings its address, how its pushes are taken in, how it sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import _lru_cache_wrapper, lru_cache
from typing import TYPE_CHECKING

from bot.channels.switched_off import SwitchedOffSender
from bot.channels.wechat.edge import PREFIX, WechatEdge
from bot.channels.wechat.media import WechatMedia
from bot.channels.wechat.passive import PassiveReplies
from bot.channels.wechat.sender import WechatSender
from bot.channels.wechat.taking import WechatTaker
from bot.channels.wechat.waiting import OpenReplies
from bot.configuration import Configuration
from bot.delivery import PullSender, Sender
from bot.inbox.queues import Poller, Stored
from bot.inbox.taking import Inbox, Taker
from bot.inbox.writer import InboxWriter
from bot.limits import Application
from bot.media import Fetcher, MediaFetching
from handoff.kinds import Channel
from handoff.own_phrases import LiveRules
from handoff.screening.levels import Level

if TYPE_CHECKING:
    from bot.channels.telegram.channel import TelegramChannel
    from bot.channels.wechat.api.sync import Wechat

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Doors:
    """What the channels bring to the desk. `edges`: ASGI applications by the beginning of their address."""

    edges: Mapping[str, Application]
    pollers: Sequence[Poller]
    senders: Mapping[Channel, Sender]
    writer: InboxWriter
    stored: Stored
    inbox: Inbox
    media: MediaFetching
    replies: OpenReplies
    close: Callable[[], None]
    """Store what waits to be stored, and end the connections."""


def open_doors(configuration: Configuration, rules: LiveRules, *, clock: Clock) -> Doors:
    """The doors that the settings name. Nothing is connected yet."""
    stored = Stored()
    writer = InboxWriter(when_stored=stored.tell)
    replies = OpenReplies(PassiveReplies(configuration.wechat, clock=clock).look)
    wechat = _wechat_of(configuration)
    takers: dict[Channel, Taker] = {Channel.WECHAT: WechatTaker(configuration.wechat, screen=rules.screen)}
    fetchers: dict[Channel, Fetcher] = {Channel.WECHAT: WechatMedia(wechat)}
    senders: dict[Channel, Sender] = {
        Channel.WEBCHAT: PullSender(),
        Channel.TERMINAL: PullSender(),
        Channel.WECHAT: WechatSender(configuration.wechat, wechat, clock=clock),
        Channel.TELEGRAM: SwitchedOffSender(),
    }

    def presses(text: str) -> bool:
        return rules.last_known().screen(text).level is Level.CRISIS

    edge = WechatEdge(configuration.wechat, writer=writer, replies=replies, presses=presses, clock=clock)

    edges: dict[str, Application] = {PREFIX: edge}
    pollers: list[Poller] = []
    telegram = _telegram_of(configuration, rules, clock=clock)
    if telegram is not None:
        takers[Channel.TELEGRAM], senders[Channel.TELEGRAM] = telegram.taker, telegram.sender
        fetchers[Channel.TELEGRAM] = telegram.fetcher
        edges[telegram.address] = telegram.edge(writer, presses=presses)
        pollers += telegram.pollers(writer, presses=presses)

    def close() -> None:
        writer.stop()
        if telegram is not None:
            telegram.close()
        if wechat.cache_info().currsize:
            wechat().close()

    return Doors(
        edges=edges,
        pollers=pollers,
        senders=senders,
        writer=writer,
        stored=stored,
        inbox=Inbox(takers, clock=clock),
        media=MediaFetching(fetchers, clock=clock),
        replies=replies,
        close=close,
    )


def _telegram_of(configuration: Configuration, rules: LiveRules, *, clock: Clock) -> TelegramChannel | None:
    """Its library is imported only where it is switched on."""
    if not configuration.telegram.enabled:
        return None
    from bot.channels.telegram.channel import TelegramChannel

    return TelegramChannel(configuration.telegram, screen=rules.screen, clock=clock)


def _wechat_of(configuration: Configuration) -> _lru_cache_wrapper[Wechat]:
    """The platform's API, with its thread and connections made when it is first needed."""

    @lru_cache(maxsize=1)
    def wechat() -> Wechat:
        from bot.channels.wechat.api.sync import Wechat

        return Wechat(configuration.wechat)

    return wechat
