"""What the booking of a call says. Nothing here tells what a call is about: others may see the page."""

from __future__ import annotations

from typing import Final

TIMES: Final = {
    "today": "今天",
    "tomorrow_morning": "明天上午",
    "tomorrow_afternoon": "明天下午",
    "tomorrow_evening": "明天晚上",
    "workday_morning": "工作日上午",
    "workday_afternoon": "工作日下午",
    "workday_evening": "工作日晚上",
}
BUTTONS: Final = {
    "offered": "用 {phone}",
    "union": "说是工会",
    "surname": "只说姓，不说工会",
    "voicemail": "可以留言",
    "no_voicemail": "不要留言",
    "submit": "没错，约好",
    "wrong": "有不对的",
    "stop": "不约了",
}
QUESTIONS: Final = {
    "callback_mobile": (
        "约个回电，要记您的电话、方便的时间，只给打电话的工会干部看。中途写「不约了」，什么都不留。\n打哪个号码？"
    ),
    "callback_when": "什么时候方便接电话？早上9点到晚上8点之间，点一个，或者自己写，比如「后天下午3点以后」。",
    "callback_said_as": "接通以后怎么说？怕旁边有人听见，可以只说姓，不提工会。也可以自己写，比如「说是老同学」。",
    "callback_voicemail": "要是没接到，能留言或者发短信吗？",
    "callback_confirmed": (
        "请您看一遍：\n电话：{phone}\n时间：{when}\n接通后：{said_as}\n没接到：{voicemail}\n"
        "没错就约好。哪项不对，直接说，比如「时间不对」。"
    ),
}
OFFERED: Final = "刚才您写过 {phone}，用这个就点一下；用别的，写给我。"
SHORT_MOBILE: Final = "打哪个号码？"
SURNAME_ONLY: Final = "只说姓，不说工会"
UNION_CALLS: Final = "工会"
SHOWN_AS: Final = "说是{name}"
VOICEMAIL: Final = {True: "可以留言", False: "不要留言"}
WHEN: Final = "{month}月{day}日 {starts}到{ends}"
HOUR: Final = "%H:%M"

RESUMED: Final = "咱们接着约回电。"
DRAFT: Final = "上次填的还在，咱们接着来。"
CORRECTED: Final = "好的，改一下。"
UNCLEAR: Final = {
    "callback_mobile": "这个号码不对。手机是11位，1开头；座机要带区号，比如 0512-65123456。麻烦再写一次。",
    "callback_when": "没看明白是什么时候。写哪天、几点就行，比如「明天下午3点」；什么时候都行，写「随时」。",
    "callback_said_as": "没听明白。点「说是工会」，或者「只说姓，不说工会」；要说成别的，写「说是……」。",
    "callback_voicemail": "没听明白。可以留言就点「可以留言」，不行就点「不要留言」。",
    "callback_confirmed": "没听明白。都没错就点「没错，约好」；哪项不对，直接说，比如「电话不对」。",
}
NOT_THEN: Final = "这个时间打不了：电话只在早上9点到晚上8点之间打，过了的时间也不行。换一个时间；夜里急着找人，打 12356（心理）、110、120。"
TOO_LATE: Final = "刚才选的时间已经过了，换一个。"
NO_PHONE: Final = "没有电话也没关系，可以在这里和工会干部说，写「转人工」就行。想约回电，写一个能找到您的号码。"
OFFER_PERSON: Final = "没关系，可能是我没听懂。可以请工会干部来和您约；也可以再写一次。"
WHICH: Final = "哪一项不对？"
FIELDS: Final = {
    "callback_mobile": "电话",
    "callback_when": "时间",
    "callback_said_as": "怎么称呼",
    "callback_voicemail": "留言",
}
DONE: Final = (
    "约好了：{when}之间会给 {phone} 打电话。要改时间或者号码，再写「约回电」；不用打了，写「转人工」说一声。\n"
    "着急的事不要等电话：有危险打110、120。"
)
STOPPED: Final = "好的，不约了。刚才填的没有留下。想约的时候，写「约回电」。"
PAUSED: Final = "回电先停在这里，还没有约好。填过的还在，想接着约，写「约回电」。"
# Where the operator has not allowed forms on a channel whose servers stand abroad.
NOT_HERE: Final = (
    "约回电要记您的电话。这个聊天软件的服务器在境外，号码我不能在这里收。"
    "请{page}打 12351；也可以写「转人工」，工会干部会在这里回您。"
)
