"""The simulated WeChat refuses and allows as WeChat does: tokens, quotas, kinds of account, codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.channel_settings import AccountKind
from bot.simulate.clock import MovableClock
from bot.simulate.faults import Fault, FaultKind
from bot.simulate.records import Road
from bot.simulate.wechat import messages
from bot.simulate.wechat.samples import sample
from bot.simulate.wechat.simulator import RunningWechat, new_account, running_wechat
from tests.simulate.desk import SmallDesk, small_desk

HOUR_S = 3600
SERVICE, SUBSCRIPTION = AccountKind.SERVICE, AccountKind.SUBSCRIPTION


class Caller:
    """Somebody who has the account's secret and calls the API."""

    def __init__(self, wechat: RunningWechat) -> None:
        self._wechat = wechat
        self.client = httpx.Client(base_url=wechat.api_base, timeout=0.5)
        self.token = ""

    def fetch(self, **more: Any) -> dict[str, Any]:
        account = self._wechat.account
        asked = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret} | more
        answer: dict[str, Any] = self.client.post("/cgi-bin/stable_token", json=asked).json()
        self.token = answer.get("access_token", self.token)
        return answer

    def post(self, path: str, body: Any, **more: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.post(
            path, params={"access_token": self.token} | more, content=json.dumps(body, ensure_ascii=False).encode()
        ).json()
        return answer

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.get(path, params={"access_token": self.token} | query).json()
        return answer

    def send(self, who: str = "小李", words: str = "您好") -> int:
        openid = self._wechat.platform.user(who).openid
        body = {"touser": openid, "msgtype": "text", "text": {"content": words}}
        return int(self.post("/cgi-bin/message/custom/send", body)["errcode"])


@pytest.fixture
def desk() -> Iterator[SmallDesk]:
    with small_desk() as one:
        yield one


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def wechat(desk: SmallDesk, clock: MovableClock) -> Iterator[RunningWechat]:
    desk.account = new_account(notice_template="TEMPLATE")
    with running_wechat(desk.address, desk.account, patience_s=0.3, clock=clock) as running:
        yield running


@pytest.fixture
def caller(wechat: RunningWechat) -> Caller:
    caller = Caller(wechat)
    caller.fetch()
    return caller


def test_the_stable_token_stays_the_same_inside_its_life(wechat: RunningWechat, clock: MovableClock) -> None:
    caller = Caller(wechat)
    first = caller.fetch()
    assert first["expires_in"] == 7200
    clock.move(6000)
    assert caller.fetch() == {"access_token": first["access_token"], "expires_in": 1200}
    clock.move(1000)
    second = caller.fetch()
    assert second["access_token"] != first["access_token"]
    caller.token = first["access_token"]
    assert "ip_list" in caller.get("/cgi-bin/getcallbackip")  # both are good for a while
    clock.move(301)
    assert caller.get("/cgi-bin/getcallbackip")["errcode"] == 42001


def test_a_forced_token_kills_the_old_one_and_is_rationed(wechat: RunningWechat, clock: MovableClock) -> None:
    caller = Caller(wechat)
    old = caller.fetch()["access_token"]
    assert caller.fetch(force_refresh=True)["access_token"] != old
    assert caller.fetch(force_refresh=True)["errcode"] == 45011
    for _ in range(19):
        clock.move(31)
        assert "access_token" in caller.fetch(force_refresh=True)
    clock.move(31)
    assert caller.fetch(force_refresh=True)["errcode"] == 45009
    caller.token = old
    assert caller.get("/cgi-bin/getcallbackip")["errcode"] == 40001


def test_a_new_ordinary_token_kills_the_old_and_leaves_the_stable_one(wechat: RunningWechat, caller: Caller) -> None:
    stable, account = caller.token, wechat.account
    asked = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret}
    first, second = (caller.client.get("/cgi-bin/token", params=asked).json()["access_token"] for _ in range(2))
    for token, code in ((first, 40001), (second, None), (stable, None), ("", 41001), ("nonsense", 40001)):
        caller.token = token
        assert caller.get("/cgi-bin/getcallbackip").get("errcode") == code


def test_wrong_credentials_and_strange_addresses_get_no_token(wechat: RunningWechat) -> None:
    caller = Caller(wechat)
    assert caller.fetch(appid="wx0")["errcode"] == 40013
    assert caller.fetch(secret="0")["errcode"] == 40125
    wechat.platform.allowed_ips = ("203.0.113.7",)
    assert caller.fetch()["errcode"] == 40164


def test_a_revoked_token_is_refused_until_there_is_a_new_one(wechat: RunningWechat, caller: Caller) -> None:
    wechat.platform.tokens.revoke()
    assert caller.get("/cgi-bin/getcallbackip")["errcode"] == 40001
    caller.fetch()
    assert "ip_list" in caller.get("/cgi-bin/getcallbackip")
    wechat.platform.tokens.revoke(dead=True)
    caller.fetch()
    assert caller.get("/cgi-bin/getcallbackip")["errcode"] == 40001
    caller.fetch(force_refresh=True)
    assert "ip_list" in caller.get("/cgi-bin/getcallbackip")


def test_five_messages_within_48_hours_of_a_message(wechat: RunningWechat, caller: Caller, clock: MovableClock) -> None:
    assert caller.send() == 45015
    wechat.say("小李", "在吗")
    assert [caller.send() for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    wechat.say("小李", "还在吗")
    assert caller.send() == 0
    clock.move(48 * HOUR_S + 1)
    caller.fetch()
    assert caller.send() == 45015
    assert wechat.platform.texts_to("小李") == ["您好"] * 6
    assert {one.road for one in wechat.platform.shown_to("小李")} == {Road.SERVICE}


@pytest.mark.parametrize("act", ["click", "follow", "scan", "tap"])
def test_three_messages_within_a_minute_of_a_tap(
    wechat: RunningWechat, caller: Caller, clock: MovableClock, act: str
) -> None:
    match act:
        case "click":
            wechat.click("小李", "PERSON")
        case "follow":
            wechat.follow("小李")
        case "scan":
            wechat.scan("小李", "A012")
        case "tap":
            wechat.say("小李", "看回复", tap_id="1")
    assert [caller.send() for _ in range(4)] == [0, 0, 0, 45047]
    clock.move(61)
    assert caller.send() == 45015


def test_a_tap_does_not_renew_the_48_hours(wechat: RunningWechat, caller: Caller, clock: MovableClock) -> None:
    wechat.say("小李", "在吗")
    clock.move(48 * HOUR_S - 30)
    caller.fetch()
    wechat.click("小李", "PERSON")
    assert [caller.send() for _ in range(4)] == [0] * 4
    clock.move(61)
    assert caller.send() == 45015


def test_nothing_reaches_who_follows_no_longer_or_is_unknown(wechat: RunningWechat, caller: Caller) -> None:
    wechat.say("小李", "在吗")
    wechat.unfollow("小李")
    assert caller.send() == 45015
    body = {"touser": "nobody", "msgtype": "text", "text": {"content": "您好"}}
    assert caller.post("/cgi-bin/message/custom/send", body)["errcode"] == 40003
    body = {"touser": wechat.platform.user("小李").openid, "template_id": "TEMPLATE", "data": {}}
    assert caller.post("/cgi-bin/message/template/send", body)["errcode"] == 43004


def test_a_text_has_at_most_2048_bytes(wechat: RunningWechat, caller: Caller) -> None:
    wechat.say("小李", "在吗")
    assert caller.send(words="字" * 682 + "ab") == 0
    assert caller.send(words="字" * 683) == 45002
    assert caller.send(words=" ") == 44004


def test_escapes_in_a_body_are_shown_as_they_stand(wechat: RunningWechat, caller: Caller) -> None:
    wechat.say("小李", "在吗")
    body = json.dumps({"touser": wechat.platform.user("小李").openid, "msgtype": "text", "text": {"content": "您\n好"}})
    answer = caller.client.post("/cgi-bin/message/custom/send", params={"access_token": caller.token}, content=body)
    assert answer.json()["errcode"] == 0
    assert wechat.platform.texts_to("小李") == ["\\u60a8\n\\u597d"]
    broken = caller.client.post("/cgi-bin/message/custom/send", params={"access_token": caller.token}, content=b"{")
    assert broken.json()["errcode"] == 47001


def test_pictures_go_up_and_down_and_to_the_screen(wechat: RunningWechat, caller: Caller, clock: MovableClock) -> None:
    wechat.say("小李", "在吗")
    up = caller.client.post(
        "/cgi-bin/media/upload",
        params={"access_token": caller.token, "type": "image"},
        files={"media": ("a.png", sample("picture"), "image/png")},
    ).json()
    down = caller.client.get("/cgi-bin/media/get", params={"access_token": caller.token, "media_id": up["media_id"]})
    assert down.content == sample("picture")
    openid = wechat.platform.user("小李").openid
    body = {"touser": openid, "msgtype": "image", "image": {"media_id": up["media_id"]}}
    assert caller.post("/cgi-bin/message/custom/send", body)["errcode"] == 0
    body["image"] = {"media_id": "unknown"}
    assert caller.post("/cgi-bin/message/custom/send", body)["errcode"] == 40007
    clock.move(3 * 24 * HOUR_S + 1)
    caller.fetch()
    assert caller.get("/cgi-bin/media/get", media_id=up["media_id"])["errcode"] == 40007


def test_a_menu_message_and_typing(wechat: RunningWechat, caller: Caller) -> None:
    openid = wechat.platform.user("小李").openid
    typing = {"touser": openid, "command": "Typing"}
    assert caller.post("/cgi-bin/message/custom/typing", typing)["errcode"] == 45015
    wechat.say("小李", "在吗")
    assert caller.post("/cgi-bin/message/custom/typing", typing)["errcode"] == 0
    menu = {"head_content": "满意吗？", "list": [{"id": "101", "content": "满意"}], "tail_content": "谢谢"}
    body = {"touser": openid, "msgtype": "msgmenu", "msgmenu": menu}
    assert caller.post("/cgi-bin/message/custom/send", body)["errcode"] == 0
    (shown,) = wechat.platform.shown_to("小李")
    assert (shown.text, shown.extra["choices"]) == ("满意吗？\n满意\n谢谢", [("101", "满意")])


ALLOWED = {  # what: (service verified, service unverified, subscription verified, subscription unverified)
    "message": (0, 48001, 0, 48001),
    "menu": (0, 0, 0, 48001),
    "scene": (0, 48001, 48001, 48001),
    "template": (0, 48001, 48001, 48001),
    "notice": (43101, 48001, 43101, 48001),
    "user": (0, 48001, 0, 48001),
}
ACCOUNTS = ((SERVICE, True), (SERVICE, False), (SUBSCRIPTION, True), (SUBSCRIPTION, False))


@pytest.mark.parametrize(("place", "account"), list(enumerate(ACCOUNTS)))
def test_each_kind_of_account_may_do_what_it_may(
    wechat: RunningWechat, caller: Caller, place: int, account: tuple[AccountKind, bool]
) -> None:
    wechat.say("小李", "在吗")
    wechat.platform.become(kind=account[0], verified=account[1])
    openid = wechat.platform.user("小李").openid
    notice = {"touser": openid, "template_id": "TEMPLATE", "data": {"thing1": {"value": "有回复"}}}
    codes = {
        "message": caller.send(),
        "menu": caller.post("/cgi-bin/menu/create", {"button": [{"type": "click", "name": "人工", "key": "P"}]})[
            "errcode"
        ],
        "scene": caller.post(
            "/cgi-bin/qrcode/create",
            {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "A012"}}},
        ).get("errcode", 0),
        "template": caller.post("/cgi-bin/message/template/send", notice)["errcode"],
        "notice": caller.post("/cgi-bin/message/subscribe/bizsend", notice)["errcode"],
        "user": caller.get("/cgi-bin/user/info", openid=openid).get("errcode", 0),
    }
    assert codes == {what: row[place] for what, row in ALLOWED.items()}


def test_a_template_is_shown_and_its_result_comes_as_an_event(
    wechat: RunningWechat, caller: Caller, desk: SmallDesk
) -> None:
    openid = wechat.platform.user("小李").openid
    notice = {"touser": openid, "template_id": "TEMPLATE", "data": {"thing1": {"value": "您的办件有回复"}}}
    number = caller.post("/cgi-bin/message/template/send", notice)["msgid"]
    assert wechat.platform.texts_to("小李") == ["您的办件有回复"]
    wechat.say("小李", "好")  # later than the event
    while not any(message.type == "event" for message in desk.messages):
        wechat.say("小李", "好")
    (event,) = (message for message in desk.messages if message.type == "event")
    assert (event.event, event.id) == ("templatesendjobfinish", number)
    assert caller.post("/cgi-bin/message/template/send", notice | {"template_id": "other"})["errcode"] == 40037


def test_a_subscription_notice_needs_a_yes_for_each(wechat: RunningWechat, caller: Caller) -> None:
    notice = {
        "touser": wechat.platform.user("小李").openid,
        "template_id": "TEMPLATE",
        "data": {"thing1": {"value": "有回复"}},
    }
    wechat.running.call(wechat.simulator.answer_subscription("小李", "TEMPLATE"))
    codes = [caller.post("/cgi-bin/message/subscribe/bizsend", notice)["errcode"] for _ in range(2)]
    assert codes == [0, 43101]


def test_menus_are_checked_and_kept(caller: Caller) -> None:
    button = {"type": "click", "name": "找人工", "key": "PERSON"}
    wrong = {
        40016: [button] * 4,
        40018: [button | {"name": "名字太长了吧"}],
        40017: [button | {"type": "dance"}],
        40019: [button | {"key": "k" * 129}],
        40023: [{"name": "服务", "sub_button": [button] * 6}],
    }
    assert caller.get("/cgi-bin/menu/get")["errcode"] == 46003
    for code, buttons in wrong.items():
        assert caller.post("/cgi-bin/menu/create", {"button": buttons})["errcode"] == code
    buttons = [
        button,
        {"name": "服务", "sub_button": [{"type": "view", "name": "查法规", "url": "https://example.cn/"}]},
    ]
    assert caller.post("/cgi-bin/menu/create", {"button": buttons})["errcode"] == 0
    assert caller.get("/cgi-bin/menu/get")["menu"]["button"] == buttons
    assert caller.get("/cgi-bin/get_current_selfmenu_info")["is_menu_open"] == 1
    assert caller.get("/cgi-bin/menu/delete")["errcode"] == 0
    assert caller.get("/cgi-bin/get_current_selfmenu_info")["is_menu_open"] == 0


def test_scene_codes_have_their_limits_and_a_picture(caller: Caller) -> None:
    def ask(action: str, scene: dict[str, Any], **more: Any) -> dict[str, Any]:
        return caller.post("/cgi-bin/qrcode/create", {"action_name": action, "action_info": {"scene": scene}} | more)

    temporary = ask("QR_STR_SCENE", {"scene_str": "A012"}, expire_seconds=2_592_000)
    assert temporary["expire_seconds"] == 2_592_000
    assert "expire_seconds" not in ask("QR_LIMIT_SCENE", {"scene_id": 100_000})
    for refused in (
        ask("QR_STR_SCENE", {"scene_str": "A012"}, expire_seconds=2_592_001),
        ask("QR_LIMIT_SCENE", {"scene_id": 100_001}),
        ask("QR_LIMIT_STR_SCENE", {"scene_str": "长" * 65}),
        ask("QR", {}),
    ):
        assert refused["errcode"] == 40097
    picture = caller.client.get("/cgi-bin/showqrcode", params={"ticket": temporary["ticket"]})
    assert picture.content.startswith(b"\x89PNG")


def test_what_is_known_of_a_person(wechat: RunningWechat, caller: Caller) -> None:
    wechat.follow("小李", scene="A012")
    openid = wechat.platform.user("小李").openid
    known = caller.get("/cgi-bin/user/info", openid=openid)
    assert (known["subscribe"], known["qr_scene_str"]) == (1, "A012")
    wechat.unfollow("小李")
    assert caller.get("/cgi-bin/user/info", openid=openid) == {"subscribe": 0, "openid": openid}


def test_a_days_limit_and_clearing_it(wechat: RunningWechat, caller: Caller) -> None:
    wechat.platform.daily_calls = 2
    codes = [caller.get("/cgi-bin/getcallbackip").get("errcode") for _ in range(3)]
    assert codes == [None, None, 45009]
    assert caller.post("/cgi-bin/clear_quota", {"appid": "wx0"})["errcode"] == 40013
    assert caller.post("/cgi-bin/clear_quota", {"appid": wechat.account.app_id})["errcode"] == 0
    assert "ip_list" in caller.get("/cgi-bin/getcallbackip")
    assert "dns" in caller.post("/cgi-bin/callback/check", {"action": "all", "check_operator": "DEFAULT"})


FAILURES = {
    FaultKind.API_RESET_LOST: (httpx.TransportError, False),
    FaultKind.API_RESET_TAKEN: (httpx.TransportError, True),
    FaultKind.API_TIMEOUT_LOST: (httpx.ReadTimeout, False),
    FaultKind.API_TIMEOUT_TAKEN: (httpx.ReadTimeout, True),
    FaultKind.API_DOWN: (httpx.TransportError, False),
}


@pytest.mark.parametrize("kind", list(FAILURES))
def test_calls_that_get_no_answer_are_done_or_not(wechat: RunningWechat, caller: Caller, kind: FaultKind) -> None:
    wechat.say("小李", "在吗")
    wechat.faults.on(Fault(kind, where="custom/send", times=1))
    error, taken = FAILURES[kind]
    with pytest.raises(error):
        caller.send()
    assert wechat.platform.texts_to("小李") == ["您好"] * taken
    assert wechat.record.excused == taken
    (call,) = wechat.record.calls_of("custom/send")
    assert (call.taken, call.answered) == (taken, False)
    assert caller.send() == 0
    assert wechat.record.doubled() == []  # the second one is excused


def test_calls_that_are_refused_by_a_fault(wechat: RunningWechat, caller: Caller) -> None:
    wechat.say("小李", "在吗")
    wechat.faults.on(Fault(FaultKind.API_BUSY, times=1))
    assert caller.send() == -1
    wechat.faults.on(Fault(FaultKind.API_ERROR, code=45047, times=1))
    assert caller.send() == 45047
    wechat.faults.on(Fault(FaultKind.API_SLOW, seconds=0.1, times=1))
    assert caller.send() == 0
    wechat.faults.on(Fault(FaultKind.API_5XX, times=1))
    assert caller.client.get("/cgi-bin/getcallbackip").status_code == 502
    assert wechat.platform.texts_to("小李") == ["您好"]


def test_others_can_use_the_quota_up(wechat: RunningWechat, caller: Caller) -> None:
    wechat.say("小李", "在吗")
    wechat.platform.user("小李").use_up()
    assert caller.send() == 45047


def test_the_same_words_twice_in_a_row_are_seen(wechat: RunningWechat, caller: Caller) -> None:
    wechat.say("小李", "在吗")
    caller.send()
    caller.send()
    assert [one.text for one in wechat.record.doubled()] == ["您好"]
    wechat.act("小李", messages.text("嗯"))
    caller.send()
    assert len(wechat.record.doubled()) == 1
