"""The page's own files hold nothing that Chrome 86 or Safari 14 do not know: WeChat's browsers are often that old."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot

STATIC = Path(bot.__file__).parent / "static" / "webchat"
MODULES = sorted(path for path in STATIC.glob("*.js") if re.search(r"^(import|export) ", path.read_text(), re.M))
CLASSIC = sorted(set(STATIC.glob("*.js")) - set(MODULES))
STYLES = sorted(STATIC.glob("*.css"))

# What came after Chrome 86 or Safari 14, and what is not there without HTTPS.
TOO_NEW = {
    "top-level await": r"^await ",
    "a class field": r"^  (?:static )?#?\w+ = |^  #\w+|^  static \{",
    "logical assignment": r"\?\?=|\|\|=|&&=",
    "look-behind": r"\(\?<[=!]",
    "a numeric separator": r"\d_\d",
    "at()": r"\.at\(",
    "hasOwn": r"Object\.hasOwn\b",
    "structuredClone": r"structuredClone",
    "replaceAll": r"\.replaceAll\(",
    "findLast": r"\.findLast",
    "toSorted and its kin": r"\.(?:toSorted|toReversed|toSpliced|with)\(",
    "groupBy": r"\.groupBy\(",
    "Promise.any": r"Promise\.(?:any|try|withResolvers)\b",
    "an error's cause": r"cause:",
    "randomUUID": r"randomUUID",
    "AbortSignal's helpers": r"AbortSignal\.",
    "BroadcastChannel": r"BroadcastChannel",
    "a service worker": r"serviceWorker",
    "requestSubmit": r"requestSubmit",
    "replaceChildren": r"replaceChildren",
    "requestIdleCallback": r"requestIdleCallback",
    "the flag d or v of an expression": r"/[gimsuy]*[dv][gimsuy]*[;,)]",
    "import with or assert": r"import .* (?:with|assert) \{",
}
TOO_NEW_STYLES = {
    "a gap between flex items": r"(?<!grid-column-)(?<!grid-row-)(?<!-)\b(?:row-|column-)?gap\s*:",
    "inset": r"^\s*inset(?:-\w+)*\s*:",
    ":has, :is, :where": r":(?:has|is|where)\(",
    "nesting": r"^\s*&",
    "aspect-ratio": r"aspect-ratio\s*:",
    "layers and containers": r"@(?:layer|container|scope|starting-style)",
    "new colours": r"(?:color-mix|oklch|oklab|lab|lch)\(",
    "media ranges": r"@media[^{]*[<>]",
    "logical sizes": r"\b(?:margin|padding)-(?:inline|block)\b",
    "accent-color": r"accent-color",
}
# Both know where it is missing what stands before it.
WITH_A_FALLBACK = {"height: 100dvh": "height: 100vh"}


def _found(source: str, patterns: dict[str, str]) -> list[str]:
    return [name for name, pattern in patterns.items() if re.search(pattern, source, re.M)]


def _without_comments(path: Path) -> str:
    source = path.read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/", "", re.sub(r"^\s*//.*$", "", source, flags=re.M), flags=re.S)


@pytest.mark.parametrize("script", MODULES + CLASSIC, ids=lambda path: path.name)
def test_scripts_hold_no_syntax_and_no_call_that_is_too_new(script: Path) -> None:
    assert _found(_without_comments(script), TOO_NEW) == []


@pytest.mark.parametrize("script", CLASSIC, ids=lambda path: path.name)
def test_classic_scripts_run_in_any_browser(script: Path) -> None:
    source = _without_comments(script)
    assert not re.search(r"=>|`|\b(?:let|const|class|async|await|of)\b|\?\.|\?\?|\.\.\.", source)


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_styles_hold_nothing_that_is_too_new_without_what_stands_in_for_it(style: Path) -> None:
    source = _without_comments(style)
    assert _found(source, TOO_NEW_STYLES) == []
    for new, old in WITH_A_FALLBACK.items():
        assert source.count(new) <= source.count(old)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("await start();", "top-level await"),
        ("  count = 0;", "a class field"),
        ("a ??= b", "logical assignment"),
        ("x.at(-1)", "at()"),
        ("1_000", "a numeric separator"),
    ],
)
def test_what_is_too_new_is_found(source: str, name: str) -> None:
    assert name in _found(source, TOO_NEW)


def test_a_gap_and_an_inset_are_found_and_a_grids_gap_is_not() -> None:
    assert _found("  gap: 1rem;", TOO_NEW_STYLES) == ["a gap between flex items"]
    assert _found("  inset: 0;", TOO_NEW_STYLES) == ["inset"]
    assert _found("  grid-column-gap: 1rem;", TOO_NEW_STYLES) == []


def test_what_not_every_browser_has_is_asked_for_before_it_is_used() -> None:
    sources = {path.name: _without_comments(path) for path in MODULES}
    for name, question in {
        "EventSource(": "window.EventSource",
        "ResizeObserver(": "window.ResizeObserver",
        "visualViewport.addEventListener": "if (window.visualViewport)",
        ".showModal()": "if (dialog.showModal)",
    }.items():
        for file, source in sources.items():
            assert name not in source or question in source, (file, name)
