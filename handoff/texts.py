"""The fixed words of the desk, in Chinese: drafts of 2026-11-21 until the installation records who approved them.

A text is a row of sentences. A sentence may have several wordings: the first one is used all of whose holes can be
filled here. `{110}` stands for that hotline as it is dialled here, `{12356 hours}` for it with its hours, `{seen_at}`
for when somebody will read it, `{department}` for who deals with it, `{woman}` for a woman cadre who is there now.
Whoever changes a text raises its date; an approval holds for exactly one wording (`handoff.approval`).
"""

from __future__ import annotations

from typing import Final

Sentence = str | tuple[str, ...]
Text = tuple[Sentence, ...]

DRAFTED_ON: Final = "2026-11-21"

HOURS: Final = "{dial}（{name}，{hours}）"
NO_HOURS: Final = "{dial}（{name}）"
NIGHT_LINE: Final = "也可以打{number}（{name}，{hours}）。"
NIGHT_LINE_HOURS: Final = "24"
NIGHT_LINE_PURPOSES: Final = ("心理", "危机", "自杀干预")
A_WOMAN: Final = "女同志"

_DANGER: Final[Sentence] = (
    "现在有危险，请马上打{110}或{120}，让身边的人陪着您。",
    "现在有危险，请马上报警、叫救护车，让身边的人陪着您。",
)
_TALK: Final[Sentence] = ("想找人说话：{12356 hours}。", "想找人说话，可以请身边信得过的人陪您，或者去最近的医院。")
_POLICE: Final[Sentence] = ("现在有危险，请打{110}。", "现在有危险，请马上报警。")
_RESCUE: Final[Sentence] = (
    "请马上打{110}或{120}，说清地点。",
    "请马上报警、叫救护车，说清地点。",
)
# Who deals with it, and when: a person, the department by its plain name where the union has one.
_READ_NOW: Final[Sentence] = (
    "这件事由{department}的同志看，值班同志已经收到提醒，会在这里回您。",
    "这件事由工会的同志看，值班同志已经收到提醒，会在这里回您。",
)
_READ_LATER: Final[Sentence] = (
    "现在没有工会干部在线。您写的已经记下，{seen_at}由{department}的同志看，在这里回您。",
    "现在没有工会干部在线。您写的已经记下，{seen_at}会有人看到，在这里回您。",
    "现在没有工会干部在线。您写的已经记下，上班后由{department}的同志看，在这里回您。",
    "现在没有工会干部在线。您写的已经记下，上班后会有人看到，在这里回您。",
)
_NOBODY: Final[Sentence] = (
    "现在没有工会干部在线。您写的已经记下，{seen_at}会有人看到。",
    "现在没有工会干部在线。您写的已经记下，上班后会有人看到。",
)
_NOBODY_HURRY: Final = "现在没有工会干部在线，请不要等。"
_KEPT: Final[Sentence] = (
    "您的话已经记下，{seen_at}会有人看到，在这里回您。",
    "您的话已经记下，上班后会有人看到，在这里回您。",
)
# Said before anybody asks for details: Personal Information Protection Law arts 13(4) and 18.
_NAMELESS: Final[Sentence] = (
    "可以不说名字；只有为了救命，才会把能找到您的信息告诉{110}、{120}。",
    "可以不说名字；只有为了救命，才会把能找到您的信息告诉公安和急救。",
)
_CONSENT: Final = "没有您的同意，不会把您的名字告诉单位。"
_A_WOMAN: Final[Sentence] = (
    "现在就有{woman}在岗，想由她接待，写「要女同志」；名字可以先不说。",
    "想由女同志接待，写「要女同志」；名字可以先不说。",
)

_SELF: Final = ("谢谢您告诉我们。", "您的安全最要紧。")
_WORKMATE: Final = (
    "谢谢您惦记着他。",
    "先别让他一个人待着，把刀、药、农药、绳子收走。",
)
_ROOFTOP: Final = ("请先到安全的地方。", "人在，工资才要得回来。")
_THREAT: Final = (
    "谢谢您说出来。",
    "现在最要紧的是您和旁人都平安。",
    "请先离开那里，离那个人远一点。",
)
_IN_DANGER: Final[Text] = (
    "谢谢您告诉我们，您的安全最要紧。",
    "请先离开，到人多的地方，或者能锁上门的地方。",
    ("马上打{110}，说清您在哪里；有人受伤打{120}。", "马上报警，说清您在哪里；有人受伤就叫救护车。"),
    ("不方便出声，可以发短信到{12110}。", ""),
)
_DISTRESS: Final = ("听得出来您撑了很久，谢谢您愿意说。",)
_HARASSMENT: Final[Text] = (
    "谢谢您说出来，这不是您的错。",
    _POLICE,
    "聊天记录、录音、当时在场的人，请都留好。",
    _A_WOMAN,
    _CONSENT,
)
_DOMESTIC: Final[Text] = (
    "谢谢您说出来，这不是您的错。",
    ("现在有危险，请先离开，有孩子的带上孩子，打{110}。", "现在有危险，请先离开，有孩子的带上孩子，马上报警。"),
    "受了伤先去医院，病历和照片放在对方看不到的地方。",
    ("也可以打{12338 hours}。", ""),
    _A_WOMAN,
    "用的是网页，看完可以按「结束并清除」。",
)
_CHILD_LABOUR: Final[Text] = (
    "谢谢您告诉我们，孩子的安全最要紧。",
    ("孩子被打、被关，或者有危险，请马上打{110}。", "孩子被打、被关，或者有危险，请马上报警。"),
    "请写下在什么地方、做什么活、多大年纪。",
    _NAMELESS,
    ("也可以打{12333}向劳动监察反映。", ""),
)
_MINOR: Final[Text] = (
    "谢谢您告诉我们，人的安全最要紧。",
    _POLICE,
    "请写下在什么地方、做什么活、多大年纪。",
    _NAMELESS,
    ("也可以打{12355 hours}。", ""),
)
_DEATH_OR_INJURY: Final[Text] = (
    (
        "谢谢您告诉我们，请先顾好人：流血、昏迷、喘不上气，马上打{120}。",
        "谢谢您告诉我们，请先顾好人：流血、昏迷、喘不上气，马上叫救护车。",
    ),
    "病历和医药费单据、现场照片、一起干活的人的电话、考勤和工资的证据，请都留好。",
    "申请工伤认定有期限，别拖。让您在私了的纸上签字，可以先问清楚再签。",
)
_DEATH: Final[Text] = (
    "请节哀。",
    "现场照片、一起干活的人的电话、考勤和工资的记录、病历和死亡证明，请都留好。",
    "申请工伤认定有期限，别拖；家属也可以申请。让您在私了的纸上签字，可以先问清楚再签。",
    ("怎么申请，可以问{12333 hours}。", "怎么申请，可以问工会{12351 hours}。", ""),
)
# Danger at this moment and illness from work alike: first away from it (Work Safety Law art. 55).
_HAZARD: Final[Text] = (
    "谢谢您说出来，请先离开危险的地方，叫上工友。",
    (
        "正在漏气、着火、要塌，打{119}或{110}；有人受伤、中毒，打{120}。",
        "正在漏气、着火、要塌，请马上报警；有人受伤、中毒，请叫救护车。",
    ),
    "身体不对劲的去医院查，单子留好。",
    "请写下单位、地点、什么危险。",
    _NAMELESS,
    ("也可以打{12350}反映隐患。", ""),
)
_FORCED_LABOUR: Final[Text] = (
    "谢谢您告诉我们，您的安全最要紧。",
    ("能打电话，请打{110}。", "能打电话，请马上报警。"),
    ("不方便出声，可以发短信到{12110}。", ""),
    "请写下您在哪里：地名、厂名、门口看得到的字，都行。",
    _NAMELESS,
    "别让看管的人看到这里的对话。",
)
_COLLECTIVE: Final[Text] = (
    "谢谢您替大家说出来。",
    "请先保证安全，留好合同、考勤、工资单和聊天记录。",
    _CONSENT,
    "十人以上有共同的请求，可以推举代表参加调解、仲裁。",
)
_COLLECTIVE_MANY: Final[Text] = (
    "谢谢您替大家说出来，请先保证大家平安：离车流、高处和河边远一点。",
    ("有人受伤或者有危险，打{110}、{120}。", "有人受伤或者有危险，请马上报警、叫救护车。"),
    "请在这里写清地点、人数、最着急的事，留一个能接的电话。",
    _CONSENT,
)
_PETITION: Final[Text] = (
    "谢谢您告诉我们，您反映的事会有人看。",
    "请写下是什么事、找过哪些部门、有过什么答复。",
    "已经拿到的答复和回执，请都留好。",
)
# Who reads it stands in handoff.readers: the discipline department alone, without one the supervisors; nobody named.
_CADRE_OR_FUNDS: Final[Text] = (
    "谢谢您直说。",
    (
        "这件事只给{department}的同志看，不给您点名的人看；您也可以不说自己的名字。",
        "这件事由工会的同志看，不给您点名的人看；您也可以不说自己的名字。",
    ),
    "请写清反映的是谁（写姓名）、什么事、什么时候、手里有什么材料。",
    (
        "您也可以打{12388 hours}，向纪检监察机关反映。",
        "您也可以直接向上一级工会或者纪检监察机关反映。",
    ),
)

# name -> (somebody on duty, nobody on duty)
TEXTS: Final[dict[str, tuple[Text, Text]]] = {
    "self": (
        (*_SELF, _DANGER, _TALK, "值班同志已经收到提醒，会在这里和您说话，您可以一直写。", _NAMELESS),
        (
            "谢谢您告诉我们。",
            _NOBODY_HURRY,
            ("打{12356 hours}；打不通或有危险，打{110}、{120}，或去最近的医院急诊。", *_RESCUE),
            _KEPT,
            _NAMELESS,
        ),
    ),
    "workmate": (
        (*_WORKMATE, _RESCUE, "把地点和您的电话发在这里，值班同志已经收到提醒，会在这里回您。", _NAMELESS),
        (
            *_WORKMATE,
            _NOBODY_HURRY,
            _RESCUE,
            ("该怎么陪他，可以问{12356}。", ""),
            "把地点和您的电话也写在这里。",
            _KEPT,
            _NAMELESS,
        ),
    ),
    "rooftop": (
        (
            *_ROOFTOP,
            "您在哪里、有几个人、能接电话吗？请写在这里，值班同志已经收到提醒。",
            ("有危险，打{110}或{119}。", "有危险，请马上报警。"),
            _NAMELESS,
        ),
        (
            *_ROOFTOP,
            _NOBODY_HURRY,
            ("请打{110}或{119}，说清在哪里、有几个人。", "请马上报警，说清在哪里、有几个人。"),
            ("工资的事，也可以打{12333 hours}。", ""),
            _KEPT,
        ),
    ),
    "threat": (
        (*_THREAT, "值班同志已经收到提醒，会在这里听您说，您可以一直写。", _TALK, _POLICE, _NAMELESS),
        (*_THREAT, _NOBODY_HURRY, _POLICE, _TALK, _KEPT, _NAMELESS),
    ),
    "in_danger": (
        (*_IN_DANGER, "把地点写在这里，值班同志已经收到提醒。", _NAMELESS),
        (*_IN_DANGER, _NOBODY_HURRY, _KEPT, _NAMELESS),
    ),
    "distress": (
        (*_DISTRESS, "值班同志已经收到提醒，会看您写的话。", "想约一位咨询师，或者只想说说，都可以写在这里。", _TALK),
        (*_DISTRESS, _NOBODY, _TALK, ("难受得厉害，打{120}或者去最近的医院急诊。", "难受得厉害，请去最近的医院急诊。")),
    ),
    "sexual_harassment": ((*_HARASSMENT, _READ_NOW), (*_HARASSMENT, _READ_LATER)),
    "domestic_violence": ((*_DOMESTIC, _READ_NOW), (*_DOMESTIC, _READ_LATER)),
    "child_labour": ((*_CHILD_LABOUR, _READ_NOW), (*_CHILD_LABOUR, _READ_LATER)),
    "minor": ((*_MINOR, _READ_NOW), (*_MINOR, _READ_LATER)),
    "death_or_injury": ((*_DEATH_OR_INJURY, _READ_NOW), (*_DEATH_OR_INJURY, _READ_LATER)),
    "death": ((*_DEATH, _READ_NOW), (*_DEATH, _READ_LATER)),
    "hazard": ((*_HAZARD, _READ_NOW), (*_HAZARD, _READ_LATER)),
    "forced_labour": ((*_FORCED_LABOUR, _READ_NOW), (*_FORCED_LABOUR, _READ_LATER)),
    "collective": ((*_COLLECTIVE, _READ_NOW), (*_COLLECTIVE, _READ_LATER)),
    "collective_many": (
        (*_COLLECTIVE_MANY, _READ_NOW),
        (*_COLLECTIVE_MANY, _READ_LATER, ("等不及，可以打{12333 hours}。", "")),
    ),
    "petition": ((*_PETITION, _READ_NOW), (*_PETITION, _READ_LATER)),
    "cadre_or_funds": ((*_CADRE_OR_FUNDS, "值班同志已经收到提醒，会在这里回您。"), (*_CADRE_OR_FUNDS, _NOBODY)),
    "waiting": (
        ("您写的都收到了。", "值班同志已经收到提醒，还没有接上，请再等一等，您可以一直写。", _DANGER),
        (
            "您写的都收到了。",
            _NOBODY,
            ("有危险，请不要等：打{110}、{120}。", "有危险，请不要等，马上报警。"),
            _TALK,
            "只是想问问题的，写「接着问」。",
        ),
    ),
    "waiting_calmly": (
        (
            "您写的都收到了。",
            "已经提醒值班同志，还没有接上，请再等一等，您可以一直写。",
            "只是想问问题的，写「接着问」，先由自动助手照着法律条文回答。",
        ),
        ("您写的都收到了。", _NOBODY, "只是想问问题的，写「接着问」，先由自动助手照着法律条文回答。"),
    ),
    "unread": (
        (
            "收到了。",
            "语音、图片和视频，自动助手听不懂也看不懂，值班同志会听、会看。",
            ("着急请打{12351 hours}；有危险打{110}、{120}。", "有危险，请马上报警、叫救护车。"),
        ),
        (
            "收到了。",
            "语音、图片和视频，自动助手听不懂也看不懂。",
            (
                "现在没有工会干部在线。您发的已经收好，{seen_at}会有人听、有人看。",
                "现在没有工会干部在线。您发的已经收好，上班后会有人听、有人看。",
            ),
            ("有危险，请不要等：打{110}、{120}。", "有危险，请不要等，马上报警。"),
            _TALK,
        ),
    ),
}
