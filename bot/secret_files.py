"""Secrets of an installation: random bytes made on this machine on first run, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


class SecretFileUnsafe(Exception):
    """A secret file can be read by others, or has the wrong length."""


def secret(folder: Path, name: str, *, length: int = 32, make: bool = True) -> bytes:
    """The secret `name`, made on first use (mode 0600) if `make` allows it. Safe when several processes start at once.

    Raises SecretFileUnsafe when others may read the file, it was cut short, or it is missing and must not be made.
    """
    path = folder / name
    if not path.exists():
        if not make:
            raise SecretFileUnsafe(f"{path}: missing")
        _create(path, secrets.token_bytes(length))
    if path.stat().st_mode & 0o077:
        raise SecretFileUnsafe(f"{path}: chmod 600")
    value = path.read_bytes()
    if len(value) != length:
        raise SecretFileUnsafe(f"{path}: {len(value)} bytes, expected {length}")
    return value


def _create(path: Path, value: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails when another process was first: then theirs counts
    except FileExistsError:
        pass
    finally:
        draft.unlink()
