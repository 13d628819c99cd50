"""Serving a simulator in the foreground: with its web view until it is stopped, or while a scenario plays."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from bot.channel_settings import TelegramSettings, WechatAccount
from bot.simulate.running import listening, server_of
from bot.simulate.scenario.playing import Outcome, Player
from bot.simulate.scenario.stage import Stage
from bot.simulate.scenario.steps import Scenario
from bot.simulate.telegram.platform import Webhook
from bot.simulate.telegram.simulator import TelegramSimulator
from bot.simulate.telegram.stage import TelegramStage
from bot.simulate.texts import SIMULATE
from bot.simulate.view.pages import View
from bot.simulate.web import Application
from bot.simulate.wechat.messages import template_done
from bot.simulate.wechat.simulator import WechatSimulator
from bot.simulate.wechat.stage import WechatStage

# How long what is under way may take after the scenario's last step.
_LAST_S: Final = 1.0


@dataclass(frozen=True)
class Served:
    """How a simulator is served. `stays`: until it is stopped, also when a scenario has ended."""

    host: str
    port: int
    desk: str
    scenario: Scenario | None
    stays: bool
    tell: Callable[[str], None]
    finish: Callable[[dict[str, object]], None]

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"http://{self.host}:{self.port}"


def serve_wechat(served: Served, account: WechatAccount, *, patience_s: float) -> int:
    """The exit code. Raises PortTaken."""

    async def serve() -> int:
        simulator = WechatSimulator(account, served.desk, patience_s=patience_s)
        simulator.address = served.address
        tasks: set[asyncio.Task[Any]] = set()

        def template_sent(openid: str, number: int) -> None:
            task = asyncio.create_task(simulator.act(openid, template_done(number)))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        simulator.platform.after_template = template_sent
        stage = WechatStage(simulator)
        View(stage, menu=lambda: simulator.platform.menu or []).add_to(simulator.application)
        try:
            return await _serve(served, simulator.application, stage)
        finally:
            simulator.pushes.close()

    return asyncio.run(serve())


def serve_telegram(served: Served, bot: TelegramSettings) -> int:
    """The exit code. Raises PortTaken."""

    async def serve() -> int:
        simulator = TelegramSimulator(bot.token)
        if bot.mode == "webhook":
            simulator.platform.webhook = Webhook(f"{served.desk}/telegram", bot.secret)
        stage = TelegramStage(simulator)
        View(stage).add_to(simulator.application)
        return await _serve(served, simulator.application, stage, simulator.deliver())

    return asyncio.run(serve())


async def _serve(served: Served, application: Application, stage: Stage, *beside: Coroutine[Any, Any, None]) -> int:
    server = server_of(application)
    listener = listening(served.host, served.port)
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    # uvicorn's own handlers would raise the signal again after it has stopped.
    server.capture_signals = contextlib.nullcontext  # type: ignore[assignment,method-assign]
    tasks = [asyncio.create_task(work) for work in beside]
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    served.tell(SIMULATE["ready"].format(address=served.address, desk=served.desk))
    try:
        return await _until(served, stage, stopped.wait())
    finally:
        for task in tasks:
            task.cancel()
        server.should_exit = True
        await serving


async def _until(served: Served, stage: Stage, stopped: Awaitable[Any]) -> int:
    waiting = asyncio.ensure_future(stopped)
    outcome = Outcome()
    if served.scenario is not None:
        playing = asyncio.create_task(Player(stage, served.tell).play(served.scenario))
        await asyncio.wait({playing, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if not playing.done():
            playing.cancel()
            return 130
        outcome = playing.result()
        served.finish(outcome.as_json())
        await asyncio.sleep(_LAST_S)
    if served.stays:
        await waiting
    else:
        waiting.cancel()
    return 0 if outcome.good else 1
