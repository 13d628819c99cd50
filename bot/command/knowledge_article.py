"""`niangjia knowledge article`: one article as it read on a day, word for word, from the knowledge base in use."""

from __future__ import annotations

import argparse

from bot.command.arguments import date_argument
from bot.command.errors import CommandError
from bot.command.knowledge_texts import KNOWLEDGE
from bot.command.loading import loaded_desk, set_up

HELP = KNOWLEDGE["help_article"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """LAW, NUMBER, --as-of."""
    parser.add_argument("law", metavar="LAW", help=KNOWLEDGE["help_article_law"])
    parser.add_argument("article_no", metavar="NUMBER", help=KNOWLEDGE["help_article_no"])
    parser.add_argument("--as-of", type=date_argument, metavar="YYYY-MM-DD", help=KNOWLEDGE["help_on"])


def run(options: argparse.Namespace) -> int:
    """Print the article; 1 when its text of that day is not held. Raises CommandError for an unknown law or number."""
    set_up()
    from django.utils import timezone

    knowledge_base = loaded_desk("knowledge").parts.need_knowledge()
    law = knowledge_base.full_name(options.law)
    if law is None:
        raise CommandError(KNOWLEDGE["unknown_law"].format(law=options.law), exit_code=1)
    try:
        citation = knowledge_base.cite(law, options.article_no, on=options.as_of or timezone.localdate())
    except ValueError as error:
        raise CommandError(KNOWLEDGE["not_an_article"].format(value=options.article_no[:40])) from error
    name = "article" if citation.version_date else "article_no_day"
    print(
        KNOWLEDGE[name].format(
            law=law, article_no=citation.article_no, day=citation.version_date, status=citation.status
        )
    )
    print(citation.text or KNOWLEDGE["article_no_text"])
    return 0 if citation.text else 1
