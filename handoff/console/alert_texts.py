"""What cadres read about the alarm's chain and the roads of the alerts."""

from handoff.kinds import AlertRoad

ROADS = {AlertRoad.MAIL: "邮件提醒", AlertRoad.WECOM: "企业微信群提醒"}

REASONS = {
    "auth": "邮箱账号或密码不对",
    "no_connection": "连不上对方的服务器",
    "recipient": "对方不收这个地址的邮件",
    "broken_off": "发到一半断了，不知道对方收到没有",
    "odd_answer": "对方的回答看不懂，不知道收到没有",
    "smtp": "邮件服务器拒收，代码{code}",
    "http": "对方的服务器出错，代码{code}",
    "errcode": "企业微信拒收，代码{code}",
}
OTHER_REASON = "原因不明"

NOT_CONFIGURED = {
    AlertRoad.MAIL: "还没有设置。请系统维护人员填好邮件服务器和发件地址。",
    AlertRoad.WECOM: "还没有设置。请系统维护人员填好群机器人的地址。",
}
ROAD_STATES = {
    "dead": "发不出去：{reason}。{clock} 试的。",
    "untried": "还没有发过。该试一试了。",
    "long_ago": "{clock} 发过一次，已经很久了。该试一试了。",
    "fine": "正常。{clock} 发出过一条。",
}
STRIP = "{road}发不出去：{reason}。"

TRIALS = {
    "under_way": "正在发……",
    "sent": "已经发出。请看看收到没有。",
    "failed": "没发出去：{reason}。",
    "uncertain": "不知道对方收到没有：{reason}。请看看收到没有，再试一次。",
}
NO_MAIL = "您还没有登记邮箱。请主管在人员页面登记，再来试。"

STEPS = ("在岗的人；没有人在岗，就叫值班表上的人", "值班表上的下一位", "主管和值班负责人", "最后找的单位")
CHAIN = {
    "at_once": "马上",
    "minutes": "{minutes}分钟没有人应",
    "seconds": "{seconds}秒没有人应",
    "everybody": "现在没有人在岗，值班表上也没有人：所有能看的人一起叫。",
    "nobody_first": "一个人也叫不到，只有页面会响。",
    "nobody": "没有别人可以叫，直接到下一步。",
    "by_page": "页面会响",
    "by_mail": "发邮件",
    "by_both": "页面会响，发邮件",
    "unreached": "叫不到：不在线，也没有邮箱",
    "group": "同时发到企业微信群。",
    "everybody_again": "再给大家发一次邮件，请看到的人马上打电话。",
    "no_partner": "还没有登记。到这一步，没有人可以叫。",
    "again": "没有人应，每15分钟再叫一次，最多8次。页面一直响到有人点「我看到了」。",
}

END_PROBLEMS = {
    "required": "这里要填。",
    "name": "名称太长了，最多60个字。",
    "phone": "电话只写数字，可以有 + - 和空格，如 0531-12345678。",
    "mail": "邮箱地址不对，请检查。",
    "date": "日期写成 2026-11-21 这样。",
    "future": "日期不能晚于今天。",
}

ALERT_NOTICES = {
    "end_saved": "已经记下：最后找{name}。请打一次电话，确认打得通。",
    "cannot_try": "这条路还没有设置好，不能试发。",
}
