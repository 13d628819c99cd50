"""Calls, sheets and the broken glass on the console: for those who may read the talk, and for nobody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from handoff.call_times import Slot
from handoff.callbacks import Agreed, book
from handoff.kinds import AuditAction, CadreRole, CallBackState, Flag
from handoff.models import AuditRow, Cadre, CallBack, Conversation, Message, Note, Sheet
from handoff.screening.levels import Category, Level
from tests.console.conftest import Desk, screen, signed_in

PHONE = "13812345678"
WHY = "职工说要跳楼，现在不回话了"
LATIN = re.compile(r"[A-Za-z]")


@pytest.fixture
def lead(desk: Desk) -> Cadre:
    return desk.cadre("chenhong", role=CadreRole.DUTY_LEAD, display_name="陈红")


@pytest.fixture
def as_lead(lead: Cadre) -> Client:
    return signed_in(lead)


@pytest.fixture
def complained_of(desk: Desk) -> Cadre:
    return desk.cadre("zhaogang", display_name="赵刚")


@pytest.fixture
def as_stranger(elsewhere: Desk) -> Client:
    return signed_in(elsewhere.cadre("sunli", role=CadreRole.SUPERVISOR, display_name="孙丽"))


def collective(desk: Desk) -> Conversation:
    return desk.talk(
        "我们华星电子厂三百多人停工了，电话13812345678", finding=screen(Level.SENSITIVE, Category.COLLECTIVE)
    )


def agreed(desk: Desk, talk: Conversation, *, hours: float = 1, said_as: str = "工会", lasts: float = 3) -> CallBack:
    starts = desk.now + timedelta(hours=hours)
    with transaction.atomic():
        locked = Conversation.locked(talk.pk)
        slot = Slot(starts, starts + timedelta(hours=lasts))
        return book(locked, Agreed(PHONE, "下班以后", said_as, about="补材料"), slot=slot, now=desk.now)


def words(answer: object) -> str:
    """What stands on the page for people: no tags, no styles, no scripts."""
    html = answer.content.decode()  # type: ignore[attr-defined]
    main = html[html.index("<main") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", re.sub(r"<script.*?</script>", "", main, flags=re.S)))


def told(talk: Conversation) -> list[str]:
    return [message.body for message in Message.objects.filter(conversation=talk).exclude(kind="worker")]


# ── Calls ──


def test_the_list_shows_number_time_and_light_and_no_telephone(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting()
    agreed(desk, talk, hours=-5)
    page = words(as_wang.get("/console/calls"))
    assert talk.number in page
    assert "已经晚了" in page
    assert PHONE not in page
    assert "补材料" not in page


def test_an_empty_list_says_so(as_wang: Client, desk: Desk) -> None:
    assert "今天没有要打的电话" in words(as_wang.get("/console/calls"))


def test_the_page_of_a_call_has_the_number_to_tap_and_writes_an_audit_row(desk: Desk, as_wang: Client) -> None:
    call = agreed(desk, desk.waiting())
    page = as_wang.get(f"/console/calls/{call.pk}")
    assert f'href="tel:{PHONE}"' in page.content.decode()
    row = AuditRow.objects.get(action=AuditAction.CALL_BACK, detail="read")
    assert row.subject == f"call:{call.pk}"


def test_what_the_worker_asked_for_stands_out(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting()
    call = agreed(desk, talk, said_as="只说姓，不说工会")
    flags = [Flag.NEVER_HOME.value, Flag.NO_VOICEMAIL.value, Flag.NOT_THE_EMPLOYER.value]
    Conversation.objects.filter(pk=talk.pk).update(flags=flags)
    page = words(as_wang.get(f"/console/calls/{call.pk}"))
    for order in ("不要打家里的电话", "没接到不要留言", "不要联系单位", "接通后只报姓，不要提工会"):
        assert order in page


def test_a_call_that_was_made_leaves_the_list_and_its_note_with_the_talk(desk: Desk, as_wang: Client) -> None:
    call = agreed(desk, desk.waiting())
    as_wang.post(f"/console/calls/{call.pk}/reached", {"note": "好多了"})
    assert CallBack.objects.get().state == CallBackState.DONE
    assert Note.objects.get().body == "好多了"
    assert "今天没有要打的电话" in words(as_wang.get("/console/calls"))


def test_pressing_twice_is_told_kindly(desk: Desk, as_wang: Client) -> None:
    call = agreed(desk, desk.waiting())
    as_wang.post(f"/console/calls/{call.pk}/reached")
    assert "已经处理过了" in words(as_wang.post(f"/console/calls/{call.pk}/missed", follow=True))


def test_after_three_tries_only_the_lead_sees_it_and_decides(desk: Desk, as_wang: Client, as_lead: Client) -> None:
    talk = desk.waiting()
    call = agreed(desk, talk)
    for _ in range(3):
        as_wang.post(f"/console/calls/{call.pk}/missed", follow=True)
    assert talk.number not in words(as_wang.get("/console/calls"))
    assert "三次都没打通，请您定" in words(as_lead.get("/console/calls"))
    as_wang.post(f"/console/calls/{call.pk}/give-up")
    assert CallBack.objects.get().state == CallBackState.OPEN
    as_lead.post(f"/console/calls/{call.pk}/give-up", {"note": "去家访"})
    assert CallBack.objects.get().state == CallBackState.UNREACHED


def test_where_no_lead_may_read_the_talk_a_call_tried_three_times_stays_with_its_readers(
    desk: Desk, lead: Cadre, as_wang: Client, as_lead: Client
) -> None:
    talk = desk.waiting()
    talk.kept_from.add(lead)
    call = agreed(desk, talk)
    for _ in range(3):
        done = words(as_wang.post(f"/console/calls/{call.pk}/missed", follow=True))
    assert "请您定还打不打" in done
    assert "三次都没打通，请您定" in done
    assert talk.number not in words(as_lead.get("/console/calls"))
    assert "联系不上，不再打" in words(as_wang.get(f"/console/calls/{call.pk}"))
    as_wang.post(f"/console/calls/{call.pk}/give-up", {"note": "去家访"})
    assert CallBack.objects.get().state == CallBackState.UNREACHED


def test_a_cancelled_call_is_told_to_the_worker_without_its_matter(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting()
    call = agreed(desk, talk)
    as_wang.post(f"/console/calls/{call.pk}/cancel")
    assert "约的电话已经取消" in told(talk)[-1]
    assert "补材料" not in told(talk)[-1]


def test_a_call_is_booked_by_hand_from_a_talk(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting()
    day = (desk.now + timedelta(days=2)).astimezone().date().isoformat()
    given = {
        "phone": "138 1234 5678",
        "day": day,
        "part": "evening",
        "said_as": "own",
        "own_name": "老同学",
        "about": "补材料",
    }
    answer = as_wang.post(f"/console/talk/{talk.pk}/call", given)
    assert answer["Location"] == f"/console/talk/{talk.pk}"
    assert CallBack.objects.get().details == {
        "phone": PHONE, "when": "晚上（6点到8点）", "said_as": "老同学", "about": "补材料", "voicemail": "no",
    }  # fmt: skip
    assert told(talk)[-1].startswith("约好了")


def test_a_form_that_cannot_be_taken_comes_back_with_what_was_written(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting()
    answer = as_wang.post(f"/console/talk/{talk.pk}/call", {"phone": "123", "said_as": "own", "about": "补材料"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "号码不对" in page
    assert "补材料" in page
    assert not CallBack.objects.exists()


@pytest.mark.parametrize("deed", ["reached", "missed", "give-up", "cancel"])
def test_nobody_else_opens_or_settles_a_call(desk: Desk, as_stranger: Client, complained_of: Cadre, deed: str) -> None:
    talk = desk.waiting()
    call = agreed(desk, talk)
    talk.kept_from.add(complained_of)
    operator = desk.cadre("weihu", role=CadreRole.OPERATOR)
    for client in (as_stranger, signed_in(complained_of), signed_in(operator)):
        assert client.get(f"/console/calls/{call.pk}").status_code == 404
        assert client.post(f"/console/calls/{call.pk}/{deed}").status_code == 404
        assert client.post(f"/console/talk/{talk.pk}/call", {"phone": PHONE}).status_code == 404
    for client in (as_stranger, signed_in(complained_of)):
        assert talk.number not in words(client.get("/console/calls"))
    assert CallBack.objects.get().state == CallBackState.OPEN
    assert not AuditRow.objects.filter(detail="read").exists()


def test_calls_after_a_crisis_are_seen_by_named_cadres_only(desk: Desk, as_wang: Client, li: Cadre) -> None:
    Cadre.objects.filter(pk=li.pk).update(reads_crisis=True)
    talk = desk.crisis()
    call = agreed(desk, talk)
    assert talk.number not in as_wang.get("/console/calls/list").content.decode()
    assert as_wang.get(f"/console/calls/{call.pk}").status_code == 404
    assert talk.number in signed_in(li).get("/console/calls/list").content.decode()


def test_a_call_of_an_erased_person_is_not_there(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting()
    call = agreed(desk, talk)
    talk.contact.erase(now=desk.now)
    assert as_wang.get(f"/console/calls/{call.pk}").status_code == 404


def test_who_has_not_signed_in_is_led_to_the_sign_in_page(desk: Desk, client: Client) -> None:
    call = agreed(desk, desk.waiting())
    for address in ("calls", f"calls/{call.pk}", f"talk/{call.conversation_id}/glass"):
        assert "/console/sign-in" in client.get(f"/console/{address}")["Location"]


# ── Sheets ──


def test_the_police_sheet_is_filled_in_saved_and_printed(desk: Desk, as_wang: Client) -> None:
    talk = desk.crisis("我在城南工地3号楼", "我不想活了，电话13812345678")
    page = as_wang.get(f"/console/talk/{talk.pk}/sheet/police").content.decode()
    assert "城南工地3号楼" in page
    assert PHONE in page
    as_wang.post(f"/console/talk/{talk.pk}/sheet/police", {"what": "有人要跳楼", "where": "城南工地3号楼"})
    paper = as_wang.get(f"/console/talk/{talk.pk}/sheet/police/1").content.decode()
    assert "有人要跳楼" in paper
    assert "不清楚" in paper
    assert list(AuditRow.objects.filter(action=AuditAction.SHEET).values_list("detail", flat=True)) == [
        "read",
        "police-saved",
    ]


def test_to_whom_a_sheet_went_is_a_short_name_of_a_department(desk: Desk, as_wang: Client) -> None:
    address = f"/console/talk/{collective(desk).pk}/sheet/first"
    as_wang.post(address, {"where": "东门"})
    assert "只写部门，不写姓名" in words(as_wang.get(address))
    assert "太长了" in words(as_wang.post(f"{address}/gone", {"to": "部" * 81, "how": "written"}, follow=True))
    assert Sheet.objects.get().sent_at is None


def test_a_sheet_goes_out_once_and_is_closed(desk: Desk, as_wang: Client) -> None:
    talk = collective(desk)
    address = f"/console/talk/{talk.pk}/sheet/first"
    as_wang.post(address, {"where": "东门"})
    as_wang.post(f"{address}/gone", {"to": "市总权益部", "how": "telephone"})
    assert "已电话报告：市总权益部" in words(as_wang.get(address))
    as_wang.post(f"{address}/gone", {"to": "市总权益部", "how": "written"})
    assert Sheet.objects.get().sent_to == "市总权益部"
    as_wang.post(address, {"where": "西门"})
    assert Sheet.objects.get().fields["where"] == "东门"
    assert "不能再改" in words(as_wang.get(address))


def test_the_clocks_stand_on_the_sheet_and_say_whose_they_are(desk: Desk, as_wang: Client) -> None:
    page = words(as_wang.get(f"/console/talk/{collective(desk).pk}/sheet/first"))
    assert "电话报告" in page
    assert "书面首报" in page
    assert "本单位设定" in page


def test_a_further_sheet_waits_for_the_first(desk: Desk, as_wang: Client) -> None:
    talk = collective(desk)
    answer = as_wang.post(f"/console/talk/{talk.pk}/sheet/update", {"where": "东门"}, follow=True)
    assert "要先报出首报" in words(answer)
    assert not Sheet.objects.exists()


@pytest.mark.parametrize("kind", ["police", "first", "update", "final"])
def test_nobody_else_sees_or_makes_a_sheet(desk: Desk, as_stranger: Client, complained_of: Cadre, kind: str) -> None:
    talk = collective(desk)
    talk.kept_from.add(complained_of)
    operator = desk.cadre("weihu", role=CadreRole.OPERATOR)
    for client in (as_stranger, signed_in(complained_of), signed_in(operator)):
        assert client.get(f"/console/talk/{talk.pk}/sheet/{kind}").status_code == 404
        assert client.post(f"/console/talk/{talk.pk}/sheet/{kind}", {"where": "东门"}).status_code == 404
        assert client.get(f"/console/talk/{talk.pk}/sheet/{kind}/1").status_code == 404
    assert not Sheet.objects.exists()


def test_there_is_no_other_kind_of_sheet(desk: Desk, as_wang: Client) -> None:
    assert as_wang.get(f"/console/talk/{desk.waiting().pk}/sheet/other").status_code == 404
    assert as_wang.get(f"/console/talk/{desk.waiting().pk}/sheet/police/9").status_code == 404


# ── Broken glass ──


def dangerous(desk: Desk, *readers: Cadre) -> Conversation:
    for cadre in readers:
        Cadre.objects.filter(pk=cadre.pk).update(reads_crisis=True)
    return desk.crisis("我在城南工地3号楼，电话13812345678")


def test_a_lead_opens_the_glass_alone_and_sees_number_and_place(desk: Desk, as_lead: Client) -> None:
    talk = dangerous(desk)
    answer = as_lead.post(f"/console/talk/{talk.pk}/glass/ask", {"reason": WHY}, follow=True)
    assert f'href="tel:{PHONE}"' in answer.content.decode()
    page = words(answer)
    assert "城南工地3号楼" in page
    assert "事后要告诉本人" in page
    rows = AuditRow.objects.filter(action=AuditAction.BREAK_GLASS).order_by("pk")
    assert list(rows.values_list("detail", flat=True)) == ["alone", "read"]


def test_two_cadres_open_it_together(desk: Desk, wang: Cadre, li: Cadre, as_wang: Client, as_li: Client) -> None:
    talk = dangerous(desk, wang, li)
    as_wang.post(f"/console/talk/{talk.pk}/glass/ask", {"reason": WHY})
    assert as_wang.get(f"/console/talk/{talk.pk}/glass").status_code == 302
    glass_id = talk.broken_glass.get().pk
    as_wang.post(f"/console/talk/{talk.pk}/glass/{glass_id}/confirm")
    assert as_wang.get(f"/console/talk/{talk.pk}/glass").status_code == 302
    as_li.post(f"/console/talk/{talk.pk}/glass/{glass_id}/confirm")
    assert PHONE in as_wang.get(f"/console/talk/{talk.pk}/glass").content.decode()


def test_a_calm_talk_has_no_glass(desk: Desk, as_lead: Client) -> None:
    talk = desk.waiting()
    as_lead.post(f"/console/talk/{talk.pk}/glass/ask", {"reason": WHY})
    assert not talk.broken_glass.exists()


def test_a_short_reason_is_not_enough(desk: Desk, as_lead: Client) -> None:
    talk = dangerous(desk)
    as_lead.post(f"/console/talk/{talk.pk}/glass/ask", {"reason": "救人"})
    assert not talk.broken_glass.exists()


def test_nobody_else_comes_near_the_glass(desk: Desk, as_stranger: Client, complained_of: Cadre, lead: Cadre) -> None:
    talk = dangerous(desk, complained_of, lead)
    talk.kept_from.add(complained_of)
    signed_in(lead).post(f"/console/talk/{talk.pk}/glass/ask", {"reason": WHY})
    glass_id = talk.broken_glass.get().pk
    operator, plain = desk.cadre("weihu", role=CadreRole.OPERATOR), desk.cadre("liu")
    for client in (as_stranger, signed_in(complained_of), signed_in(operator), signed_in(plain)):
        assert client.get(f"/console/talk/{talk.pk}/glass").status_code == 404
        assert client.post(f"/console/talk/{talk.pk}/glass/ask", {"reason": WHY}).status_code == 404
        assert client.post(f"/console/talk/{talk.pk}/glass/{glass_id}/confirm").status_code == 404
    assert not AuditRow.objects.filter(action=AuditAction.BREAK_GLASS, detail="read").exists()


def test_a_request_of_another_talk_is_not_confirmed_through_this_one(
    desk: Desk, wang: Cadre, as_li: Client, li: Cadre
) -> None:
    talk, other = dangerous(desk, wang, li), dangerous(desk, wang, li)
    Cadre.objects.filter(pk=wang.pk).update(reads_crisis=True)
    signed_in(wang).post(f"/console/talk/{other.pk}/glass/ask", {"reason": WHY})
    answer = as_li.post(f"/console/talk/{talk.pk}/glass/{other.broken_glass.get().pk}/confirm")
    assert answer.status_code == 404
    assert other.broken_glass.get().confirmed_at is None


def test_no_page_of_these_shows_latin_words(desk: Desk, as_lead: Client) -> None:
    talk = dangerous(desk)
    call = agreed(desk, talk)
    as_lead.post(f"/console/talk/{talk.pk}/glass/ask", {"reason": WHY})
    as_lead.post(f"/console/talk/{talk.pk}/sheet/police", {"where": "东门"})
    for address in (
        "calls",
        f"calls/{call.pk}",
        f"talk/{talk.pk}/call",
        f"talk/{talk.pk}/glass",
        f"talk/{talk.pk}/sheet/police",
    ):
        page = words(as_lead.get(f"/console/{address}"))
        page = re.sub(r"T\d{6}|&#x27;|&[a-z]+;", "", page)
        assert not LATIN.search(page), (address, LATIN.findall(page))


@pytest.mark.parametrize(
    "address",
    [
        "", "alerts", "roster", "people", "words", "phrases", "phrases/rules", "canned", "calls", "calls/{call}",
        "talk/{talk}", "talk/{talk}/call", "talk/{talk}/sheet/police", "talk/{talk}/glass", "talk/{talk}/suggestions",
    ],
)  # fmt: skip
def test_an_alarm_rings_on_every_page(desk: Desk, as_lead: Client, address: str) -> None:
    call = agreed(desk, dangerous(desk))
    as_lead.post(f"/console/talk/{call.conversation_id}/glass/ask", {"reason": WHY})
    rings = desk.crisis()
    page = as_lead.get("/console/" + address.format(call=call.pk, talk=call.conversation_id)).content.decode()
    assert f'id="seen-{rings.pk}"' in page
    assert f'id="alarm-open-{rings.pk}"' in page
    assert page.count('name="csrfmiddlewaretoken" value=""') == 0
