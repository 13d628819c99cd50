"""A home as a process of its own sees it: filled with talks, written to, read. Run as `python -m tests.homes ACT`.

The desk's engine is a fake, so nothing large is loaded.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.samples import JPEG

WORDS = "我的工资被拖欠三个月了"


def act(home: Path, name: str, *arguments: str, wait: bool = True) -> Any:
    """Run one of the acts below on a home: its JSON, or (`wait=False`) the running process."""
    command = [sys.executable, "-m", "tests.homes", name, *arguments]
    if not wait:
        return subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, text=True)
    done = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def niangjia(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command on a home."""
    command = [sys.executable, "-m", "bot.command.main", *arguments]
    return subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False, timeout=240)


def environment(home: Path) -> dict[str, str]:
    """That of an operator."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NIANGJIA_", "DJANGO_"))}
    return kept | {"NIANGJIA_HOME": str(home)}


def _set_up() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "bot.settings"
    os.umask(0o077)
    django.setup()


def fill(number: str) -> dict[str, Any]:
    """So many workers with words and a picture each, and one in danger; answers that have not gone out."""
    from django.conf import settings
    from django.utils import timezone

    from bot.command.serve import prepare_database
    from handoff.evidence import Original
    from handoff.intake import Inbound, receive_file
    from handoff.kinds import Channel, Medium, MessageKind
    from handoff.models import Conversation
    from handoff.outbox import say
    from tests.desk import TestDesk

    prepare_database(settings.NIANGJIA)
    desk: TestDesk = _desk()
    for index in range(int(number)):
        talk = desk.visitor(Channel.WECHAT)
        desk.writes(talk, f"{WORDS}{index}")
        original = Original("工资条.jpg", "image/jpeg", Medium.PICTURE, JPEG + str(index).encode())
        inbound = Inbound("", platform_key=f"file:{talk.pk}")
        receive_file(talk, inbound, original, screen_rules=desk.desk.rules.screen, now=timezone.now())
    danger = desk.visitor(Channel.WECHAT)
    desk.writes(danger, "我不想活了")
    for talk in Conversation.objects.select_related("contact"):
        say(talk, MessageKind.ENGINE, "这是回答", now=timezone.now())
    return {"danger": danger.number}


def _desk() -> Any:
    from django.utils import timezone

    from tests.desk import make_desk
    from tests.fakes.dialogue import FakeDialogue

    desk = make_desk(FakeDialogue())
    desk.clock.now = timezone.now()
    return desk


def write() -> int:
    """Messages with pictures, one after another, until there is a file `enough` in the home; how many."""
    from django.conf import settings
    from django.utils import timezone

    from handoff.evidence import Original
    from handoff.intake import Inbound, receive_file
    from handoff.kinds import Medium

    desk = _desk()
    talk = desk.visitor()
    count = 0
    while not (settings.NIANGJIA.home / "enough").exists():
        inbound = Inbound(f"第{count}句", platform_key=f"written:{count}")
        original = Original("现场.jpg", "image/jpeg", Medium.PICTURE, JPEG + str(count).encode())
        receive_file(talk, inbound, original, screen_rules=desk.desk.rules.screen, now=timezone.now())
        count += 1
        if count == 5:
            print("ready", flush=True)
    return count


def read() -> dict[str, Any]:
    """All that can be read: words, originals, how the half-done stands."""
    from handoff.encryption import ContactErased
    from handoff.evidence import _read
    from handoff.models import Alert, Attachment, Contact, Conversation, Message

    words, originals, erased = [], [], 0
    for message in Message.objects.select_related("conversation__contact"):
        try:
            words.append(message.body)
        except ContactErased:
            erased += 1
    for attachment in Attachment.objects.select_related("message__conversation__contact"):
        if attachment.message.conversation.contact.erased_at is None:
            originals.append(len(_read(attachment)))
    return {
        "words": words,
        "originals": originals,
        "unreadable": erased,
        "contacts": [str(pk) for pk in Contact.objects.order_by("created_at").values_list("pk", flat=True)],
        "deliveries": sorted(f"{one.kind} {one.delivery} {one.delivery_reason}" for one in Message.objects.all()),
        "unanswered": Message.objects.filter(kind="worker", answered_at__isnull=True).count(),
        "chains": Conversation.objects.filter(alarm_due_at__isnull=False).count(),
        "alerts": sorted(f"{one.delivery} {one.reason}" for one in Alert.objects.all()),
    }


def erase() -> str:
    """The first worker ends and clears."""
    from django.utils import timezone

    from handoff.erasure import end_and_clear
    from handoff.models import Conversation

    talk = Conversation.objects.order_by("pk").first()
    assert talk is not None
    Conversation.objects.filter(pk=talk.pk).update(waiting_since=None)
    talk.contact.cases.all().delete()
    assert not end_and_clear(talk, now=timezone.now()).kept
    return str(talk.contact_id)


def hold() -> None:
    """A desk that runs until standard input ends."""
    from django.conf import settings

    from bot.command.serve import prepare_database

    prepare_database(settings.NIANGJIA)
    print("ready", flush=True)
    sys.stdin.read()


def back_to(name: str) -> None:
    """An older program's database."""
    from django.core.management import call_command

    call_command("migrate", "handoff", name, verbosity=0)


if __name__ == "__main__":
    _set_up()
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:]), ensure_ascii=False))
