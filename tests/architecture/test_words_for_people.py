"""Chinese stands in templates, data and texts modules; code holds none, so that the words can be reviewed in one place."""

from __future__ import annotations

import ast
import re

from tests.architecture.source import our_modules

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Names of states and kinds as people read them stand beside their values.
TEXT_MODULES = re.compile(r"(^|/)(texts|\w+_texts|kinds)\.py$")
# Modules whose subject is Chinese text itself: numerals of articles, the characters that are normalised.
ABOUT_CHINESE = re.compile(r"^(knowledge|handoff/screening|nlu/components|actions)/")


def _docstrings(tree: ast.Module) -> set[int]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(id(node.value))
    return found


def test_words_that_people_read_stand_in_texts() -> None:
    wrong = []
    for place, tree in our_modules():
        if TEXT_MODULES.search(place) or ABOUT_CHINESE.search(place):
            continue
        docstrings = _docstrings(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                if CHINESE.search(node.value):
                    wrong.append(f"{place}:{node.lineno}: {node.value[:30]}")
    assert not wrong, "\n".join(wrong)
