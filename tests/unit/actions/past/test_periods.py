"""Which time a worker names, and what only looks like one."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from actions.past.periods import EARLIEST, MOST_PERIODS, as_words, from_words, periods_in, says_only_when
from knowledge.earlier import Period
from knowledge.numerals import to_numeral

TODAY = date(2026, 11, 21)
CHINESE = "〇一二三四五六七八九"


def _year(number: int) -> Period:
    return Period(date(number, 1, 1), date(number, 12, 31))


def _month(year: int, month: int) -> Period:
    return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _day(year: int, month: int, day: int) -> Period:
    return Period(date(year, month, day), date(year, month, day))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2019年3月被辞退，一分钱没给", _month(2019, 3)),
        ("去年12月的工资还没发", _month(2025, 12)),
        ("22年入职的，一直没签合同", _year(2022)),
        ("前年", _year(2024)),
        ("大前年摔的", _year(2023)),
        ("今年3月把我裁了", _month(2026, 3)),
        ("２０１９年５月６日", _day(2019, 5, 6)),
        ("2019年5月6號被辭退", _day(2019, 5, 6)),
        ("19年5月", _month(2019, 5)),
        ("2019-05-06", _day(2019, 5, 6)),
        ("2019/5/6摔伤", _day(2019, 5, 6)),
        ("2019.5", _month(2019, 5)),
        ("2019.5.6", _day(2019, 5, 6)),
        ("二〇一九年五月六日", _day(2019, 5, 6)),
        ("二零一九年十二月三十一日", _day(2019, 12, 31)),
        ("九八年进的厂", _year(1998)),
        ("零五年入职", _year(2005)),
        ("20年底被裁", _year(2020)),
        ("三年前断的腿", _year(2023)),
        ("十年前欠的社保", _year(2016)),
        ("上个月5号开除我", _day(2026, 10, 5)),
        ("上月没发", _month(2026, 10)),
        ("前天叫我走", _day(2026, 11, 19)),
        ("2016年到2019年没交社保", Period(date(2016, 1, 1), date(2019, 12, 31))),
        ("2019-2021年欠的", Period(date(2019, 1, 1), date(2021, 12, 31))),
        ("05到09年在厂里没给交", Period(date(2005, 1, 1), date(2009, 12, 31))),
        ("2008年以前就进厂的", _day(2007, 12, 31)),
        ("08年以前的工龄不算", _day(2007, 12, 31)),
        ("零八年以前的工龄不算", _day(2007, 12, 31)),
        ("去年开始咳得厉害", _year(2025)),
        ("去年3月生的娃，产假没给够", _month(2025, 3)),
        ("2026年11月没发钱", Period(date(2026, 11, 1), TODAY)),
    ],
)
def test_a_time_in_the_past_is_read(said: str, meant: Period) -> None:
    assert periods_in(said, today=TODAY) == (meant,)


@pytest.mark.parametrize(
    "said",
    [
        "工资2019元",
        "工资2019.5",
        "工资是 2019.5",
        "发了2019.5",
        "底薪2019.5元",
        "订单20190506",
        "13812345678",
        "110101197003078888",
        "2019号文件",
        "人社部发〔2019〕12号",
        "《2019年某某条例》怎么说",
        "我65年3月生的男的",
        "1970年出生什么时候领养老金",
        "78年生的女职工还要干几年",
        "69年的男的到时候要交几年养老才够",
        "1968年的，什么时候能退休",
        "身份证64年档案66年社保让晚退两年",
        "下午3点下班",
        "晚上20:19还在加班",
        "从9月30日晚八点值到10月1日早八点",
        "2026年12月到期",
        "2035年才到龄",
        "明年3月生孩子",
        "2025年以后月工作日是多少",
        "2009年到现在一直没签合同",
        "2015年至今没休过年假",
        "从1998年开始给人打石头",
        "2012年起就在这个厂",
        "今年有年假吗",
        "2026年有年假吗",
        "交了22年按最低档退休能有多少钱",
        "干了20年被辞退",
        "20年工龄被裁",
        "老员工20年辞退",
        "15年半16年到底哪年是哪个数",
        "三五年前的欠薪",
        "80年代进国营厂那时候没社保",
        "医保断一年以前的年限清零没",
        "以前天天加班",
        "年前年后都没休",
        "过去年年发",
        "试用期3个月",
        "2019年2月30日",
        "",
    ],
)
def test_what_is_no_time_of_the_matter_is_passed_over(said: str) -> None:
    assert periods_in(said, today=TODAY) == ()


@pytest.mark.parametrize(
    ("said", "only"),
    [
        ("那是2015年的事", True),
        ("2015年5月", True),
        ("大概16年到19年底吧", True),
        ("从2016年到2019年", True),
        ("去年的呢", True),
        ("2015年被辞退", False),
        ("2015年的工资", False),
        ("那个事", False),
        ("明年的事", False),
    ],
)
def test_a_message_that_only_says_when(said: str, only: bool) -> None:
    assert says_only_when(said, today=TODAY) is only


def test_several_times_are_read_in_their_order_and_each_once() -> None:
    said = "2019年入职，2023年5月被辞退，2019年的合同还在"
    assert periods_in(said, today=TODAY) == (_year(2019), _month(2023, 5))


PAST = st.dates(min_value=date(EARLIEST, 1, 1), max_value=TODAY)


@hypothesis_settings(max_examples=200, deadline=None)
@given(
    day=PAST,
    form=st.sampled_from(["{0}年{1}月{2}日", "{0}-{1:02}-{2:02}", "{0}/{1}/{2}", "{0}.{1}.{2}", "{0}年{1}月{2}号"]),
)
def test_every_day_is_read_in_every_form(day: date, form: str) -> None:
    said = form.format(day.year, day.month, day.day)
    assert periods_in(f"我{said}被辞退的", today=TODAY) == (Period(day, day),)


@hypothesis_settings(max_examples=200, deadline=None)
@given(day=PAST)
def test_and_in_chinese_numerals(day: date) -> None:
    year = "".join(CHINESE[int(digit)] for digit in str(day.year))
    said = f"{year}年{to_numeral(day.month)}月{to_numeral(day.day)}日"
    assert periods_in(f"{said}受的伤", today=TODAY) == (Period(day, day),)


@hypothesis_settings(max_examples=300, deadline=None)
@given(
    text=st.lists(
        st.sampled_from([*"0123456789年月日号前到至.-/以去今大上个二零〇一九三五十了满生 ", "被辞退"]), max_size=30
    ).map("".join),
    today=st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 12, 31)),
)
def test_whatever_is_typed_no_period_reaches_past_today(text: str, today: date) -> None:
    found = periods_in(text, today=today)
    assert len(found) <= MOST_PERIODS
    assert all(period.first <= period.last <= today for period in found)
    assert from_words(as_words(found)) == found


@hypothesis_settings(max_examples=100, deadline=None)
@given(today=st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 12, 31)))
def test_last_month_is_the_month_before_this_one(today: date) -> None:
    (period,) = periods_in("上个月没发工资", today=today)
    assert period.last + timedelta(days=1) == today.replace(day=1)
    assert period.first == period.last.replace(day=1)
