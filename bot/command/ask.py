"""`niangjia ask`: answers one question, or a file of them, from the knowledge base."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.command.arguments import date_argument, file_arguments, positive
from bot.command.lines import STANDARD, map_lines, write_lines
from bot.command.loading import loaded_desk, set_up
from bot.texts import COMMAND
from knowledge.places import provinces

if TYPE_CHECKING:
    from knowledge.search import Answer, KnowledgeBase

HELP = COMMAND["help_ask"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A question, or --input and --output."""
    parser.add_argument("question", nargs="?", help=COMMAND["help_question"])
    file_arguments(parser)
    parser.add_argument("--top", type=positive, default=10, metavar="N", help=COMMAND["help_top"])
    parser.add_argument("--province", choices=provinces(), metavar=COMMAND["province"], help=COMMAND["help_province"])
    parser.add_argument("--as-of", type=date_argument, metavar="YYYY-MM-DD", help=COMMAND["help_as_of"])


def run(options: argparse.Namespace) -> int:
    """Answer and write JSON Lines."""
    set_up()
    from django.utils import timezone

    knowledge_base = loaded_desk("knowledge").parts.need_knowledge()
    today = timezone.localdate()

    def work(question: str) -> Mapping[str, Any]:
        return answer_row(
            knowledge_base,
            question,
            today=today,
            as_of=options.as_of,
            top=options.top,
            province=options.province,
        )

    if options.question is not None:
        write_lines(options.output, [{"id": None, **work(options.question)}], total=1)
    else:
        map_lines(options.input or STANDARD, options.output, field="question", of=str, work=work)
    return 0


def answer_row(
    knowledge_base: KnowledgeBase,
    question: str,
    *,
    today: date,
    as_of: date | None,
    top: int,
    province: str | None,
) -> dict[str, Any]:
    """One answer as the contract's JSON object, without its id."""
    began = time.perf_counter()
    answer = knowledge_base.answer(question, today=today, as_of=as_of, top=top, province=province)
    return {"question": question, **_fields(answer), "ms": round((time.perf_counter() - began) * 1000, 1)}


def _fields(answer: Answer) -> dict[str, Any]:
    return {
        "outcome": answer.outcome.value,
        "answer": answer.text,
        "citations": [citation_row(citation) for citation in answer.citations],
        "entry": answer.entry,
        "score": round(answer.score, 4),
    }


def citation_row(citation: Any) -> dict[str, Any]:
    """A citation as JSON; dates as ISO strings."""
    return {
        "law": citation.law,
        "article_no": citation.article_no,
        "article": citation.article,
        "version_date": citation.version_date.isoformat() if citation.version_date else None,
        "text": citation.text,
        "status": citation.status,
        "kind": citation.kind.value,
    }
