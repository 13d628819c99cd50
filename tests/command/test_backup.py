"""A backup, a disaster and the way back, by the command that an operator has."""

from __future__ import annotations

import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.backups.archive import ArchiveWriter
from bot.backups.manifest import NAME, Manifest, read_manifest
from knowledge.imported.shelf import Shelf
from tests.homes import WORDS, act, environment, niangjia
from tests.unit.knowledge.imported.samples import TEXT

IMPORTED = replace(TEXT, law="某省条例", number=None)
LOCKS = {"serve.lock", "backup.lock"}
PASSPHRASE = "一匹马 正确 电池 订书钉 2026\n"


@dataclass(frozen=True)
class Kept:
    """A home with what was put away from it."""

    home: Path
    archive: Path
    keys: Path
    passphrase: Path

    def restore(self, into: Path, *more: str, archive: Path | None = None) -> subprocess.CompletedProcess[str]:
        """With the keys."""
        keys = ("--keys", str(self.keys), "--passphrase-file", str(self.passphrase))
        return niangjia(into, "restore", str(archive or self.archive), *keys, *more)


@dataclass(frozen=True)
class Restored:
    """A restored home, what the restore said, and what can be read there."""

    home: Path
    said: str
    found: dict[str, Any]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Three workers with a picture each, one in danger, answers that have not gone out; put away while a desk runs."""
    folder = tmp_path_factory.mktemp("kept")
    home, passphrase, keys = folder / "home", folder / "passphrase", folder / "keys.json"
    act(home, "fill", "3")
    passphrase.write_text(PASSPHRASE, encoding="utf-8")
    (home / "holidays.yml").write_text("source: 国办发明电〔2026〕7号\nholidays: [2027-01-01]\n", encoding="utf-8")
    shelf = Shelf(home)
    shelf.commit(shelf.add([IMPORTED]), after=0, at=datetime.now(UTC), files=["条例.docx"])
    (home / "niangjia.toml").write_text('union_name = "青山市总工会"\n', encoding="utf-8")
    desk = act(home, "write", wait=False)
    assert desk.stdout.readline() == "ready\n"
    done = niangjia(home, "backup", "--to", str(folder / "far"))
    (home / "enough").touch()
    desk.communicate()
    assert done.returncode == 0, done.stderr
    assert "密钥还没有备份过" in done.stderr
    done = niangjia(home, "backup", "--keys", str(keys), "--passphrase-file", str(passphrase))
    assert done.returncode == 0, done.stderr
    (archive,) = (folder / "far").glob("niangjia-*.tar")
    return Kept(home, archive, keys, passphrase)


@pytest.fixture(scope="module")
def restored(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Restored:
    """A new machine."""
    home = tmp_path_factory.mktemp("new") / "home"
    done = kept.restore(home)
    assert done.returncode == 0, done.stderr
    return Restored(home, done.stdout, act(home, "read"))


def test_a_restore_brings_back_every_word_and_every_original_of_its_moment(restored: Restored) -> None:
    found = restored.found
    written = [word for word in found["words"] if word.startswith("第")]
    assert [f"{WORDS}{index}" in found["words"] for index in range(3)] == [True, True, True]
    assert len(written) >= 5
    assert written == [f"第{index}句" for index in range(len(written))]
    assert len(found["originals"]) == 3 + len(written)
    assert found["unreadable"] == 0


def test_what_was_half_done_in_the_backup_is_not_sent_or_answered_again(restored: Restored) -> None:
    deliveries, said = restored.found["deliveries"], restored.said
    assert deliveries.count("engine uncertain restored") == 4
    assert deliveries.count("fixed uncertain restored") == 3
    assert "不会再发" in said
    assert "T000001" in said


def test_the_words_for_somebody_in_danger_may_go_out_twice(restored: Restored) -> None:
    assert "fixed pending " in restored.found["deliveries"]
    assert "有 1 个警报在响（会话：T000004）" in restored.said


def test_the_missing_span_is_told_and_kept(kept: Kept, restored: Restored) -> None:
    home, said = restored.home, restored.said
    (row,) = [json.loads(line) for line in (home / "restored.jsonl").read_text(encoding="utf-8").splitlines()]
    assert datetime.fromisoformat(row["backup_at"]) < datetime.fromisoformat(row["at"])
    assert "丢失的时段" in said
    assert (home / "holidays.yml").read_text(encoding="utf-8").startswith("source")
    assert "青山" in (home / "niangjia.toml").read_text(encoding="utf-8")


def test_the_imported_laws_are_there_again_and_their_history(restored: Restored) -> None:
    assert Shelf(restored.home).texts() == (IMPORTED,)
    assert [made.files for made in Shelf(restored.home).imports()] == [("条例.docx",)]


def test_everything_is_for_its_owner_only_and_no_key_lies_in_the_archive(kept: Kept, restored: Restored) -> None:
    raw = kept.archive.read_bytes()
    for name in ("master.key", "django.key"):
        assert (kept.home / "secrets" / name).read_bytes() not in raw
    assert "青山".encode() not in raw
    for path in (kept.archive, kept.keys, *(path for path in restored.home.rglob("*") if path.is_file())):
        assert path.stat().st_mode & 0o077 == 0, path
    assert b"master" not in kept.keys.read_bytes()


def test_an_archive_is_checked_without_a_restore(kept: Kept) -> None:
    done = niangjia(kept.home, "backup", "--verify", str(kept.archive))
    assert done.returncode == 0, done.stderr
    assert "备份完好" in done.stdout
    assert "对得上" in done.stdout


def test_another_installations_keys_are_refused_before_anything_is_touched(kept: Kept, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "secrets").mkdir(parents=True)
    (home / "secrets" / "master.key").write_bytes(bytes(32))
    done = niangjia(home, "restore", str(kept.archive))
    assert (done.returncode, done.stdout) == (1, "")
    assert "密钥不对" in done.stderr
    assert {path.name for path in home.iterdir()} == {"secrets", *LOCKS}


def test_without_keys_nothing_is_restored(kept: Kept, tmp_path: Path) -> None:
    done = niangjia(tmp_path / "home", "restore", str(kept.archive))
    assert done.returncode == 1
    assert "没有密钥" in done.stderr
    assert not (tmp_path / "home" / "secrets").exists()


def test_a_wrong_passphrase_opens_nothing(kept: Kept, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("一匹马 错误 电池 订书钉 2026\n", encoding="utf-8")
    done = replace(kept, passphrase=other).restore(tmp_path / "home")
    assert done.returncode == 1
    assert "口令不对" in done.stderr


def _rewritten(kept: Kept, target: Path, key: bytes, change: Callable[[Manifest], Manifest]) -> Path:
    """The same archive with another manifest, all digests right."""
    with tarfile.open(kept.archive) as tar, target.open("wb") as file:
        raw = {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]
        writer = ArchiveWriter(file)
        for name, content in raw.items():
            if name != NAME:
                (target.parent / "part").write_bytes(content)
                writer.add(name, target.parent / "part")
        writer.end(change(read_manifest(raw[NAME]).manifest), key)
    return target


def test_a_backup_of_a_newer_program_is_refused(kept: Kept, tmp_path: Path) -> None:
    key = (kept.home / "secrets" / "master.key").read_bytes()

    def newer(one: Manifest) -> Manifest:
        return replace(one, program="9.0", migrations=(*one.migrations, "handoff.9000_from_the_future"))

    done = kept.restore(tmp_path / "home", archive=_rewritten(kept, tmp_path / "a.tar", key, newer))
    assert done.returncode == 1
    assert "更新的版本（9.0）" in done.stderr
    assert {path.name for path in (tmp_path / "home").iterdir()} == LOCKS


def test_a_database_that_is_there_is_only_replaced_on_demand(kept: Kept) -> None:
    done = kept.restore(kept.home)
    assert done.returncode == 1
    assert "--replace" in done.stderr


def test_nothing_is_restored_under_a_running_desk(kept: Kept, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(kept.home, home)
    desk = subprocess.Popen(
        [sys.executable, "-m", "tests.homes", "hold"],
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert desk.stdout is not None
    assert desk.stdout.readline() == "ready\n"
    done = kept.restore(home, "--replace")
    desk.communicate("")
    assert done.returncode == 1
    assert "正在运行" in done.stderr


def test_whoever_was_erased_after_the_backup_stays_erased(kept: Kept, tmp_path: Path) -> None:
    home, far = tmp_path / "home", tmp_path / "far"
    shutil.copytree(kept.home, home)
    shutil.copytree(kept.archive.parent, far)
    erased = act(home, "erase")
    assert (home / "erased.ids").read_text(encoding="ascii").split() == [erased]
    (home / "erased.ids").unlink()  # as if the disk had not taken it
    assert niangjia(home, "backup", "--to", str(far)).returncode == 0
    done = kept.restore(tmp_path / "new", archive=far / kept.archive.name)  # the old archive, beside it the new list
    assert done.returncode == 0, done.stderr
    assert "有 1 位职工在备份以后清除过自己的信息" in done.stdout
    found = act(tmp_path / "new", "read")
    assert f"{WORDS}0" not in found["words"]
    assert f"{WORDS}1" in found["words"]
    assert found["unreadable"] >= 2
    keys = "SELECT id, length(wrapped_key) FROM handoff_contact WHERE erased_at IS NOT NULL"
    assert _rows(tmp_path / "new", keys) == [(erased.replace("-", ""), 0)]


def _rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(home / "niangjia.sqlite3")) as database:
        return database.execute(query).fetchall()


def test_an_alarm_of_long_ago_stands_on_the_page_and_calls_nobody(kept: Kept, tmp_path: Path) -> None:
    key = (kept.home / "secrets" / "master.key").read_bytes()
    long_ago = datetime.now(UTC) - timedelta(days=3)
    old = _rewritten(kept, tmp_path / "a.tar", key, lambda one: replace(one, made_at=long_ago))
    done = kept.restore(tmp_path / "home", archive=old)
    assert done.returncode == 0, done.stderr
    assert "只在后台页面上显示" in done.stdout
    assert _rows(tmp_path / "home", "SELECT 1 FROM handoff_conversation WHERE alarm_due_at IS NOT NULL") == []
    assert _rows(tmp_path / "home", "SELECT 1 FROM handoff_conversation WHERE alarmed_at IS NOT NULL") == [(1,)]


def test_an_upgrade_puts_the_database_away_first_and_does_not_happen_without(kept: Kept, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(kept.home, home)
    act(home, "back_to", "0002")
    (home / "backups").write_text("a file where the folder should be")
    refused = niangjia(home, "cadre", "add", "wang")
    assert refused.returncode == 1
    assert "所以没有更新" in refused.stderr
    (home / "backups").unlink()
    done = niangjia(home, "cadre", "add", "wang")
    assert done.returncode == 0, done.stderr
    assert "更新前的数据库在" in done.stderr
    (archive,) = (home / "backups").glob("before-upgrade-*.tar")
    back = niangjia(home, "restore", str(archive), "--replace")  # and forward again, from an older program's backup
    assert back.returncode == 0, back.stderr
    assert "只有数据库" in back.stdout
    assert _rows(home, "SELECT 1 FROM django_migrations WHERE name = '0003_channels'") == [(1,)]
    (aside,) = home.glob("before-restore-*")
    assert str(aside) in back.stdout
    assert {path.name for path in aside.iterdir()} >= {"niangjia.sqlite3"}
    assert not (aside / "evidence").exists()  # the archive held none: those that are here stay


def test_a_full_disk_is_said_in_one_sentence_and_leaves_no_half_archive(kept: Kept, tmp_path: Path) -> None:
    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    command = [sys.executable, "-m", "bot.command.main", "backup", "--to", str(tmp_path / "to")]
    done = subprocess.run(
        command, env=environment(kept.home), capture_output=True, text=True, check=False, preexec_fn=small_disk
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert list((tmp_path / "to").iterdir()) == []


def test_old_archives_go_and_the_newest_stays(kept: Kept, tmp_path: Path) -> None:
    for day in range(3):
        shutil.copy(kept.archive, tmp_path / f"niangjia-2026010{day + 1}T000000Z.tar")
    (tmp_path / ".niangjia-20260104T000000Z.tar.ab.part").write_bytes(b"left by a backup that was killed")
    done = niangjia(kept.home, "backup", "--to", str(tmp_path), "--keep", "2")
    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in tmp_path.glob("*.tar"))
    assert names[0] == "niangjia-20260103T000000Z.tar"
    assert len(names) == 2
    assert list(tmp_path.glob(".*")) == []


def test_a_home_that_is_not_one_is_not_backed_up(tmp_path: Path) -> None:
    done = niangjia(tmp_path / "mistyped", "backup")
    assert done.returncode == 2
    assert "没有安装过" in done.stderr
    assert not (tmp_path / "mistyped").exists()


def test_a_desk_does_not_start_on_a_restore_that_broke_off(kept: Kept, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(kept.home, home)
    (home / "restore-unfinished").touch()
    done = niangjia(home, "cadre", "add", "wang")
    assert done.returncode == 1
    assert "没有做完" in done.stderr


def test_no_new_key_is_made_beside_old_records(kept: Kept, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(kept.home, home)
    shutil.rmtree(home / "secrets")
    done = niangjia(home, "check")
    assert done.returncode == 2
    assert "密钥文件" in done.stderr
    assert not (home / "secrets").exists()
