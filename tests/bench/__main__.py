"""Runs every measurement and prints one JSON object."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Measure with a home of its own; the parts must have been built (`make setup`)."""
    build_dir = os.environ.get("NIANGJIA_BUILD_DIR", str(Path("var/build").absolute()))
    with tempfile.TemporaryDirectory(prefix="niangjia-bench-") as folder:
        os.environ |= {
            "NIANGJIA_HOME": folder,
            "NIANGJIA_BUILD_DIR": build_dir,
            "DJANGO_SETTINGS_MODULE": "bot.settings",
        }
        import django

        django.setup()
        print(json.dumps(_measure(Path(folder)), ensure_ascii=False, indent=2))


def _measure(folder: Path) -> dict[str, object]:
    from django.conf import settings

    from bot.buildable import buildable_parts
    from bot.builds import folder_of
    from bot.command.throwaway import throwaway_database
    from bot.composition import compose
    from tests.bench import crisis, in_process, knowledge, over_http, wechat
    from tests.bench.screening import measure_screening

    figures: dict[str, object] = {"cores": os.cpu_count()}
    _note("the desk over HTTP")
    figures["desk_over_http"] = over_http.measure(folder / "served")
    _note("from danger to words")
    figures["danger_to_words"] = crisis.measure(folder / "danger")
    _note("a rush and a steady stream over the official account")
    figures["official_account"] = wechat.measure(folder / "account")
    _note("finding, and a far larger knowledge base")
    figures["knowledge"] = knowledge.measure_elsewhere()
    with throwaway_database():
        desk = compose(settings.NIANGJIA)
        _note("screening")
        figures["screening"] = measure_screening(desk)
        desk.load()
        engine = desk.parts.need_dialogue()
        _note("the engine alone")
        figures["engine"] = in_process.measure_engine(engine, desk.scopes)
        _note("stock rasa run")
        model = folder_of(buildable_parts(settings.NIANGJIA)["dialogue"], settings.NIANGJIA.build_dir)
        figures["stock_rasa_run"] = in_process.measure_stock(desk, model, desk.run_action(), folder)
        engine.close()
    return figures


def _note(sentence: str) -> None:
    print(f"bench: {sentence} …", file=sys.stderr, flush=True)


main()
