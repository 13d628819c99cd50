"""What a custom menu may look like."""

from __future__ import annotations

from typing import Any

from bot.simulate.wechat.errors import Code, Refused

_NEEDS = {
    "click": "key", "view": "url", "scancode_push": "key", "scancode_waitmsg": "key", "pic_sysphoto": "key",
    "pic_photo_or_album": "key", "pic_weixin": "key", "location_select": "key", "media_id": "media_id",
    "miniprogram": "url", "article_id": "article_id",
}  # fmt: skip
_MOST_BUTTONS, _MOST_SUB_BUTTONS = 3, 5
_NAME_BYTES, _SUB_NAME_BYTES, _KEY_BYTES, _URL_BYTES = 16, 60, 128, 1024


def check_menu(menu: Any) -> list[dict[str, Any]]:
    """The buttons of a menu. Raises Refused."""
    buttons = menu.get("button") if isinstance(menu, dict) else None
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= _MOST_BUTTONS:
        raise Refused(Code.INVALID_BUTTON_COUNT)
    for button in buttons:
        subs = button.get("sub_button") if isinstance(button, dict) else None
        if subs:
            _check_name(button, _NAME_BYTES)
            if not isinstance(subs, list) or len(subs) > _MOST_SUB_BUTTONS:
                raise Refused(Code.INVALID_SUB_BUTTON_COUNT)
            for sub in subs:
                _check_button(sub, _SUB_NAME_BYTES)
        else:
            _check_button(button, _NAME_BYTES)
    return buttons


def _check_button(button: Any, name_bytes: int) -> None:
    _check_name(button, name_bytes)
    needed = _NEEDS.get(button.get("type"))
    if needed is None:
        raise Refused(Code.INVALID_BUTTON_TYPE)
    value = button.get(needed)
    if needed == "url" and not (isinstance(value, str) and 0 < len(value.encode()) <= _URL_BYTES):
        raise Refused(Code.INVALID_BUTTON_URL)
    if not (isinstance(value, str) and 0 < len(value.encode()) <= (_URL_BYTES if needed == "url" else _KEY_BYTES)):
        raise Refused(Code.INVALID_BUTTON_KEY)


def _check_name(button: Any, most_bytes: int) -> None:
    name = button.get("name") if isinstance(button, dict) else None
    if not isinstance(name, str) or not 0 < len(name.encode()) <= most_bytes:
        raise Refused(Code.INVALID_BUTTON_NAME)
