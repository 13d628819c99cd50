"""Suggested answers beside a talk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from handoff import suggestions
from handoff.kinds import MessageKind
from handoff.models import Message
from handoff.suggestions import CitedArticle, Suggestion
from tests.console.conftest import Desk

ARTICLE = "用人单位应当按照劳动合同约定和国家规定，向劳动者及时足额支付劳动报酬。"


class KnowsWages:
    """Has an answer for whatever speaks of wages."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def suggest(self, question: str, *, today: date) -> tuple[Suggestion, ...]:
        self.asked.append(question)
        if "工资" not in question:
            return ()
        held = CitedArticle("中华人民共和国劳动合同法", "第三十条", date(2012, 12, 28), "现行有效", ARTICLE, True)
        named = CitedArticle("保障农民工工资支付条例", "第三条", None, "现行有效", "", False)
        return (Suggestion("欠薪怎么办？", "可以向劳动监察投诉。", (held, named)),)


@pytest.fixture
def suggester() -> Iterator[KnowsWages]:
    before = suggestions._Registered.suggester
    knows = KnowsWages()
    suggestions.register(knows)
    yield knows
    suggestions._Registered.suggester = before


def part(client: Client, pk: int) -> str:
    answer = client.get(f"/console/talk/{pk}/suggestions", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_answer_comes_with_its_articles_word_for_word_and_what_would_go_into_the_box(
    desk: Desk, as_wang: Client, suggester: KnowsWages
) -> None:
    talk = desk.waiting("老板三个月没发工资")
    shown = part(as_wang, talk.pk)
    assert ARTICLE in shown
    assert "本库没有收录原文" in shown
    insert = "可以向劳动监察投诉。\n依据：《中华人民共和国劳动合同法》第三十条、《保障农民工工资支付条例》第三条。"
    assert f'data-insert="{insert}"' in shown
    assert not Message.objects.filter(conversation=talk).exclude(kind=MessageKind.WORKER).exists()


def test_thanks_after_the_question_do_not_hide_it(desk: Desk, as_wang: Client, suggester: KnowsWages) -> None:
    talk = desk.waiting("老板三个月没发工资", "谢谢", "我在青山区")
    assert "欠薪怎么办？" in part(as_wang, talk.pk)
    assert suggester.asked == ["我在青山区", "谢谢", "老板三个月没发工资"]


def test_nothing_found_is_said(desk: Desk, as_wang: Client, suggester: KnowsWages) -> None:
    assert "没有找到对得上的答案" in part(as_wang, desk.waiting("你好").pk)


def test_a_knowledge_base_that_is_not_loaded_is_said(
    desk: Desk, as_wang: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggestions._Registered, "suggester", None)
    assert "知识库还没有准备好" in part(as_wang, desk.waiting("工资").pk)


def test_without_script_it_is_a_page(desk: Desk, as_wang: Client, suggester: KnowsWages) -> None:
    page = as_wang.get(f"/console/talk/{desk.waiting('工资').pk}/suggestions").content.decode()
    assert "<!doctype html>" in page
    assert "回对话" in page


def test_who_may_not_read_the_talk_gets_no_answers(
    desk: Desk, elsewhere: Desk, as_wang: Client, suggester: KnowsWages
) -> None:
    talk = elsewhere.waiting("工资")
    assert as_wang.get(f"/console/talk/{talk.pk}/suggestions").status_code == 404
    assert suggester.asked == []
