"""The list of talks that need somebody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from handoff.console import rows as rows_module
from handoff.console.rows import Place, alarms_fingerprint, list_talks, present_cadres, queue_fingerprint, reasons_of
from handoff.console.texts import CATEGORIES, DELIVERY, LEVELS, SPEAKERS
from handoff.console.times import clock, how_long
from handoff.desk import acknowledge, claim_chat, reply
from handoff.duty import mark_present, set_on_duty
from handoff.kinds import AuditAction, Delivery, MessageKind
from handoff.models import AuditRow, Cadre, Conversation
from handoff.screening.levels import Category, Level
from tests.console.conftest import WORDS, Desk, screen


def numbers(page: str) -> list[str]:
    seen: list[str] = []
    for number in re.findall(r"T\d{6}", page):
        if number not in seen:
            seen.append(number)
    return seen


def test_the_most_pressing_stands_first(desk: Desk, wang: Cadre, li: Cadre, as_wang: Client) -> None:
    other = desk.waiting(minutes_ago=90)
    claim_chat(other.pk, li, now=desk.now)
    mine = desk.waiting(minutes_ago=80)
    claim_chat(mine.pk, wang, now=desk.now)
    short = desk.waiting(minutes_ago=5)
    long = desk.waiting(minutes_ago=50)
    sensitive = desk.talk(minutes_ago=1, finding=screen(Level.SENSITIVE, Category.SEXUAL_HARASSMENT))
    distress = desk.talk(minutes_ago=2, finding=screen(Level.DISTRESS, Category.DESPAIR))
    seen_crisis = desk.crisis(minutes_ago=3)
    acknowledge(seen_crisis.pk, li, now=desk.now)
    crisis = desk.crisis()
    expected = [crisis, seen_crisis, distress, sensitive, long, short, mine, other]
    assert numbers(as_wang.get("/console/").content.decode()) == [talk.number for talk in expected]


def test_the_list_shows_no_words(desk: Desk, as_wang: Client) -> None:
    desk.waiting()
    desk.crisis()
    for address in ("", "list", "alarms"):
        page = as_wang.get(f"/console/{address}").content.decode()
        assert WORDS not in page
        assert numbers(page)


def test_a_row_says_level_reason_channel_and_wait_in_words(desk: Desk, as_wang: Client) -> None:
    talk = desk.talk(minutes_ago=61, finding=screen(Level.SENSITIVE, Category.HAZARD))
    page = as_wang.get("/console/list").content.decode()
    for words in (talk.number, "专人处理", CATEGORIES[Category.HAZARD], "网页", "1小时1分钟"):
        assert words in page


def test_a_talk_that_the_desk_answers_is_not_in_the_list(desk: Desk, as_wang: Client) -> None:
    desk.talk()
    assert not numbers(as_wang.get("/console/").content.decode())


def test_who_holds_a_talk_is_named(desk: Desk, li: Cadre, as_wang: Client) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, li, now=desk.now)
    assert f"李强 {clock(desk.now, now=desk.now)} 接的" in as_wang.get("/console/list").content.decode()


def test_a_worker_who_wrote_last_waits_for_the_holder(desk: Desk, wang: Cadre) -> None:
    talk = desk.waiting(minutes_ago=30)
    claim_chat(talk.pk, wang, now=desk.now - timedelta(minutes=20))
    assert not list_talks(wang, now=desk.now).mine[0].wants_answer
    desk.hears(talk, "在吗", at=desk.now - timedelta(minutes=4))
    row = list_talks(wang, now=desk.now).mine[0]
    assert (row.wants_answer, row.waited) == (True, "4分钟")
    reply(talk.pk, wang, "在的", key="k" * 16, now=desk.now)
    assert not list_talks(wang, now=desk.now).mine[0].wants_answer


def test_acknowledging_stops_the_alarm_for_everybody(desk: Desk, wang: Cadre, as_wang: Client, as_li: Client) -> None:
    talk = desk.crisis()
    assert f'data-numbers="{talk.number} "' in as_li.get("/console/").content.decode()
    answer = as_wang.post(f"/console/talk/{talk.pk}/acknowledge", headers={"HX-Request": "true"})
    assert 'data-numbers=""' in answer.content.decode()
    page = as_li.get("/console/").content.decode()
    assert 'data-numbers=""' in page
    assert talk.number in page  # it still waits
    rows = AuditRow.objects.filter(action=AuditAction.ACKNOWLEDGE, subject=f"conversation:{talk.pk}")
    assert [row.cadre for row in rows] == [wang]


def test_a_new_crisis_in_a_held_chat_rings_again(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = desk.crisis()
    claim_chat(talk.pk, wang, now=desk.now)
    assert 'data-numbers=""' in as_wang.get("/console/alarms").content.decode()
    desk.hears(talk, "我还是不想活", finding=screen(Level.CRISIS, Category.SELF_HARM))
    page = as_wang.get("/console/").content.decode()
    assert f'data-numbers="{talk.number} "' in page
    assert "王敏接着" in page


def test_the_duty_switch_comes_on_and_goes_off(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    assert "您没上岗" in as_wang.get("/console/").content.decode()
    page = as_wang.post("/console/duty", {"on": "1", "next": "/console/"}, follow=True).content.decode()
    assert "您在岗" in page
    assert "现在在岗：王敏" in page
    assert present_cadres(desk.union.pk, now=timezone.now())
    as_wang.post("/console/duty", {"on": "0"})
    assert not present_cadres(desk.union.pk, now=timezone.now())
    rows = AuditRow.objects.filter(action=AuditAction.DUTY, cadre=wang).order_by("id")
    assert [row.detail for row in rows] == ["on", "off"]


def test_who_goes_off_duty_with_talks_in_hand_is_told(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    talk = desk.waiting()
    claim_chat(talk.pk, wang, now=desk.now)
    page = as_wang.post("/console/duty", {"on": "0"}, follow=True).content.decode()
    assert "您手里还有 1 段对话没有交还" in page


def test_the_duty_switch_leads_back_and_nowhere_else(as_wang: Client) -> None:
    assert as_wang.post("/console/duty", {"on": "1", "next": "/console/talk/3"})["Location"] == "/console/talk/3"
    assert as_wang.post("/console/duty", {"on": "1", "next": "https://example.com/"})["Location"] == "/console/"


def test_the_fingerprint_changes_with_what_is_seen(desk: Desk, wang: Cadre) -> None:
    now = timezone.now()
    seen = [queue_fingerprint(desk.union.pk, now=now)]

    def changed() -> bool:
        seen.append(queue_fingerprint(desk.union.pk, now=now))
        return seen[-1] != seen[-2]

    assert not changed()
    talk = desk.waiting()
    assert changed()
    mark_present(wang, now=now)
    assert not changed()
    set_on_duty(wang, True, now=now)
    assert changed()
    claim_chat(talk.pk, wang, now=now)
    assert changed()
    desk.hears(talk, "您好")
    assert changed()
    assert not changed()


def test_the_alarms_fingerprint_changes_when_one_rings_and_when_it_stops(desk: Desk, wang: Cadre) -> None:
    quiet = alarms_fingerprint(desk.union.pk)
    desk.waiting()
    assert alarms_fingerprint(desk.union.pk) == quiet
    talk = desk.crisis()
    assert alarms_fingerprint(desk.union.pk) != quiet
    acknowledge(talk.pk, wang, now=desk.now)
    assert alarms_fingerprint(desk.union.pk) == quiet


def test_every_row_of_the_list_carries_the_fingerprint_of_the_stream(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    desk.crisis()
    page = as_wang.get("/console/").content.decode()
    assert f'data-live="queue" data-fingerprint="{queue_fingerprint(desk.union.pk, now=timezone.now())}"' in page
    assert f'data-live="alarms" data-fingerprint="{alarms_fingerprint(desk.union.pk)}"' in page


def test_a_category_that_has_no_name_any_more_does_not_break_the_list(desk: Desk, wang: Cadre) -> None:
    talk = desk.waiting()
    Conversation.objects.filter(pk=talk.pk).update(categories=["of_an_old_version"])
    assert list_talks(wang, now=desk.now).at(Place.WAITING)[0].reason
    assert reasons_of(["self_harm", "of_an_old_version"])[0] == CATEGORIES[Category.SELF_HARM]


def test_every_level_category_speaker_and_delivery_state_has_words() -> None:
    assert set(LEVELS) == set(Level)
    assert set(CATEGORIES) == set(Category)
    assert set(DELIVERY) == set(Delivery)
    assert set(SPEAKERS) == set(MessageKind) - {MessageKind.CADRE}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "不到1分钟"),
        (59, "不到1分钟"),
        (60, "1分钟"),
        (3599, "59分钟"),
        (3600, "1小时"),
        (7505, "2小时5分钟"),
        (90000, "1天"),
    ],
)
def test_lengths_of_time_read_plainly(seconds: int, words: str) -> None:
    now = timezone.now()
    assert how_long(now - timedelta(seconds=seconds), now=now) == words


def test_a_crisis_behind_a_full_list_stands_first(desk: Desk, wang: Cadre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "MOST_ROWS", 3)
    for minutes in range(5):
        desk.waiting(minutes_ago=90 - minutes)
    sensitive = desk.talk(finding=screen(Level.SENSITIVE, Category.HAZARD))
    crisis = desk.crisis()
    listing = list_talks(wang, now=desk.now)
    assert [row.pk for row in listing.rows[:2]] == [crisis.pk, sensitive.pk]
    assert (len(listing.rows), listing.unlisted) == (3, 4)


def test_the_longest_wait_comes_before_the_lowest_number_when_the_list_is_full(
    desk: Desk, wang: Cadre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "MOST_ROWS", 2)
    talks = [desk.waiting(minutes_ago=minutes) for minutes in (1, 2, 3, 4)]
    assert [row.pk for row in list_talks(wang, now=desk.now).rows] == [talks[3].pk, talks[2].pk]


def test_own_talks_stay_in_a_full_list(desk: Desk, wang: Cadre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "MOST_ROWS", 2)
    for minutes in (50, 60, 70):
        desk.waiting(minutes_ago=minutes)
    mine = desk.waiting()
    claim_chat(mine.pk, wang, now=desk.now)
    assert [row.pk for row in list_talks(wang, now=desk.now).mine] == [mine.pk]


def test_a_short_list_leaves_nothing_out(desk: Desk, wang: Cadre) -> None:
    desk.waiting()
    assert list_talks(wang, now=desk.now).unlisted == 0


def test_the_fingerprint_sees_changes_beyond_the_rows_that_are_shown(
    desk: Desk, wang: Cadre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "MOST_ROWS", 1)
    desk.waiting(minutes_ago=90)
    last = desk.waiting(minutes_ago=1)
    seen = {queue_fingerprint(desk.union.pk, now=desk.now)}

    def changed() -> bool:
        before = len(seen)
        seen.add(queue_fingerprint(desk.union.pk, now=desk.now))
        return len(seen) > before

    desk.hears(last, "还有", finding=screen(Level.SENSITIVE, Category.HAZARD))
    assert changed()
    desk.hears(last, "还有", finding=screen(Level.CRISIS, Category.SELF_HARM))
    assert changed()
    acknowledge(last.pk, wang, now=desk.now)
    assert changed()
    claim_chat(last.pk, wang, now=desk.now)
    assert changed()
    desk.hears(last, "您好")
    assert changed()


def test_a_full_list_says_how_many_talks_it_leaves_out(
    desk: Desk, as_wang: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minutes in range(5):
        desk.waiting(minutes_ago=minutes)
    assert "没有列出" not in as_wang.get("/console/list").content.decode()
    monkeypatch.setattr(rows_module, "MOST_ROWS", 3)
    assert "还有 2 段没有列出" in as_wang.get("/console/list").content.decode()


def test_an_urgent_talk_is_marked(desk: Desk, as_wang: Client) -> None:
    talk = desk.waiting()
    assert "row-urgent" not in as_wang.get("/console/list").content.decode()
    Conversation.objects.filter(pk=talk.pk).update(urgent=True)
    assert '<b class="row-urgent">急</b>' in as_wang.get("/console/list").content.decode()


def test_talks_that_a_cadre_may_not_know_of_take_no_place_and_are_not_counted(
    desk: Desk, wang: Cadre, li: Cadre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "MOST_ROWS", 2)
    for minutes in range(5):
        desk.waiting(minutes_ago=90 + minutes).kept_from.add(wang)
    known = [desk.waiting(minutes_ago=minutes) for minutes in (9, 8, 7)]
    listing = list_talks(wang, now=desk.now)
    assert [row.pk for row in listing.rows] == [known[0].pk, known[1].pk]
    assert listing.unlisted == 1
    assert list_talks(li, now=desk.now).unlisted == 6
