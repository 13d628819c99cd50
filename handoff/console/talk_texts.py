"""What cadres read on a talk's page that does not stand in a template."""

from typing import Final

from handoff.kinds import AuditAction, Flag, Outcome

NAMELESS: Final = "匿名职工"
MASKED: Final = "{first}**"
PEOPLE: Final = "约{count}人"
URGENT: Final = "急"
UP: Final = "上一级工会"
ALSO_LOOKING: Final = "{names}也在看"
DUE_NOW: Final = "马上"
DUE_IN: Final = "{seconds}秒后"

CHANNEL_ACCOUNT: Final = "{channel}「{account}」"
CAME_BY: Final = "扫海报「{scene}」来的"

PHONE: Final = {
    "agreed": "约好：{when}，说是{said_as}打的",
    "agreed_simply": "说是{said_as}打的",
    "no_voicemail": "，不可留言",
    "from_call": "约回电时留的",
    "from_case": "登记时留的",
}

MARKS: Final = {
    AuditAction.CLAIM_CHAT: "{name}接了过来，自动回复停了",
    AuditAction.RELEASE: "{name}交还给自动助手",
    AuditAction.REFER: "{name}转给{to}",
    AuditAction.REQUEUE: "{name}一直没有回，退回队列等人接",
    AuditAction.JOIN: "{name}一起来接",
    AuditAction.LEAVE: "{name}退出了",
    AuditAction.CLOSE: "{name}办结：{to}",
    AuditAction.KEEP_FROM: "{to}回避，看不到这段对话了",
    AuditAction.ACKNOWLEDGE: "{name}看到了警报",
    AuditAction.ASSIGN: "派给{to}",
    AuditAction.BREAK_GLASS: "{name}紧急查看了来访信息",
}
# The alarm rang on, so that the talk was neither closed nor given back.
READMITTED: Final = "{to}不用回避了"
NOT_LET_GO: Final = "没有办成：警报还在响，对话退回队列"
BY_THE_DESK: Final = "系统"
NOBODY: Final = "别的同事"

NOTE_READ: Final = "{name}看过了"
NOTE_UNREAD: Final = "{name}还没看"
NOTE_TO_ME: Final = "问您"
NOTE_TO: Final = "问{name}"

FLAG_HINTS: Final = {
    Flag.NOT_THE_EMPLOYER: "不联系、不透露给单位",
    Flag.A_WOMAN: "请女同志接待",
    Flag.NEVER_HOME: "不打家里电话，也不告诉家里人",
    Flag.NO_VOICEMAIL: "没人接就挂，不留言、不发短信",
}

OUTCOME_HINTS: Final = {
    Outcome.ANSWERED: "问题答复了",
    Outcome.CALL_BOOKED: "约好了打电话",
    Outcome.SAFE: "问过了，人平安",
    Outcome.WITH_RESCUE: "公安或急救已经到了",
    Outcome.WITH_OTHERS: "有关部门已经接手",
    Outcome.UNREACHED: "一直联系不上",
    Outcome.WITHDRAWN: "他说不用了",
}

# What went wrong, by the name of the exception, of the act, or of both.
REFUSALS: Final = {
    "NotHolder": "没有办成：这段对话现在不在您手里，请看上面是谁在接。",
    "NotAColleague": "没有办成：这位同事不能参与这段对话，请换一位。",
    "CannotGoThere": "没有办成：这件事不能转到那里。反映干部或经费的，只能转纪检经审或者上一级工会。",
    "FollowUpMissing": "还没有办结：请先问他明天能不能打电话，把号码写下来；他不愿意，就勾上「他不愿意接电话」。",
    "NewWords": "他刚又写了话，这个页面上还没有。请先看一眼，再点一次。",
    "MustStayOpen": "还没有办结：关系到人命、孩子或者重大隐患的事，他说不用了也要接着管，请选别的结果。",
    "NoDanger": "没有发出：这段对话没有危险的迹象，发固定用语会吓着他，请自己写。",
    "release:FollowUpMissing": "还没有交还：刚经过危险，要先问他明天能不能打电话。请用「办结」，号码和时间都写在那里。",
    "keep_from:CannotGoThere": "没有办成：这样一来，除了您就没有别人能看这段对话了。请先转给上一级工会，或者请主管来办。",
    "join": "没有办成：现在没有别的同事接着这段对话。还没人接的，您可以直接接管。",
    "NotForYou": "只有值班负责人和主管可以改常用语。",
    "TitleTaken": "已经有一条叫这个名字的，请换个名字。",
    "TooManyReplies": "常用语太多了，请先删掉一些。",
}

FORMS: Final = {
    "no_note": "还没有写字。写好再点。",
    "too_long": "太长了，请写短一点（最多{most}个字）。",
    "no_colleague": "请先选一位同事。",
    "no_department": "请先选转到哪里。",
    "no_outcome": "请先选结果。",
    "bad_phone": "这个号码看不懂，请再核对一遍。",
    "both": "写了号码，又勾了「他不愿意接电话」。请只留一样。",
    "booked_without_call": "选了「已约回电」，可是还没有约。请先在「更多」里把电话约好，再来办结。",
    "no_title": "请写一个名字。",
    "no_text": "请写上内容。",
}

DONE: Final = {
    "noted": "备注记下了，职工看不到。",
    "consulted": "已经请{name}来看，职工看不到。",
    "joined": "您也来接了，职工会看到一句说明。现在您也可以回复。",
    "left": "您已退出，这段对话还由{name}接着。",
    "left_all": "您已退出。",
    "referred": "{number} 已转给{to}，职工会看到一句说明。",
    "kept_from": "{name}看不到这段对话了。",
    "readmitted": "{name}不用回避了。",
    "kept_from_me": "{number} 您已回避，看不到了。",
    "flags": "职工的要求改好了。",
    "words": "固定用语已经发出。",
    "closed": "{number} 已办结：{outcome}。",
    "released": "{number} 已交还，接下来由自动助手回答。",
    "still_rings": "{number} 刚刚又有紧急的话，还没有人看到，所以没有办成，已经排到队列最前面。请马上看一看。",
    "phone": "号码已经显示，这次查看记在案。",
    "canned_added": "加好了。",
    "canned_changed": "改好了。",
    "canned_removed": "删掉了。",
}

CITED_LINE: Final = "依据：{articles}。"
CITED: Final = "《{law}》{article_no}"
BETWEEN: Final = "、"
