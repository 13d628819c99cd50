"""What is said when the worker names a time, and the law read otherwise then."""

from __future__ import annotations

from typing import Final

YEAR: Final = "{day.year}年"
MONTH: Final = "{day.year}年{day.month}月"
DAY: Final = "{day.year}年{day.month}月{day.day}日"
FROM_TO: Final = "{first}到{last}"
JOINER: Final = "、"
LAW: Final = "《{law}》"
ARTICLE: Final = "《{law}》{article_no}"
AND_SO_ON: Final = "等"

WHEN: Final = "您说的是{when}的事。"
OTHER: Final = "那时{articles}写得和现在不一样，当时的原文也附上了，标着「当时的文本」。那时候的事，一般看那时候的规定，请对照着看。"
NO_ARTICLE: Final = "{articles}是后来才有的，当时的法律里没有找到这样的一条。"
NOT_HELD: Final = "{laws}，本库没有当时的文本，上面依据的是现在的。"
NO_LAW: Final = "{laws}那时还没有施行，本库没有当时的文本。"
LAW_BEGAN: Final = "（{day}起施行）"
TEXT_BEGAN: Final = "（现在的文本{day}起施行）"
ASK_A_PERSON: Final = "要查那时是怎么规定的，写「转人工」，请工会干部帮您找。"
STATUS_THEN: Final = "当时的文本，{status}"
