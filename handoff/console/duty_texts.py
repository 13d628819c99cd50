"""What cadres read on the pages of roster and people, and about offers."""

from handoff.kinds import DayKind
from handoff.roster_changes import Unfit

OFFERED = {"to_me": "分给我", "to": "分给 {name}"}

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
ANY_WEEKDAY = "不限"
NOBODY = "没有"

DAY_KINDS = {
    DayKind.EVERY_DAY: "每天",
    DayKind.WORKDAYS: "工作日",
    DayKind.REST_DAYS: "休息日和节假日",
}

ROSTER = {
    "hours": "{starts}–{ends}",
    "next_day": "次日 {clock}",
    "midnight": "24:00",
    "person_today": "{name} {hours}",
    "stands_in": "替班",
    "workday": "上班日",
    "rest_day": "休息日",
    "from_only": "{start} 起",
    "from_until": "{start} 到 {end}",
    "day": "{month}月{day}日",
    "date": "{year}年{month}月{day}日",
}

ROSTER_LABELS = {
    "cadre": "谁值班",
    "stand_in": "请假时谁替",
    "day_kind": "哪些日子",
    "weekday": "只在星期几",
    "starts": "几点开始",
    "ends": "几点结束（写得比开始早，就是到第二天）",
    "valid_from": "从哪天起",
    "valid_until": "到哪天止（不写就一直有效）",
    "rank": "同时值班时排第几（数字小的先叫）",
    "from_on": "从哪天",
    "until_on": "到哪天（这天也算）",
}

ROSTER_PROBLEMS = {
    "required": "这里要填。",
    "invalid": "写得不对，请看看格式。",
    "choice": "请从列表里选。",
    "number": "要填 0 到 99 的数。",
    Unfit.STRANGER: "这位同志不能排班：不在本单位，或者账号不接待职工。",
    Unfit.OWN_STAND_IN: "不能自己替自己。",
    Unfit.WEEKDAY: "星期几不对，请从列表里选。",
    Unfit.BACKWARDS: "结束的日子在开始的日子前面。",
    Unfit.TAKEN: "这位同志这些日子、这些钟点已经排过了。",
}

ROSTER_NOTICES = {
    "line_added": "已经排上。",
    "line_changed": "已经改好。",
    "line_removed": "已经删掉这一行。",
    "absence_added": "已经记下请假，替班的人会顶上。",
    "absence_removed": "已经销假。",
}

PEOPLE_LABELS = {
    "department": "部门",
    "capacity": "同时最多分给几段对话",
    "is_woman": "女同志（职工要女同志时分给她）",
    "reads_crisis": "看紧急求助（指定的值班干部）",
    "phone": "电话",
    "mail": "邮箱",
    "without_crisis_reader": "我知道，仍然这样改",
    "kind": "管什么",
    "name": "部门名称",
}

PEOPLE_PROBLEMS = {
    "required": "这里要填。",
    "invalid": "写得不对，请看看格式。",
    "choice": "请从列表里选。",
    "number": "要填 0 到 50 的数。",
    "phone": "电话只能有数字、空格和短横线。",
    "mail": "邮箱写得不对。",
    "too_long": "太长了。",
    "last_crisis_reader": (
        "{name}是最后一位看紧急求助的值班干部。这样改了以后，没有人专门看紧急求助，只剩值班负责人和主管能看；"
        "他们不在线时，有人轻生也没有人看到。请先指定另一位，再来改。"
    ),
    "department_taken": "这类部门已经有了，可以改它的名称。",
}

PEOPLE_NOTICES = {
    "changed": "{name}的资料已经改好。",
    "department_added": "已经加上「{name}」。",
    "department_renamed": "部门名称已经改好。",
}

ASSIGNED = {
    "given": "已经分给{name}，两分钟内没有接就分给下一位。",
    "taken_back": "已经收回，会再分给别人。",
    "not_waiting": "这段对话已经有人接了，不用再分。",
    "cannot_take": "这位同志不在岗，或者不能看这段对话，没有分成。",
    "choose": "请选一位同志。",
}
