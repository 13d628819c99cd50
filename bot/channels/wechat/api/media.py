"""Media down: only from the platform's own hosts, never further than the limit, nowhere else by redirection."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import httpx

from bot.channels.wechat.api.answers import check_status, facts_of_transport
from bot.channels.wechat.api.errors import OutcomeUnknown, Refused, TooBig, error_of

LONGEST_FILE: Final = 20 * 1_048_576
WHOLE_DOWNLOAD_S: Final = 60.0
# Where WeChat keeps voices, videos and pictures; its addresses for them still say http.
_HOSTS: Final = ("weixin.qq.com", "tc.qq.com", "video.qq.com", "qpic.cn", "qlogo.cn")
_FILE_NAME: Final = re.compile(r'filename="?([^";]+)"?', re.IGNORECASE)
_KINDS_OF_JSON: Final = ("application/json", "text/plain", "text/json")


@dataclass(frozen=True)
class Downloaded:
    """A file as it came. `content_type` is what was declared for it; `name` may be empty."""

    content: bytes = field(repr=False)
    content_type: str
    name: str = field(repr=False)


async def fetched(
    http: httpx.AsyncClient, url: str, *, longest: int, params: Mapping[str, str] | None = None
) -> Downloaded:
    """The file behind an address. Raises TooBig, Refused, and what transport brings."""
    async with (
        facts_of_transport(WHOLE_DOWNLOAD_S),
        http.stream("GET", url, params=params, headers={"accept-encoding": "identity"}) as response,
    ):
        check_status(response)
        declared = response.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > longest:
            raise TooBig()
        content = await _within(response, longest)
    return Downloaded(content, _content_type(response), _name(response))


async def _within(response: httpx.Response, longest: int) -> bytes:
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > longest:
            raise TooBig()
    return bytes(body)


def answer_in(downloaded: Downloaded) -> dict[str, Any] | None:
    """What WeChat says where a file was expected: an error (raised), or a video's address; None where it is a file."""
    if downloaded.content_type not in _KINDS_OF_JSON:
        return None
    try:
        answer = json.loads(downloaded.content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict):
        return None
    code = answer.get("errcode", 0)
    if not isinstance(code, int):
        raise OutcomeUnknown()
    if code:
        raise error_of(code, str(answer.get("errmsg", "")))
    return answer


def platform_address(url: str, *, hosts: Sequence[str], rehearsal: str) -> str:
    """The address over https, if its host is one of WeChat's; or as it is, if it begins with `rehearsal`.

    Raises Refused: an address in a push is a stranger's word, and could point into our own network.
    """
    try:
        parts, ours = urlsplit(url), urlsplit(rehearsal)
        place = (parts.scheme, parts.hostname, parts.port)
        if (
            parts.hostname
            and place == (ours.scheme, ours.hostname, ours.port)
            and not _is_named(parts.hostname, _HOSTS)
        ):
            return url
        is_plain = parts.username is None and parts.port in (None, 80, 443) and parts.scheme in ("http", "https")
    except ValueError as error:
        raise Refused() from error
    if not is_plain or not parts.hostname or not _is_named(parts.hostname, hosts):
        raise Refused()
    return urlunsplit(("https", parts.hostname, parts.path, parts.query, ""))


def video_address(url: str, *, rehearsal: str) -> str:
    """As `platform_address`, for the address that stands in place of a video. Raises Refused."""
    return platform_address(url, hosts=_HOSTS, rehearsal=rehearsal)


def _is_named(host: str, hosts: Sequence[str]) -> bool:
    return any(host == known or host.endswith(f".{known}") for known in hosts)


def _content_type(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).split(";")[0].strip().lower()[:100]


def _name(response: httpx.Response) -> str:
    """The file's own name, without folders and control characters."""
    found = _FILE_NAME.search(response.headers.get("content-disposition", ""))
    name = found.group(1).strip().replace("\\", "/").rsplit("/", 1)[-1] if found else ""
    return "".join(sign for sign in name if sign.isprintable())[:200]
