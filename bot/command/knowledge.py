"""`niangjia knowledge`: statutes that a union brings itself, their versions, and whether the knowledge base is true."""

from __future__ import annotations

import argparse

from bot.command import (
    knowledge_article,
    knowledge_check,
    knowledge_history,
    knowledge_import,
    knowledge_rollback,
    knowledge_versions,
)
from bot.command.knowledge_texts import KNOWLEDGE
from bot.texts import COMMAND

HELP = KNOWLEDGE["help"]
ACTIONS = {
    "import": knowledge_import,
    "versions": knowledge_versions,
    "history": knowledge_history,
    "rollback": knowledge_rollback,
    "article": knowledge_article,
    "check": knowledge_check,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command for each thing that can be done."""
    actions = parser.add_subparsers(required=True, metavar=COMMAND["subcommand"])
    for name, action in ACTIONS.items():
        subparser = actions.add_parser(name, help=action.HELP, description=action.HELP)
        action.add_arguments(subparser)
        subparser.set_defaults(act=action.run)


def run(options: argparse.Namespace) -> int:
    """Do what was asked."""
    return int(options.act(options) or 0)
