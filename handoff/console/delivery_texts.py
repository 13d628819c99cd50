"""What cadres read about how far a reply has come, and why not further: sentences, never a platform's number."""

from typing import Final

STATES: Final = {
    "retry": "还没发出去，会再试",
    "sent_later": "{clock} 送达",
    "in_parts": "{words}（太长，分了 {parts} 条）",
    "joined": "和上一句合成一条，{words}",
    "parts_going": "太长，分几条发：已发出 {parts} 条，接着发",
    "parts_stopped": "太长，分几条发的，发出了前 {parts} 条。剩下的：",
    "because": "{words}（{reason}）",
    "stands": "{words}：{reason}",
    "waits": "{words}。{then}",
    "call": "急事请打电话",
}
NOTICED: Final = {
    "template": "已用模板消息提醒他",
    "subscription": "已用订阅通知提醒他",
    "notice": "已发通知提醒他",
}

# What stands behind a platform's refusal.
REASONS: Final = {
    "window": "职工超过 48 小时没有来信，或者取消了关注",
    "quota": "这次来信能回的条数用完了",
    "permission": "这个公众号没有权限主动发，请告诉系统维护人员",
    "unverified": "这个公众号没有认证，不能主动发",
    "unfollowed": "职工取消了关注",
    "blocked": "职工停用了机器人",
    "gone": "找不到这位职工的账号了，请打电话",
    "erased": "这位职工的个人信息已按要求销毁",
    "unreadable": "这条话打不开，请告诉系统维护人员",
    "account": "这个公众号已经停用，请打电话，并告诉系统维护人员",
    "too_long": "太长了，请分成几条再发",
    "content": "微信认为内容不合适，没有收，请换个说法",
    "token": "和对方平台的连接口令出了问题，请告诉系统维护人员",
    "set_up": "公众号的设置有问题，请告诉系统维护人员",
    "busy": "对方平台正忙",
    "unreached": "连不上对方平台",
    "unknown": "发到一半断了",
    "other": "对方平台没有收，请打电话，并告诉系统维护人员",
}
