"""What stands in an archive, and by which it is checked: its last member, `manifest.json`."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.backups.refused import Refused
from bot.backups.texts import BACKUP

FORMAT = 1
NAME = "manifest.json"


class Contents(StrEnum):
    """FULL: records and originals. RECORDS: the database alone, made before an upgrade changes it."""

    FULL = "full"
    RECORDS = "records"


@dataclass(frozen=True)
class Member:
    """One file of the archive. `sha256` in hex."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`key`: which master key the words are sealed under (`key_mark`). `migrations`: those applied, as "app.name"."""

    contents: Contents
    program: str
    made_at: datetime
    vendor: str
    key: str
    migrations: tuple[str, ...]
    missing: int = 0
    members: dict[str, Member] = field(default_factory=dict)

    def as_bytes(self, master_key: bytes) -> bytes:
        """As it stands in the archive, with a code that only who holds the master key can make."""
        row = asdict(self) | {"format": FORMAT, "made_at": self.made_at.isoformat()}
        row["code"] = _code(row, master_key)
        return json.dumps(row, ensure_ascii=False, indent=1).encode()


@dataclass(frozen=True)
class Read:
    """A manifest as it was found, with its code still to be checked."""

    manifest: Manifest
    row: dict[str, Any]

    def is_ours(self, master_key: bytes) -> bool:
        """Whether it was written by a holder of this master key and is unchanged."""
        given = str(self.row.get("code", ""))
        rest = {name: value for name, value in self.row.items() if name != "code"}
        return hmac.compare_digest(given.encode(), _code(rest, master_key).encode())


def read_manifest(raw: bytes) -> Read:
    """Raises Refused when it is of a newer format or cannot be read."""
    try:
        row = json.loads(raw)
        number = int(row["format"])
        if number > FORMAT:
            raise Refused(BACKUP["newer_format"])
        manifest = Manifest(
            contents=Contents(row["contents"]),
            program=str(row["program"]),
            made_at=datetime.fromisoformat(row["made_at"]),
            vendor=str(row["vendor"]),
            key=str(row["key"]),
            migrations=tuple(map(str, row["migrations"])),
            missing=int(row["missing"]),
            members={name: Member(**one) for name, one in row["members"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(BACKUP["not_a_backup"]) from error
    return Read(manifest, row)


def key_mark(master_key: bytes) -> str:
    """Tells keys apart without telling the key."""
    return hmac.new(master_key, b"niangjia: which master key", hashlib.sha256).hexdigest()[:16]


def _code(row: dict[str, Any], master_key: bytes) -> str:
    text = json.dumps(row, sort_keys=True, ensure_ascii=False).encode()
    own = hmac.new(master_key, b"niangjia: backup manifests", hashlib.sha256).digest()
    return hmac.new(own, text, hashlib.sha256).hexdigest()
