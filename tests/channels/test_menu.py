"""Menu and welcome words: one file, checked, and never a reason for silence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from bot.channels.wechat import menu
from bot.simulate.wechat.menus import check_menu

SHIPPED = yaml.safe_load(menu.SHIPPED.read_text(encoding="utf-8"))
ADDRESS = "https://12351.qingshanshi.gov.cn/privacy"
UNION = "青山市高新技术产业开发区总工会"


@pytest.fixture
def own() -> Iterator[Path]:
    """Where the union keeps its own file."""
    path = menu.own_file()
    yield path
    path.unlink(missing_ok=True)


def _changed(**parts: Any) -> dict[str, Any]:
    return {**yaml.safe_load(yaml.safe_dump(SHIPPED)), **parts}


def _write(path: Path, filed: Any) -> Path:
    path.write_text(filed if isinstance(filed, str) else yaml.safe_dump(filed, allow_unicode=True), encoding="utf-8")
    return path


def test_the_menu_we_ship_is_taken_by_the_platform() -> None:
    assert len(check_menu(menu.read_menu(menu.SHIPPED).as_platform())) == 3


def test_each_click_says_a_sentence() -> None:
    for button in menu.read_menu(menu.SHIPPED).buttons():
        assert button.says
        assert menu.text_of_key(button.key) == button.says
    assert menu.text_of_key("") is None
    assert menu.text_of_key("somebody else's key") is None


@pytest.mark.parametrize("source", menu.SOURCES)
def test_the_welcome_says_what_must_be_said_in_600_bytes(source: str) -> None:
    text = menu.read_menu(menu.SHIPPED).welcome.text(source, union=UNION, address=ADDRESS)
    assert len(text.encode()) <= 600
    for needed in (UNION, "自动助手，不是真人", "转人工", "加密保存", "12356", ADDRESS):
        assert needed in text


def test_each_way_of_coming_has_its_own_head_and_an_unknown_one_too() -> None:
    assert len({menu.welcome(source) for source in menu.SOURCES}) == 4
    assert menu.welcome("ADD_SCENE_OTHERS") == menu.welcome("other")


def test_without_a_public_address_there_is_no_link() -> None:
    text = menu.read_menu(menu.SHIPPED).welcome.text("search", union=UNION, address="")
    assert "http" not in text
    assert "{" not in text


def test_the_unions_own_file_counts_at_once(own: Path) -> None:
    _write(own, _changed(menu=[{"name": "转人工", "key": "person", "says": "我要找人"}]))
    assert menu.text_of_key("person") == "我要找人"
    assert menu.current().as_platform() == {"button": [{"type": "click", "name": "转人工", "key": "person"}]}
    own.unlink()
    assert menu.text_of_key("person") is None


def test_a_page_can_stand_in_the_menu(own: Path) -> None:
    _write(own, _changed(menu=[{"name": "网页", "buttons": [{"name": "工会网站", "url": "https://a.test/x"}]}]))
    (group,) = menu.current().as_platform()["button"]
    assert group["sub_button"] == [{"type": "view", "name": "工会网站", "url": "https://a.test/x"}]


def test_a_slip_in_the_unions_file_silences_nobody(own: Path) -> None:
    _write(own, "menu: [")
    with pytest.raises(menu.MenuProblem):
        menu.current()
    assert settings.NIANGJIA.union_name in menu.welcome("search")
    assert menu.text_of_key("request_human") == "转人工"


BUTTON = {"name": "甲", "key": "a", "says": "甲"}
WELCOME = SHIPPED["welcome"]


@pytest.mark.parametrize(
    ("filed", "told"),
    [
        ("menu: [", "YAML"),
        ("- a", "menu 和 welcome"),
        (_changed(more=1), "menu 和 welcome"),
        (_changed(menu=[]), "0 组"),
        (_changed(menu=[BUTTON] * 4), "4 组"),
        (_changed(menu="a"), "0 组"),
        (_changed(menu=[{"name": "甲", "buttons": []}]), "0 个"),
        (_changed(menu=[{"name": "甲", "buttons": [BUTTON] * 6}]), "6 个"),
        (_changed(menu=[{"name": "甲"}]), "第 1 组"),
        (_changed(menu=["甲"]), "第 1 组"),
        (_changed(menu=[{"name": "一二三四五六", "buttons": [BUTTON]}]), "18 个字节"),
        (_changed(menu=[{"name": "甲", "buttons": [{**BUTTON, "name": "字" * 21}]}]), "63 个字节"),
        (_changed(menu=[{**BUTTON, "name": ""}]), "0 个字节"),
        (_changed(menu=[{**BUTTON, "key": "字" * 43}]), "129 个字节"),
        (_changed(menu=[{**BUTTON, "key": ""}]), "0 个字节"),
        (_changed(menu=[{**BUTTON, "says": " "}]), "says"),
        (_changed(menu=[{**BUTTON, "says": "字" * 201}]), "says"),
        (_changed(menu=[{"name": "甲", "buttons": [{"name": "乙", "key": 1, "says": "乙"}]}]), "都要是文字"),
        (_changed(menu=[{"name": "甲", "buttons": [{**BUTTON, "url": "https://a.test"}]}]), "第 1 个按钮"),
        (_changed(menu=[{"name": "甲", "url": "http://a.test"}]), "https://"),
        (_changed(menu=[{"name": "甲", "url": "https://" + "a" * 1100}]), "https://"),
        (_changed(menu=[BUTTON, BUTTON]), "key 都是 a"),
        (_changed(welcome="您好"), "heads"),
        (_changed(welcome={**WELCOME, "heads": {"search": "您好"}}), "heads"),
        (_changed(welcome={**WELCOME, "body": 1}), "heads"),
        (_changed(welcome={**WELCOME, "body": "{name}"}), "大括号"),
        (_changed(welcome={**WELCOME, "body": "{"}), "大括号"),
        (_changed(welcome={**WELCOME, "body": "{union.nothing}"}), "大括号"),
        (_changed(welcome={**WELCOME, "body": "字" * 200}), "600"),
        ("!!python/object/apply:os.system ['true']", "YAML"),
    ],
)
def test_each_slip_is_told_in_one_sentence(tmp_path: Path, filed: Any, told: str) -> None:
    path = _write(tmp_path / "menu.yml", filed)
    with pytest.raises(menu.MenuProblem) as caught:
        menu.read_menu(path)
    assert told in str(caught.value)
    assert str(path) in str(caught.value)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "menu.yml"
    path.write_bytes(b"menu: \xff\xfe")
    with pytest.raises(menu.MenuProblem, match="UTF-8"):
        menu.read_menu(path)
    with pytest.raises(menu.MenuProblem, match="读不了"):
        menu.read_menu(tmp_path)
