"""The rules of the platform for one official account: who may be sent what, when, and how often. No network here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.channel_settings import AccountKind, WechatAccount
from bot.simulate.clock import Clock
from bot.simulate.faults import Faults
from bot.simulate.records import Record, Road, Shown
from bot.simulate.wechat.errors import Code, Refused
from bot.simulate.wechat.media import MediaStore
from bot.simulate.wechat.menus import check_menu
from bot.simulate.wechat.scenes import SceneCode, scene_code
from bot.simulate.wechat.tokens import DAY_S, Tokens
from bot.simulate.wechat.users import User, openid_of

TEXT_BYTES: Final = 2048
DAILY_CALLS: Final = 500_000
CLEARS_A_MONTH: Final = 10
MONTH_S: Final = 30 * DAY_S
_SENDABLE = ("text", "image", "voice", "msgmenu")


@dataclass(frozen=True)
class Permissions:
    """What an account may do, by its kind and verification."""

    messages: bool
    menu: bool
    media: bool
    user_info: bool
    scenes: bool
    templates: bool
    subscription_notices: bool


def permissions_of(account: WechatAccount) -> Permissions:
    """Customer messages need verification; scenes and templates a verified service account."""
    service = account.kind is AccountKind.SERVICE
    return Permissions(
        messages=account.verified,
        menu=account.verified or service,
        media=account.verified,
        user_info=account.verified,
        scenes=account.verified and service,
        templates=account.verified and service,
        subscription_notices=account.verified,
    )


# Told of a template message that was taken: (openid, message id). The result comes back as an event.
AfterTemplate = Callable[[str, int], None]


@dataclass
class WechatPlatform:
    """State and rules of one account. `original_id` is what pushes carry as ToUserName."""

    account: WechatAccount
    clock: Clock
    record: Record = field(default_factory=Record)
    faults: Faults = field(default_factory=Faults)
    original_id: str = "gh_5ca1ab1e0001"
    allowed_ips: tuple[str, ...] = ()
    templates: set[str] = field(default_factory=set)
    daily_calls: int = DAILY_CALLS
    after_template: AfterTemplate | None = None

    def __post_init__(self) -> None:
        self.tokens = Tokens(self.clock)
        self.media = MediaStore(self.clock)
        self.users: dict[str, User] = {}
        self.menu: list[dict[str, Any]] | None = None
        self.codes: dict[str, SceneCode] = {}
        if self.account.notice_template:
            self.templates.add(self.account.notice_template)
        self._called_today: Counter[str] = Counter()
        self._today = 0
        self._cleared_at: list[float] = []
        self._last_number = int(self.clock() * 1_000_000)

    @property
    def may(self) -> Permissions:
        """What this account may do now."""
        return permissions_of(self.account)

    def become(self, *, kind: AccountKind | None = None, verified: bool | None = None) -> None:
        """Play another account with the same credentials."""
        self.account = replace(
            self.account,
            kind=self.account.kind if kind is None else kind,
            verified=self.account.verified if verified is None else verified,
        )

    def next_number(self) -> int:
        """A message id that no run before gave: 64 bits, growing."""
        self._last_number += 1
        return self._last_number

    def user(self, name: str) -> User:
        """The person of that name (or openid); a new one follows already, unless `scan` or `follow` is to say so."""
        known = self.users.get(name) or self.users.get(openid_of(self.account.app_id, name))
        if known is None:
            known = User(openid_of(self.account.app_id, name), name, followed=True, followed_at=self.clock())
            self.users[known.openid] = known
        return known

    def shown_to(self, name: str, *roads: Road) -> list[Shown]:
        """What stands on this person's screen from the other side, by name or openid."""
        return self.record.shown_to(self.user(name).openid, *roads)

    def texts_to(self, name: str) -> list[str]:
        """The words of it."""
        return self.record.texts_to(self.user(name).openid)

    # -- calls of the API; each raises Refused --

    def check_caller(self, ip: str) -> None:
        """Only listed addresses may fetch tokens, where there is a list."""
        if self.allowed_ips and ip not in self.allowed_ips:
            raise Refused(Code.IP_NOT_LISTED, f"invalid ip {ip}, not in whitelist")

    def check_credentials(self, app_id: str, secret: str) -> None:
        """The app id and its secret."""
        if app_id != self.account.app_id:
            raise Refused(Code.INVALID_APP_ID)
        if secret != self.account.app_secret:
            raise Refused(Code.INVALID_SECRET)

    def count_call(self, name: str) -> None:
        """One more call of this name today."""
        today = int(self.clock() // DAY_S)
        if today != self._today:
            self._today = today
            self._called_today.clear()
        if self._called_today[name] >= self.daily_calls:
            raise Refused(Code.DAILY_LIMIT)
        self._called_today[name] += 1

    def clear_quota(self, app_id: str) -> None:
        """The day's counts begin again; ten times a month."""
        if app_id != self.account.app_id:
            raise Refused(Code.INVALID_APP_ID)
        now = self.clock()
        self._cleared_at = [at for at in self._cleared_at if now - at < MONTH_S]
        if len(self._cleared_at) >= CLEARS_A_MONTH:
            raise Refused(Code.CLEARED_TOO_OFTEN)
        self._cleared_at.append(now)
        self._called_today.clear()

    def send(self, message: dict[str, Any]) -> Shown:
        """A customer-service message."""
        self._need(self.may.messages)
        user = self._receiver(message)
        kind = message.get("msgtype")
        if kind not in _SENDABLE:
            raise Refused(Code.INVALID_MESSAGE_TYPE)
        text, extra = self._content(kind, message.get(kind))
        user.spend(self.clock())
        return self._show(user, Road.SERVICE, kind, text, **extra)

    def typing(self, message: dict[str, Any]) -> None:
        """The other side's «is typing»; only while messages may be sent."""
        self._need(self.may.messages)
        user = self._receiver(message)
        if message.get("command") not in ("Typing", "CancelTyping"):
            raise Refused(Code.INVALID_ARGUMENT)
        if not user.followed or not user.message_window.open(self.clock()):
            raise Refused(Code.OUT_OF_WINDOW)

    def send_template(self, message: dict[str, Any]) -> int:
        """A template message; its number. The result comes as an event."""
        self._need(self.may.templates)
        user = self._noticed(message)
        self._show(user, Road.TEMPLATE, "template", notice_text(message.get("data")), **_notice_extra(message))
        number = self.next_number()
        if self.after_template is not None:
            self.after_template(user.openid, number)
        return number

    def send_subscription(self, message: dict[str, Any]) -> None:
        """A subscription notice: the person has said yes to it, once for each."""
        self._need(self.may.subscription_notices)
        user = self._noticed(message)
        template = str(message.get("template_id"))
        if user.granted[template] <= 0:
            raise Refused(Code.USER_REFUSES)
        user.granted[template] -= 1
        extra = _notice_extra(message)
        self._show(user, Road.SUBSCRIPTION, "subscription", notice_text(message.get("data")), **extra)

    def create_menu(self, menu: Any) -> None:
        """Replace the menu."""
        self._need(self.may.menu)
        self.menu = check_menu(menu)

    def get_menu(self) -> list[dict[str, Any]]:
        """The menu as it was created."""
        self._need(self.may.menu)
        if self.menu is None:
            raise Refused(Code.NO_MENU)
        return self.menu

    def delete_menu(self) -> None:
        """Take it away."""
        self._need(self.may.menu)
        self.menu = None

    def create_code(self, asked: Any) -> SceneCode:
        """A QR code with a scene."""
        self._need(self.may.scenes)
        code = scene_code(asked, self.clock())
        self.codes[code.passes] = code
        return code

    def user_info(self, openid: str) -> dict[str, Any]:
        """What the platform tells about a person."""
        self._need(self.may.user_info)
        user = self._known(openid)
        if not user.followed:
            return {"subscribe": 0, "openid": openid}
        return {
            "subscribe": 1, "openid": openid, "language": "zh_CN", "subscribe_time": int(user.followed_at),
            "remark": "", "groupid": 0, "tagid_list": [], "qr_scene": 0, "qr_scene_str": user.scene,
            "subscribe_scene": "ADD_SCENE_QR_CODE" if user.scene else "ADD_SCENE_SEARCH",
        }  # fmt: skip

    # -- within --

    def _need(self, allowed: bool) -> None:
        if not allowed:
            raise Refused(Code.NO_PERMISSION)

    def _known(self, openid: Any) -> User:
        user = self.users.get(openid) if isinstance(openid, str) else None
        if user is None:
            raise Refused(Code.INVALID_OPENID)
        return user

    def _receiver(self, message: dict[str, Any]) -> User:
        return self._known(message.get("touser"))

    def _noticed(self, message: dict[str, Any]) -> User:
        user = self._receiver(message)
        if message.get("template_id") not in self.templates:
            raise Refused(Code.INVALID_TEMPLATE)
        if not user.followed:
            raise Refused(Code.NEEDS_FOLLOW)
        return user

    def _content(self, kind: str, content: Any) -> tuple[str, dict[str, Any]]:
        content = content if isinstance(content, dict) else {}
        if kind == "text":
            return checked_text(content.get("content")), {}
        if kind == "msgmenu":
            return _menu_content(content)
        medium = self.media.get(str(content.get("media_id")))
        return "", {"media_id": medium.media_id}

    def _show(self, user: User, road: Road, kind: str, text: str, **extra: Any) -> Shown:
        return self.record.show(Shown(self.clock(), user.openid, road, kind, text, extra))


def checked_text(text: Any) -> str:
    """A text that may be shown. Raises Refused."""
    if not isinstance(text, str) or not text.strip():
        raise Refused(Code.EMPTY_TEXT)
    if len(text.encode(errors="replace")) > TEXT_BYTES:
        raise Refused(Code.TOO_LONG)
    return text


def _menu_content(content: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    choices = content.get("list")
    if not isinstance(choices, list) or not choices:
        raise Refused(Code.EMPTY_TEXT)
    listed = [(str(choice.get("id", "")), str(choice.get("content", ""))) for choice in choices]
    lines = [str(content.get("head_content") or ""), *(words for _, words in listed)]
    text = "\n".join([*lines, str(content.get("tail_content") or "")]).strip()
    return checked_text(text), {"choices": listed}


def notice_text(data: Any) -> str:
    """The values of a notice, one a line."""
    values = data.values() if isinstance(data, dict) else ()
    return "\n".join(str(one.get("value", "")) for one in values if isinstance(one, dict))


def _notice_extra(message: dict[str, Any]) -> dict[str, Any]:
    return {"template_id": message.get("template_id"), "url": message.get("url") or message.get("page") or ""}
