"""`python -m tests.bench.knowledge [--passages N]`: finding at the shipped size, and vector search at a far larger one.

A process of its own, with one thread for each question as a process that serves has.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench import finding, scale


def main() -> None:
    """Prints one JSON object; the parts must have been built."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--passages", type=int, default=scale.PASSAGES)
    passages = parser.parse_args().passages
    with tempfile.TemporaryDirectory(prefix="niangjia-bench-") as folder:
        os.environ.setdefault("NIANGJIA_BUILD_DIR", str(Path("var/build").absolute()))
        os.environ |= {"NIANGJIA_HOME": folder, "DJANGO_SETTINGS_MODULE": "bot.settings"}
        print(json.dumps(_measure(Path(folder), passages=passages), ensure_ascii=False, indent=2))


def measure_elsewhere() -> dict[str, Any]:
    """What `main` prints, from another process."""
    environment = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    command = [sys.executable, "-m", "tests.bench.knowledge"]
    told = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout
    figures: dict[str, Any] = json.loads(told)
    return figures


def _measure(folder: Path, *, passages: int) -> dict[str, Any]:
    from bot.buildable import encoder_of
    from bot.command.loading import loaded_desk, set_up

    set_up()
    desk = loaded_desk("knowledge")
    base, encoder = desk.parts.need_knowledge(), encoder_of(desk.configuration)
    found = finding.measure(base)  # before the encoder has met the questions
    return {"finding": found, "scale": scale.measure(base, encoder, folder, passages=passages)}


if __name__ == "__main__":
    main()
