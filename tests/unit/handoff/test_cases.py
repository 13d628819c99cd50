"""Case numbers and who sees a case."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from handoff.call_times import Slot
from handoff.callbacks import Agreed, access_call, book, open_calls
from handoff.cases import CaseKind, CaseNotFound, access_case, cases_of, new_case_no, open_case
from handoff.encryption import ContactErased
from handoff.erasure import end_and_clear
from handoff.kinds import CaseState
from handoff.models import Case, ChannelIdentity, Contact, Conversation
from tests.desk import TestDesk


def test_a_worker_reads_only_their_own_case(desk: TestDesk) -> None:
    mine, yours = desk.visitor(), desk.visitor()
    case = open_case(mine, CaseKind.JOIN, now=desk.clock(), fields={"name": "张伟"})
    assert access_case(mine.contact_id, case.case_no).case_no == case.case_no
    with pytest.raises(CaseNotFound):
        access_case(yours.contact_id, case.case_no)
    with pytest.raises(CaseNotFound):
        access_case(yours.contact_id, "000000000000")
    assert [view.case_no for view in cases_of(mine.contact_id)] == [case.case_no]
    assert cases_of(yours.contact_id) == []


def test_a_taken_number_is_refused_by_the_database(desk: TestDesk) -> None:
    talk = desk.visitor()
    open_case(talk, CaseKind.JOIN, now=desk.clock(), case_no="261121000001")
    with pytest.raises(IntegrityError), transaction.atomic():
        open_case(talk, CaseKind.JOIN, now=desk.clock(), case_no="261121000001")


def test_the_fields_are_sealed_and_readable(desk: TestDesk) -> None:
    case = open_case(desk.visitor(), CaseKind.JOIN, now=desk.clock(), fields={"mobile": "13800138000"})
    assert b"13800138000" not in bytes(case.fields_sealed)
    assert Case.objects.select_related("contact").get().fields == {"mobile": "13800138000"}


def test_case_numbers_carry_the_day_and_cannot_be_counted_through(desk: TestDesk) -> None:
    numbers = {new_case_no(desk.clock()) for _ in range(50)}
    assert all(number.startswith("261121") and len(number) == 12 for number in numbers)
    assert len(numbers) > 45


def test_clearing_destroys_the_key_when_nothing_is_open(desk: TestDesk) -> None:
    talk = desk.visitor()
    message = desk.writes(talk, "年假几天").message
    assert end_and_clear(talk, now=desk.clock()).kept is False
    message.refresh_from_db()
    message.conversation.contact = Contact.objects.get(pk=talk.contact_id)
    with pytest.raises(ContactErased):
        _ = message.body
    assert not ChannelIdentity.objects.exists()


def test_clearing_keeps_the_words_while_a_case_is_open_and_ends_the_session_all_the_same(desk: TestDesk) -> None:
    talk = desk.visitor()
    open_case(talk, CaseKind.JOIN, now=desk.clock())
    assert end_and_clear(talk, now=desk.clock()).kept is True
    assert Contact.objects.get(pk=talk.contact_id).erased_at is None
    assert not ChannelIdentity.objects.exists()


def test_an_erased_contact_is_never_given_a_new_turn_or_a_traceback(desk: TestDesk) -> None:
    talk = desk.visitor()
    desk.writes(talk, "年假几天")
    end_and_clear(talk, now=desk.clock())
    desk.run(talk)
    assert desk.desk.turns.unanswered(older_than=timedelta(0)) == []


def test_the_words_of_somebody_who_is_to_be_called_are_kept_until_then(desk: TestDesk) -> None:
    talk, cadre = desk.visitor(), desk.cadre("王敏")
    with transaction.atomic():
        slot = Slot(desk.clock() + timedelta(hours=20), desk.clock() + timedelta(hours=23))
        call = book(Conversation.locked(talk.pk), Agreed("13800138000"), slot=slot, now=desk.clock())
    Case.objects.update(state=CaseState.CLOSED)
    assert end_and_clear(talk, now=desk.clock()).kept is True
    assert [waiting.pk for waiting in open_calls(cadre)] == [call.pk]
    assert access_call(cadre, call.pk).details["phone"] == "13800138000"
