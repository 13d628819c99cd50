"""What a cadre does with a talk beside answering, through the front door."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from handoff.audit import record
from handoff.cases import open_case
from handoff.desk import claim_chat
from handoff.duty import set_on_duty
from handoff.kinds import (
    AuditAction,
    CadreRole,
    CallBackReason,
    CaseKind,
    DepartmentKind,
    Flag,
    MessageKind,
    OrganisationKind,
    Part,
)
from handoff.models import (
    AuditRow,
    Cadre,
    CallBack,
    Case,
    Conversation,
    Department,
    Message,
    Note,
    Organisation,
    Participant,
)
from handoff.screening.levels import Category, Finding, Layer, Level
from handoff.together import consult, join
from handoff.viewing import mark_viewing
from tests.console.conftest import PASSWORD, Desk, screen, signed_in

ACTS = (
    "close", "note", "consult", "join", "leave", "refer", "keep-from", "flags", "words", "typing", "phone", "release",
)  # fmt: skip


def at(talk: Conversation, act: str = "") -> str:
    return f"/console/talk/{talk.pk}" + (f"/{act}" if act else "")


def page(client: Client, talk: Conversation) -> str:
    answer = client.get(at(talk))
    assert answer.status_code == 200
    return answer.content.decode()


def held(desk: Desk, cadre: Cadre, *texts: str) -> Conversation:
    talk = desk.waiting(*texts)
    claim_chat(talk.pk, cadre, now=desk.now)
    talk.refresh_from_db()
    return talk


def held_crisis(desk: Desk, cadre: Cadre) -> Conversation:
    Cadre.objects.filter(pk=cadre.pk).update(reads_crisis=True)
    talk = desk.crisis()
    claim_chat(talk.pk, cadre, now=desk.now)
    talk.refresh_from_db()
    return talk


def agreed_call(talk: Conversation, desk: Desk) -> None:
    until = desk.now + timedelta(hours=2)
    call = CallBack(
        conversation=talk, reason=CallBackReason.BOOKED, created_at=desk.now, due_from=desk.now, due_until=until
    )
    call.seal_details({"phone": "13912345678", "when": "下班后", "said_as": "老乡", "voicemail": "no"})
    call.save()


def department(desk: Desk, kind: DepartmentKind, name: str) -> Department:
    return Department.objects.create(organisation=desk.union, kind=kind, name=name)


# Who may not


@pytest.mark.parametrize("act", ACTS)
def test_a_stranger_meets_the_same_nothing_at_every_act(desk: Desk, elsewhere: Desk, wang: Cadre, act: str) -> None:
    talk = held(desk, wang)
    strange = signed_in(elsewhere.cadre("fremd", display_name="远方"))
    assert strange.post(at(talk, act)).status_code == 404
    assert strange.post(f"/console/talk/999999/{act}").status_code == 404
    assert Client().post(at(talk, act)).status_code == 302
    assert not AuditRow.objects.exclude(action__in=["sign_in", "claim_chat", "open_case"]).exists()


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_a_post_with_the_pages_token(desk: Desk, wang: Cadre, act: str) -> None:
    talk = held(desk, wang)
    client = Client(enforce_csrf_checks=True)
    client.force_login(wang.user)
    assert client.post(at(talk, act)).status_code == 403
    assert client.get(at(talk, act)).status_code == 405


def test_a_cadre_who_is_complained_of_finds_nothing(desk: Desk, as_wang: Client, as_li: Client, li: Cadre) -> None:
    talk = desk.waiting("反映李强")
    assert as_li.get(at(talk)).status_code == 200
    as_wang.post(at(talk, "keep-from"), {"accused": li.pk})
    assert [as_li.get(at(talk)).status_code, as_li.get(at(talk, "suggestions")).status_code] == [404, 404]
    assert as_li.post(at(talk, "note"), {"note": "我看看"}).status_code == 404
    assert "李强" in page(as_wang, talk)
    assert AuditRow.objects.get(action=AuditAction.KEEP_FROM).detail == f"from:{li.pk}"


def test_only_named_cadres_read_a_talk_in_danger_once_somebody_is_named(
    desk: Desk, as_wang: Client, wang: Cadre, as_li: Client
) -> None:
    talk = desk.crisis()
    assert as_li.get(at(talk)).status_code == 200
    Cadre.objects.filter(pk=wang.pk).update(reads_crisis=True)
    assert as_wang.get(at(talk)).status_code == 200
    assert as_li.get(at(talk)).status_code == 404
    assert as_li.post(at(talk, "flags"), {"flag": "a_woman"}).status_code == 404


def test_who_does_not_hold_the_talk_is_told_and_nothing_happens(desk: Desk, wang: Cadre, as_li: Client) -> None:
    talk = held(desk, wang)
    for act, filled in (
        ("close", {"outcome": "answered"}),
        ("release", {}),
        ("words", {}),
        ("refer", {"department": "up"}),
    ):
        answer = as_li.post(at(talk, act), filled)
        assert answer.status_code == 409
        assert "不在您手里" in answer.content.decode()
    talk.refresh_from_db()
    assert talk.holder == wang


# Notes and colleagues


def test_a_note_stands_in_the_talk_for_colleagues_and_never_reaches_the_worker(
    desk: Desk, wang: Cadre, as_wang: Client, as_li: Client
) -> None:
    talk = held(desk, wang, "老板不发工资")
    before = Message.objects.filter(conversation=talk).count()
    answer = as_wang.post(at(talk, "note"), {"note": "单位是青山建筑"}, follow=True).content.decode()
    assert "职工看不到" in answer
    assert "单位是青山建筑" in page(as_li, talk)
    assert Message.objects.filter(conversation=talk).count() == before
    assert "青山建筑".encode() not in bytes(Note.objects.get().body_sealed)


def test_an_empty_or_endless_note_says_so_and_keeps_what_was_typed(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting()
    assert "还没有写字" in as_wang.post(at(talk, "note"), {"note": " \n "}).content.decode()
    answer = as_wang.post(at(talk, "note"), {"note": "长" * 1001})
    assert answer.status_code == 400
    assert "太长了" in answer.content.decode()
    assert "长" * 1001 in answer.content.decode()
    assert Note.objects.count() == 0


def test_a_question_to_a_colleague_opens_the_talk_to_them_and_is_marked_read(
    desk: Desk, wang: Cadre, as_wang: Client, li: Cadre, as_li: Client
) -> None:
    talk = held_crisis(desk, wang)
    assert as_li.get(at(talk)).status_code == 404
    as_wang.post(at(talk, "consult"), {"to": li.pk, "question": "你认识这个工地吗"})
    assert "李强还没看" in page(as_wang, talk)
    asked = page(as_li, talk)
    assert "你认识这个工地吗" in asked
    assert "问您" in asked
    assert Note.objects.get().read_at is not None
    assert "李强看过了" in page(as_wang, talk)


def test_a_colleague_who_is_asked_learns_it_on_every_page_until_they_have_looked(
    desk: Desk, wang: Cadre, as_wang: Client, li: Cadre, as_li: Client
) -> None:
    talk = held(desk, wang)
    as_wang.post(at(talk, "consult"), {"to": li.pk, "question": "你认识这个工地吗"})
    for address in ("/console/", "/console/asked"):
        shown = as_li.get(address).content.decode()
        assert f"王敏在 {talk.number} 里请教您" in shown
        assert "工地" not in shown
        assert "请教您" not in as_wang.get(address).content.decode()
    page(as_li, talk)
    assert "请教您" not in as_li.get("/console/asked").content.decode()


def test_who_was_set_aside_is_no_longer_told_of_the_question(
    desk: Desk, wang: Cadre, as_wang: Client, li: Cadre, as_li: Client
) -> None:
    talk = held(desk, wang)
    consult(talk.pk, wang, li, "在吗", now=desk.now)
    as_wang.post(at(talk, "keep-from"), {"accused": li.pk})
    assert "请教您" not in as_li.get("/console/").content.decode()


def test_asking_nobody_or_a_stranger_is_refused_alike(
    desk: Desk, elsewhere: Desk, wang: Cadre, as_wang: Client
) -> None:
    talk, stranger = held(desk, wang), elsewhere.cadre("fremd", display_name="远方")
    for to in ("", "0", str(stranger.pk), "x"):
        answer = as_wang.post(at(talk, "consult"), {"to": to, "question": "在吗"})
        assert (answer.status_code, "请先选一位同事" in answer.content.decode()) == (400, True)
    assert "换一位" in as_wang.post(at(talk, "consult"), {"to": wang.pk, "question": "在吗"}).content.decode()
    assert Note.objects.count() == 0


def test_a_colleague_who_joins_may_reply_and_may_leave(desk: Desk, wang: Cadre, li: Cadre, as_li: Client) -> None:
    talk = held(desk, wang)
    assert "我也来接" in page(as_li, talk)
    as_li.post(at(talk, "join"))
    assert 'id="reply"' in page(as_li, talk)
    sent = as_li.post(at(talk, "reply"), {"text": "我是李强", "key": "key-of-a-joined-cadre"})
    assert sent.status_code == 302
    assert Message.objects.get(conversation=talk, kind=MessageKind.CADRE).cadre == li
    as_li.post(at(talk, "leave"))
    assert 'id="reply"' not in page(as_li, talk)
    assert not Participant.objects.filter(ended_at__isnull=True).exists()


def test_nobody_joins_a_talk_that_nobody_holds(desk: Desk, as_wang: Client) -> None:
    answer = as_wang.post(at(desk.waiting(), "join"))
    assert answer.status_code == 409
    assert "您可以直接接管" in answer.content.decode()


def test_a_lead_offers_a_talk_by_hand_and_who_cannot_take_it_says_so(
    desk: Desk, wang: Cadre, as_wang: Client, as_li: Client
) -> None:
    lead = signed_in(desk.cadre("zhao", role=CadreRole.DUTY_LEAD, display_name="赵红梅"))
    talk = desk.waiting()
    set_on_duty(wang, True, now=timezone.now())
    assert 'id="assign"' in page(lead, talk)
    assert 'id="assign"' not in page(as_wang, talk)
    lead.post(at(talk, "assign"), {"to": wang.pk})
    assert "派给了王敏" in page(as_li, talk)
    assert "我接不了" in page(as_wang, talk)
    assert "收回派单" in page(lead, talk)
    assert 'id="unassign"' not in page(as_li, talk)
    as_wang.post(at(talk, "assign"), {"to": ""})
    assert "派给了王敏" not in page(as_li, talk)


def test_the_talk_shows_where_it_changed_hands(desk: Desk, wang: Cadre, li: Cadre, as_wang: Client) -> None:
    rights = department(desk, DepartmentKind.RIGHTS, "权益保障部")
    talk = held(desk, wang, "老板不发工资")
    join(talk.pk, li, now=desk.now)
    as_wang.post(at(talk, "refer"), {"department": rights.pk})
    shown = page(as_wang, talk)
    marks = re.findall(r'class="mark"[^>]*><span>([^<]+) <time', shown)
    assert marks == ["王敏接了过来，自动回复停了", "李强一起来接", "王敏转给权益保障部"]


def test_what_is_new_brings_notes_and_marks_once(desk: Desk, wang: Cadre, as_wang: Client, li: Cadre) -> None:
    talk = held(desk, wang)
    address = re.search(r'hx-get="([^"]+/news[^"]+)"', page(as_wang, talk))
    assert address is not None
    consult(talk.pk, li, wang, "要我帮忙吗", now=timezone.now())
    first = as_wang.get(address[1].replace("&amp;", "&")).content.decode()
    assert first.count("要我帮忙吗") == 1
    again = re.search(r'hx-get="([^"]+/news[^"]+)"', first)
    assert again is not None
    assert "要我帮忙吗" not in as_wang.get(again[1].replace("&amp;", "&")).content.decode()


# Passing on


def test_a_talk_is_referred_to_a_department_and_the_worker_is_told(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    rights, talk = department(desk, DepartmentKind.RIGHTS, "权益保障部"), held(desk, wang)
    answer = as_wang.post(at(talk, "refer"), {"department": rights.pk}, follow=True).content.decode()
    assert "已转给权益保障部" in answer
    talk.refresh_from_db()
    assert (talk.department, talk.holder) == (rights, None)
    assert "权益保障部" in Message.objects.filter(conversation=talk).last().body  # type: ignore[union-attr]


def test_a_department_elsewhere_is_no_choice(desk: Desk, elsewhere: Desk, wang: Cadre, as_wang: Client) -> None:
    talk, other = held(desk, wang), department(elsewhere, DepartmentKind.RIGHTS, "别处")
    for chosen in ("", str(other.pk), "x"):
        assert as_wang.post(at(talk, "refer"), {"department": chosen}).status_code == 400
    assert as_wang.post(at(talk, "refer"), {"department": "up"}).status_code == 409
    talk.refresh_from_db()
    assert talk.holder == wang


def test_a_talk_goes_up_and_is_out_of_sight_here(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    desk.union.parent = Organisation.objects.create(name="市总工会", kind=OrganisationKind.FEDERATION)
    desk.union.save()
    talk = held(desk, wang)
    assert "上一级工会" in as_wang.post(at(talk, "refer"), {"department": "up"}, follow=True).content.decode()
    assert as_wang.get(at(talk)).status_code == 404


def test_who_steps_back_themselves_is_led_to_the_list(desk: Desk, wang: Cadre, as_wang: Client, li: Cadre) -> None:
    talk = held(desk, wang)
    answer = as_wang.post(at(talk, "keep-from"), {"accused": wang.pk}, follow=True)
    assert "您已回避" in answer.content.decode()
    talk.refresh_from_db()
    assert talk.holder is None
    assert as_wang.get(at(talk)).status_code == 404


# Wishes, the number, the words


def test_flags_are_kept_and_shown_big(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting()
    as_wang.post(at(talk, "flags"), {"flag": ["a_woman", "never_home", "nonsense"]})
    talk.refresh_from_db()
    assert talk.flags == [Flag.A_WOMAN, Flag.NEVER_HOME]
    assert '<ul class="wishes"' in page(as_wang, talk)
    shown = re.findall(r'name="shown" value="([a-z_]+)"', page(as_wang, talk))
    assert shown == ["a_woman", "never_home"]
    as_wang.post(at(talk, "flags"), {"shown": shown})
    assert '<ul class="wishes"' not in page(as_wang, talk)


def test_a_wish_that_came_while_the_page_was_open_stays(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting()
    as_wang.post(at(talk, "flags"), {"flag": "never_home"})
    desk.hears(talk, "千万别告诉单位")
    as_wang.post(at(talk, "flags"), {"flag": "a_woman", "shown": "never_home"})
    talk.refresh_from_db()
    assert talk.flags == [Flag.NOT_THE_EMPLOYER, Flag.A_WOMAN]


def test_a_wish_that_a_colleague_took_away_does_not_come_back_from_an_old_page(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting()
    as_wang.post(at(talk, "flags"), {"shown": "never_home", "flag": ["never_home", "a_woman"]})
    talk.refresh_from_db()
    assert talk.flags == [Flag.A_WOMAN]


def test_name_and_number_of_a_case_are_masked_until_they_are_asked_for(
    desk: Desk, wang: Cadre, as_wang: Client, as_li: Client
) -> None:
    talk = desk.waiting()
    with transaction.atomic():
        given = {"name": "王建国", "mobile": "13812345678"}
        open_case(Conversation.locked(talk.pk), CaseKind.JOIN, now=desk.now, fields=given)
    for client in (as_wang, as_li):
        shown = page(client, talk)
        assert "王**" in shown
        assert "138****5678" in shown
        assert "13812345678" not in shown + client.get(at(talk, "news?after=0")).content.decode()
        assert "王建国" not in shown
    as_wang.post(at(talk, "phone"))
    assert 'href="tel:13812345678"' in page(as_wang, talk)
    assert "13812345678" not in page(as_li, talk)
    row = AuditRow.objects.get(action=AuditAction.READ_CHAT, detail="phone")
    assert (row.cadre, row.subject) == (wang, f"conversation:{talk.pk}")
    AuditRow.objects.filter(pk=row.pk).update(at=timezone.now() - timedelta(minutes=11))
    assert "13812345678" not in page(as_wang, talk)


def test_what_was_agreed_for_a_call_stands_beside_the_number(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting()
    agreed_call(talk, desk)
    shown = page(as_wang, talk)
    assert "139****5678" in shown
    assert "约好：下班后，说是老乡打的，不可留言" in shown


def test_the_words_that_raised_the_alarm_stand_at_the_top_newest_first(desk: Desk, as_wang: Client) -> None:
    def found(*triggers: str):  # type: ignore[no-untyped-def]
        return lambda text: Finding(Level.CRISIS, (Category.SELF_HARM,), 1.0, triggers, Layer.RULES, "test")

    talk = desk.talk("不想活了", finding=found("不想活了"))
    desk.hears(talk, "农药买好了", finding=found("农药", "买好了"))
    desk.hears(talk, "不想活了", finding=found("不想活了"))
    shown = page(as_wang, talk)
    assert re.findall(r"<q>([^<]+)</q>", shown) == ["不想活了", "农药", "买好了"]


def test_the_one_key_sends_the_words_that_were_shown(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = held_crisis(desk, wang)
    shown = re.search(r'id="words-text".*?<p class="words">([^<]+)</p>', page(as_wang, talk), re.DOTALL)
    assert shown is not None
    assert as_wang.post(at(talk, "words"), headers={"HX-Request": "true"}).status_code == 204
    last = Message.objects.filter(conversation=talk).latest("pk")
    assert (last.kind, last.body) == (MessageKind.FIXED, shown[1])


def test_crisis_words_are_not_sent_into_a_talk_without_danger(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = held(desk, wang)
    before = Message.objects.filter(conversation=talk).count()
    answer = as_wang.post(at(talk, "words"))
    assert answer.status_code == 409
    assert "这段对话没有危险的迹象" in answer.content.decode()
    assert Message.objects.filter(conversation=talk).count() == before


@pytest.mark.parametrize("action", [AuditAction.CLOSE, AuditAction.RELEASE])
def test_a_talk_that_was_not_let_go_is_not_called_ended(
    desk: Desk, wang: Cadre, as_wang: Client, action: AuditAction
) -> None:
    talk = held(desk, wang)
    with transaction.atomic():
        record(action, f"conversation:{talk.pk}", cadre=wang, now=desk.now, detail="kept")
    marks = re.findall(r'<li class="mark"[^>]*><span>(.*?)<time', page(as_wang, talk), re.DOTALL)
    assert any("没有办成：警报还在响，对话退回队列" in mark for mark in marks)
    assert not any("王敏办结" in mark or "王敏交还" in mark for mark in marks)


def test_there_is_no_key_for_the_words_without_danger(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    assert 'id="send-words"' not in page(as_wang, held(desk, wang))


def test_typing_holds_the_words_back_and_the_page_counts_down(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = held(desk, wang)
    assert "data-until" not in page(as_wang, talk)
    desk.hears(talk, "我不想活了", finding=screen(Level.CRISIS, Category.SELF_HARM))
    Conversation.objects.filter(pk=talk.pk).update(words_due_at=timezone.now() + timedelta(seconds=20))
    assert re.search(r"(19|20)秒后", page(as_wang, talk))
    assert as_wang.post(at(talk, "typing")).status_code == 204
    assert re.search(r"(59|60)秒后", page(as_wang, talk))


def test_who_else_has_the_talk_on_the_screen_is_said(desk: Desk, li: Cadre, as_wang: Client, as_li: Client) -> None:
    talk = desk.waiting()
    assert "也在看" not in page(as_wang, talk)
    page(as_li, talk)
    assert "李强也在看" in page(as_wang, talk)
    mark_viewing(talk.pk, li, now=timezone.now() - timedelta(seconds=46))
    assert "也在看" not in page(as_wang, talk)


# The end


def test_the_brief_is_told_to_the_worker(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = held(desk, wang)
    assert as_wang.post(at(talk, "release"), {"brief": "长" * 121}).status_code == 400
    as_wang.post(at(talk, "release"), {"brief": "周五前给您回电话"})
    assert "周五前给您回电话" in Message.objects.filter(conversation=talk).latest("pk").body


def test_a_talk_is_closed_with_an_outcome(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = held(desk, wang)
    assert "请先选结果" in as_wang.post(at(talk, "close"), {"outcome": ""}).content.decode()
    answer = as_wang.post(at(talk, "close"), {"outcome": "answered"}, follow=True).content.decode()
    assert f"{talk.number} 已办结：已答复" in answer
    assert Case.objects.get(conversation=talk).outcome == "answered"


def test_after_a_danger_the_question_about_calling_is_asked_first(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = held_crisis(desk, wang)
    refused = as_wang.post(at(talk, "close"), {"outcome": "safe", "when": "下午"})
    assert refused.status_code == 409
    assert "请先问他明天能不能打电话" in refused.content.decode()
    assert 'value="下午"' in refused.content.decode()
    assert "看不懂" in as_wang.post(at(talk, "close"), {"outcome": "safe", "phone": "123"}).content.decode()
    both = {"outcome": "safe", "phone": "13812345678", "declined": "on"}
    assert "只留一样" in as_wang.post(at(talk, "close"), both).content.decode()
    as_wang.post(at(talk, "close"), {"outcome": "safe", "phone": "138 1234 5678", "when": "下午", "said_as": "王姐"})
    assert CallBack.objects.filter(conversation=talk).count() == 2
    details = CallBack.objects.select_related("conversation__contact").first().details  # type: ignore[union-attr]
    assert (details["phone"], details["said_as"], details["voicemail"]) == ("13812345678", "王姐", "no")


def test_a_worker_who_does_not_want_a_call_is_left_in_peace(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = held_crisis(desk, wang)
    as_wang.post(at(talk, "close"), {"outcome": "safe", "declined": "on"})
    talk.refresh_from_db()
    assert talk.holder is None
    assert CallBack.objects.count() == 0


def test_a_matter_of_life_is_not_closed_as_withdrawn(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = held_crisis(desk, wang)
    assert 'value="withdrawn"' not in page(as_wang, talk)
    refused = as_wang.post(at(talk, "close"), {"outcome": "withdrawn", "declined": "on"})
    assert "也要接着管" in refused.content.decode()
    talk.refresh_from_db()
    assert talk.holder == wang


def test_a_call_that_is_said_to_be_agreed_is_agreed_first(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = held(desk, wang)
    refused = as_wang.post(at(talk, "close"), {"outcome": "call_booked", "phone": "13812345678"})
    assert "请先在「更多」里把电话约好" in refused.content.decode()
    agreed_call(talk, desk)
    as_wang.post(at(talk, "close"), {"outcome": "call_booked"})
    assert Case.objects.get(conversation=talk).outcome == "call_booked"
    assert CallBack.objects.count() == 1


@pytest.mark.parametrize(("act", "filled"), [("release", {}), ("close", {"outcome": "answered"})])
def test_a_talk_does_not_end_on_words_that_the_page_did_not_show(
    desk: Desk, wang: Cadre, as_wang: Client, act: str, filled: dict[str, str]
) -> None:
    talk = held(desk, wang)
    shown = re.search(r'name="seen" value="(\d+)"', page(as_wang, talk))
    assert shown is not None
    desk.hears(talk, "还有一件事")
    refused = as_wang.post(at(talk, act), {**filled, "seen": shown[1]})
    assert "刚又写了话" in refused.content.decode()
    again = re.search(r'name="seen" value="(\d+)"', refused.content.decode())
    assert again is not None
    as_wang.post(at(talk, act), {**filled, "seen": again[1]})
    talk.refresh_from_db()
    assert talk.holder is None


def test_a_supervisor_undoes_a_recusal_on_the_page(
    desk: Desk, wang: Cadre, li: Cadre, as_wang: Client, as_li: Client
) -> None:
    lead = desk.cadre("zhaolei", display_name="赵磊", role=CadreRole.SUPERVISOR)
    as_lead = signed_in(lead)
    talk = held(desk, wang)
    as_wang.post(at(talk, "keep-from"), {"accused": li.pk})
    assert as_li.get(at(talk)).status_code == 404
    assert 'id="readmit"' in page(as_lead, talk)
    assert as_lead.post(at(talk, "readmit"), {"accused": li.pk}).status_code == 302
    assert as_li.get(at(talk)).status_code == 200
    assert "李强不用回避了" in page(as_lead, talk)


def test_a_cry_in_between_keeps_the_talk_from_ending(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = held_crisis(desk, wang)
    desk.hears(talk, "我要跳了", finding=screen(Level.CRISIS, Category.ROOFTOP))
    answer = as_wang.post(at(talk, "release"), follow=True).content.decode()
    assert "没有办成" in answer
    talk.refresh_from_db()
    assert talk.waiting_since is not None


def test_a_refused_act_shows_the_talk_and_leads_the_duty_switch_back_to_it(
    desk: Desk, wang: Cadre, as_wang: Client
) -> None:
    talk = held(desk, wang)
    refused = as_wang.post(at(talk, "close"), {"outcome": ""}).content.decode()
    assert f'name="next" value="/console/talk/{talk.pk}"' in refused


def test_nothing_that_is_written_in_an_act_reaches_log_or_audit(
    desk: Desk, wang: Cadre, as_wang: Client, li: Cadre, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    talk = held(desk, wang)
    as_wang.post(at(talk, "note"), {"note": "青山建筑的事"})
    as_wang.post(at(talk, "consult"), {"to": li.pk, "question": "青山建筑熟吗"})
    as_wang.post(at(talk, "release"), {"brief": "青山建筑周五发钱"})
    rows = " ".join(f"{row.subject} {row.detail}" for row in AuditRow.objects.all())
    assert "青山建筑" not in rows + caplog.text


def test_a_consulted_colleague_is_no_joined_one(desk: Desk, wang: Cadre, li: Cadre, as_li: Client) -> None:
    talk = held(desk, wang)
    consult(talk.pk, wang, li, "看看", now=desk.now)
    assert Participant.objects.get().part == Part.CONSULTED
    assert as_li.post(at(talk, "reply"), {"text": "好", "key": "k" * 20, "password": PASSWORD}).status_code == 302
    assert not Message.objects.filter(conversation=talk, kind=MessageKind.CADRE).exists()


@pytest.mark.parametrize(
    ("category", "words"),
    [
        (Category.COLLECTIVE, "报得及时、照实报"),
        (Category.CHILD_LABOUR, "不让孩子填入会登记"),
        (Category.MINOR, "12355"),
        (Category.DEATH_OR_INJURY, "工伤认定"),
        (Category.HAZARD, "先请他和工友离开危险的地方"),
        (Category.FORCED_LABOUR, "12110"),
        (Category.SEXUAL_HARASSMENT, "这不是您的错"),
        (Category.DOMESTIC_VIOLENCE, "不往家里打电话"),
    ],
)
def test_each_matter_has_its_guide(desk: Desk, as_wang: Client, category: Category, words: str) -> None:
    guide = page(as_wang, desk.talk(finding=screen(Level.SENSITIVE, category))).split('id="guide"')[1]
    assert words in guide.split('id="hotlines"')[0]


def test_no_two_things_on_the_page_have_one_name(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    for talk in (held_crisis(desk, wang), held(desk, wang)):
        ids = re.findall(r'\sid="([^"]+)"', page(as_wang, talk))
        assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)
