"""Before migrations change a database with records in it, it is put away: an upgrade can be undone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from bot.backups.locks import upgrading_alone
from bot.backups.making import make_backup
from bot.backups.manifest import Contents
from bot.backups.places import Places
from bot.backups.refused import Refused
from bot.backups.texts import BACKUP
from handoff.models import Contact
from handoff.tombstones import note_erased

KEEPS = 3


def migrate(*, backup_first: bool, now: datetime, say: Callable[[str], None]) -> None:
    """Bring the schema up to date. Raises Refused, and changes nothing, when the backup before it fails."""
    with upgrading_alone(settings.NIANGJIA.home):
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan and executor.loader.applied_migrations and backup_first:
            say(BACKUP["upgrading"])
            say(BACKUP["upgrade_saved"].format(path=_put_away(now)))
        call_command("migrate", verbosity=0, interactive=False)
    with suppress(OSError, DatabaseError):  # every backup looks again
        note_erased(Contact.objects.filter(erased_at__isnull=False).values_list("pk", flat=True))


def _put_away(now: datetime) -> Path:
    folder = Places(settings.NIANGJIA.home).backups
    try:
        return make_backup(folder, contents=Contents.RECORDS, keep=KEEPS, now=now).path
    except Refused as error:
        raise Refused(BACKUP["upgrade_refused"].format(why=error)) from error
