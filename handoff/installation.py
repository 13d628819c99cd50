"""What belongs to the installation and to no contact yet: sealed under a key derived from the master key."""

from __future__ import annotations

from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.crypto import salted_hmac

from handoff.encryption import KEY_BYTES, open_sealed, seal


def seal_here(plain: bytes, *, place: str) -> bytes:
    """Sealed bytes; `place` is where they stand ("push:<platform key>"), checked on opening."""
    return seal(_key(settings.NIANGJIA_MASTER_KEY), plain, place=place)


def open_here(sealed: bytes | memoryview, *, place: str) -> bytes:
    """The plain bytes. Raises Unreadable."""
    return open_sealed(_key(settings.NIANGJIA_MASTER_KEY), bytes(sealed), place=place)


def keyed_hash(what: str, value: str) -> str:
    """64 hex digits: HMAC-SHA256 of a value under the installation's secret key; `what` keeps kinds of values apart."""
    return salted_hmac(what, value, algorithm="sha256").hexdigest()


@lru_cache(maxsize=4)
def _key(master_key: bytes) -> bytes:
    """RFC 5869."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"niangjia installation").derive(master_key)
