"""Another country's law is told from ours, and nothing of ours is taken for it."""

from __future__ import annotations

import pytest

from knowledge.abroad import is_abroad
from knowledge.build import SOURCES
from knowledge.entries import load_entries
from knowledge.normalise import normalise


@pytest.mark.parametrize(
    "question",
    [
        "德国每周最多上几个小时班",
        "我姐在新加坡做保洁，周末加班几倍",
        "瑞士最低工资多少",
        "俄罗斯卢布工资咋算",
        "澳洲打工度假一小时多少钱",
        "加拿大產假有多久",
    ],
)
def test_another_countrys_law_is_known(question: str) -> None:
    assert is_abroad(normalise(question))


@pytest.mark.parametrize(
    "question",
    [
        "公司派我去越南出差摔断腿算工伤吗",
        "德国老板不给加班费",
        "在日本出差加班怎么算",
        "我是乌克兰人，在培训班教英语被拖欠工资",
        "从韩国回国以后养老保险怎么接",
        "香港公司在深圳招人要交社保吗",
    ],
)
def test_whom_our_law_may_protect_is_heard(question: str) -> None:
    assert not is_abroad(normalise(question))


@pytest.mark.parametrize(
    "question",
    [
        "依法国有企业要交工会经费吗",
        "河南非全日制怎么交保险",
        "休息日本来不上班",
        "生意大利润高不给加班费",
        "很多哥们没签",
    ],
)
def test_a_country_in_the_middle_of_other_words_is_none(question: str) -> None:
    assert not is_abroad(normalise(question))


def test_none_of_our_own_wordings_is_another_countrys() -> None:
    said = [text for entry in load_entries(SOURCES / "entries") for text in (entry.question, *entry.wordings)]
    assert [text for text in said if is_abroad(normalise(text))] == []
