"""What people do in the chat, as the fields of a push: each function gives the kind's own fields."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulate.wechat.envelopes import Value

Own = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A message or event before it has a number. `event` is empty for messages; `own` is what the person sees of it."""

    kind: str
    fields: Own
    event: str = ""
    own: str = ""
    tap: bool = False


def text(content: str, *, tap_id: str = "") -> Made:
    """Words; with `tap_id` they come from a tap on a link or on a menu message."""
    fields: Own = (("Content", content),)
    if tap_id:
        fields += (("bizmsgmenuid", tap_id),)
    return Made("text", fields, own=content, tap=bool(tap_id))


def image(media_id: str, address: str) -> Made:
    """A picture, by address and by number."""
    return Made("image", (("PicUrl", address), ("MediaId", media_id)))


def voice(media_id: str, *, format_: str = "amr") -> Made:
    """Speech. The platform recognises no words any longer."""
    return Made("voice", (("MediaId", media_id), ("Format", format_), ("Recognition", "")))


def video(media_id: str, thumb_id: str, *, short: bool = False) -> Made:
    """A video, or a short one."""
    return Made("shortvideo" if short else "video", (("MediaId", media_id), ("ThumbMediaId", thumb_id)))


def location(latitude: float, longitude: float, label: str, *, scale: int = 16) -> Made:
    """A place that somebody sends."""
    fields: Own = (("Location_X", latitude), ("Location_Y", longitude), ("Scale", scale), ("Label", label))
    return Made("location", fields, own=label)


def link(title: str, description: str, address: str) -> Made:
    """A forwarded page."""
    return Made("link", (("Title", title), ("Description", description), ("Url", address)), own=title)


def file(name: str, key: str, md5: str, length: int) -> Made:
    """A file: the platform gives its name and no way to fetch it."""
    fields: Own = (
        ("Title", name), ("Description", ""), ("FileKey", key), ("FileMd5", md5), ("FileTotalLen", length),
    )  # fmt: skip
    return Made("file", fields, own=name)


def follow(scene: str = "", passes: str = "") -> Made:
    """A new follower, by a scene's code perhaps."""
    fields: Own = (("EventKey", f"qrscene_{scene}" if scene else ""),)
    if passes:
        fields += (("Ticket", passes),)
    return _event("subscribe", fields, tap=True)


def unfollow() -> Made:
    """Follows no longer."""
    return _event("unsubscribe", (("EventKey", ""),))


def scan(scene: str, passes: str) -> Made:
    """A follower scans a scene's code."""
    return _event("SCAN", (("EventKey", scene), ("Ticket", passes)), tap=True)


def click(key: str) -> Made:
    """A tap on the menu."""
    return _event("CLICK", (("EventKey", key),), tap=True)


def view(address: str) -> Made:
    """A tap on the menu that opens a page."""
    return _event("VIEW", (("EventKey", address), ("MenuId", 433747234)))


def position(latitude: float, longitude: float, *, precision: float = 120.0) -> Made:
    """Where somebody is, told by the platform when they open the chat."""
    return _event("LOCATION", (("Latitude", latitude), ("Longitude", longitude), ("Precision", precision)))


def template_done(number: int, status: str = "success") -> Made:
    """What became of a template message."""
    return _event("TEMPLATESENDJOBFINISH", (("MsgID", number), ("Status", status)))


def subscription_answer(template_id: str, *, accepted: bool) -> Made:
    """Yes or no to a subscription notice, asked in a page."""
    one: Value = (
        ("TemplateId", template_id), ("SubscribeStatusString", "accept" if accepted else "reject"), ("PopupScene", 1),
    )  # fmt: skip
    return _event("subscribe_msg_popup_event", (("SubscribeMsgPopupEvent", (("List", one),)),))


def _event(name: str, fields: Own, *, tap: bool = False) -> Made:
    return Made("event", fields, event=name, tap=tap)
