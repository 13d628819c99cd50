"""What the package must not do to the process it lives in."""

from __future__ import annotations

import subprocess
import sys

from nlu.build import CONFIG


def test_importing_the_engine_does_not_import_rasa() -> None:
    code = "import sys, nlu.engine; sys.exit(any(name in sys.modules for name in ('rasa', 'tensorflow', 'torch')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=CONFIG.parent, check=False).returncode == 0


def test_the_configuration_holds_pipeline_and_policies_only() -> None:
    import yaml

    read = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    assert set(read) == {"recipe", "assistant_id", "language", "pipeline", "policies"}
