"""The simulated bot as a scenario and the web view see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.simulate.faults import Faults
from bot.simulate.records import Push, Record
from bot.simulate.scenario.stage import NotThere
from bot.simulate.scenario.steps import Act, Sent
from bot.simulate.telegram import updates
from bot.simulate.telegram.simulator import NoSuchButton, TelegramSimulator
from bot.simulate.telegram.updates import Made
from bot.simulate.texts import PLAY
from bot.simulate.wechat.samples import sample

_CHENGDU: Final = (30.657, 104.066)
# A desk that does not fetch or take an update within this time is passed by; the update stays in its queue.
_WAIT_S: Final = 30.0


class TelegramStage:
    """See Stage. Following is `/start`, unfollowing is blocking the bot."""

    platform_name = "telegram"

    def __init__(self, simulator: TelegramSimulator) -> None:
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
        """The number of their chat."""
        return str(self._platform.person(who).number)

    def figures(self) -> Mapping[str, object]:
        """See Record."""
        return self.record.figures()

    async def says(self, who: str, words: str) -> Push:
        """A text message."""
        return await self._act(who, updates.text(words))

    async def sends(self, who: str, what: Sent) -> Push:
        """A sample."""
        return await self._act(who, self._made(what))

    async def taps(self, who: str, words: str) -> Push:
        """The newest button with these words. Raises NotThere."""
        try:
            return await self._simulator.press(who, words, within_s=_WAIT_S)
        except NoSuchButton as error:
            raise NotThere(PLAY["no_tap"].format(who=who, words=words)) from error

    async def follows(self, who: str, scene: str) -> Push:
        """`/start`, with the link's word."""
        self._platform.person(who).blocked = False
        return await self._act(who, updates.text(f"/start {scene}".strip()))

    async def unfollows(self, who: str) -> Push:
        """Blocks the bot."""
        return await self._simulator.block(who, within_s=_WAIT_S)

    async def scans(self, who: str, scene: str) -> Push:
        """A link with a word."""
        return await self.follows(who, scene)

    async def uploads(self, who: str, name: str, content: bytes, content_type: str) -> Push:
        """A picture or speech by its type; anything else as a document."""
        match content_type.partition("/")[0]:
            case "image":
                made = updates.photo(self._platform.keep_file(content, "photos/file", content_type))
            case "audio":
                made = updates.voice(self._platform.keep_file(content, "voice/file", content_type))
            case _:
                made = updates.document(self._platform.keep_file(content, "documents/file", content_type), name)
        return await self._act(who, made)

    def standing(self, who: str) -> str:
        """Whether they have blocked the bot."""
        return PLAY["blocked" if self._platform.person(who).blocked else "not_blocked"]

    def account_words(self) -> str:
        """How the desk hears of updates."""
        url = self._platform.webhook.url
        return PLAY["bot"].format(road=PLAY["webhook"].format(url=url) if url else PLAY["polling"])

    def acts(self, act: Act, who: tuple[str, ...]) -> None:
        """This platform has nothing of the kind. Raises NotThere."""
        raise NotThere(PLAY["not_here"].format(what=act))

    async def _act(self, who: str, made: Made) -> Push:
        return await self._simulator.act(who, made, within_s=_WAIT_S)

    def _made(self, what: Sent) -> Made:
        keep = self._platform.keep_file
        match what:
            case Sent.PICTURE:
                return updates.photo(keep(sample("picture"), "photos/file", "image/png"))
            case Sent.VOICE:
                return updates.voice(keep(b"OggS" + bytes(60), "voice/file", "audio/ogg"))
            case Sent.VIDEO:
                return updates.document(keep(sample("video"), "videos/file", "video/mp4"), "video.mp4")
            case Sent.FILE:
                return updates.document(keep(sample("file"), "documents/file", "application/pdf"), "sample.pdf")
            case Sent.LOCATION:
                return updates.location(*_CHENGDU)
