"""Archives, manifests, keys and notes, each by itself; the whole way there and back is in tests/command."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import tarfile
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bot.backups.archive import SQLITE, ArchiveWriter, read_archive
from bot.backups.dumps import check_copy, copy_sqlite, is_unused
from bot.backups.keys import Keys, back_up_keys, keys_in, read_keys
from bot.backups.locks import desk_rests, hold_desk
from bot.backups.manifest import Contents, Manifest, key_mark
from bot.backups.places import written_whole
from bot.backups.refused import Refused
from bot.backups.restoring import _move
from bot.backups.staging import Plan, stage
from bot.backups.standing import backup_problems, backup_remarks
from handoff.restored import gap_in
from handoff.tombstones import append, read_erased

KEY = bytes(range(32))
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
MANIFEST = Manifest(Contents.FULL, "0.1.0", NOW, "sqlite", key_mark(KEY), ("handoff.0001_initial",))
PASSPHRASE = "four words make one"


def _archive(folder: Path, manifest: Manifest = MANIFEST, key: bytes = KEY) -> Path:
    database, original = folder / "db", folder / "original"
    with closing(sqlite3.connect(database)) as opened:
        opened.execute("CREATE TABLE IF NOT EXISTS words (text)")
    original.write_bytes(b"sealed" * 1000)
    with (folder / "a.tar").open("wb") as file:
        writer = ArchiveWriter(file)
        writer.add(SQLITE, database)
        writer.add(f"evidence/ab/{UUID(int=5)}.sealed", original)
        writer.end(manifest, key)
    return folder / "a.tar"


def _refusal(plan: Plan) -> str:
    plan.home.mkdir(exist_ok=True)
    with pytest.raises(Refused) as refused:
        stage(plan)
    assert list(plan.home.iterdir()) == [], "something was left behind"
    return str(refused.value)


def _plan(tmp_path: Path, archive: Path, key: bytes = KEY) -> Plan:
    return Plan(archive, tmp_path / "home", Keys({"master.key": key}, None), replace=False)


def test_a_staged_home_holds_what_the_archive_held(tmp_path: Path) -> None:
    plan = _plan(tmp_path, _archive(tmp_path))
    plan.home.mkdir()
    staged = stage(plan)
    assert staged.manifest.made_at == NOW
    assert (staged.folder / "evidence" / "ab" / f"{UUID(int=5)}.sealed").read_bytes() == b"sealed" * 1000
    assert (staged.places.secrets / "master.key").read_bytes() == KEY
    assert staged.places.database.exists()


@pytest.mark.parametrize("at", [100, 9_000, 14_000])
def test_one_altered_byte_anywhere_is_noticed(tmp_path: Path, at: int) -> None:
    archive = _archive(tmp_path)
    raw = bytearray(archive.read_bytes())
    raw[at] ^= 1
    archive.write_bytes(raw)
    assert "什么都没有动" in _refusal(_plan(tmp_path, archive))


@pytest.mark.parametrize("lost", [600, 5_000, 12_000])
def test_an_archive_that_was_cut_short_is_noticed(tmp_path: Path, lost: int) -> None:
    archive = _archive(tmp_path)
    raw = archive.read_bytes().rstrip(b"\0")
    archive.write_bytes(raw[:-lost])
    assert "什么都没有动" in _refusal(_plan(tmp_path, archive))


def test_a_manifest_written_without_the_key_is_refused(tmp_path: Path) -> None:
    assert "清单被改过" in _refusal(_plan(tmp_path, _archive(tmp_path, key=bytes(32))))


def test_another_key_is_refused(tmp_path: Path) -> None:
    assert "密钥不对" in _refusal(_plan(tmp_path, _archive(tmp_path), key=bytes(32)))


def _tar(name: str, kind: bytes = tarfile.REGTYPE) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        entry = tarfile.TarInfo(name)
        entry.type, entry.size, entry.linkname = kind, 4 if kind == tarfile.REGTYPE else 0, "/etc/passwd"
        tar.addfile(entry, io.BytesIO(b"root"))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a tar",
        _tar("../../etc/cron.d/x"),
        _tar("evidence/ab/../../x.sealed"),
        _tar("own/../niangjia.toml"),
        _tar("secrets/master.key"),
        _tar("database.sqlite3", tarfile.SYMTYPE),
        _tar("manifest.json"),
        _tar("database.sqlite3"),
    ],
)
def test_what_is_no_archive_of_ours_leads_nowhere(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.tar").write_bytes(content)
    assert "什么都没有动" in _refusal(_plan(tmp_path, tmp_path / "x.tar"))
    assert {path.name for path in tmp_path.iterdir()} == {"x.tar", "home"}


def test_an_archive_of_a_newer_format_says_so(tmp_path: Path) -> None:
    raw = json.dumps({"format": 2}).encode()
    with tarfile.open(tmp_path / "x.tar", "w") as tar:
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(raw)
        tar.addfile(entry, io.BytesIO(raw))
    with pytest.raises(Refused, match="先升级程序"):
        read_archive(tmp_path / "x.tar", into=None)


def test_a_broken_database_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"SQLite format 3\0" + bytes(4000))
    with pytest.raises(Refused, match="损坏"):
        check_copy(tmp_path / "broken")
    assert not is_unused(tmp_path / "broken")
    assert is_unused(tmp_path / "nothing")


def test_a_copy_holds_nothing_of_what_was_deleted(tmp_path: Path) -> None:
    source, copy = tmp_path / "source", tmp_path / "copy"
    with closing(sqlite3.connect(source)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE words (text)")
        database.execute("INSERT INTO words VALUES (?)", ["told in confidence" * 500])
        database.commit()
        database.execute("DELETE FROM words")
        database.commit()
        copy_sqlite(source, copy)
    assert b"told in confidence" not in copy.read_bytes()
    check_copy(copy)


def _home_with_keys(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / "secrets").mkdir(parents=True)
    (home / "secrets" / "master.key").write_bytes(KEY)
    (home / "niangjia.toml").write_text("smtp_password = 'of the mail'", encoding="utf-8")
    return home


def test_the_keys_come_back_under_their_passphrase_and_under_no_other(tmp_path: Path) -> None:
    home, target = _home_with_keys(tmp_path), tmp_path / "keys.json"
    back_up_keys(home, target, PASSPHRASE, now=NOW)
    assert read_keys(target, PASSPHRASE) == keys_in(home)
    raw = target.read_bytes()
    assert KEY not in raw
    assert b"of the mail" not in raw
    with pytest.raises(Refused, match="口令不对"):
        read_keys(target, PASSPHRASE + ".")
    target.write_bytes(raw.replace(b'"at": "2026', b'"at": "2025'))
    with pytest.raises(Refused, match="口令不对"):
        read_keys(target, PASSPHRASE)


def test_a_backup_of_the_keys_is_never_written_over_another(tmp_path: Path) -> None:
    home, target = _home_with_keys(tmp_path), tmp_path / "keys.json"
    target.write_text("the keys of another machine")
    with pytest.raises(Refused, match="已经有了"):
        back_up_keys(home, target, PASSPHRASE, now=NOW)
    with pytest.raises(Refused, match="至少 12"):
        back_up_keys(home, tmp_path / "other", "short", now=NOW)
    with pytest.raises(Refused, match="不是密钥备份"):
        read_keys(target, PASSPHRASE)


def _problems(home: Path, now: datetime = NOW) -> str:
    return "\n".join([*backup_problems(home, now=now), *backup_remarks(home)])


def test_the_check_says_what_is_not_put_away(tmp_path: Path) -> None:
    home = _home_with_keys(tmp_path)
    assert "还没有做过备份" in _problems(home)
    assert "密钥还没有备份过" in _problems(home)
    (home / "last-backup.json").write_text(json.dumps({"at": NOW.isoformat(), "path": str(home / "x.tar")}))
    back_up_keys(home, tmp_path / "keys.json", PASSPHRASE, now=NOW)
    assert _problems(home).startswith("提示：备份")
    assert "5 天前" in _problems(home, NOW + timedelta(days=5))
    (home / "secrets" / "master.key").write_bytes(bytes(32))
    assert "不是现在这把密钥" in _problems(home)
    (home / "before-restore-x").mkdir()
    assert "恢复备份以前的数据" in _problems(home)


def test_what_is_broken_off_leaves_no_file_under_its_name(tmp_path: Path) -> None:
    def break_off(error: type[BaseException]) -> None:
        with written_whole(tmp_path / "a") as file:
            file.write(b"half")
            raise error

    for error in (OSError, KeyboardInterrupt, SystemExit):
        with pytest.raises(error):
            break_off(error)
        assert list(tmp_path.iterdir()) == []


def test_the_list_of_the_erased_survives_a_line_that_was_broken_off(tmp_path: Path) -> None:
    first, second = uuid4(), uuid4()
    path = tmp_path / "erased.ids"
    append(path, [first])
    with path.open("a") as file:
        file.write("\n12345678-1234")
    append(path, [second])
    assert read_erased(path, tmp_path / "missing") == {first, second}
    assert path.stat().st_mode & 0o077 == 0


def test_two_restores_do_not_run_at_once(tmp_path: Path) -> None:
    with desk_rests(tmp_path), pytest.raises(Refused), desk_rests(tmp_path):
        pass


def test_the_gap_is_read_from_the_last_line(tmp_path: Path) -> None:
    rows = [{"at": NOW.isoformat(), "backup_at": (NOW - timedelta(hours=hours)).isoformat()} for hours in (9, 3)]
    path = tmp_path / "restored.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    gap = gap_in(path)
    assert gap is not None
    assert gap.until - gap.since == timedelta(hours=3)
    path.write_text("not json\n")
    assert gap_in(path) is None


def test_every_step_of_a_move_can_be_taken_again(tmp_path: Path) -> None:
    """A staging folder that a killed restore left is swept by the next one."""
    plan = _plan(tmp_path, _archive(tmp_path))
    (plan.home / ".restore-dead" / "secrets").mkdir(parents=True)
    stage(plan)
    assert not (plan.home / ".restore-dead").exists()


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("after", range(9))
def test_a_move_that_was_killed_anywhere_keeps_the_desk_from_starting_and_can_be_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    plan = _plan(tmp_path, _archive(tmp_path))
    _old_home(plan.home)
    with monkeypatch.context() as patched:
        left = iter(range(after))

        def rename(path: Path, target: Path) -> None:
            if next(left, None) is None:
                raise Killed
            os.rename(path, target)

        staged = stage(plan)
        patched.setattr(Path, "rename", rename)
        with suppress(Killed):
            _move(plan, staged, plan.home / "before-restore-1")
    if (plan.home / "restore-unfinished").exists():
        with pytest.raises(Refused, match="没有做完"):
            hold_desk(plan.home)
        _move(plan, stage(plan), plan.home / "before-restore-2")
    assert not (plan.home / "restore-unfinished").exists()
    assert _content(plan.home) == {"evidence": [f"{UUID(int=5)}.sealed"], "table": ["words"], "key": [KEY]}
    assert {path.read_bytes() for path in plan.home.glob("before-restore-*/evidence/ab/old")} == {b"old"}


def _old_home(home: Path) -> None:
    for name in ("evidence/ab", "secrets"):
        (home / name).mkdir(parents=True)
    (home / "evidence" / "ab" / "old").write_bytes(b"old")
    (home / "secrets" / "master.key").write_bytes(bytes(32))
    with closing(sqlite3.connect(home / "niangjia.sqlite3")) as opened:
        opened.execute("CREATE TABLE old (text)")


def _content(home: Path) -> dict[str, list[object]]:
    with closing(sqlite3.connect(home / "niangjia.sqlite3")) as opened:
        tables = [row[0] for row in opened.execute("SELECT name FROM sqlite_master")]
    evidence = [path.name for path in (home / "evidence" / "ab").iterdir()]
    return {"evidence": evidence, "table": tables, "key": [(home / "secrets" / "master.key").read_bytes()]}
