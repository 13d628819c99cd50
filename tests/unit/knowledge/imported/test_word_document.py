"""What Word writes, and what an attacker would."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from knowledge.imported import word_document
from knowledge.imported.reading import read_file
from knowledge.imported.refusals import UnreadableFile
from knowledge.imported.word_document import document_lines
from tests.unit.knowledge.imported.samples import FIRST, archive, document, paragraph, table, word


def lines(body: str) -> tuple[str, ...]:
    return document_lines(document(body), name="x.docx").lines


def test_a_law_reads_the_same_from_word_and_from_plain_text(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(word(FIRST))
    (tmp_path / "a.txt").write_text(FIRST, encoding="utf-8")
    one, other = (read_file(tmp_path / name).texts[0] for name in ("a.docx", "a.txt"))
    assert one.articles == other.articles
    assert (one.law, one.effective_on) == (other.law, other.effective_on)


def test_a_table_gives_a_line_a_row() -> None:
    assert lines(table(("等级", "金额"), ("一级", "十元"))) == ("等级｜金额", "一级｜十元")


def test_a_table_within_a_cell_stays_in_its_row() -> None:
    inner = table(("甲", "乙"))
    assert lines(f"<w:tbl><w:tr><w:tc>{inner}{paragraph('丙')}</w:tc></w:tr></w:tbl>") == ("甲｜乙 丙",)


def test_what_was_deleted_is_no_text_and_what_was_inserted_is() -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins>"
        "<w:r><w:t>文</w:t><w:br/><w:t>下一行</w:t></w:r></w:p>"
    )
    assert lines(body) == ("新文", "下一行")


def test_the_fallback_of_a_drawing_is_not_read_twice() -> None:
    body = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:t>一次</w:t></mc:Choice>"
        "<mc:Fallback><w:t>一次</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert lines(body) == ("一次",)


def test_numbers_that_word_makes_itself_are_told(tmp_path: Path) -> None:
    numbered = (
        "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/></w:numPr></w:pPr><w:r><w:t>为了职工，制定本条例。</w:t></w:r></w:p>"
    )
    (tmp_path / "a.docx").write_bytes(document(paragraph("青山省条例") + numbered * 2))
    with pytest.raises(UnreadableFile, match="自动编的号"):
        read_file(tmp_path / "a.docx")


def _lying_about_its_size() -> bytes:
    """The archive says that the part is ten bytes long."""
    whole = bytearray(archive({"word/document.xml": b"<a>" + b" " * 200_000_000}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = whole.index(mark)
        whole[place + offset : place + offset + 4] = struct.pack("<I", 10)
    return bytes(whole)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (archive({"word/document.xml": b"<a>" + b" " * 80_000_000}), "大得不正常"),
        (archive({str(number): b"" for number in range(word_document.MOST_MEMBERS + 1)}), "大得不正常"),
        (_lying_about_its_size(), "打不开|不完整"),
        (b"PK\x03\x04 and no more", "打不开"),
        (b"not a zip", "打不开"),
        (word(FIRST)[:-40], "打不开"),
        (archive({"other.xml": b"<a/>"}), "打不开"),
        (archive({"word/document.xml": b"<w:document"}), "XML"),
        (archive({"word/document.xml": b"\xff\xfe\x00"}), "XML"),
        (document("", head="<!DOCTYPE d [<!ENTITY a 'b'>]>"), "XML"),
        (
            document(
                paragraph("&c;").replace("&amp;", "&"),
                head="<!DOCTYPE d [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'><!ENTITY c SYSTEM 'file:///etc/passwd'>]>",
            ),
            "XML",
        ),
    ],
    ids=["bomb", "members", "lies", "cut", "no zip", "half", "no part", "no xml", "no text", "doctype", "entities"],
)
def test_hostile_and_broken_files_are_refused_in_one_sentence(tmp_path: Path, raw: bytes, says: str) -> None:
    (tmp_path / "a.docx").write_bytes(raw)
    with pytest.raises(UnreadableFile, match=says) as caught:
        read_file(tmp_path / "a.docx")
    assert "\n" not in str(caught.value)


def test_an_old_word_file_is_told_from_a_broken_one(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600)
    with pytest.raises(UnreadableFile, match="旧格式"):
        read_file(tmp_path / "a.docx")


def test_deep_nesting_does_no_harm() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 20_000 + paragraph("底") + "</w:tc></w:tr></w:tbl>" * 20_000
    assert lines(deep) == ("底",)
