"""Requests that cannot be taken: a reason with its HTTP status, and one sentence for the person."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable
from enum import Enum
from functools import wraps

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import Error as DatabaseFault
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError

from bot.channels.webchat.texts import REFUSALS
from handoff.encryption import ContactErased

log = logging.getLogger("niangjia.webchat")

View = Callable[[HttpRequest], HttpResponse]


class Reason(Enum):
    """Why, with the status that goes with it, and after how many seconds it is worth trying again."""

    NOT_JSON = ("not_json", 400)
    BAD_ID = ("bad_id", 400)
    NOT_TEXT = ("not_text", 400)
    EMPTY = ("empty", 400)
    UNREADABLE_TEXT = ("unreadable_text", 400)
    BAD_CHOICE = ("bad_choice", 400)
    BROKEN_OFF = ("broken_off", 400)
    STALE = ("stale", 401)
    NO_ARTICLE = ("no_article", 404)
    TOO_LONG = ("too_long", 413)
    TOO_LARGE = ("too_large", 413)
    NOT_A_FORM = ("not_a_form", 400)
    NO_FILE = ("no_file", 400)
    FILE_TOO_LARGE = ("file_too_large", 413)
    FILE_KIND = ("file_kind", 415)
    FILE_NOT_KEPT = ("file_not_kept", 503)
    MANY_FILES = ("many_files", 429, 60)
    MANY_TALKS = ("many_talks", 429, 600)
    FAILED = ("failed", 500)
    BUSY = ("busy", 503)
    GETTING_READY = ("getting_ready", 503)
    FULL = ("full", 503, 60)

    def __init__(self, code: str, status: int, again_after_s: int | None = None) -> None:
        self.code = code
        self.status = status
        self.again_after_s = again_after_s

    @property
    def headers(self) -> dict[str, str]:
        """What the response carries besides its words."""
        again = {} if self.again_after_s is None else {"Retry-After": str(self.again_after_s)}
        return {"Cache-Control": "no-store"} | again


class Refused(Exception):
    """The request cannot be taken; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


def in_words(reason: Reason, **fields: str) -> JsonResponse:
    """The refusal as the page shows it: {"code", "words"}."""
    return JsonResponse(
        {"code": reason.code, "words": REFUSALS[reason.code].format(**fields)},
        status=reason.status,
        headers=reason.headers,
    )


def answers_in_words(view: View) -> View:
    """Whatever goes wrong inside, the person reads a sentence; the log gets a reference and places in the code.

    Texts of exceptions stay out of the log: they may hold what a worker wrote.
    """

    @wraps(view)
    def careful(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except Refused as refused:
            return in_words(refused.reason)
        except RequestDataTooBig:
            return in_words(Reason.TOO_LARGE)
        except ContactErased:  # between finding the talk and using it, somebody ended and cleared it
            return in_words(Reason.STALE)
        except UnreadablePostError:
            return in_words(Reason.BROKEN_OFF)
        except (BadRequest, SuspiciousOperation):  # no form that a page of ours sends
            return in_words(Reason.NOT_A_FORM)
        except DatabaseFault as error:
            log.error("database: %s", type(error).__name__)
            return in_words(Reason.BUSY)
        except Exception as error:
            return in_words(Reason.FAILED, reference=_logged(error))

    return careful


def _logged(error: Exception) -> str:
    reference = secrets.token_hex(3).upper()
    places = "".join(traceback.format_tb(error.__traceback__))
    log.error("request failed, reference %s: %s\n%s", reference, type(error).__name__, places)
    return reference
