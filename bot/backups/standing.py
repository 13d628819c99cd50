"""How the installation stands: whether there are backups of its records and keys, young enough and far enough away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bot.backups.keys import keys_in
from bot.backups.manifest import key_mark
from bot.backups.places import Places, read_note
from bot.backups.texts import BACKUP

# One night may fail, not two.
OLD_AFTER = timedelta(days=2)


def backup_problems(home: Path, *, now: datetime) -> Iterator[str]:
    """For `niangjia check`."""
    at = moment(read_note(Places(home).last_backup).get("at"))
    if at is None:
        yield BACKUP["check_none"]
    elif now - at > OLD_AFTER:
        yield BACKUP["check_old"].format(days=(now - at).days)
    missing = key_problem(home)
    if missing is not None:
        yield BACKUP[f"check_{missing}"]
    for folder in sorted(home.glob("before-restore-*")):
        yield BACKUP["check_set_aside"].format(folder=folder)


def backup_remarks(home: Path) -> Iterator[str]:
    """What is worth knowing and may be as it should be."""
    path = Path(str(read_note(Places(home).last_backup).get("path", "")))
    try:
        if path.name and path.parent.stat().st_dev == home.stat().st_dev:
            yield BACKUP["remark_same_disk"].format(folder=path.parent)
    except OSError:
        return


def key_problem(home: Path) -> str | None:
    """ "keys_never", "keys_other" (another key was put away than the one in use), or None."""
    keys = keys_in(home)
    if keys is None:
        return None
    noted = read_note(Places(home).key_backup)
    if not noted:
        return "keys_never"
    return None if noted.get("key") == key_mark(keys.master_key) else "keys_other"


def moment(text: object) -> datetime | None:
    """An aware time from a note."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
