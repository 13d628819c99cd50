"""`niangjia wechat` against the simulated platform."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.channel_settings import AccountKind, Mode
from bot.command.main import main
from bot.configuration import read_configuration
from bot.simulate.faults import Fault, FaultKind
from bot.simulate.wechat.simulator import RunningWechat, new_account, running_wechat
from tests.channels.wechat_api import NO_DESK
from tests.command.test_contract import niangjia

PUBLIC = 'public_url = "https://12351.example.cn"\n'


@contextmanager
def _platform(
    home: Path,
    *,
    kind: AccountKind = AccountKind.SERVICE,
    verified: bool = True,
    mode: Mode = Mode.SAFE,
    head: str = PUBLIC,
) -> Iterator[RunningWechat]:
    """A platform, and a home whose settings point at it."""
    with running_wechat(NO_DESK, new_account(kind=kind, verified=verified, mode=mode)) as platform:
        (home / "niangjia.toml").write_text(head + platform.toml(), encoding="utf-8")
        yield platform


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def wechat(transactional_db: None, home: Path, settings: Any, capsys: pytest.CaptureFixture[str]) -> Run:
    """`niangjia wechat …` in this process, over the settings in `home`."""

    def run(*arguments: str) -> Done:
        settings.NIANGJIA = read_configuration({"NIANGJIA_HOME": str(home)}, current_folder=home)
        capsys.readouterr()
        try:
            code = main(["wechat", *arguments])
        except SystemExit as error:
            code = int(str(error.code))
        return Done(code, *capsys.readouterr())

    return run


def test_in_a_process_of_its_own_it_checks_and_tells_no_secret(home: Path) -> None:
    with _platform(home) as platform:
        done = niangjia(home, "wechat", "check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "拿到了令牌" in done.stdout
    assert "Traceback" not in done.stderr
    assert platform.account.app_secret not in done.stdout + done.stderr


def test_check_is_content_with_an_account_that_works(home: Path, wechat: Run) -> None:
    with _platform(home) as platform:
        assert wechat("menu", "push").returncode == 0
        done = wechat("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "[要办]" not in done.stdout
    for said in (
        "公众号 main（服务号，已认证，安全模式）",
        "https://12351.example.cn/wechat/main",
        "拿到了令牌",
        "微信连得上我们的服务器（127.0.0.1）",
        "菜单和 menu.yml 一样",
        "在演练",
    ):
        assert said in done.stdout
    assert platform.account.app_secret not in done.stdout + done.stderr


def test_check_says_which_address_to_add_to_the_list(home: Path, wechat: Run) -> None:
    with _platform(home) as platform:
        platform.platform.allowed_ips = ("10.1.2.3",)
        done = wechat("check")
    assert done.returncode == 1
    assert "IP 白名单" in done.stdout
    assert "IP：127.0.0.1" in done.stdout


def test_check_says_where_to_look_for_the_secret(home: Path, wechat: Run) -> None:
    with _platform(home) as platform:
        settings = (home / "niangjia.toml").read_text(encoding="utf-8")
        (home / "niangjia.toml").write_text(settings.replace(platform.account.app_secret, "0" * 32), "utf-8")
        done = wechat("check")
    assert done.returncode == 1
    assert "AppSecret 不对（40125）" in done.stdout
    assert "先不查" in done.stdout


def test_check_tells_of_what_an_unverified_account_lacks_and_what_stands_in(home: Path, wechat: Run) -> None:
    account = {"kind": AccountKind.SUBSCRIPTION, "verified": False, "mode": Mode.PLAIN}
    with _platform(home, **account, head="") as platform:  # type: ignore[arg-type]
        done = wechat("check")
        assert not platform.record.calls_of("custom/send")
    assert done.returncode == 1
    assert "还没有设 public_url" in done.stdout
    assert "没有认证，没有权限" in done.stdout
    assert "短链接或「回复 A012」" in done.stdout
    assert "明文模式" in done.stdout


def test_check_sees_that_the_settings_claim_too_much(home: Path, wechat: Run) -> None:
    with _platform(home) as platform:
        platform.platform.become(kind=AccountKind.SUBSCRIPTION, verified=False)
        done = wechat("check")
    assert done.returncode == 1
    assert "微信说没有权限（48001）" in done.stdout


def test_check_says_that_wechat_is_not_reached(home: Path, wechat: Run) -> None:
    with _platform(home) as platform:
        platform.faults.on(FaultKind.API_DOWN)
        done = wechat("check")
    assert done.returncode == 1
    assert f"连不上微信接口（{platform.api_base}）" in done.stdout


def test_one_refusal_does_not_end_the_check(home: Path, wechat: Run) -> None:
    with _platform(home) as platform:
        platform.faults.on(Fault(FaultKind.API_ERROR, where="getcallbackip", code=45009))
        done = wechat("check")
    assert done.returncode == 1
    assert "次数用完了（45009）" in done.stdout
    assert "微信连得上我们的服务器" in done.stdout


def test_the_menu_is_shown_pushed_and_shown_again(home: Path, wechat: Run) -> None:
    with _platform(home) as platform:
        before = wechat("menu", "show")
        pushed = wechat("menu", "push")
        after = wechat("menu", "show", "--account", "main")
        assert platform.platform.menu is not None
    assert "两边不一样" in before.stdout
    assert "一共 12 个按钮" in pushed.stdout
    assert "两边一样" in after.stdout
    assert after.stdout.count("查我的办件：等于打出「查办件进度」") == 2


def test_a_slip_in_the_menu_is_told_and_nothing_is_pushed(home: Path, wechat: Run) -> None:
    with _platform(home) as platform:
        (home / "menu.yml").write_text("menu: []\nwelcome: x\n", encoding="utf-8")
        done = wechat("menu", "push")
        assert platform.platform.menu is None
    assert done.returncode == 1
    assert "menu.yml：菜单要有一到三组" in done.stderr


def test_an_account_without_a_menu_is_told_so(home: Path, wechat: Run) -> None:
    with _platform(home, kind=AccountKind.SUBSCRIPTION, verified=False) as platform:
        done = wechat("menu", "push")
        assert not platform.record.calls
    assert done.returncode == 1
    assert "没有认证的订阅号" in done.stderr


def test_a_code_is_made_and_its_picture_saved(home: Path, wechat: Run) -> None:
    with _platform(home) as platform:
        done = wechat("qr", "create", "A012", "--days", "7", "--to", str(home / "a.png"))
        (code,) = platform.platform.codes.values()
    assert done.returncode == 0, done.stderr
    assert code.scene == "A012"
    assert f"{platform.mp_base}/cgi-bin/showqrcode?ticket=" in done.stdout
    assert "有效到 20" in done.stdout
    assert (home / "a.png").read_bytes().startswith(b"\x89PNG")


def test_an_account_without_codes_is_given_the_replacement(home: Path, wechat: Run) -> None:
    with _platform(home, kind=AccountKind.SUBSCRIPTION) as platform:
        done = wechat("qr", "create", "A012", "--to", str(home / "a.png"))
        other = wechat("qr", "create", "gate_3")
        assert not platform.record.calls
    assert done.returncode == 0
    assert "https://12351.example.cn/j/A012" in done.stdout
    assert "回复 A012" in done.stdout
    assert "没有图片可存" in done.stdout
    assert "请用一个字母加二到五位数字" in other.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("qr", "create", "海报"), "不能当海报的代号"),
        (("qr", "create", "A" * 65), "不能当海报的代号"),
        (("qr", "create", "A012", "--days", "31"), "不是 1 到 30 的整数"),
        (("menu", "show", "--account", "other"), "没有代号叫 other 的公众号，只有：main"),
    ],
)
def test_what_is_not_right_is_refused(home: Path, wechat: Run, arguments: tuple[str, ...], told: str) -> None:
    with _platform(home) as platform:
        done = wechat(*arguments)
        assert not platform.record.calls
    assert done.returncode == 2
    assert told in done.stderr


def test_without_an_account_the_manual_is_named(home: Path, wechat: Run) -> None:
    done = wechat("check")
    assert done.returncode == 2
    assert "docs/wechat.md" in done.stderr


def test_with_several_accounts_one_has_to_be_named(home: Path, wechat: Run) -> None:
    with _platform(home) as platform:
        settings = (home / "niangjia.toml").read_text(encoding="utf-8")
        second = platform.toml().split("[[wechat.accounts]]")[1].replace('name = "main"', 'name = "second"')
        (home / "niangjia.toml").write_text(f"{settings}[[wechat.accounts]]{second}", encoding="utf-8")
        done = wechat("menu", "push")
        both = wechat("check")
        assert platform.platform.menu is None
    assert done.returncode == 2
    assert "main, second" in done.stderr
    assert "公众号 second" in both.stdout
