"""`niangjia serve`: the edges answer at once, the parts load (and are built, if stale) behind them."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

from bot.backups.texts import BACKUP
from bot.command.errors import CommandError
from bot.command.loading import composed_desk, note, set_up
from bot.interpreter import keep_what_is_loaded, switch_often
from bot.texts import COMMAND

if TYPE_CHECKING:
    from bot.composition import Desk
    from bot.configuration import Configuration
    from handoff.first_run import NewAccount
    from handoff.models import Organisation

HELP = COMMAND["help_serve"]
FIRST_ACCOUNT = "admin"
# Read when numpy and the encoders are loaded. One text at a time, several turns at once: threads that share one text
# spin, and wait for each other whenever a core is busy.
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--host and --port win over the configuration."""
    parser.add_argument("--host", help=COMMAND["help_host"])
    parser.add_argument("--port", type=int, help=COMMAND["help_port"])
    parser.add_argument("--no-backup", action="store_true", help=BACKUP["help_no_backup"])


def run(options: argparse.Namespace) -> int:
    """Serve until a signal comes."""
    for variable in _ONE_THREAD:
        os.environ.setdefault(variable, "1")
    switch_often()
    set_up()
    import uvicorn
    from django.conf import settings

    configuration: Configuration = settings.NIANGJIA
    host, port = options.host or configuration.host, options.port or configuration.port
    listening = _listen(host, port)
    prepare_database(configuration, backup_first=not options.no_backup)
    desk = composed_desk()
    runtime = desk.runtime()
    address = configuration.public_url.rstrip("/") or f"http://{host}:{port}"
    note(COMMAND["edges_ready"].format(address=address))
    runtime.start(_loaders(desk), when_loaded=lambda ready: _when_loaded(desk, address, ready=ready))
    server = uvicorn.Server(
        uvicorn.Config(
            "bot.asgi:application",
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=5,
            forwarded_allow_ips=list(configuration.trusted_proxies),
            proxy_headers=bool(configuration.trusted_proxies),
        )
    )
    # uvicorn raises the signal again when it has shut down; what is under way is to be finished after that.
    signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        server.run(sockets=[listening])
    finally:
        runtime.stop()
        desk.doors.close()
    return 0


def prepare_database(configuration: Configuration, *, backup_first: bool = True) -> Organisation:
    """Bring the schema up to date (after a backup of what is there) and make sure that there is a union with its
    hotlines. Until this process ends no restore begins on its home."""
    from django.utils import timezone

    from bot.backups.locks import hold_desk
    from bot.backups.refused import Refused
    from bot.backups.upgrade import migrate
    from handoff.first_run import ensure_named, ensure_union

    try:
        hold_desk(configuration.home)
        migrate(backup_first=backup_first, now=timezone.now(), say=note)
    except Refused as error:
        raise CommandError(str(error), exit_code=1) from error
    union = ensure_union(configuration.union_name)
    named = {account.organisation for account in configuration.wechat.accounts}
    for name in sorted({*named, configuration.telegram.organisation} - {""}):
        ensure_named(name)
    return union


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise CommandError(COMMAND["port_taken"].format(host=host, port=port, why=error.strerror)) from error
    listening.listen(512)
    listening.set_inheritable(False)
    return listening


def _loaders(desk: Desk):  # type: ignore[no-untyped-def]
    """The loaders, with a build of what is stale before the first: in its own process, whose memory goes with it."""
    loaders = dict(desk.serving_loaders())
    first = next(iter(loaders))
    load_first = loaders[first]

    def build_then_load(parts):  # type: ignore[no-untyped-def]
        build_if_stale(desk.configuration)
        return load_first(parts)

    loaders[first] = build_then_load
    return loaders


def build_if_stale(configuration: Configuration) -> None:
    """Raises CalledProcessError when a part cannot be built; that process has said why."""
    from bot.buildable import buildable_parts, other_encoder
    from bot.builds import is_stale

    if not any(is_stale(part, configuration.build_dir) for part in buildable_parts(configuration).values()):
        return
    if (refusal := other_encoder(configuration)) is not None:
        note(f"{refusal}{COMMAND['built_anew']}")
    as_many_threads = ["env", *(word for variable in _ONE_THREAD for word in ("-u", variable))]
    command = [*as_many_threads, sys.executable, "-m", "bot.command.main", "build"]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def _when_loaded(desk: Desk, address: str, *, ready: bool) -> None:
    keep_what_is_loaded()
    _announce(desk, address, ready=ready)


def _announce(desk: Desk, address: str, *, ready: bool) -> None:
    """Also when a part is missing there is an account: somebody must be able to see the alarms."""
    account = _first_account(desk.configuration)
    lines = [COMMAND["ready" if ready else "not_ready"].format(address=address)]
    if account is not None:
        lines.append(COMMAND["first_account"].format(username=account.username, password=account.password))
    print("\n".join(lines), flush=True)


def _first_account(configuration: Configuration) -> NewAccount | None:
    """Made when the desk is ready for the first time, so that the password is shown where it is read."""
    from handoff.first_run import add_cadre, ensure_union
    from handoff.kinds import CadreRole
    from handoff.models import Cadre

    if Cadre.objects.exists():
        return None
    return add_cadre(
        ensure_union(configuration.union_name),
        FIRST_ACCOUNT,
        display_name=COMMAND["first_cadre_name"],
        role=CadreRole.SUPERVISOR,
        password=configuration.admin_password,
    )
