"""Parts are built once for the same inputs, and never half."""

from pathlib import Path

import pytest

from bot.builds import BuildablePart, PartMissing, build_part, folder_of, is_stale


def _part(digest: str, content: str = "x") -> BuildablePart:
    return BuildablePart(
        "toy", digest=lambda: digest, build=lambda folder: (folder / "data").write_text(content) and None
    )


def test_a_part_is_stale_until_built_and_again_when_its_inputs_change(tmp_path: Path) -> None:
    assert is_stale(_part("a" * 32), tmp_path) == "new"
    build_part(_part("a" * 32), tmp_path)
    assert is_stale(_part("a" * 32), tmp_path) is None
    assert is_stale(_part("b" * 32), tmp_path) == "changed"


def test_a_broken_off_build_leaves_nothing(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").write_text("x")
        raise RuntimeError

    part = BuildablePart("toy", digest=lambda: "a" * 32, build=fail)
    with pytest.raises(RuntimeError):
        build_part(part, tmp_path)
    with pytest.raises(PartMissing):
        folder_of(part, tmp_path)
    assert list((tmp_path / "toy").iterdir()) == []


def test_old_builds_are_dropped_but_for_the_last(tmp_path: Path) -> None:
    for letter in "abcd":
        build_part(_part(letter * 32), tmp_path)
    left = {path.name[0] for path in (tmp_path / "toy").iterdir()}
    assert "d" in left
    assert len(left) == 2


def test_two_builders_of_the_same_inputs_agree(tmp_path: Path) -> None:
    part = _part("a" * 32)
    assert build_part(part, tmp_path) == build_part(part, tmp_path) == folder_of(part, tmp_path)
