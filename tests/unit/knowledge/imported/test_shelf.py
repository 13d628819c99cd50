"""Imported texts on the disk: whole states, one after the other."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.imported.law_text import LawText, law_text_from
from knowledge.imported.shelf import ImportedMeanwhile, NoSuchImport, Shelf, ShelfBroken
from tests.unit.knowledge.imported.samples import TEXT

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
OTHER = replace(TEXT, law="青山省骆驼条例")


def put(shelf: Shelf, *texts: LawText) -> None:
    after = max(shelf.numbers(), default=0)
    shelf.commit(shelf.add(texts), after=after, at=NOW, files=["a.docx"])


def test_what_is_kept_is_what_was_read() -> None:
    assert law_text_from(json.loads(TEXT.as_json())) == TEXT


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert (shelf.newest(), shelf.texts(), shelf.imports()) == (None, (), ())
    assert list(tmp_path.iterdir()) == []


def test_the_newest_list_holds_and_every_older_one_stays(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, TEXT)
    put(shelf, TEXT, OTHER)
    assert [text.law for text in shelf.texts()] == sorted([TEXT.law, OTHER.law])
    assert [len(made.held) for made in shelf.imports()] == [1, 2]
    shelf.commit(shelf.state(1).held, after=2, at=NOW, back_to=1)
    assert shelf.texts() == (TEXT,)
    assert shelf.newest().back_to == 1  # type: ignore[union-attr]
    assert shelf.state(0).held == ()


def test_what_was_added_and_not_committed_does_not_hold(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, TEXT)
    shelf.add([OTHER])
    assert shelf.texts() == (TEXT,)


def test_of_two_imports_at_once_one_is_told(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    held = shelf.add([TEXT])
    shelf.commit(held, after=0, at=NOW)
    with pytest.raises(ImportedMeanwhile, match="再运行一遍"):
        shelf.commit((), after=0, at=NOW)
    assert shelf.texts() == (TEXT,)


def test_a_letter_that_was_changed_on_the_disk_is_noticed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, TEXT)
    (path,) = (tmp_path / "statutes" / "texts").iterdir()
    path.chmod(0o600)
    path.write_text(path.read_text("utf-8").replace("甲", "丁"), "utf-8")
    with pytest.raises(ShelfBroken, match="statutes/texts/"):
        shelf.texts()


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"held": [{"mark": "../../x"}]}'])
def test_a_broken_list_is_told_with_its_path(tmp_path: Path, content: bytes) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, TEXT)
    (tmp_path / "statutes" / "imports" / "000001.json").write_bytes(content)
    with pytest.raises(ShelfBroken, match=r"statutes/imports/000001\.json"):
        shelf.marks()


def test_an_import_that_never_was_is_no_state(tmp_path: Path) -> None:
    with pytest.raises(NoSuchImport, match="第 7 次"):
        Shelf(tmp_path).state(7)
