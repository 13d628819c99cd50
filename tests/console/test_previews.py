"""Previews: the picture without what the camera wrote into it, small, and never a bomb."""

from __future__ import annotations

import io
import zlib

import pytest
from django.test import Client
from PIL import Image, ImageDraw

from handoff.kinds import AuditAction, CadreRole
from handoff.models import AuditRow, Cadre, Conversation
from handoff.previews import LONGEST_SIDE, NoPreview, preview_of
from tests import samples
from tests.console.conftest import Desk, signed_in
from tests.console.test_files import address, sends

MAKER, LATITUDE, COMMENT = "Forgotten Camera Works", (31, 14, 9), b"taken behind gate 3"


def photo(width: int = 400, height: int = 300, *, orientation: int = 1) -> bytes:
    """A photograph as a telephone makes it: red on the left, with place, device and a comment."""
    picture = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, width // 4, height), fill="red")
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = MAKER, orientation
    exif.get_ifd(0x8825)[2] = LATITUDE
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif, comment=COMMENT, quality=95)
    return buffer.getvalue()


def picture_of(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is huge."""

    def part(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 2, 0, 0, 0))
    rows = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", rows) + part(b"IEND", b"")


def test_the_preview_has_the_pixels_and_nothing_else() -> None:
    content = photo()
    assert MAKER.encode() in content
    small = preview_of(content)
    assert MAKER.encode() not in small
    assert COMMENT not in small
    assert not picture_of(small).getexif()
    assert picture_of(small).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_it_stands_upright_as_the_camera_was_held() -> None:
    turned = picture_of(preview_of(photo(orientation=6)))
    assert turned.size == (300, 400)
    red, white = turned.getpixel((150, 20)), turned.getpixel((150, 380))
    assert isinstance(red, tuple)
    assert isinstance(white, tuple)
    assert red[0] > 200 > red[1]
    assert min(white) > 200


def test_a_large_picture_becomes_a_small_one() -> None:
    small = picture_of(preview_of(photo(4000, 3000)))
    assert max(small.size) == LONGEST_SIDE
    assert small.width * 3 == small.height * 4


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP"])
def test_what_is_see_through_stands_on_white(form: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(buffer, form)
    pixel = picture_of(preview_of(buffer.getvalue())).getpixel((20, 20))
    assert pixel == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [bomb(30_000, 30_000), bomb(12_000, 12_000), bomb(6_000, 6_000), photo()[:2_000], samples.JPEG, samples.PDF, b""],
    ids=["900 MP", "144 MP", "36 MP", "cut off", "no picture", "a document", "nothing"],
)
def test_what_is_broken_or_too_large_has_no_preview(content: bytes) -> None:
    with pytest.raises(NoPreview):
        preview_of(content)


def test_a_cadre_sees_the_preview_and_saves_the_original_untouched(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    attachment = sends(desk, photo())
    answer = as_wang.get(address(attachment) + "/preview")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert MAKER.encode() not in answer.content
    assert as_wang.get(address(attachment) + "?save").content == photo()


def test_who_has_seen_the_preview_has_opened_the_picture(desk: Desk, wang: Cadre, as_wang: Client) -> None:
    attachment = sends(desk, photo())
    for _ in range(2):
        as_wang.get(address(attachment) + "/preview")
    as_wang.get(address(attachment))
    assert AuditRow.objects.filter(action=AuditAction.EVIDENCE, cadre=wang).count() == 1
    assert Conversation.objects.get(pk=attachment.message.conversation_id).unread_since is None


def test_what_has_no_preview_says_where_the_original_is(desk: Desk, as_wang: Client) -> None:
    for content in (samples.JPEG, samples.PDF):
        answer = as_wang.get(address(sends(desk, content)) + "/preview")
        assert answer.status_code == 415
        assert "看原件" in answer.content.decode()


def test_who_may_not_read_the_talk_finds_no_preview(desk: Desk, elsewhere: Desk) -> None:
    attachment = sends(desk, photo())
    for client in (signed_in(elsewhere.cadre("chen")), signed_in(desk.cadre("weihu", role=CadreRole.OPERATOR))):
        assert client.get(address(attachment) + "/preview").status_code == 404
    assert Client().get(address(attachment) + "/preview").status_code == 302
    assert not AuditRow.objects.filter(action=AuditAction.EVIDENCE).exists()
