"""`niangjia eval`: measures a part against a file of labelled examples."""

from __future__ import annotations

import argparse

from bot.command import eval_answers, eval_retrieval, eval_scope, eval_screening
from bot.texts import COMMAND

HELP = COMMAND["help_eval"]
MEASURES = {"screening": eval_screening, "retrieval": eval_retrieval, "answers": eval_answers, "scope": eval_scope}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command for each part that can be measured."""
    subparsers = parser.add_subparsers(required=True, metavar=COMMAND["subcommand"])
    for name, module in MEASURES.items():
        subparser = subparsers.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_arguments(subparser)
        subparser.set_defaults(measure=module.run)


def run(options: argparse.Namespace) -> int:
    """Measure the part that was named."""
    return int(options.measure(options) or 0)
