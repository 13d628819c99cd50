"""The strip that tells cadres that these records come from a backup, on every page for a week."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from handoff.restored import latest_gap

register = template.Library()


@register.inclusion_tag("console/_restored_strip.html")
def restored_strip() -> dict[str, Any]:
    """The strip with the span of time of which nothing is left; nothing when nothing was restored of late."""
    return {"gap": latest_gap(now=timezone.now())}
