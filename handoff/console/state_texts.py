"""What operators read about the queues and channels of the desk."""

from typing import Final

FLOW: Final = {
    "untaken": "收到了、还没读进来的消息",
    "turns": "等着回答的消息",
    "sends": "等着发出的回复",
    "media": "还在从平台取的图片、语音、文件",
    "until_heard": "等职工下次来信才发的回复",
    "count": "{count} 条",
    "waited": "{count} 条，最久等了{waited}",
    "stuck": "有 {count} 条消息试了几次都读不进来，原样封存着。请看日志，再运行 niangjia check。",
}
PULSE: Final = {
    "ago": "{time}前",
    "never": "近来没有",
    "token": "{time}前取的",
    "token_over": "{time}前取的，过期了，下次发消息时会再取",
    "token_none": "还没取过，发第一条消息时会取",
    "unverified": "不用（这个公众号没有认证，只能被动回复）",
}
REASON_COUNT: Final = "{reason}：{count} 条"
