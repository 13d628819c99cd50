"""Words for cadres about whether they can reach a worker now."""

from typing import Final

REACH: Final = {
    "free": "能回复",
    "left": "还可回复 {left} 条 · 剩 {time}",
    "used_up": "这次来信能回的条数用完了。再写的话等他下次来信时送到，",
    "over": "超过 48 小时没有来信，微信不让发了。写的话等他下次来信时送到，",
    "tap_over": "他点了菜单或扫了码，能回的那一分钟过了。写的话等他下次来信时送到，",
    "unverified": "这个公众号没有认证，不能主动发。写的话等他下次来信时送到，",
    "unfollowed": "职工取消了关注，现在发不过去，",
    "blocked": "职工停用了这个机器人，现在发不过去，",
    "closed": "他已经很久没来了，网页没有开着。写的话等他再打开同一个网页才看得到，",
}
# What a row of the list has room for.
SHORT: Final = {
    "free": "",
    "left": "",
    "used_up": "能回的条数用完了",
    "over": "超过 48 小时没来信，发不过去",
    "tap_over": "能回的那一分钟过了，发不过去",
    "unverified": "这个公众号不能主动发",
    "unfollowed": "取消了关注，发不过去",
    "blocked": "停用了机器人，发不过去",
    "closed": "网页很久没打开",
}
BY_TELEPHONE: Final = "急事请打电话。"
BY_NOTICE: Final = "系统会发一条通知提醒他来看；急事请打电话。"
TIME_LEFT: Final = {"hours": "{count} 小时", "minutes": "{count} 分钟", "seconds": "{count} 秒"}
