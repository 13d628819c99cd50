"""Places as workers and laws name them → provinces. The names stand in ``sources/places.yml``."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from knowledge import texts
from knowledge.normalise import normalise
from knowledge.tokens import every_word

LONGEST_PLACE: Final = 30
_PLACES: Final = Path(__file__).parent / "sources" / "places.yml"
_SUFFIX: Final = re.compile(texts.PLACE_SUFFIX)
_HERE_BEFORE: Final = re.compile(texts.HERE_BEFORE)
_HERE_AFTER: Final = re.compile(texts.HERE_AFTER)
_NOT_HERE_BEFORE: Final = re.compile(texts.NOT_HERE_BEFORE)
_NOT_HERE_AFTER: Final = re.compile(texts.NOT_HERE_AFTER)
_BESIDE_A_PLACE: Final = re.compile(texts.BESIDE_A_PLACE)


@dataclass(frozen=True)
class Region:
    """Where a local law holds: ``name`` as the law's own name begins, 「浙江省」 or 「杭州市」."""

    province: str
    name: str

    @property
    def is_whole_province(self) -> bool:
        """Not so 吉林市, which bears its province's name."""
        return self.name.startswith(self.province) and self.name not in _by_city()


@dataclass(frozen=True)
class _Mention:
    """A place in a text; ``start`` and ``end`` in characters."""

    province: str
    start: int
    end: int


@cache
def _read() -> tuple[Mapping[str, str], ...]:
    return tuple(yaml.safe_load(_PLACES.read_text("utf-8")))


def provinces() -> tuple[str, ...]:
    """All of them, as people call them: 「江西」, 「内蒙古」."""
    return tuple(item["province"] for item in _read())


def _written(name: str) -> tuple[str, ...]:
    """As it stands when it ends in 市, 州 …, else with any of them too."""
    return (name,) if _SUFFIX.search(name) else (name, *(name + end for end in texts.PLACE_SUFFIXES))


@cache
def _by_name() -> dict[str, str]:
    """Every name that counts → its province."""
    names: dict[str, str] = {}
    for item in _read():
        province = item["province"]
        for name in (province, item.get("full", province), *item.get("places", "").split()):
            names.update(dict.fromkeys(_written(name), province))
    return names


@cache
def _by_city() -> frozenset[str]:
    """Cities, prefectures and leagues alone, all the ways they are written."""
    return frozenset(name for item in _read() for place in item.get("places", "").split() for name in _written(place))


@cache
def _region_pattern() -> re.Pattern[str]:
    bare = {_SUFFIX.sub("", name) or name for name in _by_name()}
    longest_first = "|".join(sorted(map(re.escape, bare), key=lambda name: (-len(name), name)))
    return re.compile(texts.REGION_OF_LAW.format(names=longest_first))


@cache
def region_of(law: str) -> Region | None:
    """Of a law by its name, 「杭州市企业工资集体协商条例」; None for the whole country.

    A name that only holds 省 or 市, or names a place after the body that issued it, is no place's law.
    """
    found = _region_pattern().match(law)
    if found is None:
        return None
    known = _by_name()
    province = known.get(found["name"]) or next(known[name] for name in known if _SUFFIX.sub("", name) == found["name"])
    return Region(province, found[0])


def _mentions(line: str) -> Iterator[_Mention]:
    """By whole words, so that 「每天津贴」 and 「把东西藏起来」 name no place."""
    end = 0
    for word in every_word(line):
        start = line.index(word, end)
        end = start + len(word)
        # The 市 of a name may have been cut off as a word of its own.
        suffixed = line[start : end + 1]
        name = suffixed if suffixed in _by_name() and suffixed.endswith(texts.PLACE_SUFFIXES) else word
        if name in _by_name():
            yield _Mention(_by_name()[name], start, start + len(name))


def _is_elsewhere(line: str, mention: _Mention) -> bool:
    return bool(_NOT_HERE_BEFORE.search(line[: mention.start]) or _NOT_HERE_AFTER.match(line[mention.end :]))


def _is_surely_here(line: str, mention: _Mention) -> bool:
    return bool(_HERE_BEFORE.search(line[: mention.start]) or _HERE_AFTER.match(line[mention.end :]))


def province_told(text: str) -> str | None:
    """Where somebody says that they work, or whose rules they ask about; None when nothing or more than one is said.

    Home, a household registration, a journey, a spouse's place of work are other places than where one works.
    """
    line = normalise(text)
    mentions = [mention for mention in _mentions(line) if not _is_elsewhere(line, mention)]
    surely = {mention.province for mention in mentions if _is_surely_here(line, mention)}
    said = surely or {mention.province for mention in mentions}
    return said.pop() if len(said) == 1 else None


def is_only_a_place(text: str) -> bool:
    """Whether a message says where somebody is and nothing else: 「我在江西」, 「南昌的厂」, 「那浙江呢」."""
    line = normalise(text)
    if len(line) > LONGEST_PLACE:
        return False
    rest, end = [], 0
    mentions = list(_mentions(line))
    for mention in mentions:
        rest.append(line[end : mention.start])
        end = mention.end
    rest.append(line[end:])
    return bool(mentions) and all(_BESIDE_A_PLACE.fullmatch(part) for part in rest)


def province_of_address(address: str) -> str | None:
    """Of an address, or a body's name, that begins with its province or its city; None for another one."""
    begun = max((name for name in _by_name() if address.strip().startswith(name)), key=len, default=None)
    return _by_name()[begun] if begun else None
