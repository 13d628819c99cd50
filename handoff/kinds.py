"""Closed sets of states and kinds that the records use. Values are what the database stores."""

from __future__ import annotations

from django.db.models import TextChoices


class Channel(TextChoices):
    """Where a conversation takes place."""

    WEBCHAT = "webchat", "网页"
    WECHAT = "wechat", "公众号"
    TELEGRAM = "telegram", "Telegram"
    TERMINAL = "terminal", "终端"


class MessageKind(TextChoices):
    """Who speaks. A takeover silences ENGINE and nothing else."""

    WORKER = "worker", "职工"
    ENGINE = "engine", "自动回复"
    FIXED = "fixed", "固定用语"
    CADRE = "cadre", "干部"


class Delivery(TextChoices):
    """How far a message has come. RECEIVED is for what a worker wrote."""

    RECEIVED = "received", "已收到"
    PENDING = "pending", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已送达"
    FAILED = "failed", "没发出去"
    UNCERTAIN = "uncertain", "不确定是否送达"
    CANCELLED = "cancelled", "已取消"
    WAITING = "waiting", "等职工下次来信时送达"


class ReplyState(TextChoices):
    """What the response to a push carries. NONE: not decided yet, or the platform reads no answer there."""

    NONE = "none", "未定"
    EMPTY = "empty", "只回执"
    WORDS = "words", "带回复"


class WindowKind(TextChoices):
    """What last opened the platform's window for us to write: more may be sent after a message than after a tap."""

    MESSAGE = "message", "来信"
    TAP = "tap", "点菜单、关注或扫码"


class OrganisationKind(TextChoices):
    """Trade Union Law, arts 10 and 11."""

    GRASSROOTS_UNION = "grassroots_union", "基层工会"
    JOINT_UNION = "joint_union", "联合工会"
    FEDERATION = "federation", "总工会"


class CadreRole(TextChoices):
    """What a cadre may do. An operator signs in to see that the desk runs and never reads a case."""

    CADRE = "cadre", "干部"
    DUTY_LEAD = "duty_lead", "值班负责人"
    SUPERVISOR = "supervisor", "主管"
    OPERATOR = "operator", "运维"


class DepartmentKind(TextChoices):
    """What a department looks after; which categories go where stands in `handoff.routing`."""

    RIGHTS = "rights", "权益保障"
    SAFETY = "safety", "劳动保护"
    WOMEN = "women", "女职工"
    LEGAL = "legal", "法律援助"
    CARE = "care", "心理关爱"
    DISCIPLINE = "discipline", "纪检与经审"
    ORGANISING = "organising", "组织入会"
    GENERAL = "general", "综合"


class DayKind(TextChoices):
    """On which days a line of the roster holds. Rest days are weekends and public holidays, less make-up workdays."""

    EVERY_DAY = "every_day", "每天"
    WORKDAYS = "workdays", "工作日"
    REST_DAYS = "rest_days", "休息日和节假日"


class Flag(TextChoices):
    """What a worker asked for, and whoever deals with the talk must keep to."""

    NOT_THE_EMPLOYER = "not_the_employer", "不要联系单位"
    A_WOMAN = "a_woman", "要女同志"
    NEVER_HOME = "never_home", "不要打家里"
    NO_VOICEMAIL = "no_voicemail", "不可留言"


class Part(TextChoices):
    """How a colleague takes part in a talk that another cadre holds."""

    CONSULTED = "consulted", "被请教"
    JOINED = "joined", "一起接待"


class CallBackReason(TextChoices):
    """Why somebody is to be telephoned."""

    BOOKED = "booked", "约好的回电"
    NEXT_DAY = "next_day", "24小时回访"
    NEXT_WEEK = "next_week", "7天回访"


class CallBackState(TextChoices):
    """Where a call stands."""

    OPEN = "open", "待打"
    DONE = "done", "已通话"
    UNREACHED = "unreached", "没打通"
    CANCELLED = "cancelled", "已取消"


class SheetKind(TextChoices):
    """Sheets made from a talk: for the police and for the union's own reporting line."""

    POLICE = "police", "110报警单"
    FIRST = "first", "首报"
    UPDATE = "update", "续报"
    FINAL = "final", "终报"


class Outcome(TextChoices):
    """How a talk with a cadre ended."""

    ANSWERED = "answered", "已答复"
    CALL_BOOKED = "call_booked", "已约回电"
    SAFE = "safe", "确认平安"
    WITH_RESCUE = "with_rescue", "公安或急救已接手"
    WITH_OTHERS = "with_others", "已转有关部门"
    UNREACHED = "unreached", "联系不上"
    WITHDRAWN = "withdrawn", "本人不再需要"


class AlertRoad(TextChoices):
    """Ways in which a cadre is told of an alarm besides the console's page."""

    MAIL = "mail", "邮件"
    WECOM = "wecom", "企业微信群"


class Medium(TextChoices):
    """What a worker sent. All but text must be looked at or listened to by a person."""

    TEXT = "text", "文字"
    VOICE = "voice", "语音"
    PICTURE = "picture", "图片"
    VIDEO = "video", "视频"
    FILE = "file", "文件"


class CaseKind(TextChoices):
    """What a case is about."""

    JOIN = "join", "入会"
    CRISIS = "crisis", "紧急求助"
    SENSITIVE = "sensitive", "专人处理"
    HANDOFF = "handoff", "转人工"


class CaseState(TextChoices):
    """Where a case stands, in the words a worker reads."""

    REGISTERED = "registered", "已登记，等待受理"
    ACCEPTED = "accepted", "已受理"
    CLOSED = "closed", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"


class AuditAction(TextChoices):
    """What was done, for the audit rows."""

    SIGN_IN = "sign_in", "登录"
    READ_CHAT = "read_chat", "查看对话"
    ACKNOWLEDGE = "acknowledge", "确认警报"
    CLAIM_CHAT = "claim_chat", "接管"
    CADRE_REPLY = "cadre_reply", "回复"
    RELEASE = "release", "交还"
    DUTY = "duty", "值班状态"
    OPEN_CASE = "open_case", "立案"
    ERASE_CONTACT = "erase_contact", "销毁个人信息"
    ALARM_STEP = "alarm_step", "警报升级"
    ASSIGN = "assign", "分派"
    REFER = "refer", "转办"
    REQUEUE = "requeue", "退回队列"
    CONSULT = "consult", "请教同事"
    JOIN = "join", "加入接待"
    LEAVE = "leave", "退出接待"
    CLOSE = "close", "办结对话"
    NOTE = "note", "内部备注"
    FLAG = "flag", "职工要求"
    KEEP_FROM = "keep_from", "回避"
    BREAK_GLASS = "break_glass", "紧急查看"
    SHEET = "sheet", "报警单或报告"
    CALL_BACK = "call_back", "回电"
    ROSTER = "roster", "值班表"
    PEOPLE = "people", "人员"
    ALERTS = "alerts", "告警设置"
    WORDS = "words", "用语审定"
    PHRASES = "phrases", "筛查用语"
    EVIDENCE = "evidence", "查看附件"
    LINK = "link", "接续"
