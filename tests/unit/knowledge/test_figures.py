"""Answers that say the same sentence with other numbers."""

from datetime import date
from typing import Any

import pytest

from knowledge.entries import Asker, Entry, Reference
from knowledge.figures import contradictions

ARTICLE = Reference("某法", "第一条")


def entry(name: str, answer: str, **changes: Any) -> Entry:
    values = {
        "id": name,
        "topic": "x",
        "question": name,
        "wordings": (),
        "answer": answer,
        "asked_by": (Asker.WORKER,),
        "citations": (ARTICLE,),
        "region": None,
        "valid_from": date(2020, 1, 1),
        "valid_until": None,
        "reviewed_on": date(2026, 1, 1),
        "related": (),
    }
    return Entry(**(values | changes))


def found(*answers: str) -> list[tuple[str, str]]:
    entries = [entry(str(number), answer) for number, answer in enumerate(answers)]
    return [(one.one, one.other) for one in contradictions(entries)]


def test_the_same_sentence_with_another_number_is_found() -> None:
    assert found("不服的，十五天内可以到法院起诉。", "先等裁决书。三十天内可以到法院起诉，别拖。") == [
        ("十五天内可以到法院起诉", "三十天内可以到法院起诉")
    ]


def test_another_unit_is_another_figure() -> None:
    assert len(found("五天内决定受不受理案子。", "5个工作日内决定受不受理案子。")) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("一年内要申请劳动仲裁", "1年内要申请劳动仲裁"),
        ("十五日内可以到法院起诉", "15天内可以到法院起诉"),
        ("两个月工资可以要回来的", "2个月工资可以要回来的"),
        ("年满十六周岁才能去上班", "年满16岁才能去上班"),
        ("加付50%到100%的赔偿金", "加付50％到100％的赔偿金"),
        ("满1年不满10年的可休年假", "满10年不满20年的可休年假，满1年不满10年的可休年假"),
        ("一年内", "两年内"),
        ("十五天内可以到法院起诉", "三十天内可以申请再次鉴定"),
    ],
)
def test_what_is_the_same_or_not_comparable_is_no_contradiction(one: str, other: str) -> None:
    assert found(one, other) == []


def test_other_articles_and_other_regions_are_other_matters() -> None:
    first = entry("a", "产假一共一百五十八天可以休。", region="浙江")
    assert not list(contradictions([first, entry("b", "产假一共一百八十八天可以休。", region="江西")]))
    other = entry("b", "产假一共一百八十八天可以休。", region="浙江", citations=(Reference("某法", "第二条"),))
    assert not list(contradictions([first, other]))
    assert list(contradictions([first, entry("b", "产假一共一百八十八天可以休。", region="浙江")]))
