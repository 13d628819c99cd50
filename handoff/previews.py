"""A small picture of a worker's picture, without what a camera writes into it (place, time). The original stays.

Made in memory at each look and kept nowhere. A picture is content from anybody: what would take too much to decode has
no preview.
"""

from __future__ import annotations

import io
import threading
from typing import Final

from PIL import Image, ImageOps

LONGEST_SIDE: Final = 1_600
# A decoder's memory goes with the pixels; JPEG alone can be decoded smaller than it is.
MOST_PIXELS: Final = 24_000_000
MOST_PIXELS_OF_JPEG: Final = 64_000_000
CONTENT_TYPE: Final = "image/jpeg"
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY: Final = 82
_WHITE: Final = (255, 255, 255)
# Two at once bound the memory, however many cadres look.
_AT_ONCE: Final = threading.BoundedSemaphore(2)


class NoPreview(Exception):
    """The content is no picture that can be shown small: broken, too large, or of another kind."""


def preview_of(content: bytes) -> bytes:
    """A JPEG of at most LONGEST_SIDE pixels a side, upright, its first frame, pixels only. Raises NoPreview."""
    with _AT_ONCE:
        try:
            return _smaller(content)
        except NoPreview:
            raise
        except Exception as error:  # decoders meet whatever anybody made up
            raise NoPreview(type(error).__name__) from error


def _smaller(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
        pixels = picture.width * picture.height
        if pixels > (MOST_PIXELS_OF_JPEG if picture.format == "JPEG" else MOST_PIXELS):
            raise NoPreview("pixels")
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        buffer = io.BytesIO()
        _pixels_alone(upright).save(buffer, "JPEG", quality=_QUALITY)
        return buffer.getvalue()


def _pixels_alone(picture: Image.Image) -> Image.Image:
    """A new picture with the same pixels on white: no EXIF, no comment, no profile comes with it."""
    clean = Image.new("RGB", picture.size, _WHITE)
    with_alpha = picture.convert("RGBA")
    clean.paste(with_alpha, mask=with_alpha.getchannel("A"))
    return clean
