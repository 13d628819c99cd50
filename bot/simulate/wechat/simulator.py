"""One simulated official account, running: its API, its people, its pushes, for tests and scenarios."""

from __future__ import annotations

import hashlib
import secrets
import string
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from bot.channel_settings import AccountKind, Mode, WechatAccount
from bot.simulate.clock import Clock, MovableClock
from bot.simulate.faults import Faults
from bot.simulate.records import Push, Record
from bot.simulate.running import Running
from bot.simulate.web import Application, Request, Response
from bot.simulate.wechat import messages
from bot.simulate.wechat.api import WechatApi
from bot.simulate.wechat.errors import Refused
from bot.simulate.wechat.messages import Made
from bot.simulate.wechat.platform import WechatPlatform
from bot.simulate.wechat.push import PATIENCE_S, WechatPushes
from bot.simulate.wechat.samples import sample

PICTURES = "/pictures/"
# The platform's console gives keys of letters and digits only.
_LETTERS = string.ascii_letters + string.digits


def new_account(
    name: str = "main",
    *,
    kind: AccountKind = AccountKind.SERVICE,
    verified: bool = True,
    mode: Mode = Mode.SAFE,
    notice_template: str = "",
) -> WechatAccount:
    """An account with credentials of its own."""
    return WechatAccount(
        name=name,
        kind=kind,
        verified=verified,
        app_id="wx" + secrets.token_hex(8),
        app_secret=secrets.token_hex(16),
        token=secrets.token_hex(12),
        aes_key="".join(secrets.choice(_LETTERS) for _ in range(43)),
        mode=mode,
        notice="template" if notice_template else "",
        notice_template=notice_template,
    )


class WechatSimulator:
    """Everything of one account. The coroutines run in the simulator's loop; `running` brings them there."""

    def __init__(
        self, account: WechatAccount, desk: str, *, patience_s: float = PATIENCE_S, clock: Clock | None = None
    ) -> None:
        self.platform = WechatPlatform(account, clock or MovableClock())
        self.pushes = WechatPushes(self.platform, desk, patience_s=patience_s)
        self.application = Application()
        WechatApi(self.platform).add_to(self.application)
        self.application.add("GET", PICTURES + "*", self._picture)
        self.address = ""

    @property
    def record(self) -> Record:
        """What came."""
        return self.platform.record

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        return self.platform.faults

    async def act(self, who: str, made: Made) -> Push:
        """Bring what a person does to the desk; returns when the platform is done with it."""
        return await self.pushes.send(self.platform.user(who), made)

    def picture_of(self, content: bytes, content_type: str = "image/jpeg") -> Made:
        """A picture that a person sends."""
        medium = self.platform.media.keep("image", content, content_type)
        return messages.image(medium.media_id, f"{self.address}{PICTURES}{medium.media_id}")

    def voice_of(self, content: bytes, content_type: str = "audio/amr") -> Made:
        """Speech that a person sends."""
        return messages.voice(self.platform.media.keep("voice", content, content_type).media_id)

    def video_of(self, content: bytes, *, short: bool = False) -> Made:
        """A video that a person sends."""
        medium = self.platform.media.keep("video", content, "video/mp4")
        thumb = self.platform.media.keep("thumb", sample("picture"), "image/png")
        return messages.video(medium.media_id, thumb.media_id, short=short)

    def file_of(self, name: str, content: bytes) -> Made:
        """A file that a person sends."""
        md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
        return messages.file(name, secrets.token_urlsafe(32), md5, len(content))

    async def follow(self, who: str, *, scene: str = "") -> Push:
        """A person follows, by a scene's code perhaps."""
        user = self.platform.user(who)
        user.followed, user.followed_at, user.scene = True, self.platform.clock(), scene
        return await self.pushes.send(user, messages.follow(scene, self._passes(scene)))

    async def unfollow(self, who: str) -> Push:
        """A person follows no longer: nothing reaches them now."""
        user = self.platform.user(who)
        user.close()
        return await self.pushes.send(user, messages.unfollow())

    async def scan(self, who: str, scene: str) -> Push:
        """A person scans a poster: a follower's SCAN, or a new one's subscribe."""
        user = self.platform.user(who)
        if not user.followed:
            return await self.follow(who, scene=scene)
        return await self.pushes.send(user, messages.scan(scene, self._passes(scene)))

    async def answer_subscription(self, who: str, template_id: str, *, accepted: bool = True) -> Push:
        """A person says yes or no to one notice."""
        user = self.platform.user(who)
        user.granted[template_id] += int(accepted)
        return await self.pushes.send(user, messages.subscription_answer(template_id, accepted=accepted))

    def _passes(self, scene: str) -> str:
        now = self.platform.clock()
        good = (code for code in self.platform.codes.values() if code.scene == scene and code.good(now))
        return next((code.passes for code in good), "gQsimulated" if scene else "")

    async def _picture(self, request: Request) -> Response:
        try:
            medium = self.platform.media.get(request.path.removeprefix(PICTURES))
        except Refused:
            return Response(b"not found", 404)
        return Response(medium.content, content_type=medium.content_type)


class RunningWechat:
    """A simulator that serves; its methods may be called from any thread and wait, `start_…` do not."""

    def __init__(self, simulator: WechatSimulator, running: Running) -> None:
        self.simulator, self.running = simulator, running
        self.platform, self.record, self.faults = simulator.platform, simulator.record, simulator.faults
        self.account = simulator.platform.account
        self.api_base = self.mp_base = running.address
        simulator.address = running.address
        simulator.platform.after_template = self._template_done

    def act(self, who: str, made: Made) -> Push:
        """What a person does; waits until the platform is done with it."""
        return self.running.call(self.simulator.act(who, made))

    def start(self, who: str, made: Made) -> Future[Push]:
        """The same without waiting."""
        return self.running.submit(self.simulator.act(who, made))

    def say(self, who: str, words: str, *, tap_id: str = "") -> Push:
        """A text message."""
        return self.act(who, messages.text(words, tap_id=tap_id))

    def start_saying(self, who: str, words: str, *, tap_id: str = "") -> Future[Push]:
        """The same without waiting."""
        return self.start(who, messages.text(words, tap_id=tap_id))

    def follow(self, who: str, *, scene: str = "") -> Push:
        """See WechatSimulator."""
        return self.running.call(self.simulator.follow(who, scene=scene))

    def unfollow(self, who: str) -> Push:
        """See WechatSimulator."""
        return self.running.call(self.simulator.unfollow(who))

    def scan(self, who: str, scene: str) -> Push:
        """See WechatSimulator."""
        return self.running.call(self.simulator.scan(who, scene))

    def click(self, who: str, key: str) -> Push:
        """A tap on the menu."""
        return self.act(who, messages.click(key))

    def deliver_again(self, push: Push) -> Push:
        """The platform sends the same push once more, whatever came of it before."""
        return self.running.call(self.simulator.pushes.deliver(push))

    def _template_done(self, openid: str, number: int) -> None:
        self.running.submit(self.simulator.act(openid, messages.template_done(number)))

    def toml(self) -> str:
        """The tables of `niangjia.toml` for a desk that is to talk with this simulator."""
        return settings_table(self.account, self.api_base)


@contextmanager
def running_wechat(
    desk: str,
    account: WechatAccount | None = None,
    *,
    patience_s: float = PATIENCE_S,
    clock: Clock | None = None,
    port: int = 0,
) -> Iterator[RunningWechat]:
    """A simulator in this process, on a free port."""
    simulator = WechatSimulator(account or new_account(), desk, patience_s=patience_s, clock=clock)
    running = Running(simulator.application, port=port)
    running.start()
    try:
        yield RunningWechat(simulator, running)
    finally:
        simulator.pushes.close()
        running.stop()


def settings_table(account: WechatAccount, api_base: str) -> str:
    """Ready to paste into `niangjia.toml`."""
    lines = [
        "[wechat]",
        f'api_base = "{api_base}"',
        f'mp_base = "{api_base}"',
        'picture_hosts = ["127.0.0.1"]',
        "[[wechat.accounts]]",
        f'name = "{account.name}"',
        f'kind = "{account.kind}"',
        f"verified = {str(account.verified).lower()}",
        f'app_id = "{account.app_id}"',
        f'app_secret = "{account.app_secret}"',
        f'token = "{account.token}"',
        f'aes_key = "{account.aes_key}"',
        f'mode = "{account.mode}"',
    ]
    if account.notice:
        lines += [f'notice = "{account.notice}"', f'notice_template = "{account.notice_template}"']
    return "\n".join(lines) + "\n"
