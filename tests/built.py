"""The parts as `make setup` has built them; whoever runs a test by itself may have to wait until one is built."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def built(name: str) -> Path:
    """The folder of a part: "knowledge", "screening" or "dialogue"."""
    from bot.buildable import buildable_parts
    from bot.builds import build_part, folder_of, is_stale

    part = buildable_parts(settings.NIANGJIA)[name]
    if is_stale(part, settings.NIANGJIA.build_dir):
        build_part(part, settings.NIANGJIA.build_dir)
    return folder_of(part, settings.NIANGJIA.build_dir)
