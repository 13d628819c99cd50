"""The chat page in a real Chromium: nothing lost or doubled, words shown as words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Dialog, Route, expect

from handoff import desk as live
from handoff.kinds import MessageKind
from handoff.models import ChannelIdentity, Conversation, Message
from tests.channels.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_markup_is_shown_as_text_whoever_wrote_it(site: Site) -> None:
    page = site.open(site.context())
    dialogs: list[Dialog] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog), dialog.dismiss()))
    markup = '<img src=x onerror="alert(1)"><script>alert(2)</script>&amp;'
    site.write(page, markup)
    expect(page.locator(".message.worker .words")).to_have_text(markup)
    law = {"law": markup, "article_no": markup, "text": markup, "status": markup, "kind": "verbatim"}
    site.says(markup, buttons=[{"title": markup, "payload": "x"}], citations=[law])
    answer = page.locator(".message.engine:not(#greeting)")
    expect(answer.locator(".words")).to_have_text(markup)
    expect(answer.locator(".choice")).to_have_text(markup)
    answer.locator("summary").click()
    expect(answer.locator(".cite-text")).to_have_text(markup)
    assert page.locator(".talk img, .talk script").count() == 0
    assert not dialogs


def test_a_message_whose_acknowledgement_was_lost_is_sent_again_and_stands_once(site: Site) -> None:
    page = site.open(site.context())
    lost: list[int] = []

    def lose_the_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/chat/messages", lose_the_answer)
    with page.expect_event("requestfailed"):
        site.write(page, "只说一遍")
    expect(page.locator(".message.worker .state")).to_have_text("已收到", timeout=8_000)
    assert lost == [201]
    assert site.said(page) == ["只说一遍"]
    assert site.stored() == 1


def test_what_is_written_offline_is_kept_shown_and_sent_when_the_network_is_back(site: Site) -> None:
    context = site.context()
    page = site.open(context)
    context.set_offline(True)
    expect(page.locator("#banner")).to_contain_text("网络断了")
    site.write(page, "没网时写的")
    expect(page.locator(".message.worker .state")).to_have_text("没有网，连上就发")
    assert site.stored() == 0
    context.set_offline(False)
    expect(page.locator(".message.worker .state")).to_have_text("已收到", timeout=10_000)
    expect(page.locator("#banner")).to_be_hidden()
    assert site.stored() == 1


def test_a_message_that_could_not_be_sent_waits_for_a_tap(site: Site) -> None:
    context = site.context()
    context.clock.install()
    page = site.open(context)
    page.route("**/chat/messages", lambda route: route.fulfill(status=503, body="{}"))
    site.write(page, "发不出去")
    again = page.get_by_role("button", name="没发出去，点这里重发")
    for _ in range(3):
        page.wait_for_timeout(150)
        page.clock.fast_forward(6_000)
    expect(again).to_be_visible()
    page.unroute("**/chat/messages")
    again.click()
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    assert site.said(page) == ["发不出去"]


def test_two_tabs_a_reload_and_the_back_button_show_every_message_once(site: Site) -> None:
    context = site.context()
    one = site.open(context)
    two = site.open(context)
    site.write(one, "一")
    expect(two.locator(".message.worker")).to_have_count(1)
    one.reload()
    site.write(two, "二")
    expect(one.locator(".message.worker")).to_have_count(2)
    site.says("三")
    expect(one.locator(".message.engine:not(#greeting)")).to_have_count(1)
    one.goto(site.address + "privacy")
    site.says("四")
    one.go_back()
    for page in (one, two):
        expect(page.locator("#talk .message:not(#greeting)")).to_have_count(4)
        assert site.said(page) == ["一", "二", "三", "四"]
    assert Conversation.objects.count() == 1


def test_a_reload_while_a_message_is_on_its_way_loses_and_doubles_nothing(site: Site) -> None:
    page = site.open(site.context())
    page.route("**/chat/messages", lambda route: route.abort())
    site.write(page, "正在路上")
    expect(page.locator(".message.pending")).to_have_count(1)
    page.unroute("**/chat/messages")
    page.reload()
    expect(page.locator(".message.worker .state")).to_have_text("已收到", timeout=8_000)
    page.reload()
    expect(page.locator(".message.worker")).to_have_count(1)
    assert site.stored() == 1


def test_a_stale_session_offers_to_begin_again_and_keeps_what_was_typed(site: Site) -> None:
    page = site.open(site.context())
    site.write(page, "旧的")
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    page.locator("#box").fill("刚写的这句")
    ChannelIdentity.objects.update(seen_at=site.desk.clock() - timedelta(days=2000))
    page.locator("#box").press("Enter")  # or the stream was first to say so: the words are kept all the same
    expect(page.locator("#over")).to_contain_text("已经收起来了")
    expect(page.locator("#box")).to_have_value("刚写的这句")
    assert "旧的" not in page.locator("#talk").inner_text()
    page.locator("#begin").click()
    page.locator("#send").click()
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    assert site.said(page) == ["刚写的这句"]


def test_only_the_buttons_of_the_last_reply_can_be_tapped(site: Site) -> None:
    page = site.open(site.context())
    site.says("哪一种？", buttons=[{"title": "欠薪", "payload": "/a"}, {"title": "辞退", "payload": "/b"}])
    page.get_by_role("button", name="辞退", exact=True).click()
    expect(page.locator(".message.worker .words")).to_have_text("辞退")
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    message = Message.objects.get(kind=MessageKind.WORKER)
    assert message.extras["choice"]["index"] == 1
    expect(page.get_by_role("button", name="欠薪", exact=True)).to_be_disabled()


def test_telephone_numbers_become_links_and_amounts_do_not(site: Site) -> None:
    page = site.open(site.context())
    site.says("打12351或010-12351，有危险打110、120。罚款120元、第110条、119号文、拖了110天、13800001234。")
    links = page.locator(".message.engine:not(#greeting) .words a")
    expect(links).to_have_text(["12351", "010-12351", "110", "120", "13800001234"])


def test_enter_sends_but_not_in_the_middle_of_an_input_methods_word(site: Site) -> None:
    page = site.open(site.context(width=1280))
    box = page.locator("#box")
    box.fill("gongzi")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True})
    expect(box).to_have_value("gongzi")
    box.press("Shift+Enter")
    expect(box).to_have_value("gongzi\n")
    box.press("Enter")
    expect(box).to_have_value("")
    expect(page.locator(".message.worker")).to_have_count(1)


def test_the_page_says_who_answers_and_the_title_stays_neutral(site: Site) -> None:
    page = site.open(site.context())
    expect(page.locator("#standing")).to_have_text("自动助手")
    site.write(page, "我不想活了")
    expect(page.locator("#standing")).to_have_text("等工会同志（排队中）")
    expect(page.locator("#standing-more")).to_contain_text("没有人值班")
    site.desk.desk.deliverer.run(site.conversation.pk)
    expect(page.locator(".message.fixed .calls a").first).to_be_visible()
    live.claim_chat(site.conversation.pk, site.desk.cadre("王敏"), now=site.desk.clock())
    expect(page.locator("#standing")).to_have_text("王敏（真人）")
    assert page.title() == "网上服务"


def test_ending_puts_everything_away_in_both_tabs(site: Site) -> None:
    context = site.context()
    one = site.open(context)
    site.write(one, "年休假有几天")
    expect(one.locator(".message.worker .state")).to_have_text("已收到")
    two = site.open(context)
    one.locator("#clear").click()
    one.locator("#clear-now").click()
    expect(one.locator("#over")).to_contain_text("已经清除")
    expect(two.locator("#over")).to_contain_text("已经结束")
    for page in (one, two):
        assert "年休假" not in page.locator("body").inner_text()
        assert page.evaluate("sessionStorage.length + localStorage.length") == 0


@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844), (195, 422), (640, 430), (1280, 860)])
def test_nothing_is_wider_than_the_screen_and_what_is_touched_is_large(site: Site, width: int, height: int) -> None:
    page = site.open(site.context())
    page.set_viewport_size({"width": width, "height": height})
    site.says("答" * 300, buttons=[{"title": "长" * 30, "payload": "/a"}])
    expect(page.locator(".message.engine:not(#greeting)")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('#scroll').scrollWidth") <= width
    for target in page.locator("button:visible, .strip a:visible, .leave:visible, textarea:visible").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44, target.inner_text()


def _articles(count: int) -> list[dict[str, str]]:
    return [
        {
            "law": "中华人民共和国劳动合同法",
            "article_no": f"第{number}条",
            "text": f"原文{number}",
            "status": "现行有效",
            "version_date": "2012-12-28",
            "kind": "verbatim",
        }
        for number in range(1, count + 1)
    ]


def test_of_many_articles_three_are_shown_and_the_others_open_by_keyboard(site: Site) -> None:
    page = site.open(site.context())
    site.says("答", citations=_articles(8))
    answer = page.locator(".message.engine:not(#greeting)")
    expect(answer.locator(".cite:visible")).to_have_count(3)
    more = answer.locator(".cites-more > summary")
    expect(more).to_have_text("还有 5 条依据")
    more.focus()
    page.keyboard.press("Enter")
    expect(answer.locator(".cite:visible")).to_have_count(8)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(answer.locator(".cite-text:visible")).to_have_text("原文4")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_three_articles_are_not_folded(site: Site) -> None:
    page = site.open(site.context())
    site.says("答", citations=_articles(3))
    answer = page.locator(".message.engine:not(#greeting)")
    expect(answer.locator(".cite:visible")).to_have_count(3)
    expect(answer.locator(".cites-more")).to_have_count(0)
