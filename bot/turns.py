"""Turns: the one place that decides who answers a stored message.

Turns of one conversation run one after another, also across processes (a lease in the conversation's row). A turn's
whole outcome commits in one short transaction keyed by the inbound message; a turn that dies anywhere is run again.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import DatabaseError, IntegrityError, InterfaceError, transaction
from django.db.models import F, Min, Q

from actions.scope import Scopes, TurnScope
from bot import owners
from bot.articles import show_article
from bot.asked import asked_of
from bot.fitting import fitting
from bot.journal import log_failure
from bot.linking import answered_by_link
from bot.outcome import apply, extras_of
from bot.pace import PACE, Pace, is_due, slow_down
from bot.parts import Parts
from bot.scoping import scope_of
from bot.texts import TURNS
from handoff.desk import request_handoff
from handoff.encryption import ContactErased, Unreadable
from handoff.following import Following, following, following_what_was_put_off
from handoff.kinds import MessageKind
from handoff.lanes import add_weak_sign, asks_to_go_on, attend, go_on, reassure
from handoff.models import Conversation, Message
from handoff.outbox import say
from handoff.screening.levels import Finding, Level
from handoff.screening.rules import Rules
from handoff.screening.screener import Screener
from handoff.unread import needs_no_turn, words_of
from handoff.wakeups import Topic, bulletin
from handoff.words_here import unions_number

if TYPE_CHECKING:
    from nlu.engine import TurnResult

log = logging.getLogger("niangjia.turns")

LEASE_FOR = timedelta(seconds=60)
# A message whose turn brought the process down this often is answered with kind words instead.
MOST_ATTEMPTS = 3
FAILURES_BEFORE_HANDOFF = 3
# The engine reads this much of a message; a person reads all of it.
ENGINE_READS = 2_000
_WAITS: Final = Q(kind=MessageKind.WORKER, answered_at__isnull=True)


class TurnOvertaken(Exception):
    """While the turn ran, the message was answered, the talk taken over, or danger noticed: the outcome is dropped."""


class TooManyAttempts(Exception):
    """Turns of this message kept dying with their process."""


class Turns:
    """Runs turns. Thread-safe; any number of processes may run one each over the same database."""

    def __init__(
        self, parts: Parts, scopes: Scopes, *, rules: Rules, clock: Callable[[], datetime], pace: Pace = PACE
    ) -> None:
        self._parts = parts
        self._scopes = scopes
        self._rules_alone = Screener(rules, None)
        self._clock = clock
        self._pace = pace
        self._owner = owners.own_name()
        self._active: set[int] = set()
        self._lock = threading.Lock()

    def run(self, conversation_id: int, *, most: int | None = None) -> int:
        """Answer the unanswered messages of a conversation, oldest first (at most `most`); how many turns were run."""
        with self._lock:
            if conversation_id in self._active:  # another thread of this process is at it and will see all
                return 0
            self._active.add(conversation_id)
        try:
            count = 0
            while (most is None or count < most) and (message := self._take(conversation_id)) is not None:
                self._turn(message)
                count += 1
            return count
        finally:
            with self._lock:
                self._active.discard(conversation_id)

    def unanswered(self, *, older_than: timedelta) -> list[int]:
        """Conversations that have waited for a turn: after a restart, or when a wake-up went to another process."""
        now = self._clock()
        waited = Q(created_at__lte=now - older_than) | Q(created_at__gt=now)  # the latter: the clock was set back
        rows = Message.objects.filter(_WAITS, waited, is_due(now, self._pace))
        oldest = rows.values("conversation_id").annotate(oldest=Min("id")).order_by("oldest")
        return list(oldest.values_list("conversation_id", flat=True)[:500])

    def _take(self, conversation_id: int) -> Message | None:
        """The oldest unanswered message, with the conversation's turn lease; None when there is nothing to do."""
        now = self._clock()
        due = _WAITS & is_due(now, self._pace) & Q(conversation_id=conversation_id)
        if not Message.objects.filter(due).exists():
            return None  # without the lock that writers stand in line for
        with transaction.atomic():
            conversation = Conversation.locked(conversation_id)
            if self._leased_elsewhere(conversation, now):
                return None
            # Read behind the lock: PostgreSQL shows whoever waited for it only what is locked as it is now.
            message = Message.objects.filter(due).order_by("id").first()
            if message is None:
                return None
            conversation.turn_owner, conversation.turn_expires_at = self._owner, now + LEASE_FOR
            conversation.save(update_fields=["turn_owner", "turn_expires_at"])
            Message.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1)
            message.attempts += 1
            message.conversation = conversation
        return message

    def _leased_elsewhere(self, conversation: Conversation, now: datetime) -> bool:
        if conversation.turn_owner in ("", self._owner) or conversation.turn_expires_at is None:
            return False
        # A lease cannot end later than this, unless the clock was set back meanwhile.
        holds = now < conversation.turn_expires_at <= now + LEASE_FOR
        return holds and not owners.is_gone(conversation.turn_owner)

    def _turn(self, message: Message) -> None:
        try:
            if message.attempts > MOST_ATTEMPTS:
                self._apologise(message, None)
            else:
                self._decide_twice_if_a_number_was_taken(message)
        except TurnOvertaken:
            log.info("turn overtaken: message %s", message.pk)
        except (DatabaseError, InterfaceError):
            raise  # passes: the sweep tries again, a few times
        except (ContactErased, Unreadable) as error:
            self._leave_to_a_person(message, error)
        except Exception as error:
            self._apologise(message, error)

    def _decide_twice_if_a_number_was_taken(self, message: Message) -> None:
        """Case numbers are drawn at random before the commit; one in many is taken by then."""
        try:
            self._decide(message)
        except IntegrityError:
            self._decide(message)

    def _decide(self, message: Message) -> None:
        body = message.body
        finding = self._screened(message)
        with transaction.atomic():
            conversation = self._locked_for(message)
            may_follow = self._before_the_engine(conversation, message, body, finding)
            answered = may_follow is Following.NOTHING
            if answered:
                self._finish(conversation, message)
            later = not answered and slow_down(conversation, message, now=self._clock(), pace=self._pace)
            if later:
                self._let_go(conversation)
        if not answered and not later:
            self._answer(message, body, may_follow)

    def _screened(self, message: Message) -> Finding:
        """By all layers, once: a message whose answer was put off has been screened before."""
        screener = self._parts.screening if message.retry_at is None else None
        return (screener or self._rules_alone).screen(words_of(message))

    def _before_the_engine(
        self, conversation: Conversation, message: Message, body: str, finding: Finding
    ) -> Following:
        """Screening, the queue and the words for it; and what the engine may say after that."""
        now = self._clock()
        finding = add_weak_sign(conversation, finding, now=now)
        put_off = message.retry_at is not None and message.level != Level.ORDINARY
        if finding.level.seriousness > Level(message.level).seriousness:  # more than the rules saw while storing
            attend(conversation, message, finding, now=now)
        if message.level != Level.ORDINARY:
            level = Level(message.level)
            follows = following_what_was_put_off(level, body) if put_off else following(level, finding, body)
            return Following.NOTHING if conversation.desk_is_silent else follows
        alone = self._without_engine(conversation, message, body, now=now)
        return Following.NOTHING if alone else Following.ALL

    def _without_engine(self, conversation: Conversation, message: Message, body: str, *, now: datetime) -> bool:
        """Whether an ordinary message needs no engine, or has been answered without it."""
        if needs_no_turn(message):
            return True
        if not conversation.desk_is_silent:
            shown = show_article(conversation, message, self._parts, now=now)
            return shown or answered_by_link(conversation, message, body, now=now)
        if conversation.holder_id is None and asks_to_go_on(body):
            go_on(conversation, message, now=now)
        elif conversation.holder_id is None:
            reassure(conversation, message, now=now)
        return True

    def _answer(self, message: Message, body: str, may_follow: Following) -> None:
        conversation = message.conversation
        asked = asked_of(message, body)
        snapshot = conversation.snapshot
        turn = f"{message.pk}-{secrets.token_hex(4)}"
        scope = scope_of(conversation, now=self._clock())
        self._scopes.open(turn, scope)
        try:
            result = self._parts.need_dialogue().respond(
                turn, asked.text[:ENGINE_READS], _read_snapshot(snapshot), payload=asked.payload
            )
        finally:
            self._scopes.close(turn)
        self._commit(message, result, scope, may_follow)

    def _commit(self, message: Message, result: TurnResult, scope: TurnScope, may_follow: Following) -> None:
        now = self._clock()
        with transaction.atomic():
            asked_of = message.conversation
            conversation = self._locked_for(message)
            if conversation.desk_is_silent or conversation.takeovers != asked_of.takeovers:
                self._finish(conversation, message)
                return
            replies = fitting(conversation, message, result, may_follow=may_follow, now=now)
            heard = bool(replies) or message.level == Level.ORDINARY  # else nothing of this turn may count
            for effect in scope.effects if heard else ():
                apply(effect, conversation, message, now=now)
            for said in replies:
                say(
                    conversation,
                    MessageKind.ENGINE,
                    said.text,
                    now=now,
                    extras=extras_of(said),
                    in_reply_to=message,
                )
            if heard:
                conversation.seal_snapshot(result.snapshot.to_json())
            conversation.failed_turns = 0
            self._finish(conversation, message, changed=("snapshot_sealed", "failed_turns"))

    def _locked_for(self, message: Message) -> Conversation:
        """The conversation, locked, if this process still holds its lease and the message is still unanswered."""
        conversation = Conversation.locked(message.conversation_id)
        answered_at = Message.objects.values_list("answered_at", flat=True).get(pk=message.pk)
        if answered_at is not None or conversation.turn_owner != self._owner:
            raise TurnOvertaken(message.pk)
        message.conversation = conversation
        return conversation

    def _finish(self, conversation: Conversation, message: Message, *, changed: Iterable[str] = ()) -> None:
        Message.objects.filter(pk=message.pk).update(answered_at=self._clock())
        self._let_go(conversation, changed=changed)
        bulletin.publish_on_commit(conversation.pk, Topic.QUEUE)

    def _let_go(self, conversation: Conversation, *, changed: Iterable[str] = ()) -> None:
        conversation.turn_owner, conversation.turn_expires_at = "", None
        conversation.save(update_fields=["turn_owner", "turn_expires_at", *changed])

    def _apologise(self, message: Message, error: Exception | None) -> None:
        """Kind words and a reference; after several failures in a row a person takes over."""
        reference = secrets.token_hex(3).upper()
        log_failure(log, f"turn failed: message {message.pk} reference {reference}", error or TooManyAttempts())
        now = self._clock()
        try:
            with transaction.atomic():
                conversation = self._locked_for(message)
                conversation.failed_turns += 1
                conversation.save(update_fields=["failed_turns"])
                if not conversation.desk_is_silent:
                    self._say_sorry(conversation, message, reference, now)
                self._finish(conversation, message)
        except TurnOvertaken:
            log.info("failed turn overtaken: message %s", message.pk)
        except (ContactErased, Unreadable) as unreadable:
            self._leave_to_a_person(message, unreadable)

    def _leave_to_a_person(self, message: Message, error: Exception) -> None:
        """Words that cannot be opened (erased contact, damaged row) cannot be answered: no turn may try for ever."""
        log_failure(log, f"unreadable: message {message.pk}", error)
        with transaction.atomic():
            conversation = Conversation.locked(message.conversation_id)
            if conversation.contact.erased_at is None:
                request_handoff(conversation, now=self._clock(), begun_by=message)
            self._finish(conversation, message)

    def _say_sorry(self, conversation: Conversation, message: Message, reference: str, now: datetime) -> None:
        words = TURNS["failed"].format(reference=reference, hotline=unions_number(conversation))
        if conversation.failed_turns >= FAILURES_BEFORE_HANDOFF:
            request_handoff(conversation, now=now, begun_by=message)
            words = TURNS["failed_often"].format(reference=reference, hotline=unions_number(conversation))
        say(conversation, MessageKind.FIXED, words, now=now, in_reply_to=message)


def _read_snapshot(snapshot: str | None) -> Any:
    from nlu.engine import Snapshot  # late: the package loads with the parts, not with the edges
    from nlu.errors import SnapshotUnreadable

    try:
        return Snapshot.from_json(snapshot) if snapshot else None
    except SnapshotUnreadable:  # of an older version: the talk begins anew rather than failing for ever
        return None
