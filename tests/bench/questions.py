"""Questions for the bench: of changing length and topic, never the same text twice, so that no cache answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, cycle

_QUESTIONS = (
    "老板拖欠工资{n}个月怎么办",
    "上班{n}天没签合同有赔偿吗",
    "每天干{n}个小时算加班吗",
    "上班路上被车撞了，住院{n}天算工伤吗",
    "干了{n}年被辞退补多少钱",
    "年假有{n}天吗",
    "怀孕{n}个月能辞退吗",
    "社保断了{n}个月怎么办",
)


def questions() -> Iterator[str]:
    """Without end, the same in every run."""
    for number, question in zip(count(1), cycle(_QUESTIONS), strict=False):
        yield question.format(n=number)
