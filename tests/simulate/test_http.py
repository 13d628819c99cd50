"""The lean poster reads what servers of any kind answer, keeps connections, and tells when there is no answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.simulate.http import NoAnswer, Poster

Talk = Callable[[Poster], Awaitable[None]]


class Server:
    """Answers the posts with the given bytes in turn; None closes the connection."""

    def __init__(self, *answers: bytes | None) -> None:
        self.answers = list(answers)
        self.connections = 0
        self.heads: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while self.answers:
            try:
                self.heads.append(await reader.readuntil(b"\r\n\r\n"))
                await reader.readexactly(2)
            except asyncio.IncompleteReadError:
                break
            answer = self.answers.pop(0)
            if answer is None:
                break
            writer.write(answer)
        writer.close()


def talk(server: Server, work: Talk) -> None:
    async def run() -> None:
        async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
            poster = Poster(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
            await work(poster)
            poster.close()

    asyncio.run(run())


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def test_answers_with_a_length_in_pieces_and_to_the_end_are_read() -> None:
    pieces = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n"
    server = Server(OK, pieces, b"HTTP/1.1 404 No\r\nX: y\r\n\r\nall", None)

    async def work(poster: Poster) -> None:
        assert await poster.post("/a?b=c", b"hi") == (200, b"ok")
        assert await poster.post("/", b"hi") == (200, b"abcd")
        assert server.connections == 1
        server.answers = server.answers[:1]
        assert await poster.post("/", b"hi", "X-One: two\r\n") == (404, b"all")

    talk(server, work)
    assert server.heads[0].startswith(b"POST /a?b=c HTTP/1.1\r\n")
    assert b"\r\nX-One: two\r\n" in server.heads[2]


def test_a_connection_that_is_to_be_closed_is_not_kept() -> None:
    closing = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
    server = Server(closing, OK)

    async def work(poster: Poster) -> None:
        await poster.post("/", b"hi")
        await poster.post("/", b"hi")

    talk(server, work)
    assert server.connections == 2


@pytest.mark.parametrize(
    "answer", [None, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", b"nonsense\r\n\r\n", b"HTTP/1.1 two\r\n\r\n"]
)
def test_half_an_answer_is_none(answer: bytes | None) -> None:
    async def work(poster: Poster) -> None:
        with pytest.raises(NoAnswer):
            await poster.post("/", b"hi")

    talk(Server(answer), work)


def test_an_address_that_is_none_is_refused() -> None:
    for address in ("", "ftp://x", "http://"):
        with pytest.raises(ValueError):  # noqa: PT011
            Poster(address)
