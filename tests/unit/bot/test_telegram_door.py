"""Telegram as the program composes it: nothing of it while it is off."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as now_set
from django.db import transaction

from bot.composition import compose
from handoff.kinds import Channel, Delivery, MessageKind
from handoff.models import Message
from handoff.outbox import say
from tests.channels.telegram.house import telegram_settings
from tests.desk import TestDesk


def _edges(**telegram: Any) -> set[str]:
    doors = compose(replace(now_set.NIANGJIA, telegram=telegram_settings(**telegram))).doors
    doors.close()
    return set(doors.edges)


def test_while_it_is_off_there_is_no_address_for_it(db: None) -> None:
    assert "/telegram" not in compose(now_set.NIANGJIA).doors.edges


def test_switched_on_it_has_an_address_and_polls_only_when_asked_to(db: None) -> None:
    assert "/telegram" in _edges()
    webhook = compose(replace(now_set.NIANGJIA, telegram=telegram_settings())).doors
    polling = compose(replace(now_set.NIANGJIA, telegram=telegram_settings(mode="polling"))).doors
    assert (len(webhook.pollers), len(polling.pollers)) == (0, 1)


def test_what_is_pending_when_it_was_switched_off_waits(desk: TestDesk) -> None:
    talk = desk.visitor(Channel.TELEGRAM)
    with transaction.atomic():
        say(talk, MessageKind.FIXED, "一", now=desk.clock())
    desk.desk.deliverer.run(talk.pk)
    assert Message.objects.get().delivery == Delivery.WAITING


@pytest.mark.parametrize("module", ["bot.channels.doors", "bot.command.main"])
def test_its_library_is_not_loaded_while_it_is_off(module: str) -> None:
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'bot.settings'; import django; django.setup();"
        f"import {module}; from bot.command.main import _parser; _parser(); print('telegram' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
