"""Names we define use the words of the glossary, never those it rules out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import our_modules

NEVER = {
    "president", "agent", "staff", "employee", "fee", "report", "compensation", "strike", "ticket", "escalate",
    "kb", "chunk", "branch",
}  # fmt: skip
NEVER_PAIRS = {"labor_org", "gig_worker"}
# Words that a library owns, in names that must be spelt so.
ALLOWED = {
    "nlu": {"agent"},  # rasa.core.agent.Agent
}


def _defined_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node.lineno
            case ast.arg():
                yield node.arg, node.lineno
            case ast.Name(ctx=ast.Store()):
                yield node.id, node.lineno
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr, node.lineno


def _words(name: str) -> set[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    words = set(spaced.split("_"))
    return words | {word.removesuffix("s") for word in words} | {pair for pair in NEVER_PAIRS if pair in spaced}


def test_names_use_the_words_of_the_glossary() -> None:
    wrong = []
    for place, tree in our_modules():
        allowed = ALLOWED.get(place.split("/")[0], set())
        for name, line in _defined_names(tree):
            bad = _words(name) & (NEVER | NEVER_PAIRS) - allowed
            if bad:
                wrong.append(f"{place}:{line}: {name} ({', '.join(bad)})")
    assert not wrong, "\n".join(wrong)


def test_the_test_itself_sees_plurals_and_camel_case() -> None:
    assert "ticket" in _words("OpenTickets")
    assert "fee" in _words("member_fee")
