"""What the platform refuses with."""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """The platform's result codes that the simulator gives."""

    OK = 0
    BUSY = -1
    INVALID_TOKEN = 40001
    INVALID_OPENID = 40003
    INVALID_MEDIA_TYPE = 40004
    INVALID_FILE_SIZE = 40006
    INVALID_MEDIA_ID = 40007
    INVALID_MESSAGE_TYPE = 40008
    INVALID_APP_ID = 40013
    INVALID_BUTTON_COUNT = 40016
    INVALID_BUTTON_TYPE = 40017
    INVALID_BUTTON_NAME = 40018
    INVALID_BUTTON_KEY = 40019
    INVALID_BUTTON_URL = 40020
    INVALID_SUB_BUTTON_COUNT = 40023
    INVALID_TEMPLATE = 40037
    INVALID_ARGUMENT = 40097
    INVALID_SECRET = 40125
    IP_NOT_LISTED = 40164
    TOKEN_MISSING = 41001
    MEDIA_MISSING = 41005
    TOKEN_EXPIRED = 42001
    NEEDS_POST = 43002
    NEEDS_FOLLOW = 43004
    USER_REFUSES = 43101
    EMPTY_TEXT = 44004
    TOO_LONG = 45002
    DAILY_LIMIT = 45009
    MINUTE_LIMIT = 45011
    OUT_OF_WINDOW = 45015
    QUOTA_USED = 45047
    NO_MENU = 46003
    BAD_JSON = 47001
    NO_PERMISSION = 48001
    CLEARED_TOO_OFTEN = 48006


WORDS = {
    Code.OK: "ok",
    Code.BUSY: "system error",
    Code.INVALID_TOKEN: "invalid credential, access_token is invalid or not latest",
    Code.INVALID_OPENID: "invalid openid",
    Code.INVALID_MEDIA_ID: "invalid media_id",
    Code.INVALID_APP_ID: "invalid appid",
    Code.INVALID_SECRET: "invalid appsecret",
    Code.IP_NOT_LISTED: "invalid ip, not in whitelist",
    Code.TOKEN_MISSING: "access_token missing",
    Code.TOKEN_EXPIRED: "access_token expired",
    Code.NEEDS_FOLLOW: "require subscribe",
    Code.USER_REFUSES: "user refuse to accept the msg",
    Code.TOO_LONG: "content size out of limit",
    Code.DAILY_LIMIT: "reach max api daily quota limit",
    Code.MINUTE_LIMIT: "api minute-quota reach limit",
    Code.OUT_OF_WINDOW: "response out of time limit or subscription is canceled",
    Code.QUOTA_USED: "out of response count limit",
    Code.NO_MENU: "menu no exist",
    Code.BAD_JSON: "data format error",
    Code.NO_PERMISSION: "api unauthorized",
}


class Refused(Exception):
    """The platform does not do it: `code` as in the answer's `errcode`."""

    def __init__(self, code: int, why: str = "") -> None:
        super().__init__(why or _words(code))
        self.code = int(code)


def _words(code: int) -> str:
    try:
        return WORDS.get(Code(code)) or Code(code).name.lower().replace("_", " ")
    except ValueError:
        return "refused"
