"""The alarms that ring, for pages whose view has nothing to do with them: an alarm is seen and heard on every page."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from handoff.console.alarms import alarm_parts

register = template.Library()


@register.inclusion_tag("console/_alarms.html", takes_context=True)
def ringing_alarms(context: Any) -> dict[str, Any]:
    """The cards for the page's cadre, each with the way to its talk."""
    return {**alarm_parts(context["cadre"], now=timezone.now()), "csrf_token": context.get("csrf_token")}
