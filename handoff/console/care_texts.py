"""What cadres read about calls, sheets and the broken glass, beside the templates."""

from typing import Final

from handoff.lights import Light
from handoff.sheet_clocks import ClockName

LIGHTS: Final = {
    Light.GREEN: "不急",
    Light.AMBER: "快到了",
    Light.RED: "晚了",
}
CALL_LIGHTS: Final = {
    Light.GREEN: "还没到时间",
    Light.AMBER: "现在打",
    Light.RED: "该打了，已经晚了",
}
FOR_LEAD: Final = "打了三次都没通，请值班负责人定"
FOR_ME: Final = "打了三次都没通，请您定"
DAYS: Final = {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}
DAY: Final = "{name}{month}月{day}日"
WEEKDAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
SPAN: Final = "{day} {starts}到{ends}"

CALL_FORM: Final = {
    "phone": "电话号码",
    "use_known": "打他留过的号码 {phone}",
    "other_phone": "打别的号码（不打就空着）",
    "day": "哪一天",
    "part": "什么时候",
    "said_as": "接通以后怎么说",
    "own_name": "说成别的（写在这里）",
    "voicemail": "没接到可以留言、发短信",
    "about": "打电话说什么（只有干部看得到）",
    "bad_phone": "号码不对。手机11位；座机要带区号。",
    "empty": "这里要填。",
    "too_long": "太长了，写短一些。",
    "bad_choice": "请从列出的里面选。",
    "past": "这个时间已经过了，请换一个。",
}
SAYS: Final = {
    "union": "就说工会",
    "surname": "只说姓，不说工会",
    "own": "说成别的",
}
INTRODUCE: Final = {
    "union": "接通后先说：您好，我是工会的{name}，之前和您约好打这个电话，现在方便吗？",
    "surname": "接通后只报姓，不要提工会、不要提什么事：您好，我姓什么，之前和您约好打电话的，现在方便吗？",
    "own": "对方要求：{said_as}。别人接的，不要提工会，不要提什么事。",
}
FLAG_ORDERS: Final = {
    "not_the_employer": "不要联系单位",
    "a_woman": "要女同志打",
    "never_home": "不要打家里的电话",
    "no_voicemail": "没接到不要留言、不要发短信",
}

NOTICES: Final = {
    "booked": "约好了，已经告诉对方。到时间会出现在「要打的电话」里。",
    "reached": "记下了：{number} 打通了。",
    "missed": "记下了：{number} 没打通。{again}再打，已经告诉对方。",
    "missed_for_lead": "记下了：{number} 打了三次都没通，已经交给值班负责人。",
    "missed_for_me": "记下了：{number} 打了三次都没通，请您定还打不打。",
    "gave_up": "记下了：{number} 联系不上，不再打了。",
    "cancelled": "{number} 的电话取消了，已经告诉对方。",
    "settled": "这个电话已经处理过了。",
    "only_leads": "打了三次都没通的，由值班负责人或主管定。",
    "saved": "存好了。",
    "told": "记下了：已经打电话报告。",
    "sent": "记下了：已经报出。",
    "sheet_sent": "这一份已经报出，不能再改。",
    "nothing_written": "还没有填。至少填一项；报给谁也要写。",
    "name_too_long": "部门的名字太长了，最多{most}个字。",
    "first_first": "要先报出首报，才能写续报、终报。",
    "glass_asked": "已经提出。请另一位能看这段对话的同事打开这段对话，点「我也同意」。",
    "glass_open": "可以看了。24小时内有效，每次查看都有记录。",
    "not_in_danger": "只有关系到人的生命、健康，才能紧急查看。",
    "reason_short": "请把原因写清楚，至少10个字。",
    "same_person": "提出的人不能自己确认，要另一位同事。",
    "glass_closed": "还没有人确认，或者已经过了24小时。",
}
CLOCK_ADVICE: Final = {
    ClockName.TELEPHONE: "先打电话报告",
    ClockName.WRITTEN: "再报书面首报",
    ClockName.UPDATE: "接着续报",
}
TELL_AFTER: Final = (
    "那天因为担心您的安全，为了能找到您，我们查看了您留过的电话和当时的网络位置，只用来救人，没有告诉单位。"
    "按规定要告诉您一声。有什么想法，可以直接跟我们说。"
)
