"""The tables of the channels: every mistake gets its sentence, and secrets do not print."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channel_settings import AccountKind, Mode
from bot.configuration import ConfigurationError, read_configuration

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT = f"""
[[wechat.accounts]]
name = "main"
kind = "service"
verified = true
app_id = "wx1"
app_secret = "geheim"
token = "token123"
aes_key = "{KEY}"
mode = "safe"
"""


def _read(tmp_path: Path, text: str):  # type: ignore[no-untyped-def]
    (tmp_path / "niangjia.toml").write_text(text, encoding="utf-8")
    return read_configuration({"NIANGJIA_HOME": str(tmp_path)}, current_folder=tmp_path)


def test_an_account_as_the_manual_writes_it_is_read(tmp_path: Path) -> None:
    account = _read(tmp_path, ACCOUNT).wechat.account("main")
    assert account is not None
    assert (account.kind, account.verified, account.mode) == (AccountKind.SERVICE, True, Mode.SAFE)
    assert account.can_push
    assert account.has_scenes


def test_without_tables_there_is_no_account_and_no_telegram(tmp_path: Path) -> None:
    configuration = _read(tmp_path, "")
    assert configuration.wechat.accounts == ()
    assert not configuration.telegram.enabled


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (ACCOUNT.replace('kind = "service"', 'kind = "robot"'), "kind"),
        (ACCOUNT.replace("verified = true", 'verified = "vielleicht"'), "verified"),
        (ACCOUNT.replace(KEY, "short"), "aes_key"),
        (ACCOUNT.replace(f'aes_key = "{KEY}"\n', ""), "aes_key"),
        (ACCOUNT.replace('name = "main"', 'name = "../etc"'), "name"),
        (ACCOUNT.replace('app_secret = "geheim"\n', ""), "app_secret"),
        (ACCOUNT + ACCOUNT, "main"),
        (ACCOUNT + 'apsecret = "x"\n', "apsecret"),
        ('[wechat]\napi_base = "ftp://x"\n', "api_base"),
        ("wechat = 5\n", "wechat"),
        ('[wechat]\naccounts = "main"\n', "wechat.accounts"),
        ("[telegram]\nenabled = true\n", "token"),
        ('[telegram]\nenabled = true\ntoken = "1:a"\nsecret = "kurz"\n', "secret"),
        ('[telegram]\nmode = "pigeon"\n', "mode"),
    ],
)
def test_every_mistake_is_told_with_its_name_and_without_the_secret(tmp_path: Path, wrong: str, named: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _read(tmp_path, wrong)
    told = "\n".join(caught.value.problems)
    assert named in told
    assert "geheim" not in told


def test_in_plain_mode_no_key_is_needed(tmp_path: Path) -> None:
    plain = ACCOUNT.replace(f'aes_key = "{KEY}"\n', "").replace('mode = "safe"', 'mode = "plain"')
    assert _read(tmp_path, plain).wechat.accounts[0].mode is Mode.PLAIN


def test_secrets_do_not_print(tmp_path: Path) -> None:
    text = ACCOUNT + '[telegram]\nenabled = true\ntoken = "1:sehrgeheim"\nsecret = "auchgeheim"\n'
    printed = repr(_read(tmp_path, text))
    assert not [secret for secret in ("geheim", "token123", KEY) if secret in printed]


def test_what_a_kind_and_its_verification_do_not_allow_is_known(tmp_path: Path) -> None:
    subscription = _read(tmp_path, ACCOUNT.replace("service", "subscription")).wechat.accounts[0]
    unverified = _read(tmp_path, ACCOUNT.replace("verified = true", "verified = false")).wechat.accounts[0]
    assert (subscription.can_push, subscription.has_scenes) == (True, False)
    assert (unverified.can_push, unverified.has_scenes) == (False, False)
