"""The pages of fixed words and of own phrases, as each role."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from handoff import texts
from handoff.approval import approval_of, words_digest
from handoff.kinds import CadreRole, DepartmentKind
from handoff.models import AuditRow, Cadre, Department, Hotline, Message, OwnPhrase, WordsApproval
from handoff.own_phrases import LiveRules
from handoff.screening.levels import Category, Finding, Layer, Level
from handoff.screening.rules import Rules
from handoff.screening_box import Box, Layers, register, this_box
from tests.console.conftest import PASSWORD, Desk, signed_in

PAGES = ["words", "phrases", "phrases/rules"]
DEEDS = ["words/approve", "phrases/try", "phrases/add", "phrases/1/retire"]
EXPERT = "李芳，市精神卫生中心"


@pytest.fixture
def as_lead(desk: Desk) -> Client:
    return signed_in(desk.cadre("zhao", role=CadreRole.DUTY_LEAD, display_name="赵红"))


@pytest.fixture
def as_supervisor(desk: Desk) -> Client:
    return signed_in(desk.cadre("sun", role=CadreRole.SUPERVISOR, display_name="孙主管"))


@pytest.fixture
def as_operator(desk: Desk) -> Client:
    return signed_in(desk.cadre("weihu", role=CadreRole.OPERATOR, display_name="赵工"))


@pytest.fixture
def as_nobody(db: None) -> Client:
    get_user_model().objects.create_user(username="nobody", password=PASSWORD)
    client = Client()
    client.post("/console/sign-in", {"username": "nobody", "password": PASSWORD})
    return client


def approves(client: Client, **changes: str) -> tuple[int, str]:
    """Post an approval; the status and the page that follows."""
    today = timezone.localdate().isoformat()
    form = {"digest": words_digest(), "approved_by": EXPERT, "approved_on": today, "checked": "1"} | changes
    answer = client.post("/console/words/approve", form, follow=True)
    return answer.status_code, answer.content.decode()


def adds(client: Client, phrase: str, **changes: str) -> tuple[int, str]:
    """Post a phrase; the status and the page that follows."""
    form = {"category": "self_harm", "phrase": phrase, "kind": "sign"} | changes
    answer = client.post("/console/phrases/add", form, follow=True)
    return answer.status_code, answer.content.decode()


def tries(client: Client, text: str) -> str:
    """What the box says of a text, without the marks in it."""
    return client.post("/console/phrases/try", {"text": text}).content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_meets_the_sign_in_page(db: None, client: Client, page: str) -> None:
    answer = client.get(f"/console/{page}")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/console/sign-in")


@pytest.mark.parametrize("deed", DEEDS)
def test_a_stranger_does_nothing(db: None, client: Client, deed: str) -> None:
    assert client.post(f"/console/{deed}", {"text": "走饭"}).status_code == 302
    assert not WordsApproval.objects.exists()
    assert not OwnPhrase.objects.exists()


@pytest.mark.parametrize("who", ["as_operator", "as_nobody"])
def test_who_may_not_read_talks_finds_none_of_it(who: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(who)
    assert {client.get(f"/console/{page}").status_code for page in PAGES} == {404}
    assert {client.post(f"/console/{deed}").status_code for deed in DEEDS} == {404}


@pytest.mark.parametrize("deed", DEEDS)
def test_deeds_are_posted_with_the_pages_own_token(wang: Cadre, deed: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(wang.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/console/{deed}").status_code == 403
    assert client.get(f"/console/{deed}").status_code == 405


def test_every_text_is_shown_as_it_reads_here(desk: Desk, as_wang: Client) -> None:
    Hotline.objects.create(
        organisation=desk.union, number="110", name="报警", hours="24 小时", purpose="", dial="0571-110"
    )
    page = as_wang.get("/console/words").content.decode()
    for name in texts.TEXTS:
        assert f'id="text-{name}"' in page
    assert "0571-110" in page
    assert "12356（心理热线，全天）" in page
    assert "还是草稿" in page
    assert texts.DRAFTED_ON in page
    assert "〔对应部门〕" not in page
    Department.objects.create(organisation=desk.union, kind=DepartmentKind.WOMEN, name="女职工部")
    assert "由〔对应部门〕的同志看" in as_wang.get("/console/words").content.decode()


def test_a_supervisor_records_who_approved_the_words(desk: Desk, as_supervisor: Client, as_wang: Client) -> None:
    status, page = approves(as_supervisor)
    assert status == 200
    assert approval_of(desk.union) is not None
    for reader in (page, as_wang.get("/console/words").content.decode()):
        assert "已经审定" in reader
        assert EXPERT in reader
        assert "孙主管" in reader


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"approved_by": " "}, "请写上审定人和单位"),
        ({"approved_by": "一二三四五六七八九" * 9}, "80个字以内"),
        ({"approved_on": ""}, "请选审定日期"),
        ({"approved_on": "2026-02-31"}, "请选审定日期"),
        ({"approved_on": "2199-01-01"}, "不能在今天以后"),
        ({"checked": ""}, "请先核对"),
        ({"digest": "0" * 16}, "用语刚刚更新过"),
    ],
)
def test_an_approval_that_cannot_be_recorded_says_why(
    as_supervisor: Client, changes: dict[str, str], said: str
) -> None:
    status, page = approves(as_supervisor, **changes)
    assert status == 400
    assert said in page
    assert not WordsApproval.objects.exists()


@pytest.mark.parametrize("who", ["as_wang", "as_lead"])
def test_only_a_supervisor_has_the_form_and_may_use_it(who: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(who)
    assert 'id="approve"' not in client.get("/console/words").content.decode()
    status, page = approves(client)
    assert status == 400
    assert "只有主管能登记审定" in page
    assert not WordsApproval.objects.exists()


def test_a_lead_adds_a_phrase_tries_it_and_retires_it(as_lead: Client) -> None:
    assert "自动助手先答" in tries(as_lead, "我要走饭了")
    status, page = adds(as_lead, "走 饭")
    assert status == 200
    assert "「走饭」已经加上" in page
    assert "赵红" in page
    found = tries(as_lead, "我要走饭了")
    assert "<mark>走饭</mark>" in found
    assert "紧急求助" in found
    assert "自己加的" in found
    row = OwnPhrase.objects.get()
    page = as_lead.post(f"/console/phrases/{row.pk}/retire", follow=True).content.decode()
    assert "已经停用" in page
    assert "自动助手先答" in tries(as_lead, "我要走饭了")
    again = as_lead.post(f"/console/phrases/{row.pk}/retire", follow=True).content.decode()
    assert "这个说法已经停用了" in again


def test_a_cadre_tries_but_does_not_edit(as_lead: Client, as_wang: Client) -> None:
    adds(as_lead, "走饭")
    page = tries(as_wang, "我要走饭了")
    assert "<mark>走饭</mark>" in page
    assert 'id="add-button"' not in page
    assert "停用</button>" not in page
    status, page = adds(as_wang, "去天上了饭")
    assert status == 400
    assert "只有值班负责人和主管能改" in page
    as_wang.post(f"/console/phrases/{OwnPhrase.objects.get().pk}/retire")
    assert OwnPhrase.objects.get().retired_at is None


@pytest.mark.parametrize(
    ("phrase", "changes", "said"),
    [
        ("走", {}, "太短了"),
        ("(走饭", {}, "括号没有配成对"),
        ("老板", {}, "太宽了"),
        ("老板", {}, "老板拖欠工资怎么办"),
        ("想死", {"kind": "exception"}, "真的信号不响"),
        ("走饭", {"category": ""}, "请选是哪一类"),
        ("走饭", {"category": "nothing"}, "请选是哪一类"),
        ("{谁知道}走", {}, "词组不存在"),
    ],
)
def test_a_bad_phrase_gives_one_clear_sentence_and_keeps_what_was_written(
    as_lead: Client, phrase: str, changes: dict[str, str], said: str
) -> None:
    status, page = adds(as_lead, phrase, **changes)
    assert status == 400
    assert said in page
    assert f'value="{phrase}"' in page
    assert not OwnPhrase.objects.exists()


def test_a_phrase_that_finds_ordinary_sentences_is_added_when_a_lead_insists(as_lead: Client) -> None:
    status, page = adds(as_lead, "要走了")
    assert status == 400
    assert "我要走了，车快开了" in page
    assert 'name="meant"' in page
    assert adds(as_lead, "要走了", meant="1")[0] == 200
    assert OwnPhrase.objects.get().phrase == "要走了"


def test_the_box_says_what_the_worker_would_read(as_wang: Client) -> None:
    page = tries(as_wang, "我不想活了")
    assert "您的安全最要紧" in page
    assert "现在没有工会干部在线，请不要等" in page
    assert "机器判断" in page


@pytest.fixture
def _classifier_at_work() -> Iterator[None]:
    """This process's box as a serving desk registers it, with a classifier that takes everything for distress."""
    before, rules = this_box(), LiveRules(Rules.load())
    by_classifier = Finding(Level.DISTRESS, (Category.DESPAIR,), 0.37, (), Layer.CLASSIFIER, "test")
    register(Box(rules, lambda text: Layers(rules.screen(text), by_classifier, by_classifier)))
    yield
    register(before)


@pytest.mark.usefixtures("_classifier_at_work")
def test_the_box_says_what_the_classifier_alone_sees(as_wang: Client) -> None:
    page = tries(as_wang, "今天食堂的菜还行")
    assert "没有碰上任何说法" in page
    assert "需要关心；像紧急求助的程度：37" in page
    assert "听得出来您撑了很久" in page
    assert "还没有装上" not in page


def test_where_no_classifier_is_loaded_the_box_says_so(as_wang: Client) -> None:
    assert "还没有装上，这里只看规则" in tries(as_wang, "年假几天")


def test_the_box_shows_what_an_exception_excuses(as_wang: Client) -> None:
    page = tries(as_wang, "想死你了")
    assert "按例外不算" in page
    assert "<mark>" not in page


def test_what_is_typed_into_the_box_is_neither_stored_nor_logged(
    desk: Desk, as_wang: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before = AuditRow.objects.count()
    assert "紧急求助" in tries(as_wang, "我不想活了，试一试")
    assert AuditRow.objects.count() == before
    assert not Message.objects.exists()
    assert "不想活" not in caplog.text
    answer = as_wang.post("/console/phrases/try", {"text": "我不想活了"})
    assert "no-store" in answer["Cache-Control"]
    assert as_wang.get("/console/phrases/try", {"text": "我不想活了"}).status_code == 405


@pytest.mark.parametrize(("text", "said"), [("", "还没有写字"), ("字" * 501, "太长了")], ids=["none", "too much"])
def test_the_box_takes_a_sentence_and_no_book(as_wang: Client, text: str, said: str) -> None:
    answer = as_wang.post("/console/phrases/try", {"text": text})
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_what_is_typed_is_shown_as_words_and_not_as_a_page(as_wang: Client) -> None:
    page = tries(as_wang, "<b>我不想活了</b>")
    assert "<b>我" not in page
    assert "&lt;b&gt;" in page


def test_the_shipped_rules_are_there_to_read(as_wang: Client) -> None:
    page = as_wang.get("/console/phrases/rules").content.decode()
    assert "有轻生的话" in page
    assert "不想活" in page
    assert "{死法}" in page
    assert not re.search(r"self-harm|suicide-intent", page)


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_hold_no_inline_script_or_style(as_supervisor: Client, page: str) -> None:
    answer = as_supervisor.get(f"/console/{page}")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", answer.content.decode())
    assert "no-store" in answer["Cache-Control"]
