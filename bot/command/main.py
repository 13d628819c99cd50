"""Entry point of the `niangjia` command: reads the arguments, sets Django up, runs one sub-command."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module

from bot.command.errors import CommandError
from bot.journal import log_failure
from bot.texts import COMMAND

SUBCOMMANDS = (
    "build",
    "serve",
    "chat",
    "ask",
    "screen",
    "eval",
    "understand",
    "talk",
    "cadre",
    "alarm",
    "wechat",
    "telegram",
    "simulate",
    "knowledge",
    "check",
    "backup",
    "restore",
    "version",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code: 0 done, 1 something failed, 2 the input or configuration is not right."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # other people's deprecations are nothing that an operator could act on
    parser = _parser()
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bot.settings")
    try:
        return int(options.run(options) or 0)
    except CommandError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _unforeseen(error)


def _unforeseen(error: Exception) -> int:
    """No traceback for the operator: one sentence, and the details in the log (without the exception's own text)."""
    from bot.configuration import ConfigurationError
    from bot.secret_files import SecretFileUnsafe
    from knowledge.errors import KnowledgeError

    if isinstance(error, ConfigurationError):
        print(COMMAND["configuration"], *error.problems, sep="\n- ", file=sys.stderr)
        return 2
    if isinstance(error, SecretFileUnsafe):
        print(COMMAND["secret_unsafe"].format(what=error), file=sys.stderr)
        return 2
    if isinstance(error, KnowledgeError):
        print(error, file=sys.stderr)
        return 1
    log_failure(logging.getLogger("niangjia.command"), "command failed", error)
    print(COMMAND["unforeseen"].format(kind=type(error).__name__), file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="niangjia", description=COMMAND["description"])
    subparsers = parser.add_subparsers(required=True, metavar=COMMAND["subcommand"])
    for name in SUBCOMMANDS:
        module = import_module(f"bot.command.{name}")
        subparser = subparsers.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_arguments(subparser)
        subparser.set_defaults(run=module.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
