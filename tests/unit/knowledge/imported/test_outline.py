"""Official texts as Chinese offices write them → law, dates, articles."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.imported.law_text import LawText
from knowledge.imported.outline import read_outline
from knowledge.imported.plain_text import markdown_lines, text_lines
from knowledge.imported.refusals import UnreadableFile
from knowledge.versions import LawKind
from tests.unit.knowledge.imported.samples import DOCUMENT, FIRST, LAW, REPLY, SECOND, THIRD


def read(text: str) -> LawText:
    return read_outline(text_lines(text), name="文件.txt")


def numbers(text: LawText) -> list[str]:
    return [article.article_no for article in text.articles]


def words(text: LawText) -> dict[str, str]:
    return {article.article_no: article.text for article in text.articles}


def test_a_law_has_its_title_its_dates_and_all_its_articles() -> None:
    law = read(FIRST)
    assert (law.law, law.kind, law.version_date) == (LAW, LawKind.REGULATION, date(2015, 3, 1))
    assert (law.passed_on, law.effective_on, law.revised) == (date(2015, 3, 1), date(2015, 5, 1), False)
    assert numbers(law) == ["第一条", "第二条", "第三条", "第四条", "第五条", "附件1"]


def test_items_and_paragraphs_stay_with_their_article() -> None:
    assert words(read(FIRST))["第二条"] == (
        "本条例所称互助金，包括下列两种：\n（一）住院互助金；\n（二）返乡互助金。\n第一条第一款规定的职工，可以自愿参加。"
    )


def test_an_article_stands_under_its_nearest_heading_and_carries_none_on_its_tail() -> None:
    law = read(FIRST)
    chapters = {article.article_no: article.chapter for article in law.articles}
    assert chapters["第二条"] == "第一章　总则"
    assert chapters["第三条"] == "第一节　交纳"
    assert chapters["第五条"] == "第三章　附则"
    assert words(law)["第三条"].endswith("每人每月十元。")


def test_a_heading_without_a_space_is_a_heading_too() -> None:
    law = read(FIRST.replace("章　", "章").replace("节　", "节"))
    assert words(law) == words(read(FIRST))
    assert law.articles[2].chapter == "第一节交纳"


def test_an_annex_is_kept_with_its_items() -> None:
    annex = read(FIRST).articles[-1]
    assert (annex.chapter, annex.text) == ("领取互助金的材料", "附件1：领取互助金的材料\n一、申请书\n二、住院发票")


def test_of_a_revised_law_the_newest_day_is_the_versions() -> None:
    law = read(SECOND)
    assert (law.version_date, law.effective_on, law.revised) == (date(2022, 6, 30), date(2022, 9, 1), True)


def test_the_first_commencement_is_not_taken_for_the_amended_versions() -> None:
    amended = SECOND.replace("修订", "修正").replace("2022年9月1日", "2015年5月1日")
    assert read(amended).effective_on is None


def test_in_force_on_publication_counts_for_a_first_version_only() -> None:
    on_publication = FIRST.replace("自2015年5月1日起施行", "自公布之日起施行")
    assert read(on_publication).effective_on == date(2015, 3, 1)
    assert read(SECOND.replace("自2022年9月1日起施行", "自公布之日起施行")).effective_on is None


def test_days_in_chinese_numerals_are_read() -> None:
    assert read(FIRST.replace("2015年3月1日", "二〇一五年三月一日")).version_date == date(2015, 3, 1)


def test_what_the_operator_writes_above_wins_and_is_no_part_of_the_text() -> None:
    above = "标题：青山省互助办法\n施行日期：2016年1月1日\n文号：青政令第3号\n部分失效：第三条第二款 2020-01-01 青政令第9号\n"
    law = read(above + FIRST)
    assert (law.law, law.effective_on, law.number) == ("青山省互助办法", date(2016, 1, 1), "青政令第3号")
    (part,) = law.part_repeals
    assert (part.article_no, part.scope, part.repealed_on) == ("第三条", "第二款", date(2020, 1, 1))
    assert "标题" not in words(law)["第一条"]


def test_a_numbered_document_has_its_items_for_articles() -> None:
    law = read(DOCUMENT)
    assert law.law == "青山省总工会关于做好职工骆驼互助工作的通知"
    assert numbers(law) == ["一、", "二、", "三、"]
    assert words(law)["一、"] == "各级工会要建立骆驼互助台账。\n（一）台账每月更新。\n（二）台账由专人保管。"
    assert (law.version_date, law.effective_on, law.number) == (date(2024, 3, 5), date(2024, 3, 5), "青工发〔2024〕7号")
    assert words(law)["三、"] == "本通知自印发之日起执行。"


def test_a_reply_without_numbers_has_paragraphs() -> None:
    law = read("施行日期：2024-05-06\n" + REPLY)
    assert numbers(law) == ["第1段", "第2段"]
    assert words(law)["第2段"] == "同一次摔伤只能领取一次骆驼互助金。"


def test_an_inserted_article_has_its_own_place() -> None:
    inserted = FIRST.replace("第四条　职工", "第三条之一　骆驼要登记。\n第四条　职工")
    assert numbers(read(inserted))[:5] == ["第一条", "第二条", "第三条", "第三条之一", "第四条"]


def test_a_reference_at_the_start_of_a_line_begins_no_article() -> None:
    tricky = FIRST.replace("第四条　职工", "第四条第一款规定的情形除外。\n第四条　职工")
    assert words(read(tricky))["第三条"].endswith("第四条第一款规定的情形除外。")
    assert words(read(tricky))["第四条"].startswith("职工骑骆驼")


def test_articles_without_the_space_after_their_number_are_found() -> None:
    assert numbers(read(FIRST.replace("条　", "条"))) == numbers(read(FIRST))


def test_markdown_is_read_without_its_marks_and_tables_keep_their_rows() -> None:
    marked = FIRST.replace("青山省职工互助条例", "# 青山省职工互助条例", 1)
    marked = marked.replace("第二章　互助金\n第一节", "## 第二章　互助金\n第一节").replace("第三条　", "**第三条**　")
    marked = marked.replace("一、申请书", "| 材料 | 份数 |\n|---|---|\n| 申请书 | 一份 |")
    law = read_outline(markdown_lines(marked), name="文件.md")
    assert law.law == LAW
    assert words(law)["第三条"] == words(read(FIRST))["第三条"]
    assert "材料｜份数\n申请书｜一份" in words(law)["附件1"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("今天天气很好。\n我们去公园。", "没有找到“第一条”"),
        (FIRST.replace("2015年3月1日", "某日"), "哪天通过"),
        ("施行日期：明天\n" + FIRST, "看不懂"),
        ("部分失效：全部\n" + FIRST, "看不懂"),
        ("第一条　没有名称。\n第二条　真没有。", "名称"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(text: str, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says) as caught:
        read(text)
    assert "\n" not in str(caught.value)


def test_a_coming_version_names_its_first_day() -> None:
    assert read(THIRD).effective_on == date(2027, 1, 1)
