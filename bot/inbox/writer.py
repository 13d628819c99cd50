"""One thread stores what all edges bring, many in one transaction: one sync of the disk serves a whole rush."""

from __future__ import annotations

import asyncio
import json
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import connections, transaction
from django.db.utils import Error as DatabaseFault

from bot.inbox.records import InboxFull, PushIn, SignatureReused, StoredPush, reply_place_of
from handoff.installation import open_here, seal_here
from handoff.kinds import ReplyState
from handoff.models import Push, UsedSignature

log = logging.getLogger("niangjia.inbox")

MOST_AT_ONCE = 200
MOST_WAITING = 5_000
# A platform waits five seconds: until then a database that is locked or a disk that is full may have recovered.
TRIES_FOR_S = 4.0
_TRY_AGAIN_S = 0.2
Settle = Callable[[StoredPush | Exception], None]


@dataclass(frozen=True)
class _Waiting:
    push: PushIn
    settle: Settle
    give_up_at: float


@dataclass(frozen=True)
class _Written:
    push_id: int
    at: datetime


class InboxWriter:
    """Stores pushes. Thread-safe; the thread starts with the first one."""

    def __init__(self, *, when_stored: Callable[[PushIn], None]) -> None:
        self._when_stored = when_stored
        self._queue: queue.Queue[_Waiting | _Written | None] = queue.Queue(MOST_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """How many wait to be stored."""
        return self._queue.qsize()

    async def store(self, push: PushIn) -> StoredPush:
        """The push, stored or found. Raises SignatureReused, InboxFull, or what the database says when it cannot."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[StoredPush] = loop.create_future()

        def settle(outcome: StoredPush | Exception) -> None:
            loop.call_soon_threadsafe(_resolve, future, outcome)

        self.put(push, settle)
        return await future

    def put(self, push: PushIn, settle: Settle) -> None:
        """Like `store`, for callers without an event loop: `settle` is called in the writer's thread."""
        self._start()
        try:
            self._queue.put_nowait(_Waiting(push, settle, time.monotonic() + TRIES_FOR_S))
        except queue.Full as error:
            raise InboxFull(push.channel) from error

    def note_written(self, push_id: int, *, at: datetime) -> None:
        """A response with words was handed to the network; kept with the next transaction. Never blocks."""
        self._start()
        try:
            self._queue.put_nowait(_Written(push_id, at))
        except queue.Full:
            log.warning("push %s: that its words went out is not kept", push_id)

    def stop(self) -> None:
        """Store what waits, then end."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            thread.join()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="inbox-writer", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        going = True
        while going:
            batch = [self._queue.get()]
            while len(batch) < MOST_AT_ONCE:
                try:
                    batch.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            going = None not in batch
            self._keep(
                [row for row in batch if isinstance(row, _Waiting)], [r for r in batch if isinstance(r, _Written)]
            )
        connections.close_all()

    def _keep(self, waiting: Sequence[_Waiting], written: Sequence[_Written]) -> None:
        try:
            outcomes = self._in_transaction([row.push for row in waiting], written)
        except (DatabaseFault, OSError) as error:
            log.error("pushes could not be stored: %s", type(error).__name__)
            connections.close_all()
            self._again(waiting, written, error)
            return
        except Exception as error:  # one bad push must not take the others with it, nor this thread
            log.error("a push could not be stored: %s", type(error).__name__)
            self._one_by_one(waiting, error)
            return
        for row, outcome in zip(waiting, outcomes, strict=True):
            self._settle(row, outcome)

    def _settle(self, row: _Waiting, outcome: StoredPush | Exception) -> None:
        if isinstance(outcome, StoredPush) and outcome.fresh:
            self._when_stored(row.push)
        try:
            row.settle(outcome)
        except RuntimeError:
            log.info("an edge was gone when its push had been stored")

    def _again(self, waiting: Sequence[_Waiting], written: Sequence[_Written], error: Exception) -> None:
        """Into the queue once more: pushes until the platform would have given up waiting; that words went out, until
        it is kept, for else they would go out again."""
        time.sleep(_TRY_AGAIN_S)
        for note in written:
            with suppress(queue.Full):
                self._queue.put_nowait(note)
        for row in waiting:
            try:
                if time.monotonic() > row.give_up_at:
                    raise error
                self._queue.put_nowait(row)
            except (queue.Full, DatabaseFault, OSError) as gone:
                self._settle(row, gone)

    def _one_by_one(self, waiting: Sequence[_Waiting], error: Exception) -> None:
        if len(waiting) == 1:
            self._settle(waiting[0], error)
            return
        for row in waiting:
            self._keep([row], [])

    def _in_transaction(self, pushes: Sequence[PushIn], written: Sequence[_Written]) -> list[StoredPush | Exception]:
        with transaction.atomic():
            if written:
                Push.objects.filter(pk__in=[row.push_id for row in written]).update(reply_written_at=written[-1].at)
            return _store(pushes) if pushes else []


def _store(pushes: Sequence[PushIn]) -> list[StoredPush | Exception]:
    """In the caller's transaction: each push's outcome, in their order."""
    known = _known({push.platform_key for push in pushes})
    used = _used({push.signature for push in pushes if push.signature})
    fresh: dict[str, PushIn] = {}
    refused: dict[int, Exception] = {}
    for place, push in enumerate(pushes):
        if push.platform_key in known or push.platform_key in fresh:
            continue
        if push.stale or used.get(push.signature, push.platform_key) != push.platform_key:
            refused[place] = SignatureReused(push.channel)
            continue
        fresh[push.platform_key] = push
        if push.signature:
            used[push.signature] = push.platform_key
    _insert(fresh.values())
    stored = known | _known(set(fresh))
    first = {push.platform_key: place for place, push in reversed(list(enumerate(pushes)))}
    return [
        refused.get(place) or _as_stored(stored[push.platform_key], fresh=_is_first(push, place, fresh, first))
        for place, push in enumerate(pushes)
    ]


def _is_first(push: PushIn, place: int, fresh: dict[str, PushIn], first: dict[str, int]) -> bool:
    return push.platform_key in fresh and first[push.platform_key] == place


def _insert(pushes: Iterable[PushIn]) -> None:
    rows, signatures = [], []
    for push in pushes:
        payload = json.dumps(push.payload, ensure_ascii=False).encode()
        rows.append(
            Push(
                platform_key=push.platform_key,
                channel=push.channel,
                account=push.account,
                sender_hash=push.sender_hash,
                received_at=push.received_at,
                pressing=push.pressing,
                payload_sealed=seal_here(payload, place=push.place),
                reply_state=_first_state(push),
                reply_until=push.reply_until,
                reply_sealed=_sealed_reply(push),
            )
        )
        if push.signature:
            signatures.append(
                UsedSignature(
                    digest=push.signature, platform_key=push.platform_key, used_at=push.signed_at or push.received_at
                )
            )
    Push.objects.bulk_create(rows, ignore_conflicts=True)  # on PostgreSQL another process may be as quick
    UsedSignature.objects.bulk_create(signatures, ignore_conflicts=True)


def _first_state(push: PushIn) -> ReplyState:
    if push.reply_until is not None:
        return ReplyState.NONE
    return ReplyState.WORDS if push.reply_now else ReplyState.EMPTY


def _sealed_reply(push: PushIn) -> bytes:
    words = push.reply_now if push.reply_until is None else ""
    return seal_here(words.encode(), place=reply_place_of(push.platform_key)) if words else b""


def _known(keys: set[str]) -> dict[str, Push]:
    return {row.platform_key: row for row in Push.objects.filter(platform_key__in=keys)} if keys else {}


def _used(digests: set[str]) -> dict[str, str]:
    rows = UsedSignature.objects.filter(digest__in=digests)
    return dict(rows.values_list("digest", "platform_key")) if digests else {}


def _as_stored(row: Push, *, fresh: bool) -> StoredPush:
    return StoredPush(
        pk=row.pk,
        platform_key=row.platform_key,
        fresh=fresh,
        reply_state=ReplyState(row.reply_state),
        reply_until=row.reply_until,
        reply=reply_of(row),
    )


def reply_of(row: Push) -> str:
    """The words that the response carries; empty when none."""
    if not row.reply_sealed:
        return ""
    return open_here(row.reply_sealed, place=reply_place_of(row.platform_key)).decode()


def _resolve(future: asyncio.Future[StoredPush], outcome: StoredPush | Exception) -> None:
    if future.done():
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
