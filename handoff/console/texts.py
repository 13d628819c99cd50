"""What cadres read that does not stand in a template."""

from handoff.kinds import Channel, Delivery, MessageKind
from handoff.screening.levels import Category, Level

LEVELS = {
    Level.CRISIS: "紧急求助",
    Level.DISTRESS: "需要关心",
    Level.SENSITIVE: "专人处理",
    Level.ORDINARY: "转人工",
}

CATEGORIES = {
    Category.ROOFTOP: "在高处，可能跳下",
    Category.SELF_HARM: "有轻生的话",
    Category.PLAN_OR_MEANS: "说到了办法或东西",
    Category.FAREWELL: "像在告别",
    Category.THIRD_PARTY: "担心别人出事",
    Category.THREAT_TO_OTHERS: "说要伤害别人",
    Category.IN_DANGER: "正在受到伤害",
    Category.DESPAIR: "很绝望",
    Category.INSOMNIA: "长期睡不着",
    Category.BULLYING: "受欺负",
    Category.FORCED_LABOUR: "被强迫干活",
    Category.DOMESTIC_VIOLENCE: "家庭暴力",
    Category.HAZARD: "工地或车间有危险",
    Category.CHILD_LABOUR: "童工",
    Category.MINOR: "未成年人",
    Category.SEXUAL_HARASSMENT: "性骚扰",
    Category.DEATH_OR_INJURY: "伤亡",
    Category.COLLECTIVE: "很多人的事",
    Category.PETITION: "要上访或找媒体",
    Category.CADRE_OR_FUNDS: "反映干部或经费",
}
OTHER_CATEGORY = "需要人看一看"
ASKED_FOR_A_PERSON = "需要人来答"

SPEAKERS = {
    MessageKind.WORKER: "职工",
    MessageKind.ENGINE: "自动回复",
    MessageKind.FIXED: "固定用语",
}
MYSELF = "{name}（我）"

DELIVERY = {
    Delivery.RECEIVED: "",
    Delivery.PENDING: "等着发送",
    Delivery.SENDING: "正在发送",
    Delivery.SENT: "已送达",
    Delivery.FAILED: "没发出去",
    Delivery.UNCERTAIN: "不确定对方收到没有",
    Delivery.CANCELLED: "已取消，职工没有看到",
    Delivery.WAITING: "等职工下次来信时送达",
}

ERASED = "已按要求销毁"
UNREADABLE = "这条消息打不开，请联系系统维护人员。"

CAN_ANSWER = {
    Channel.WEBCHAT: "可以回复。对方打开网页就能看到。",
    Channel.WECHAT: "可以回复。您的话会发到对方的微信里。",
    Channel.TELEGRAM: "可以回复。",
    Channel.TERMINAL: "可以回复（试用终端）。",
}
TALK_ENDED = "对方已经结束了这次对话，看不到新的回复了。有电话的，请打电话。"
CONTACT_ERASED = "这位职工的个人信息已按要求销毁，不能再回复。"

TIMES = {
    "just_now": "不到1分钟",
    "minutes": "{minutes}分钟",
    "hours": "{hours}小时",
    "hours_minutes": "{hours}小时{minutes}分钟",
    "days": "{days}天",
    "clock": "%H:%M",
    "day_clock": "%m月%d日 %H:%M",
}

REPLIES = {
    "empty": "还没有写字。写好再发送。",
    "too_long": "太长了，一次最多2000个字。请分成几条发。",
    "bad_key": "页面太旧了，请刷新后再发送。您写的字还在。",
    "not_holder": "这段对话现在不在您手里，没有发出去。您写的字还在框里，可以复制。",
}

NOTICES = {
    "taken": "您已经接手 {number}，自动回复停了。请先打个招呼。",
    "released": "{number} 已交还，接下来由自动助手回答。",
    "not_yours": "{number} 不在您手里，不用交还。",
    "on_duty": "您已上岗。请让这个页面一直开着，有人求助会响。",
    "off_duty": "您已离岗。",
    "still_holding": "您手里还有 {count} 段对话没有交还，请记得处理。",
    "password_changed": "密码已经改好了。",
}

# What nobody is named for; beside each the way out.
UNREAD_MATTERS = {
    "crisis": "{union}还没有指定谁看紧急求助，现在所有干部都能看。请主管在「人员和部门」里指定。",
    "complaints": "{union}没有人能看反映干部或经费的话：没有纪检经审的干部，也没有主管。请管理员开通一个主管账号。",
}

SIGN_IN = {
    "wrong": "账号或密码不对，请再试一次。连续错6次要等15分钟。",
    "inactive": "这个账号已经停用，请找管理员。",
}

PASSWORD_PROBLEMS = {
    "required": "这里要填。",
    "password_incorrect": "现在的密码不对，请再试一次。",
    "password_mismatch": "两次写的新密码不一样。",
    "password_too_short": "太短了，至少要10个字符。",
    "password_too_common": "这个密码太常见，容易被猜到。",
    "password_entirely_numeric": "不能全是数字。",
}
