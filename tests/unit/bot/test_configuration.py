"""Settings are read together and every problem is told."""

from pathlib import Path

import pytest

from bot.configuration import ConfigurationError, read_configuration
from bot.secret_files import SecretFileUnsafe, secret


def test_defaults_make_a_working_installation(tmp_path: Path) -> None:
    configuration = read_configuration({}, current_folder=tmp_path)
    assert configuration.home == tmp_path / "var"
    assert configuration.build_dir == tmp_path / "var" / "build"
    assert configuration.address == "http://127.0.0.1:8000"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "niangjia.toml").write_text('port = 8001\nunion_name = "某县总工会"\n', encoding="utf-8")
    environment = {"NIANGJIA_HOME": str(tmp_path), "NIANGJIA_PORT": "8002"}
    configuration = read_configuration(environment, current_folder=tmp_path)
    assert (configuration.port, configuration.union_name) == (8002, "某县总工会")


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "niangjia.toml").write_text('prot = 8001\ntime_zone = "Mars/Base"\n', encoding="utf-8")
    environment = {"NIANGJIA_HOME": str(tmp_path), "NIANGJIA_PORT": "eighty", "NIANGJIA_DUTY_STARTS": "25:99"}
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(environment, current_folder=tmp_path)
    text = "\n".join(caught.value.problems)
    assert all(word in text for word in ("prot", "NIANGJIA_TIME_ZONE", "NIANGJIA_PORT", "NIANGJIA_DUTY_STARTS"))


def test_a_province_is_read_as_people_write_it(tmp_path: Path) -> None:
    def read(written: str) -> str:
        return read_configuration({"NIANGJIA_PROVINCE": written}, current_folder=tmp_path).province

    assert [read(written) for written in ("江西", "江西省", "南昌市", "")] == ["江西", "江西", "江西", ""]
    with pytest.raises(ConfigurationError, match="没有这个省"):
        read("青山省")


@pytest.mark.parametrize("content", [b"port = ", b"\xff\xfe", b"port = 1 = 2"])
def test_a_broken_file_is_a_problem_and_not_a_traceback(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "niangjia.toml").write_bytes(content)
    with pytest.raises(ConfigurationError):
        read_configuration({"NIANGJIA_HOME": str(tmp_path)}, current_folder=tmp_path)


def test_secrets_do_not_print(tmp_path: Path) -> None:
    environment = {"NIANGJIA_ADMIN_PASSWORD": "hunter2hunter2", "NIANGJIA_DATABASE_URL": "postgres://u:geheim@h/d"}
    printed = repr(read_configuration(environment, current_folder=tmp_path))
    assert "hunter2" not in printed
    assert "geheim" not in printed


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = secret(tmp_path / "secrets", "a.key")
    assert secret(tmp_path / "secrets", "a.key") == first
    assert (tmp_path / "secrets" / "a.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["a.key"]


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    secret(tmp_path, "a.key")
    (tmp_path / "a.key").chmod(0o644)
    with pytest.raises(SecretFileUnsafe):
        secret(tmp_path, "a.key")


def test_a_cut_short_secret_is_refused(tmp_path: Path) -> None:
    secret(tmp_path, "a.key")
    (tmp_path / "a.key").write_bytes(b"short")
    with pytest.raises(SecretFileUnsafe):
        secret(tmp_path, "a.key")
