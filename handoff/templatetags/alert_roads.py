"""The strip that tells those on duty of roads that do not get through, on every page."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from handoff.console.chain_view import dead_road_words

register = template.Library()


@register.inclusion_tag("console/_road_strip.html", takes_context=True)
def road_strip(context: Any) -> dict[str, Any]:
    """The strip for the page's cadre; nothing when nobody has signed in or they are off duty."""
    cadre = context.get("cadre")
    if cadre is None or not cadre.on_duty:
        return {"words": (), "watched": False}
    return {"words": dead_road_words(cadre, now=timezone.now()), "watched": True}
