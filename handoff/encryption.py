"""Encryption of personal data: one key per contact, wrapped by the installation's master key.

Erasing a contact's wrapped key makes all its words unreadable at once; a backup made before still holds the key, until
that backup is gone too. The cipher stands behind an interface, for unions that must use SM4-GCM (GB/T 39786).
"""

from __future__ import annotations

import secrets
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12


class ContactErased(Exception):
    """The contact's key was destroyed; its words cannot be read any more."""


class Unreadable(Exception):
    """Sealed bytes do not open: wrong key, wrong place, or altered."""


class Cipher(Protocol):
    """Authenticated encryption. `place` binds sealed bytes to where they stand, so that they cannot be moved."""

    mark: int

    def seal(self, key: bytes, plain: bytes, place: bytes) -> bytes: ...

    def open(self, key: bytes, sealed: bytes, place: bytes) -> bytes: ...


class AesGcm:
    """AES-256-GCM with a random 96-bit nonce in front (NIST SP 800-38D)."""

    mark = 1

    def seal(self, key: bytes, plain: bytes, place: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(key).encrypt(nonce, plain, place)

    def open(self, key: bytes, sealed: bytes, place: bytes) -> bytes:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place)


_CURRENT: Cipher = AesGcm()
_KNOWN: dict[int, Cipher] = {AesGcm.mark: _CURRENT}


def seal(key: bytes, plain: bytes, *, place: str) -> bytes:
    """Sealed bytes, led by one byte that names the cipher, so that old rows stay readable after a change."""
    return bytes([_CURRENT.mark]) + _CURRENT.seal(key, plain, place.encode())


def open_sealed(key: bytes, sealed: bytes, *, place: str) -> bytes:
    """The plain bytes. Raises Unreadable."""
    try:
        return _KNOWN[sealed[0]].open(key, bytes(sealed[1:]), place.encode())
    except (InvalidTag, KeyError, IndexError, ValueError) as error:
        raise Unreadable(place) from error


def new_key() -> bytes:
    """A fresh contact key."""
    return secrets.token_bytes(KEY_BYTES)
