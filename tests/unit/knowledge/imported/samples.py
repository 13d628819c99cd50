"""A province that does not exist, its rules in three versions, and files of them in every form."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from knowledge.imported.law_text import ImportedArticle, LawText
from knowledge.versions import LawKind, PartRepeal

LAW = "青山省职工互助条例"

FIRST = """青山省职工互助条例
（2015年3月1日青山省第十届人民代表大会常务委员会第二十次会议通过）
目　录
第一章　总则
第二章　互助金
第三章　附则
第一章　总则
第一条　为了方便职工互助，制定本条例。
第二条　本条例所称互助金，包括下列两种：
（一）住院互助金；
（二）返乡互助金。
第一条第一款规定的职工，可以自愿参加。
第二章　互助金
第一节　交纳
第三条　互助金由参加的职工按月交纳，每人每月十元。
第二节　领取
第四条　职工骑骆驼上班摔伤的，可以领取骆驼互助金三百元。
第三章　附则
第五条　本条例自2015年5月1日起施行。
附件1：领取互助金的材料
一、申请书
二、住院发票
"""

SECOND = """青山省职工互助条例
（2015年3月1日青山省第十届人民代表大会常务委员会第二十次会议通过　2022年6月30日青山省第十二届人民代表大会常务委员会第三次会议修订）
第一章　总则
第一条　为了方便职工互助，制定本条例。
第二条　本条例所称互助金，包括下列两种：
（一）住院互助金；
（二）返乡互助金。
第一条第一款规定的职工，可以自愿参加。
第二章　互助金
第三条　互助金由参加的职工按月交纳，每人每月二十元。
第三章　附则
第四条　本条例自2022年9月1日起施行。
"""

THIRD = (
    SECOND.replace("2022年6月30日", "2026年10月1日").replace("2022年9月1日", "2027年1月1日").replace("二十元", "三十元")
)

DOCUMENT = """青山省总工会文件
青工发〔2024〕7号
青山省总工会关于做好职工骆驼
互助工作的通知
各市总工会：
为了做好骆驼互助工作，现通知如下：
一、各级工会要建立骆驼互助台账。
（一）台账每月更新。
（二）台账由专人保管。
二、骆驼互助金三日内发给职工。
三、本通知自印发之日起执行。
青山省总工会
2024年3月5日
"""

REPLY = """青山省总工会关于骆驼互助金能否重复领取的复函
2024年5月6日印发
你会来函收悉。现答复如下：
同一次摔伤只能领取一次骆驼互助金。
青山省总工会
2024年5月6日
"""


# A law as it is kept.
TEXT = LawText(
    law="青山省职工互助条例",
    kind=LawKind.REGULATION,
    number="青山省令第3号",
    version_date=date(2015, 3, 1),
    day_known=True,
    passed_on=date(2015, 3, 1),
    effective_on=date(2015, 5, 1),
    repealed_on=None,
    revised=False,
    status="",
    part_repeals=(PartRepeal("第一条", "第一款", date(2020, 1, 1), "别的规定"),),
    source="公报",
    articles=(ImportedArticle("第一条", "第一章 总则", "甲。\n乙。"), ImportedArticle("附件1", None, "附件1")),
)


def row(article_no: str, text: str, **changes: Any) -> dict[str, Any]:
    return {
        "law": LAW,
        "version_date": "2015-03-01",
        "passed_on": "2015-03-01",
        "effective_on": "2015-05-01",
        "repealed_on": None,
        "category": "地方性法规",
        "status": "现行有效",
        "chapter": "第一章 总则",
        "article_no": article_no,
        "article_int": 1,
        "text": text,
        "source": "公报",
        **changes,
    }


def json_lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def paragraph(text: str) -> str:
    runs = "".join(f"<w:r><w:t xml:space='preserve'>{escape(part)}</w:t></w:r>" for part in (text[:3], text[3:]))
    return f"<w:p><w:pPr><w:jc w:val='both'/></w:pPr>{runs}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in one) for one in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{one}</w:tr>" for one in cells) + "</w:tbl>"


def document(body: str, *, head: str = "<?xml version='1.0' encoding='UTF-8'?>") -> bytes:
    """A .docx around the XML of a body."""
    xml = f"{head}<w:document xmlns:w='{WORD}' xmlns:mc='{_COMPATIBILITY}'><w:body>{body}</w:body></w:document>"
    return archive({"word/document.xml": xml.encode()})


def archive(members: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return packed.getvalue()


def word(text: str) -> bytes:
    return document("".join(paragraph(line) for line in text.splitlines()))
