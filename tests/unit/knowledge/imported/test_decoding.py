from pathlib import Path

import pytest

from knowledge.imported import reading
from knowledge.imported.decoding import decode
from knowledge.imported.reading import read_file
from knowledge.imported.refusals import UnreadableFile
from tests.unit.knowledge.imported.samples import FIRST


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
def test_a_text_is_read_whatever_an_office_saved_it_as(encoding: str) -> None:
    assert decode(FIRST.encode(encoding), name="x.txt") == FIRST


def test_line_ends_of_windows_and_old_macs_are_line_ends() -> None:
    assert decode("甲\r\n乙\r丙".encode(), name="x.txt") == "甲\n乙\n丙"


@pytest.mark.parametrize(
    "raw",
    [
        bytes(range(128, 256)),
        "日本語のテキスト".encode("shift_jis"),
        "Ünïcödé façade".encode("latin-1"),
        b"\x00\x01\x02",
        "第一条\x07".encode(),
        "第一条".encode("utf-16-le"),
        "第一条　为了".encode()[:-1],
    ],
    ids=["bytes", "shift-jis", "latin", "nul", "bell", "utf-16 unmarked", "cut"],
)
def test_bytes_that_fit_nothing_are_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableFile, match="编码"):
        decode(raw, name="x.txt")


def test_what_is_no_file_of_law_is_refused_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_MEGABYTES", 1)
    (tmp_path / "large.txt").write_bytes(b"a" * (1024 * 1024 + 1))
    (tmp_path / "empty.md").write_bytes(b" \n")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    (tmp_path / "folder.txt").mkdir()
    for name, says in {
        "large.txt": "太大",
        "empty.md": "空的",
        "scan.pdf": "不是能导入的文件",
        "none.txt": "读不了文件",
        "folder.txt": "不是能导入的文件",
    }.items():
        with pytest.raises(UnreadableFile, match=says):
            read_file(tmp_path / name)
