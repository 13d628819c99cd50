"""The keys, in a file of their own under a passphrase: without them an archive opens no word, and they open none alone.

scrypt (RFC 7914) makes the key, AES-256-GCM seals. niangjia.toml lies with them: it holds the platforms' passwords.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from bot.backups.manifest import key_mark
from bot.backups.places import Places, write_note, written_whole
from bot.backups.refused import Refused, in_one_sentence
from bot.backups.texts import BACKUP

MASTER = "master.key"
SHORTEST_PASSPHRASE = 12
_FORMAT = "niangjia-keys-1"
# 128 MiB and about half a second (OWASP Password Storage Cheat Sheet: N=2^17, r=8, p=1).
_COST, _BLOCK, _LANES = 2**17, 8, 1
_MOST_COST = 2**20


@dataclass(frozen=True)
class Keys:
    """The files of the secrets folder by name, and the settings file when there is one."""

    files: Mapping[str, bytes] = field(repr=False)
    settings_file: bytes | None = field(repr=False)

    @property
    def master_key(self) -> bytes:
        """The key that wraps the contacts' keys."""
        return self.files[MASTER]


def keys_in(home: Path) -> Keys | None:
    """The keys of a home; None when it has no master key."""
    places = Places(home)
    if not (places.secrets / MASTER).is_file():
        return None
    files = {path.name: path.read_bytes() for path in places.secrets.glob("[!.]*") if path.is_file()}
    own = places.settings_file
    return Keys(files, own.read_bytes() if own.is_file() else None)


def back_up_keys(home: Path, target: Path, passphrase: str, *, now: datetime) -> None:
    """Write the keys of a home, sealed, into a new file, and note that it was done. Raises Refused."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Refused(BACKUP["short_passphrase"].format(least=SHORTEST_PASSPHRASE))
    if target.exists():
        raise Refused(BACKUP["exists"].format(path=target))
    with in_one_sentence():
        keys = keys_in(home)
        if keys is None:
            raise Refused(BACKUP["no_keys_here"])
        with written_whole(target) as file:
            file.write(_sealed(keys, passphrase, now=now))
        note = {"at": now.isoformat(), "key": key_mark(keys.master_key), "path": str(target)}
        write_note(Places(home).key_backup, note)


def read_keys(path: Path, passphrase: str) -> Keys:
    """Raises Refused: not such a file, another passphrase, altered."""
    with in_one_sentence():
        raw = path.read_bytes()
    try:
        head = json.loads(raw)
        sealed = _bytes(head.pop("sealed"))
        if head["format"] != _FORMAT or head["cost"] > _MOST_COST:
            raise Refused(BACKUP["not_keys"].format(path=path))
        key = _derive(passphrase, _bytes(head["salt"]), cost=head["cost"])
        opened = json.loads(AESGCM(key).decrypt(_bytes(head["nonce"]), sealed, _place(head)))
        own = opened["settings_file"]
        return Keys(
            {name: _bytes(value) for name, value in opened["files"].items() if "/" not in name},
            None if own is None else _bytes(own),
        )
    except InvalidTag as error:
        raise Refused(BACKUP["wrong_passphrase"]) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(BACKUP["not_keys"].format(path=path)) from error


def _sealed(keys: Keys, passphrase: str, *, now: datetime) -> bytes:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    head = {
        "format": _FORMAT,
        "at": now.isoformat(),
        "key": key_mark(keys.master_key),
        "cost": _COST,
        "salt": _text(salt),
        "nonce": _text(nonce),
    }
    plain = {
        "files": {name: _text(value) for name, value in keys.files.items()},
        "settings_file": None if keys.settings_file is None else _text(keys.settings_file),
    }
    sealed = AESGCM(_derive(passphrase, salt, cost=_COST)).encrypt(nonce, json.dumps(plain).encode(), _place(head))
    return json.dumps(head | {"sealed": _text(sealed)}, indent=1).encode() + b"\n"


def _derive(passphrase: str, salt: bytes, *, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost, r=_BLOCK, p=_LANES).derive(passphrase.encode())


def _place(head: Mapping[str, Any]) -> bytes:
    return json.dumps(head, sort_keys=True).encode()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str) -> bytes:
    return base64.b64decode(value, validate=True)
