"""WeChat's signatures and message encryption, written from the platform's rules and not from wechatpy.

AES-256-CBC, the first 16 bytes of the key as vector, PKCS#7 to 32 bytes over: 16 random bytes, the length of the
message in 4 bytes big-endian, the message, the app id.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import struct
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32
_HEAD = 20


class Undecipherable(Exception):
    """The ciphertext is not one that this account's key made."""


def signature(*parts: str) -> str:
    """SHA-1 of the sorted parts: token, timestamp, nonce, and in safe mode the ciphertext."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


class MessageCipher:
    """Encrypts and decrypts the messages of one account. `aes_key`: the 43 characters from the console."""

    def __init__(self, aes_key: str, app_id: str, *, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        key = base64.b64decode(aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._app_id = app_id.encode()
        self._random_bytes = random_bytes

    def encrypt(self, message: str) -> str:
        """Base64 of the encrypted message."""
        body = message.encode()
        plain = self._random_bytes(16) + struct.pack(">I", len(body)) + body + self._app_id
        fill = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(plain + bytes([fill]) * fill) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def decrypt(self, sealed: str) -> str:
        """The message. Raises Undecipherable."""
        try:
            decryptor = self._cipher.decryptor()
            plain = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
        except (ValueError, binascii.Error) as error:
            raise Undecipherable("not base64 of whole blocks") from error
        return self._opened(plain)

    def _opened(self, plain: bytes) -> str:
        fill = plain[-1] if plain else 0
        if not 1 <= fill <= _BLOCK or plain[-fill:] != bytes([fill]) * fill:
            raise Undecipherable("bad padding")
        plain = plain[:-fill]
        if len(plain) < _HEAD:
            raise Undecipherable("too short")
        (length,) = struct.unpack(">I", plain[16:_HEAD])
        if plain[_HEAD + length :] != self._app_id:
            raise Undecipherable("another app id")
        try:
            return plain[_HEAD : _HEAD + length].decode()
        except UnicodeDecodeError as error:
            raise Undecipherable("not UTF-8") from error
