"""`niangjia serve` with Telegram over the simulator, killed in the middle: nothing is lost, nothing is doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.simulate.telegram.simulator import RunningTelegram
from tests.channels.telegram.house import SECRET, TOKEN
from tests.channels.telegram.test_polling import until
from tests.served import Served

# Beside other work the parts take their time to load.
_READY_S = 600
_TABLE = """
[telegram]
enabled = true
token = "{token}"
mode = "{mode}"
secret = "{secret}"
api_base = "{api_base}"
"""


@pytest.mark.prove
@pytest.mark.parametrize("mode", ["webhook", "polling"])
def test_a_served_desk_answers_before_and_after_it_was_killed(
    platform: RunningTelegram, tmp_path: Path, mode: str
) -> None:
    server = Served(tmp_path / "home")
    server.home.mkdir()
    table = _TABLE.format(token=TOKEN, mode=mode, secret=SECRET, api_base=platform.api_base)
    (server.home / "niangjia.toml").write_text(table, encoding="utf-8")
    server.start()
    try:
        server.wait_alive()
        if mode == "webhook":
            platform.set_webhook(f"{server.address}/telegram", SECRET)
        assert platform.say("小李", "加班费怎么算").arrived  # stored before the engine is there
        server.wait_ready(_READY_S)
        until(lambda: len(platform.platform.texts_to("小李")) == 2, within_s=60)
        assert "加班" in platform.platform.texts_to("小李")[1]
        server.kill()
        waiting = [platform.start_saying("小李", text, within_s=120) for text in ("我要入会", "年假有几天")]
        server.start()
        server.wait_ready(_READY_S)
        assert all(push.result(120).arrived for push in waiting)
        until(lambda: len(platform.platform.texts_to("小李")) == 4, within_s=60)
        assert "不能在这里收" in platform.platform.texts_to("小李")[2]
        assert platform.press("小李", "转人工").arrived
        until(lambda: len(platform.platform.texts_to("小李")) == 5, within_s=60)
        assert platform.record.doubled() == []
        assert platform.record.undelivered() == []
    finally:
        server.stop()
    log = (server.home / "logs" / "niangjia.log").read_text(encoding="utf-8")
    assert TOKEN.partition(":")[2] not in log + server.output()
    assert "加班费" not in log
