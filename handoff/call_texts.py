"""What workers read about calls that were agreed. It never says what a call is about: others may see the page."""

from typing import Final

from handoff.call_times import DayPart

UNION_CALLS: Final = "工会"
SURNAME_ONLY: Final = "只说姓，不说工会"

DAY_PARTS: Final = {
    DayPart.MORNING: "上午（9点到12点）",
    DayPart.AFTERNOON: "下午（1点半到6点）",
    DayPart.EVENING: "晚上（6点到8点）",
    DayPart.ANY: "白天都行（9点到晚上8点）",
}
# In a worker's own words; the first that is found counts.
PART_WORDS: Final = {
    DayPart.MORNING: "上午|早上|早晨|一早|早班前",
    DayPart.AFTERNOON: "下午|中午|午休|午后",
    DayPart.EVENING: "晚上|傍晚|下班|下了班|夜里|晚饭",
}

CALLS: Final = {
    "agreed": "约好了：{day}{clock}之间会给 {phone} 打电话。要改时间或者不用打了，在这里写一声就行。",
    "agreed_two": "约好了：{day}前后、{day_2}前后，各给 {phone} 打一个电话。要改时间或者不用打了，在这里写一声就行。",
    "missed": "刚才给您约的电话打过去，没有打通。{day}{clock}之间再打。要改时间，写「约回电」。",
    "cancelled": "约的电话已经取消，不打了。还想约，写「约回电」。",
    "day": "{month}月{day}日",
    "clock": "{starts}到{ends}",
    "hour": "%H:%M",
}
