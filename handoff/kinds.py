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
