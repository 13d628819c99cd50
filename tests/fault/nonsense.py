"""Makes nonsense out of good callbacks, the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass

# Anything that a test may not find in a log line.
MARK = "m4rk0fThePush"
WORDS = (
    "年假几天", "", " ", "😀" * 50, "]]>", "<b>&amp;</b>", "\u202e反\u0300", "\ufffe", "\x0b", "a" * 70_000, "我不想活了", "%s{}$(x)",
    "&#0;", "&#xD800;", "&lol;", "\u2028", "zh\u0000", "📎" * 2000,
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """One request at an edge."""

    method: str
    path: str
    query: bytes
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Nonsense:
    """An endless row of inputs."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self._number = 10**17 + seed * 10**9

    def next_number(self) -> int:
        """One that came never before."""
        self._number += 1
        return self._number

    def mangled(self, body: bytes, *, share: float = 0.2) -> bytes:
        """With some bytes changed, gone, doubled or put in; mostly left as it is."""
        rng = self.rng
        if rng.random() >= share or not body:
            return body
        changed = bytearray(body)
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(changed) + 1)
            how = rng.random()
            if how < 0.3:
                changed[place:place] = rng.choice(_SPLINTERS)
            elif how < 0.6:
                del changed[place : place + rng.randint(1, 30)]
            elif how < 0.8 and place < len(changed):
                changed[place] = rng.randrange(256)
            else:
                begin = rng.randrange(len(changed) + 1)
                changed[place:place] = changed[begin : begin + rng.randint(1, 60)]
        return bytes(changed)


_SPLINTERS = (
    b"\x00", b"\xff", b"\xed\xa0\x80", b"\xc3", b"<", b">", b"]]>", b"&", b"&#0;", b"<![CDATA[", b"<!--", b"\r\n\r\n", b'"',
    b"{", b"}", b"\\ud800", b"\\u0000", b"1e999", b"-", b"[" * 50, b"\xe2\x80\xae", b"%00", b"%", b"%u1234", b"&signature=",
)  # fmt: skip
