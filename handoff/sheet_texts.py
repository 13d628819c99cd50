"""What stands on the sheets made from a talk, and what they are filled from beforehand."""

import re
from typing import Final

from handoff.kinds import SheetKind

POLICE_FIELDS: Final = {
    "what": "发生了什么",
    "where": "在哪里",
    "when": "什么时候",
    "phone": "联系电话",
    "who": "是什么人",
    "words": "原话",
    "channel": "从哪里来的消息",
    "network": "网络地址",
}
COLLECTIVE_FIELDS: Final = {
    "when": "时间",
    "where": "地点",
    "unit": "单位",
    "industry": "行业",
    "headcount": "人数",
    "demands": "诉求",
    "cause": "起因",
    "state": "现状（聚集、停工、堵路、登高）",
    "measures": "已采取措施",
    "contact": "联系人",
}
FIELDS_OF: Final = {
    SheetKind.POLICE: POLICE_FIELDS,
    SheetKind.FIRST: COLLECTIVE_FIELDS,
    SheetKind.UPDATE: COLLECTIVE_FIELDS,
    SheetKind.FINAL: COLLECTIVE_FIELDS,
}
LONG_FIELDS: Final = frozenset({"what", "where", "words", "demands", "cause", "state", "measures", "network"})

CLOCKS: Final = {
    "telephone": "电话报告",
    "written": "书面首报",
    "update": "续报",
}

# Pieces of a worker's own words that may tell where, who and what.
PLACE_SIGNS: Final = re.compile(r"地址|路|号|厂|工地|楼|栋|宿舍|街|村|桥|小区|车间|天台|公司门口|派出所|医院")
SENTENCE: Final = re.compile(r"[^，。；！？!?;,\n]+")
UNIT: Final = re.compile(r"[\u4e00-\u9fff]{2,20}?(?:有限公司|公司|集团|工厂|厂|项目部|工地|超市|酒店|医院|学校)")
UNIT_LEAD: Final = re.compile(r"^(?:我们?|俺们?|咱们?|他们|是|在|就在|这个|那个|都在|现在|今天|的|堵|围|去|到)+")
STATE: Final = re.compile(r"聚集|停工|罢工|堵路|堵门|堵住|拉横幅|登高|爬上|楼顶|塔吊|静坐|上访|围住|不上班")
DEMAND: Final = re.compile(r"工资|欠|钱|赔|补偿|社保|加班|要求|讨|合同|裁员|搬迁|拖")
NOT_PLACE: Final = re.compile(r"^(?:在吗|在不在|电话|手机|号码).{0,3}$")

QUOTED: Final = "{clock} 「{trigger}」：{words}"
QUOTED_WHOLE: Final = "{clock} {words}"
MOMENT: Final = "{year}年{month}月{day}日 {clock}"
LAST_HEARD: Final = "最后一条消息：{moment}"
CHANNEL: Final = "工会线上窗口（{channel}），对话号 {number}"
WHO_UNKNOWN: Final = "姓名没有问到"
NETWORK_LINE: Final = "{address}，端口 {port}，{moment}"
NETWORK_NO_PORT: Final = "{address}，端口没有记到，{moment}"
PEOPLE: Final = "约{headcount}人"
MEASURES: Final = "值班干部已在线上接待"
