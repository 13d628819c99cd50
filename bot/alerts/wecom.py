"""Alerts to a WeCom group through its robot: a POST of JSON to an address that is itself the secret.

The robot answers 200 also when it refuses; `errcode` tells (developer.work.weixin.qq.com/document/path/91770).
"""

from __future__ import annotations

import httpx

from bot.alerts.notes import Note
from bot.configuration import Configuration
from bot.delivery import SendOutcome, SendResult

TIMEOUT_S = 10


class WecomSender:
    """Posts to the group."""

    def __init__(self, configuration: Configuration) -> None:
        self._url = configuration.wecom_robot_url

    def send(self, address: str, note: Note) -> SendOutcome:
        """Post the note; the group is in the robot's own address, so `address` is empty."""
        body = {"msgtype": "text", "text": {"content": note.body}}
        try:
            response = httpx.post(self._url, json=body, timeout=TIMEOUT_S, follow_redirects=False)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL, httpx.UnsupportedProtocol):
            return SendOutcome(SendResult.FAILED, "no_connection")
        except httpx.HTTPError:
            return SendOutcome(SendResult.UNCERTAIN, "broken_off")
        if response.status_code != httpx.codes.OK:
            return SendOutcome(SendResult.FAILED, f"http:{response.status_code}")
        return _outcome(response)


def _outcome(response: httpx.Response) -> SendOutcome:
    try:
        code = response.json()["errcode"]
    except (ValueError, LookupError, TypeError):
        return SendOutcome(SendResult.UNCERTAIN, "odd_answer")
    if code != 0:
        return SendOutcome(SendResult.FAILED, f"errcode:{str(code)[:12]}")
    return SendOutcome(SendResult.SENT)
