"""What cadres read on the pages about fixed words and own phrases, beside the templates."""

from handoff import own_phrases, phrase_check
from handoff.approval import ApprovedInFuture, ApproverUnnamed, NotASupervisor
from handoff.screening.levels import Level

# name of the text -> (what it is called, when it is said)
WORDS = {
    "self": ("本人有危险", "说到轻生、准备、告别"),
    "workmate": ("担心别人", "工友、家人可能出事"),
    "rooftop": ("在高处讨薪", "本人在楼顶、塔吊等高处"),
    "threat": ("说要伤害别人", "对别人的威胁"),
    "in_danger": ("正在受到伤害", "正被打、被追、被堵"),
    "distress": ("很难受，没有危险的打算", "绝望、长期睡不着、受欺负"),
    "forced_labour": ("强迫劳动", "扣证件、关人、不让走"),
    "domestic_violence": ("家庭暴力", ""),
    "hazard": ("危险和职业病", "眼前的险情、干活得的病"),
    "child_labour": ("童工", "不满十六岁的人在干活"),
    "minor": ("未成年人", "十六七岁，或者孩子遇到事"),
    "sexual_harassment": ("性骚扰", ""),
    "death_or_injury": ("受伤", "有人受伤，人还在"),
    "death": ("有人去世", ""),
    "collective": ("大家的事", "很多人一起的诉求"),
    "collective_many": ("大家的事，人特别多", "说到的人数够多，按急事办"),
    "petition": ("上访、找媒体", ""),
    "cadre_or_funds": ("反映干部或经费", "不给被反映的人看"),
    "waiting": ("还没有人接上", "紧急求助后又写来，干部还没接"),
    "waiting_calmly": ("还没有人接上（没有危险的事）", "转办、退回队列之后又写来，干部还没接"),
    "unread": ("语音、图片、视频", "还没有人听、看"),
}
DEPARTMENT_HERE = "〔对应部门〕"
RECORDED = "已经登记：{approved_by}，{approved_on}审定。"
APPROVAL_REFUSED = {
    NotASupervisor: "只有主管能登记审定。",
    ApproverUnnamed: "请写上审定人和单位，80个字以内。",
    ApprovedInFuture: "审定日期不能在今天以后。",
}
APPROVAL_FORM = {
    "no_date": "请选审定日期。",
    "not_confirmed": "请先核对，再打上勾。",
    "changed": "用语刚刚更新过，和您看的那一页不一样了。请重新看过再登记。",
}

LEVEL_WORDS = {
    Level.CRISIS: "紧急求助",
    Level.DISTRESS: "需要关心",
    Level.SENSITIVE: "专人处理",
    Level.ORDINARY: "平常，自动助手先答",
}
PHRASE_REFUSED = {
    phrase_check.PhraseEmpty: "请写上要认的字。空格、标点和表情不用写，程序看不到它们。",
    phrase_check.PhraseTooLong: "太长了，一个说法最多80个字。请拆成几个。",
    phrase_check.BracketsUnpaired: "括号没有配成对，请检查。",
    phrase_check.NoSuchWords: "大括号里的词组不存在。有哪些词组，见「随程序的规则」那一页。",
    phrase_check.PhraseUnreadable: "写法不对：问号和星号只能跟在括号后面，竖线两边都要有字。",
    phrase_check.PhraseTooWide: "间隔太多或太宽：省略号最多3处，每处最多16个字；问号和星号最多6个。",
    phrase_check.PhraseTooShort: "太短了，至少要认两个字，不然到处都会碰上。",
    phrase_check.PhraseTooGeneral: "太宽了：我们收集的平常话里，一百句就有一句以上会碰上。请写得更具体。",
    phrase_check.FindsOrdinary: "下面这些平常话也会碰上。看过觉得没问题，打上勾再加。",
    phrase_check.SilencesSigns: "这个例外会让下面这些真的信号不响，不能加。请写得更具体。",
    own_phrases.NotALead: "只有值班负责人和主管能改。您可以先试，再请他们加。",
    own_phrases.PhraseThere: "这个说法已经在用了。",
    own_phrases.TooManyPhrases: "自己加的说法太多了，最多300个。请先停用不需要的。",
    own_phrases.PhraseGone: "这个说法已经停用了。",
}
PHRASES = {
    "added": "「{phrase}」已经加上，两秒内在各处生效。可以在下面试一试。",
    "retired": "已经停用，两秒内在各处生效。",
    "no_category": "请选是哪一类。",
    "empty": "还没有写字。写一句话再试。",
    "too_long": "太长了，一次最多500个字。",
    "own_rule": "自己加的",
    "shipped_rule": "随程序的第{place}条",
    "excused": "碰上了，按例外不算",
    "softened": "按缓和的说法，算「{level}」",
    "counts": "算「{level}」",
    "nothing": "没有碰上任何说法",
    "by_classifier": "{level}；像紧急求助的程度：{score}（满分100）",
}
