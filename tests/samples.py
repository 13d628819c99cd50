"""Small files of every kind that workers send, and some that nobody should."""

from __future__ import annotations

import io
import zipfile


def _box(brand: bytes, *compatible: bytes) -> bytes:
    """The first box of an MP4-like file, and some content behind it."""
    brands = brand + b"\0\0\2\0" + b"".join(compatible)
    return (len(brands) + 8).to_bytes(4, "big") + b"ftyp" + brands + b"\0\0\0\x08mdat" + bytes(400)


def zipped(*names: str) -> bytes:
    """An archive with these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


_PADDING = bytes(600)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + _PADDING
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + _PADDING
WEBP = b"RIFF\x24\x02\x00\x00WEBPVP8 " + _PADDING
GIF = b"GIF89a\x01\x00\x01\x00" + _PADDING
HEIC = _box(b"heic", b"mif1", b"heic")
AMR = b"#!AMR\n" + _PADDING
M4A = _box(b"M4A ", b"M4A ", b"mp42")
MP3 = b"ID3\x04\x00\x00" + _PADDING
WAV = b"RIFF\x24\x02\x00\x00WAVEfmt " + _PADDING
OGG = b"OggS\x00\x02" + _PADDING
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + _PADDING
MP4 = _box(b"isom", b"isom", b"mp42")
MOV = _box(b"qt  ", b"qt  ")
PDF = b"%PDF-1.7\n" + _PADDING
DOCX = zipped("[Content_Types].xml", "docProps/app.xml", "customXml/item1.xml", "a/b.xml", "c.xml", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "xl/workbook.xml")

# name, what the browser calls it, content, what it is
GOOD = (
    ("工资条.jpg", "image/jpeg", JPEG, "picture"),
    ("截图.png", "image/png", PNG, "picture"),
    ("现场.webp", "image/webp", WEBP, "picture"),
    ("动图.gif", "image/gif", GIF, "picture"),
    ("IMG_0412.HEIC", "image/heic", HEIC, "picture"),
    ("录音.amr", "audio/amr", AMR, "voice"),
    ("新录音 7.m4a", "audio/x-m4a", M4A, "voice"),
    ("通话.mp3", "audio/mpeg", MP3, "voice"),
    ("说话.wav", "audio/wav", WAV, "voice"),
    ("说话.ogg", "audio/ogg", OGG, "voice"),
    ("说话.webm", "audio/webm;codecs=opus", WEBM, "voice"),
    ("车间.webm", "video/webm", WEBM, "video"),
    ("车间.mp4", "video/mp4", MP4, "video"),
    ("说话.mp4", "audio/mp4", MP4, "voice"),
    ("IMG_0413.MOV", "video/quicktime", MOV, "video"),
    ("通知书.pdf", "application/pdf", PDF, "file"),
    ("合同.docx", "application/octet-stream", DOCX, "file"),
    ("考勤.xlsx", "application/octet-stream", XLSX, "file"),
)
BAD = (
    ("网页.html", "image/jpeg", b"<!doctype html><script>alert(1)</script>"),
    ("图标.svg", "image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    ("照片.jpg", "image/jpeg", b"MZ\x90\x00" + _PADDING),
    ("程序.exe", "application/octet-stream", b"MZ\x90\x00" + _PADDING),
    ("程序", "application/octet-stream", b"\x7fELF\x02\x01" + _PADDING),
    ("压缩包.zip", "application/zip", zipped("a.txt")),
    ("宏.docx", "application/octet-stream", zipped("word/document.xml", "word/vbaProject.bin")),
    ("安装.apk", "application/octet-stream", zipped("AndroidManifest.xml", "classes.dex")),
    ("坏的.docx", "application/octet-stream", b"PK\x03\x04" + _PADDING),
    ("记录.txt", "text/plain", "只是文字".encode()),
)
