"""A house for Telegram's tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.simulate.telegram.simulator import RunningTelegram, running_telegram
from tests.channels.telegram.house import TOKEN, House, NoErrands, telegram_settings, with_telegram
from tests.desk import TestDesk, make_desk
from tests.fakes.dialogue import FakeDialogue


@pytest.fixture
def engine() -> FakeDialogue:
    return FakeDialogue()


@pytest.fixture
def telegram_desk(transactional_db: None, engine: FakeDialogue) -> TestDesk:
    return make_desk(engine)


@pytest.fixture
def house(telegram_desk: TestDesk, settings: Any) -> Iterator[House]:
    """No platform: nothing that is sent arrives."""
    telegram = telegram_settings()
    with_telegram(settings, telegram)
    house = House(telegram_desk, telegram)
    house.channel.taker._errands = NoErrands()
    yield house
    house.close()


@pytest.fixture
def platform() -> Iterator[RunningTelegram]:
    with running_telegram(TOKEN, patience_s=5.0, pause_s=0.1) as platform:
        yield platform


@pytest.fixture
def live_house(telegram_desk: TestDesk, settings: Any, platform: RunningTelegram) -> Iterator[House]:
    """Over the simulator."""
    telegram = telegram_settings(platform.api_base)
    with_telegram(settings, telegram)
    house = House(telegram_desk, telegram, real_time=True)
    yield house
    house.close()
