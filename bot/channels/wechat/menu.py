"""Menu and welcome words of the official account, both in one file: `$NIANGJIA_HOME/menu.yml`, else the one we ship.

A click arrives with the button's key, which stands for a sentence as if the worker had typed it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.conf import settings

from bot.channels.wechat.menu_texts import PROBLEMS

SHIPPED: Final = Path(__file__).with_name("menu.yml")
SOURCES: Final = ("search", "scene", "poster", "other")
MOST_GROUPS: Final = 3
MOST_BUTTONS: Final = 5
# The platform's bounds, in bytes of UTF-8 (developers.weixin.qq.com, «创建自定义菜单»).
LONGEST_GROUP_NAME: Final = 16
LONGEST_NAME: Final = 60
LONGEST_KEY: Final = 128
LONGEST_URL: Final = 1024
LONGEST_SAYS: Final = 200
LONGEST_WELCOME: Final = 600
log = logging.getLogger(__name__)


class MenuProblem(Exception):
    """The file is not right; the message is one sentence for the operator."""


@dataclass(frozen=True)
class Button:
    """A click (`key`, and what it `says`), or a page (`url`)."""

    name: str
    key: str = ""
    says: str = ""
    url: str = ""

    def as_platform(self) -> dict[str, Any]:
        """As WeChat wants it."""
        return {"type": "view", "name": self.name, "url": self.url} if self.url else {
            "type": "click", "name": self.name, "key": self.key
        }  # fmt: skip


@dataclass(frozen=True)
class Group:
    """A button of the first row: with buttons under it, or one itself."""

    name: str
    buttons: tuple[Button, ...]
    alone: Button | None = None

    def as_platform(self) -> dict[str, Any]:
        """As WeChat wants it."""
        if self.alone is not None:
            return self.alone.as_platform()
        return {"name": self.name, "sub_button": [button.as_platform() for button in self.buttons]}


@dataclass(frozen=True)
class Welcome:
    """Words after following: a head by where the worker came from, then the same for all."""

    heads: Mapping[str, str]
    body: str
    privacy: str

    def text(self, source: str, *, union: str, address: str) -> str:
        """The words, with the line on the privacy notice only where it has an address."""
        privacy = self.privacy.format(address=address) if address else ""
        head = self.heads.get(source, self.heads["other"])
        return f"{head}\n{self.body}".format(union=union, privacy=privacy).strip()


@dataclass(frozen=True)
class MenuFile:
    """The whole file."""

    groups: tuple[Group, ...]
    welcome: Welcome

    def as_platform(self) -> dict[str, Any]:
        """What `menu/create` takes."""
        return {"button": [group.as_platform() for group in self.groups]}

    def buttons(self) -> list[Button]:
        """All buttons."""
        return [button for group in self.groups for button in ([group.alone] if group.alone else group.buttons)]


def own_file() -> Path:
    """Where a union keeps its own."""
    return Path(settings.NIANGJIA.home) / "menu.yml"


def current() -> MenuFile:
    """The union's file, read anew when it has changed; else ours. Raises MenuProblem."""
    path = own_file()
    try:
        changed_at = path.stat().st_mtime_ns
    except OSError:
        return read_menu(SHIPPED, 0)
    return read_menu(path, changed_at)


def text_of_key(key: str) -> str | None:
    """The sentence that a click stands for; None for a key that is not (or no longer) ours."""
    return next((button.says for button in _usable().buttons() if button.key == key and key), None)


def welcome(source: str) -> str:
    """Words for somebody who has just followed; `source` is one of SOURCES, anything else counts as "other"."""
    configuration = settings.NIANGJIA
    address = f"{configuration.address}/privacy" if configuration.public_url else ""
    return _usable().welcome.text(source, union=configuration.union_name, address=address)


def _usable() -> MenuFile:
    """A worker meets no silence because the operator's file has a slip: ours stands in, and the log says so."""
    try:
        return current()
    except MenuProblem:
        log.warning("menu.yml is not right and ours stands in: run `niangjia wechat menu show`")
        return read_menu(SHIPPED, 0)


@lru_cache(maxsize=4)
def read_menu(path: Path, changed_at: int = 0) -> MenuFile:
    """The checked file. Raises MenuProblem. (`changed_at` only tells the cache that it is another file.)"""
    try:
        filed = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise _problem("cannot_read", path, why=getattr(error, "strerror", None) or "UTF-8") from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise _problem("not_yaml", path, line=mark.line + 1 if mark else 1) from error
    if not isinstance(filed, Mapping) or set(filed) != {"menu", "welcome"}:
        raise _problem("not_a_table", path)
    read = MenuFile(_groups(path, filed["menu"]), _welcome(path, filed["welcome"]))
    _check_keys(path, read)
    return read


def _groups(path: Path, filed: Any) -> tuple[Group, ...]:
    listed = filed if isinstance(filed, list) else []
    if not 1 <= len(listed) <= MOST_GROUPS:
        raise _problem("menu_count", path, count=len(listed))
    return tuple(_group(path, number, entry) for number, entry in enumerate(listed, start=1))


def _group(path: Path, number: int, filed: Any) -> Group:
    if _has_texts(filed, "name", "key", "says") or _has_texts(filed, "name", "url"):
        button = _button(path, filed["name"], number, filed, longest_name=LONGEST_GROUP_NAME)
        return Group(button.name, (), button)
    if not isinstance(filed, Mapping) or set(filed) != {"name", "buttons"} or not isinstance(filed["name"], str):
        raise _problem("bad_group", path, number=number)
    name, listed = filed["name"].strip(), filed["buttons"]
    _check_name(path, name, LONGEST_GROUP_NAME)
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_BUTTONS:
        raise _problem("button_count", path, name=name, count=len(listed) if isinstance(listed, list) else 0)
    buttons = (_button(path, name, at, entry, longest_name=LONGEST_NAME) for at, entry in enumerate(listed, start=1))
    return Group(name, tuple(buttons))


def _button(path: Path, group: str, number: int, filed: Any, *, longest_name: int) -> Button:
    if not (_has_texts(filed, "name", "key", "says") or _has_texts(filed, "name", "url")):
        raise _problem("bad_button", path, group=group, number=number)
    button = Button(**{name: value.strip() for name, value in filed.items()})
    _check_name(path, button.name, longest_name)
    if button.url or "url" in filed:
        if not button.url.startswith("https://") or _bytes(button.url) > LONGEST_URL:
            raise _problem("bad_url", path, name=button.name)
    elif not 1 <= _bytes(button.key) <= LONGEST_KEY:
        raise _problem("long_key", path, name=button.name, bytes=_bytes(button.key))
    elif not 1 <= len(button.says) <= LONGEST_SAYS:
        raise _problem("long_says", path, name=button.name)
    return button


def _welcome(path: Path, filed: Any) -> Welcome:
    if not isinstance(filed, Mapping) or set(filed) != {"heads", "body", "privacy"}:
        raise _problem("bad_welcome", path)
    if not (_has_texts(filed["heads"], *SOURCES) and isinstance(filed["body"], str)) or not isinstance(
        filed["privacy"], str
    ):
        raise _problem("bad_welcome", path)
    read = Welcome(dict(filed["heads"]), filed["body"], filed["privacy"])
    for source in SOURCES:
        try:
            text = read.text(source, union="", address="https://")
        except (LookupError, ValueError, AttributeError) as error:
            raise _problem("bad_place", path) from error
        if _bytes(text) > LONGEST_WELCOME:
            raise _problem("long_welcome", path, source=source, bytes=_bytes(text))
    return read


def _check_keys(path: Path, read: MenuFile) -> None:
    seen: set[str] = set()
    for button in read.buttons():
        if button.key and button.key in seen:
            raise _problem("same_key", path, key=button.key)
        seen.add(button.key)


def _check_name(path: Path, name: str, most: int) -> None:
    if not 1 <= _bytes(name) <= most:
        raise _problem("long_name", path, name=name, bytes=_bytes(name), most=most)


def _has_texts(filed: Any, *names: str) -> bool:
    """Whether it is a table of exactly these texts."""
    is_table = isinstance(filed, Mapping) and set(filed) == set(names)
    return is_table and all(isinstance(filed[name], str) for name in names)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _problem(sentence: str, path: Path, /, **words: Any) -> MenuProblem:
    return MenuProblem(PROBLEMS[sentence].format(path=path, **words))
