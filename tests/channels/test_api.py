"""Our client of WeChat's interface, against the simulated platform."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from threading import Thread
from typing import Any

import httpx
import pytest

from bot.channel_settings import AccountKind, WechatSettings
from bot.channels.wechat.api.client import WechatApi
from bot.channels.wechat.api.errors import (
    Busy,
    NotFollowing,
    NotPermitted,
    NotReached,
    NotSetUp,
    OutcomeUnknown,
    QuotaUsed,
    Refused,
    TokenRejected,
    TooBig,
    TooLong,
    WechatError,
    WindowClosed,
    error_of,
)
from bot.channels.wechat.api.media import platform_address, video_address
from bot.channels.wechat.api.sync import NoSuchAccount, Wechat
from bot.channels.wechat.api.tokens import Tokens
from bot.simulate.faults import Fault, FaultKind
from bot.simulate.wechat.samples import sample
from bot.simulate.wechat.simulator import new_account
from tests.channels.wechat_api import QUICK, Line, line

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = '工资三个月没发😭 </xml> \\u4f60 "引号" <a href="x">'


@pytest.fixture
def service() -> Iterator[Line]:
    """A verified service account."""
    with line() as made:
        yield made


# Messages


def test_a_text_arrives_letter_for_letter(service: Line) -> None:
    service.wechat.run(service.api.send_text(service.openid(), WORDS))
    assert service.platform.platform.texts_to("小李") == [WORDS]


def test_half_of_a_pair_of_surrogates_does_not_stop_a_text(service: Line) -> None:
    service.wechat.run(service.api.send_text(service.openid(), "好\ud83d的"))
    assert service.platform.platform.texts_to("小李") == ["好?的"]


def test_a_text_of_2048_bytes_is_sent_and_a_longer_one_is_refused_here(service: Line) -> None:
    service.wechat.run(service.api.send_text(service.openid(), "字" * 682 + "ab"))
    with pytest.raises(TooLong):
        service.wechat.run(service.api.send_text(service.openid(), "字" * 683))
    assert service.calls("custom/send") == 1


def test_choices_arrive_with_their_ids(service: Line) -> None:
    items = [("101", "有合同"), ("102", "没有合同")]
    service.wechat.run(service.api.send_menu(service.openid(), "签了合同吗？", items, "也可以直接写。"))
    (shown,) = service.platform.platform.shown_to("小李")
    assert shown.kind == "msgmenu"
    assert "签了合同吗？" in shown.text
    assert "101" in str(shown.extra)


def test_a_picture_goes_up_to_the_worker_and_comes_down_again(service: Line) -> None:
    picture = sample("picture")
    media_id = service.wechat.run(service.api.upload("image", "证据.png", picture, "image/png"))
    service.wechat.run(service.api.send_image(service.openid(), media_id))
    assert service.platform.platform.shown_to("小李")[0].kind == "image"
    got = service.wechat.run(service.api.download(media_id))
    assert (got.content, got.content_type) == (picture, "image/png")
    assert got.name.endswith(".png")


def test_the_worker_sees_that_somebody_is_writing(service: Line) -> None:
    openid = service.openid()
    service.wechat.run(service.api.typing(openid, True))
    service.wechat.run(service.api.typing(openid, False))
    assert [call.code for call in service.platform.record.calls_of("custom/typing")] == [0, 0]


# Refusals, by what the caller should do


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (-1, Busy),
        (45009, Busy),
        (45011, Busy),
        (45015, WindowClosed),
        (45047, QuotaUsed),
        (48001, NotPermitted),
        (48004, NotPermitted),
        (50001, NotPermitted),
        (43004, NotFollowing),
        (40003, NotFollowing),
        (45002, TooLong),
        (47001, Refused),
        (87014, Refused),
    ],
)
def test_each_refusal_says_what_to_do(service: Line, code: int, kind: type[WechatError]) -> None:
    service.platform.faults.on(Fault(FaultKind.API_ERROR, where="custom/send", code=code))
    with pytest.raises(kind) as caught:
        service.wechat.run(service.api.send_text(service.openid(), "好"))
    assert type(caught.value) is kind
    assert caught.value.code == code
    assert service.calls("custom/send") == 1


def test_the_quota_of_the_real_rules_ends_as_quota_used(service: Line) -> None:
    openid = service.openid()
    for _ in range(5):
        service.wechat.run(service.api.send_text(openid, "好"))
    with pytest.raises(QuotaUsed):
        service.wechat.run(service.api.send_text(openid, "好"))


def test_no_error_tells_a_secret_or_a_word(service: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    openid = service.openid()
    told = []
    for kind in (FaultKind.API_ERROR, FaultKind.API_5XX, FaultKind.API_DOWN):
        service.platform.faults.on(Fault(kind, where="custom/send", code=45015 if kind is FaultKind.API_ERROR else 0))
        with pytest.raises(WechatError) as caught:
            service.wechat.run(service.api.send_text(openid, WORDS))
        told += [str(caught.value), repr(caught.value)]
        service.platform.faults.off()
    told += [repr(service.wechat.run(service.api.user(openid)))]
    account = service.platform.account
    for secret in (openid, account.app_secret, "access_token=", WORDS[:6]):
        assert secret not in "\n".join(told)
        assert all(secret not in record.getMessage() for record in caplog.records if record.name.startswith("bot"))


# Was it taken?


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (FaultKind.API_TIMEOUT_TAKEN, OutcomeUnknown),
        (FaultKind.API_TIMEOUT_LOST, OutcomeUnknown),
        (FaultKind.API_RESET_TAKEN, OutcomeUnknown),
        (FaultKind.API_RESET_LOST, OutcomeUnknown),
        (FaultKind.API_DOWN, OutcomeUnknown),
        (FaultKind.API_5XX, Busy),
    ],
)
def test_what_was_written_and_not_answered_is_unknown(service: Line, fault: FaultKind, kind: type[WechatError]) -> None:
    service.wechat.run(service.api.token())
    service.platform.faults.on(Fault(fault, where="custom/send"))
    with pytest.raises(kind):
        service.wechat.run(service.api.send_text(service.openid(), "好"))
    assert service.calls("custom/send") == 1


@pytest.mark.parametrize("fault", [FaultKind.API_TIMEOUT_LOST, FaultKind.API_RESET_LOST, FaultKind.API_DOWN])
def test_a_message_that_got_no_token_was_surely_not_sent(service: Line, fault: FaultKind) -> None:
    service.platform.faults.on(Fault(fault, where="stable_token"))
    with pytest.raises(NotReached):
        service.wechat.run(service.api.send_text(service.openid(), "好"))
    assert service.calls("custom/send") == 0


def test_a_refused_connection_is_surely_nothing_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        account = new_account()
        wechat = Wechat(WechatSettings(api_base=f"http://127.0.0.1:{taken.getsockname()[1]}", accounts=(account,)))
        with pytest.raises(NotReached):
            wechat.run(wechat.api("main").send_text("o" * 28, "好"))
        wechat.close()


# What the account may do


@pytest.mark.parametrize(("kind", "verified"), [(kind, verified) for kind in AccountKind for verified in (True, False)])
def test_what_an_account_may_not_do_is_known_without_asking(kind: AccountKind, verified: bool) -> None:
    with line(kind=kind, verified=verified) as made:
        openid = made.openid()
        media_id = made.platform.platform.media.keep("voice", sample("voice"), "audio/amr").media_id
        may, api = made.platform.platform.may, made.api
        calls: list[tuple[bool, Callable[[], Any]]] = [
            (may.messages, lambda: api.send_text(openid, "好")),
            (may.messages, lambda: api.typing(openid, True)),
            (may.media, lambda: api.upload("image", "a.png", sample("picture"), "image/png")),
            (may.media, lambda: api.download(media_id)),
            (may.menu, api.menu),
            (may.menu, api.delete_menu),
            (may.user_info, lambda: api.user(openid)),
            (may.scenes, lambda: api.create_qr("A012")),
            (may.templates, lambda: api.send_template(openid, "T", {"thing1": "好"})),
        ]
        made.platform.platform.templates.add("T")
        for allowed, call in calls:
            before = len(made.platform.record.calls)
            if allowed:
                made.wechat.run(call())
            else:
                with pytest.raises(NotPermitted) as caught:
                    made.wechat.run(call())
                assert caught.value.code == 0
                assert len(made.platform.record.calls) == before


def test_what_the_settings_claim_wrongly_is_said_by_the_platform(service: Line) -> None:
    service.platform.platform.become(verified=False)
    with pytest.raises(NotPermitted) as caught:
        service.wechat.run(service.api.send_text(service.openid(), "好"))
    assert caught.value.code == 48001


# Notices, menu, codes, followers


def test_notices_reach_the_worker_outside_the_window(service: Line) -> None:
    user = service.platform.platform.user("小李")
    service.platform.platform.templates.add("T")
    number = service.wechat.run(
        service.api.send_template(user.openid, "T", {"thing1": "您的办件有回复"}, "https://a.test/")
    )
    user.granted["T"] = 1
    service.wechat.run(service.api.send_subscription(user.openid, "T", {"thing1": "请看"}))
    assert number.isdigit()
    assert [shown.road for shown in service.platform.platform.shown_to("小李")] == ["template", "subscription"]


def test_the_menu_is_put_read_and_taken_away(service: Line) -> None:
    assert service.wechat.run(service.api.menu()) == {}
    menu = {"button": [{"type": "click", "name": "转人工", "key": "request_human"}]}
    service.wechat.run(service.api.put_menu(menu))
    assert service.wechat.run(service.api.menu()) == menu
    service.wechat.run(service.api.delete_menu())
    assert service.wechat.run(service.api.menu()) == {}


def test_codes_last_for_days_or_for_good(service: Line) -> None:
    for_good = service.wechat.run(service.api.create_qr("A012"))
    for_days = service.wechat.run(service.api.create_qr("A013", 30))
    assert for_good.expires_s is None
    assert for_days.expires_s in range(30 * 86_400 - 60, 30 * 86_400 + 1)
    assert service.wechat.run(service.api.qr_picture(for_days)).content_type == "image/png"


@pytest.mark.parametrize(("scene", "days"), [("", None), ("甲" * 65, None), ("A", 31), ("A", 0)])
def test_a_code_out_of_bounds_is_not_asked_for(service: Line, scene: str, days: int | None) -> None:
    with pytest.raises(ValueError, match="scene"):
        service.wechat.run(service.api.create_qr(scene, days))


def test_a_follower_is_known_with_the_scene(service: Line) -> None:
    user = service.platform.platform.user("小李")
    user.scene = "A012"
    found = service.wechat.run(service.api.user(user.openid))
    assert (found.follows, found.scene, found.came_by) == (True, "A012", "ADD_SCENE_QR_CODE")
    user.close()
    assert not service.wechat.run(service.api.user(user.openid)).follows


def test_the_callback_is_checked_and_counts_are_cleared(service: Line) -> None:
    service.platform.platform.daily_calls = 1
    assert service.wechat.run(service.api.callback_addresses()) == ["127.0.0.1"]
    with pytest.raises(Busy):
        service.wechat.run(service.api.callback_addresses())
    service.wechat.run(service.api.clear_quota())
    assert service.wechat.run(service.api.callback_addresses()) == ["127.0.0.1"]
    assert service.wechat.run(service.api.check_callback()).is_reached


# Token and set-up


def test_a_revoked_token_is_renewed_once_and_the_message_arrives_once(service: Line) -> None:
    openid = service.openid()
    service.wechat.run(service.api.send_text(openid, "一"))
    service.platform.platform.tokens.revoke()
    service.wechat.run(service.api.send_text(openid, "二"))
    assert service.platform.platform.texts_to("小李") == ["一", "二"]
    assert service.platform.platform.tokens.fetched == 2


def test_a_lasting_40001_ends_after_one_refresh_and_one_retry(service: Line) -> None:
    service.platform.faults.on(Fault(FaultKind.API_ERROR, where="custom/send", code=40001))
    with pytest.raises(TokenRejected):
        service.wechat.run(service.api.send_text(service.openid(), "好"))
    assert service.calls("custom/send") == 2
    assert service.platform.platform.tokens.fetched <= 3


def test_an_address_that_is_not_listed_is_told_by_number(service: Line) -> None:
    service.platform.platform.allowed_ips = ("10.1.2.3",)
    with pytest.raises(NotSetUp) as caught:
        service.wechat.run(service.api.token())
    assert (caught.value.code, caught.value.ip) == (40164, "127.0.0.1")


@pytest.mark.parametrize(
    ("sentence", "ip"),
    [
        ("invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 6512", "203.0.113.9"),
        ("invalid ip 2001:db8::7, not in whitelist", "2001:db8::7"),
        ("not in whitelist", ""),
    ],
)
def test_the_address_is_found_in_the_platforms_sentence(sentence: str, ip: str) -> None:
    error = error_of(40164, sentence)
    assert isinstance(error, NotSetUp)
    assert error.ip == ip


def test_a_wrong_secret_is_a_matter_of_set_up(service: Line) -> None:
    wrong = replace(service.platform.account, app_secret="0" * 32)
    wechat = Wechat(WechatSettings(api_base=service.platform.api_base, accounts=(wrong,)), timeout=QUICK)
    with pytest.raises(NotSetUp) as caught:
        wechat.run(wechat.api("main").token())
    assert caught.value.code == 40125
    wechat.close()


def test_an_account_that_is_not_there_is_said_to_be_missing(service: Line) -> None:
    with pytest.raises(NoSuchAccount):
        service.wechat.api("other")


def test_closing_breaks_off_what_is_under_way(service: Line) -> None:
    service.wechat.run(service.api.token())
    service.platform.faults.on(Fault(FaultKind.API_SLOW, where="custom/send", seconds=0.4))
    openid, caught = service.openid(), []

    def send() -> None:
        try:
            service.wechat.run(service.api.send_text(openid, "好"))
        except WechatError as error:
            caught.append(error)

    sending = Thread(target=send)
    sending.start()
    while not service.calls("custom/send"):
        pass
    service.wechat.close()
    sending.join()
    assert [type(error) for error in caught] == [OutcomeUnknown]
    with pytest.raises(NotReached):
        service.wechat.run(service.api.send_text(openid, "好"))


# Files: what only a server of our own can answer


def _answered(handler: Callable[[httpx.Request], httpx.Response], call: Callable[[WechatApi], Awaitable[Any]]) -> Any:
    account = new_account()

    def serve(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/cgi-bin/stable_token":
            return httpx.Response(200, json={"access_token": "T", "expires_in": 7200})
        return handler(request)

    async def run() -> Any:
        async with httpx.AsyncClient(transport=httpx.MockTransport(serve)) as http:
            wechat = WechatSettings(accounts=(account,))
            return await call(WechatApi(account, wechat, tokens=Tokens(wechat.api_base, http), http=http))

    return asyncio.run(run())


def test_a_video_is_fetched_from_the_address_that_stands_in_its_place() -> None:
    asked = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url.copy_with(query=None)))
        if request.url.path == "/cgi-bin/media/get":
            return httpx.Response(200, json={"video_url": "http://vweixinp.tc.qq.com/1007_a.mp4?vkey=1"})
        return httpx.Response(200, content=sample("video"), headers={"content-type": "video/mp4"})

    got = _answered(serve, lambda api: api.download("m"))
    assert (got.content, got.content_type) == (sample("video"), "video/mp4")
    assert asked[-1] == "https://vweixinp.tc.qq.com/1007_a.mp4"


def test_a_file_that_is_gone_is_an_error_and_no_file() -> None:
    body = {"errcode": 40007, "errmsg": "invalid media_id"}
    for declared in ("application/json; encoding=utf-8", "text/plain"):
        with pytest.raises(Refused) as caught:
            _answered(
                lambda _, declared=declared: httpx.Response(200, json=body, headers={"content-type": declared}),
                lambda api: api.download("m"),
            )
        assert caught.value.code == 40007


def test_a_text_file_that_looks_like_json_is_a_file() -> None:
    got = _answered(
        lambda _: httpx.Response(200, text="{工资表", headers={"content-type": "text/plain"}),
        lambda api: api.download("m"),
    )
    assert got.content == "{工资表".encode()


@pytest.mark.parametrize("is_declared", [True, False])
def test_a_file_past_the_limit_is_not_read_to_its_end(is_declared: bool) -> None:
    given = []

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self):  # type: ignore[no-untyped-def]
            while True:
                given.append(1)
                yield b"x" * 1000

    headers = {"content-type": "image/jpeg"} | ({"content-length": "100000000"} if is_declared else {})
    with pytest.raises(TooBig):
        _answered(
            lambda _: httpx.Response(200, headers=headers, stream=Endless()),
            lambda api: api.download("m", longest=5000),
        )
    assert len(given) <= 70


def test_a_file_name_carries_no_folder() -> None:
    headers = {"content-type": "image/jpeg", "content-disposition": 'attachment; filename="../../etc/图片.jpg"'}
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    got = _answered(lambda _: httpx.Response(200, content=b"x", headers=raw), lambda api: api.download("m"))
    assert got.name == "图片.jpg"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.jpg",
        "http://169.254.169.254/latest",
        "https://mmbiz.qpic.cn.evil.test/a",
        "https://evilmmbiz.qpic.cn@evil.test/a",
        "https://user@mmbiz.qpic.cn/a",
        "https://mmbiz.qpic.cn:8443/a",
        "ftp://mmbiz.qpic.cn/a",
        "file:///etc/passwd",
        "http://[::1/a",
        "",
        "https://",
    ],
)
def test_an_address_outside_the_platform_is_not_followed(url: str) -> None:
    asked: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=b"x")

    with pytest.raises(Refused):
        _answered(serve, lambda api: api.picture(url))
    with pytest.raises(Refused):
        video_address(url, rehearsal="https://api.weixin.qq.com")
    assert asked == []


def test_a_picture_comes_over_https_and_follows_no_redirection() -> None:
    asked = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"location": "http://127.0.0.1/secret"})

    with pytest.raises(Refused):
        _answered(serve, lambda api: api.picture("http://mmbiz.qpic.cn/mmbiz_jpg/a/0?x=1#f"))
    assert asked == ["https://mmbiz.qpic.cn/mmbiz_jpg/a/0?x=1"]


def test_only_in_a_rehearsal_may_pictures_come_from_the_interfaces_own_host() -> None:
    picture = "http://127.0.0.1:9000/pictures/a"
    hosts = ("mmbiz.qpic.cn",)
    assert platform_address(picture, hosts=hosts, rehearsal="http://127.0.0.1:9000") == picture
    with pytest.raises(Refused):
        platform_address(picture, hosts=hosts, rehearsal="http://127.0.0.1:9001")


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b'{"errcode": "x"}', b'{"errcode": null}', b"\xff\xfe", b"{" * 5000, b"null", b'"ok"'],
)
def test_an_answer_that_cannot_be_read_leaves_the_outcome_unknown(body: bytes) -> None:
    with pytest.raises(OutcomeUnknown):
        _answered(lambda _: httpx.Response(200, content=body), lambda api: api.send_text("o" * 28, "好"))


@pytest.mark.parametrize(
    ("status", "kind"),
    [(500, Busy), (502, Busy), (503, Busy), (504, OutcomeUnknown), (429, Busy), (404, Refused), (302, Refused)],
)
def test_each_status_says_what_to_do(status: int, kind: type[WechatError]) -> None:
    with pytest.raises(kind) as caught:
        _answered(lambda _: httpx.Response(status, content=b"<html>"), lambda api: api.send_text("o" * 28, "好"))
    assert type(caught.value) is kind
