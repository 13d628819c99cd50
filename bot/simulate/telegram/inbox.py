"""Following what becomes of each update: one record per update, whichever road it takes to the desk."""

from __future__ import annotations

from bot.simulate.records import Delivery, Outcome, Push
from bot.simulate.telegram.platform import Json, Person, TelegramPlatform, Update


def queued(platform: TelegramPlatform, person: Person, kind: str, content: Json) -> tuple[Update, Push]:
    """Queue an update and begin its record."""
    update = platform.add_update(person, kind, content)
    push = Push(str(update.number), str(person.number), kind, platform.clock())
    platform.record.pushes.append(push)
    platform.pushes[update.number] = push
    return update, push


def confirmed(platform: TelegramPlatform, offset: int) -> None:
    """By the offset of a later getUpdates (negative: all but so many of the last), the desk has the earlier ones."""
    if offset < 0:
        kept = list(platform.queue)[offset:]
        offset = kept[0].number if kept else 0
    for update in list(platform.queue):
        if update.number < offset:
            done(platform, update.number, Delivery(platform.clock(), Outcome.ACKNOWLEDGED))
    platform.confirm_before(offset)


def done(platform: TelegramPlatform, number: int, delivery: Delivery) -> None:
    """The desk has acknowledged it."""
    push = platform.pushes.pop(number, None)
    if push is not None:
        push.deliveries.append(delivery)
        push.done = True
        platform.finished(number)
