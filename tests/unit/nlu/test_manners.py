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


def test_what_rasas_libraries_say_of_their_own_age_is_not_shown() -> None:
    code = (
        "from nlu.quiet import quieten, without_warnings\nquieten()\n"
        "with without_warnings():\n"
        "    import rasa.core.agent, pkg_resources\n"
        "    pkg_resources.declare_namespace('ruamel')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=CONFIG.parent, check=True, capture_output=True, text=True)
    assert "declare_namespace" not in done.stderr
