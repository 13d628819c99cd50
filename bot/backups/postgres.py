"""PostgreSQL's own programs, by which its databases are copied and put back."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection, connections

from bot.backups.refused import Refused
from bot.backups.texts import BACKUP

# What libpq reads from its environment for each option that a database address may carry.
_OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}
_PATH = "/usr/local/bin:/usr/bin:/bin"


def dump_postgres(target: Path) -> None:
    """One snapshot in pg_dump's custom format. Raises Refused."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def check_dump(path: Path) -> None:
    """Whether pg_restore can read it. Raises Refused."""
    _run("pg_restore", "--list", str(path))


def restore_postgres(dump: Path, *, aside: Path, replace: bool) -> None:
    """All of it or nothing: what stands there is saved `aside`, then dropped in the transaction that brings the new.

    Raises Refused when others are connected, or when something stands there and `replace` is not set.
    """
    others = _others()
    if others:
        raise Refused(BACKUP["others_connected"].format(count=others))
    tables = connection.introspection.table_names()
    if tables and not replace:
        raise Refused(BACKUP["not_empty"].format(home=connection.settings_dict["NAME"]))
    if tables:
        aside.mkdir(exist_ok=True, mode=0o700)
        dump_postgres(aside / dump.name)
    script = dump.with_suffix(".sql")
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump))
    names = ", ".join(connection.ops.quote_name(name) for name in tables)
    drop = [f"--command=DROP TABLE {names} CASCADE"] if tables else []
    connections.close_all()
    quiet = ["--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1"]
    _run("psql", *quiet, "--single-transaction", *drop, f"--file={script}")
    script.unlink()


def database_bytes() -> int:
    """As the server counts it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def _run(program: str, *arguments: str) -> None:
    environment = {"PATH": _PATH, **_libpq(connection.settings_dict)}
    try:
        done = subprocess.run([program, *arguments], env=environment, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise Refused(BACKUP["no_postgres_client"].format(program=program)) from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Refused(BACKUP["postgres_failed"].format(program=program, said=said[-1][:200] if said else ""))


def _libpq(settings: Mapping[str, Any]) -> dict[str, str]:
    """The address without a word of it on a command line, where every user of the machine could read it."""
    named = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    given = {variable: str(settings[name]) for name, variable in named.items() if settings.get(name)}
    options = settings.get("OPTIONS") or {}
    return given | {variable: str(options[name]) for name, variable in _OPTIONS.items() if options.get(name)}
