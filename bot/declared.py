"""Declaring a setting: its name, how a value is read, its default, and words for the operator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.texts import CONFIGURATION as TEXTS
from knowledge.places import province_of_address


@dataclass(frozen=True)
class Setting:
    """One declared setting: `parse` turns text (or a TOML value) into the typed value or raises ValueError."""

    name: str
    parse: Callable[[Any], Any]
    default: Any
    kind: str
    help: str
    secret: bool = False


def integer(low: int, high: int) -> Callable[[Any], int]:
    def parse(value: Any) -> int:
        number = int(str(value).strip())
        if not low <= number <= high:
            raise ValueError(TEXTS["out_of_range"].format(low=low, high=high))
        return number

    return parse


def flag(value: Any) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    return words[str(value).strip().lower()]


def names(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else str(value).split(",")
    return tuple(str(item).strip() for item in items if str(item).strip())


def clock_time(value: Any) -> str:
    return time.fromisoformat(str(value).strip().zfill(5)).strftime("%H:%M")


def zone(value: Any) -> str:
    try:
        return ZoneInfo(str(value)).key
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(TEXTS["unknown_zone"]) from error


def folder(value: Any) -> Path | None:
    return Path(str(value)).expanduser() if value else None


def one_of(*words: str) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        word = str(value).strip().lower()
        if word not in words:
            raise ValueError(TEXTS["not_one_of"].format(words=", ".join(words)))
        return word

    return parse


def province(value: Any) -> str:
    """As people call it, 「江西」; 「江西省」 and a city of it will do."""
    word = str(value).strip()
    found = province_of_address(word)
    if word and found is None:
        raise ValueError(TEXTS["no_province"])
    return found or ""


def https(value: Any) -> str:
    address = str(value).strip()
    if address and not address.startswith("https://"):
        raise ValueError(TEXTS["not_https"])
    return address
