"""Sending a file from the page in a real Chromium: chosen, seen on its way, shown when it is there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from handoff.kinds import Medium, MessageKind
from handoff.models import Attachment, Message
from tests import samples
from tests.channels.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PICTURE = {"name": "<b>工资条.jpg", "mimeType": "image/jpeg", "buffer": samples.JPEG}


def test_a_chosen_picture_goes_with_its_words_and_is_shown_by_its_name(site: Site) -> None:
    page = site.open(site.context())
    expect(page.locator("#chosen")).to_be_hidden()
    page.locator("#file").set_input_files(PICTURE)
    expect(page.locator("#chosen-name")).to_contain_text("<b>工资条.jpg")
    page.locator("#box").fill("就是这张")
    page.locator("#send").click()
    sent = page.locator(".message.worker")
    expect(sent.locator(".state")).to_have_text("已收到")
    expect(sent.locator(".file")).to_have_text("图片：<b>工资条.jpg")
    expect(sent.locator(".words")).to_have_text("就是这张")
    expect(page.locator("#chosen")).to_be_hidden()
    assert Message.objects.get(kind=MessageKind.WORKER).medium == Medium.PICTURE
    page.reload()
    expect(page.locator(".message.worker .file")).to_have_text("图片：<b>工资条.jpg")
    expect(page.locator(".message.worker .words")).to_have_text("就是这张")


def test_a_file_that_was_chosen_by_mistake_does_not_go(site: Site) -> None:
    page = site.open(site.context())
    page.locator("#file").set_input_files(PICTURE)
    page.locator("#unchoose").click()
    expect(page.locator("#chosen")).to_be_hidden()
    page.locator("#box").fill("只有字")
    page.locator("#send").click()
    expect(page.locator(".message.worker .state")).to_have_text("已收到")
    assert not Attachment.objects.exists()


def test_words_do_not_wait_behind_a_picture_that_does_not_get_through(site: Site) -> None:
    page = site.open(site.context())
    page.route("**/chat/files", lambda route: route.abort())
    page.locator("#file").set_input_files(PICTURE)
    page.locator("#send").click()
    expect(page.locator(".message.worker.pending .file")).to_have_count(1)
    page.locator("#box").fill("字先到")
    page.locator("#send").click()
    expect(page.locator(".message.worker:has-text('字先到') .state")).to_have_text("已收到")
    failed = page.locator(".message.worker.pending .state button")
    expect(failed).to_have_text("没发出去，点这里重发", timeout=15_000)
    page.unroute("**/chat/files")
    failed.click()
    expect(page.locator(".message.worker.pending")).to_have_count(0)
    assert Attachment.objects.count() == 1


def test_a_picture_whose_acknowledgement_was_lost_is_sent_again_and_stands_once(site: Site) -> None:
    page = site.open(site.context())
    lost: list[int] = []

    def lose_the_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/chat/files", lose_the_answer)
    page.locator("#file").set_input_files(PICTURE)
    page.locator("#send").click()
    expect(page.locator(".message.worker .state")).to_have_text("已收到", timeout=8_000)
    assert lost == [201]
    assert Attachment.objects.count() == 1


def test_what_cannot_be_taken_gets_its_sentence_and_the_words_can_be_put_back(site: Site) -> None:
    page = site.open(site.context())
    page.locator("#file").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"only text"})
    page.locator("#box").fill("请看看")
    page.locator("#send").click()
    expect(page.locator(".message.worker .state")).to_contain_text("这种文件收不了")
    page.locator(".message.worker .state button").click()
    expect(page.locator("#box")).to_have_value("请看看")


def test_a_file_that_is_too_large_stays_here_but_danger_in_its_name_is_answered(site: Site) -> None:
    page = site.open(site.context())
    sizes: list[int] = []
    page.on("request", lambda request: sizes.append(len(request.post_data_buffer or b"")))
    page.evaluate("document.body.dataset.largest = '100'")
    page.locator("#file").set_input_files(PICTURE)
    page.locator("#send").click()
    expect(page.locator(".message.worker .state")).to_contain_text("这个文件太大了")
    page.locator("#file").set_input_files(PICTURE | {"name": "我不想活了.jpg"})
    page.locator("#send").click()
    expect(page.locator(".message.worker .state").last).to_contain_text("这个文件太大了")
    assert max(sizes) < 1_000
    worker = Message.objects.get(kind=MessageKind.WORKER)
    assert worker.level == "crisis"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_button_is_large_enough_to_touch_and_nothing_is_cut_off(site: Site, width: int) -> None:
    page = site.open(site.context(width=width))
    page.locator("#file").set_input_files(PICTURE)
    box = page.locator("#attach").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("#box").bounding_box()["width"] >= 100  # type: ignore[index]
    assert page.get_by_label("发图片或语音").count() == 1
