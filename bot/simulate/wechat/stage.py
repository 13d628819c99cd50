"""The simulated official account as a scenario and the web view see it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote

from bot.simulate.faults import Faults
from bot.simulate.records import Push, Record, Shown
from bot.simulate.scenario.stage import NotThere
from bot.simulate.scenario.steps import Act, Sent
from bot.simulate.texts import PLAY
from bot.simulate.wechat import messages
from bot.simulate.wechat.errors import Refused
from bot.simulate.wechat.messages import Made
from bot.simulate.wechat.samples import sample
from bot.simulate.wechat.simulator import WechatSimulator
from bot.simulate.wechat.users import Window

_LINK: Final = re.compile(
    r"""<a\s+href=["']weixin://bizmsgmenu\?msgmenucontent=([^"'&]*)&(?:amp;)?msgmenuid=([^"'&]*)["']\s*>([^<]*)</a>"""
)
_CHENGDU: Final = (30.657, 104.066)


def taps_in(shown: Shown) -> Iterator[tuple[str, Made]]:
    """(words, what a tap sends) of each choice and link in a message."""
    choices = shown.extra.get("choices")
    for number, words in choices if isinstance(choices, list) else ():
        yield words, messages.text(words, tap_id=number)
    for content, number, words in _LINK.findall(shown.text):
        yield html.unescape(words), messages.text(unquote(html.unescape(content)), tap_id=number)


class WechatStage:
    """See Stage."""

    platform_name = "wechat"

    def __init__(self, simulator: WechatSimulator) -> None:
        self._simulator = simulator
        self._platform = simulator.platform

    @property
    def record(self) -> Record:
        """What came."""
        return self._platform.record

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        return self._platform.faults

    def now(self) -> float:
        """The platform's time."""
        return self._platform.clock()

    def key(self, who: str) -> str:
        """Their openid."""
        return self._platform.user(who).openid

    def figures(self) -> Mapping[str, object]:
        """With the number of token fetches."""
        return self.record.figures() | {"token_fetches": self._platform.tokens.fetched}

    async def says(self, who: str, words: str) -> Push:
        """A text message."""
        return await self._simulator.act(who, messages.text(words))

    async def sends(self, who: str, what: Sent) -> Push:
        """A sample."""
        return await self._simulator.act(who, self._made(what))

    async def taps(self, who: str, words: str) -> Push:
        """The newest link or choice with these words, else the menu's entry. Raises NotThere."""
        for shown in reversed(self.record.shown_to(self.key(who))):
            made = next((made for label, made in taps_in(shown) if label == words), None)
            if made is not None:
                return await self._simulator.act(who, made)
        made = self._menu_tap(words)
        if made is None:
            raise NotThere(PLAY["no_tap"].format(who=who, words=words))
        return await self._simulator.act(who, made)

    async def follows(self, who: str, scene: str) -> Push:
        """A new follower."""
        return await self._simulator.follow(who, scene=scene)

    async def unfollows(self, who: str) -> Push:
        """One less."""
        return await self._simulator.unfollow(who)

    async def scans(self, who: str, scene: str) -> Push:
        """A poster's code."""
        return await self._simulator.scan(who, scene)

    async def uploads(self, who: str, name: str, content: bytes, content_type: str) -> Push:
        """A picture, speech or video by its type; anything else as a file."""
        simulator = self._simulator
        try:
            match content_type.partition("/")[0]:
                case "image":
                    made = simulator.picture_of(content, content_type)
                case "audio":
                    made = simulator.voice_of(content, content_type)
                case "video":
                    made = simulator.video_of(content)
                case _:
                    made = simulator.file_of(name, content)
        except Refused as error:
            raise NotThere(PLAY["not_kept"].format(why=error)) from error
        return await simulator.act(who, made)

    def standing(self, who: str) -> str:
        """Following, and how many customer messages may still come."""
        user, now = self._platform.user(who), self.now()
        if not user.followed:
            return PLAY["not_following"]
        if not user.message_window.open(now) and not user.tap_window.open(now):
            return PLAY["no_window"]
        return PLAY["quota_left"].format(left=user.left(now))

    def account_words(self) -> str:
        """Kind, verification, mode, and where it pushes to."""
        account = self._platform.account
        kind = PLAY[f"kind_{account.kind.value}"]
        verified = PLAY["verified" if account.verified else "unverified"]
        return PLAY["account"].format(name=account.name, kind=kind, verified=verified, mode=account.mode.value)

    def acts(self, act: Act, who: tuple[str, ...]) -> None:
        """The platform itself."""
        users = [self._platform.user(name) for name in who] or list(self._platform.users.values())
        match act:
            case Act.REVOKE_TOKEN | Act.KILL_TOKEN:
                self._platform.tokens.revoke(dead=act is Act.KILL_TOKEN)
            case Act.VERIFY | Act.UNVERIFY:
                self._platform.become(verified=act is Act.VERIFY)
            case Act.USE_UP_QUOTA:
                for user in users:
                    user.use_up()
            case Act.END_WINDOW:
                for user in users:
                    user.message_window, user.tap_window = Window(), Window()

    def _menu_tap(self, words: str) -> Made | None:
        buttons = self._platform.menu or []
        flat = [one for button in buttons for one in (button, *(button.get("sub_button") or ()))]
        found = next((one for one in flat if one.get("name") == words and not one.get("sub_button")), None)
        if found is None:
            return None
        return messages.view(found["url"]) if found.get("type") == "view" else messages.click(str(found.get("key", "")))

    def _made(self, what: Sent) -> Made:
        simulator = self._simulator
        match what:
            case Sent.PICTURE:
                return simulator.picture_of(sample("picture"), "image/png")
            case Sent.VOICE:
                return simulator.voice_of(sample("voice"))
            case Sent.VIDEO:
                return simulator.video_of(sample("video"))
            case Sent.FILE:
                return simulator.file_of("sample.pdf", sample("file"))
            case Sent.LOCATION:
                return messages.location(*_CHENGDU, PLAY["place"])
