"""What the two pages hold: notice, numbers, honest words; nothing inline, no Chinese in scripts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

import bot
from bot.channels.webchat.texts import HOTLINES
from handoff.models import Hotline
from tests.channels.pages import Page
from tests.desk import TestDesk

pytestmark = pytest.mark.django_db

STATIC = Path(bot.__file__).parent / "static" / "webchat"
TEMPLATES = Path(bot.__file__).parent / "templates" / "webchat"


def _page(client: Client, address: str = "/") -> str:
    return client.get(address).content.decode()


def test_the_short_notice_comes_before_the_first_message(desk: TestDesk, client: Client) -> None:
    html = _page(client)
    notice = html[html.index('id="notice"') : html.index("</section>")]
    for words in (
        "自动助手",
        "不是真人",
        "存多久",
        "生命危险",
        "结束并清除",
        "110",
        "120",
        "12356",
        "知道了，开始",
        desk.union.name,
    ):
        assert words in notice
    assert re.search(r'<form id="write"[^>]* hidden', html)
    assert re.search(r'<section id="notice"(?![^>]* hidden)', html)


def test_a_visitor_who_began_goes_on_without_the_notice(desk: TestDesk) -> None:
    html = _page(Page.begun().client)
    assert re.search(r'<section id="notice"[^>]* hidden', html)
    assert 'data-begun="yes"' in html


@pytest.mark.parametrize("address", ["/", "/privacy"])
def test_the_policy_allows_nothing_inline_and_the_page_has_nothing_inline(
    desk: TestDesk, client: Client, address: str
) -> None:
    response = client.get(address)
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    html = response.content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", html)
    assert all('type="application/json"' in tag or "src=" in tag for tag in re.findall(r"<script[^>]*>", html))
    assert not re.search(r'(?:src|href)="https?:', html)


def test_every_hotline_of_the_union_can_be_dialled_as_it_is_dialled_here(desk: TestDesk, client: Client) -> None:
    Hotline.objects.filter(number="12351").update(dial="010-12351")
    html = _page(client)
    assert 'href="tel:010-12351"' in html
    for line in Hotline.objects.filter(organisation=desk.union):
        assert f'href="tel:{line.dial or line.number}"' in html


def test_before_the_first_run_the_national_numbers_are_there(db: None, client: Client) -> None:
    html = _page(client)
    for number, *_ in HOTLINES:
        assert f'href="tel:{number}"' in html


def test_without_scripts_the_page_names_the_numbers_to_call(desk: TestDesk, client: Client) -> None:
    html = _page(client)
    body = html[html.index("<body") :]
    without = body[body.index("<noscript>") : body.index("</noscript>")]
    assert "不能对话" in without
    for number in ("110", "120", "12356", "12351"):
        assert f"tel:{number}" in without


def test_the_whole_notice_says_what_the_law_asks_for(desk: TestDesk, client: Client) -> None:
    html = _page(client, "/privacy")
    for words in (desk.union.name, "12351", "存多久", "撤回", "复制", "更正", "投诉", "第十三条", "第十八条"):
        assert words in html


def test_the_page_holds_no_message(desk: TestDesk) -> None:
    page = Page.begun()
    page.write("只在流里出现的话")
    assert "只在流里出现的话" not in _page(page.client)


def test_pages_answer_reading_only(desk: TestDesk, client: Client) -> None:
    assert client.post("/").status_code == 405
    assert client.get("/chat/messages").status_code == 405
    assert client.get("/chat/begin").status_code == 405
    assert client.get("/chat/clear").status_code == 405


def test_an_article_cannot_be_opened_before_the_knowledge_base_is_there(client: Client) -> None:
    response = client.get("/chat/article", {"law": "中华人民共和国劳动合同法", "article_no": "第三十条"})
    assert response.status_code == 503
    assert client.get("/chat/article").status_code == 404
    assert client.get("/chat/article", {"law": "法" * 500, "article_no": "第一条"}).status_code == 404


@pytest.mark.parametrize("script", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_scripts_hold_no_chinese_and_never_set_markup(script: Path) -> None:
    source = script.read_text(encoding="utf-8")
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", source)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", source)


def test_styles_ask_for_nothing_from_elsewhere() -> None:
    for style in STATIC.glob("*.css"):
        assert not re.search(r"url\(|@import", style.read_text(encoding="utf-8")), style.name


def test_every_element_that_the_scripts_name_is_on_the_page(desk: TestDesk, client: Client) -> None:
    named = {name for path in STATIC.glob("*.js") for name in re.findall(r'byId\("([\w-]+)"\)', path.read_text())}
    on_page = set(re.findall(r'\bid="([\w-]+)"', _page(client)))
    assert named <= on_page
    assert len(re.findall(r'\bid="', _page(client))) == len(on_page), "an id stands twice"
