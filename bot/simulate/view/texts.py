"""Words of the web view that depend on values; the rest stands in its templates."""

ROADS = {
    "own": "", "passive": "被动回复", "service": "客服消息", "template": "模板消息", "subscription": "订阅通知",
    "platform": "平台提示",
}  # fmt: skip
OUTCOMES = {
    "answered": "有回复", "acknowledged": "已收下", "invalid": "回复不合规", "refused": "被拒绝", "timed_out": "超时",
    "unreachable": "连不上", "lost": "丢失",
}  # fmt: skip
EVENTS = {
    "subscribe": "关注", "unsubscribe": "取消关注", "SCAN": "扫码", "CLICK": "点菜单", "VIEW": "点菜单（网页）",
    "LOCATION": "上报位置", "TEMPLATESENDJOBFINISH": "模板消息结果", "subscribe_msg_popup_event": "订阅通知授权",
    "message": "消息", "edited_message": "改消息", "callback_query": "点按钮", "my_chat_member": "屏蔽或恢复",
}  # fmt: skip
FAULTS = {
    "api_down": "接口断开",
    "api_5xx": "接口返回 502",
    "api_busy": "接口说系统繁忙",
    "api_slow": "接口慢 3 秒",
    "api_timeout_taken": "接口收下了不回话",
    "api_timeout_lost": "接口没收下也不回话",
    "api_reset_taken": "接口收下后断线",
    "api_reset_lost": "接口没收下就断线",
    "push_ack_lost": "前台的回答丢失",
    "push_duplicate": "同一条推送两次",
    "push_lost": "推送丢失一次",
    "push_hang_up": "推送后马上挂断",
    "push_reorder": "推送前后颠倒",
    "push_bad_signature": "签名是伪造的",
}
ACTS = {
    "revoke_token": "让令牌失效", "use_up_quota": "用完客服条数", "end_window": "让 48 小时到期", "unverify": "取消认证",
    "verify": "通过认证",
}  # fmt: skip
SENT = {"picture": "图片", "voice": "语音", "video": "视频", "file": "文件", "location": "位置"}
PLATFORMS = {"wechat": "微信公众号", "telegram": "Telegram"}
FIRST_PERSON = "小李"
UNKNOWN_ACTION = "没有这个动作。"
