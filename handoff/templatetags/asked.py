"""The strip that tells a cadre that colleagues ask for their advice, on every page."""

from __future__ import annotations

from typing import Any

from django import template

from handoff.console.asked import open_questions

register = template.Library()


@register.inclusion_tag("console/_asked.html", takes_context=True)
def asked_strip(context: Any) -> dict[str, Any]:
    """The strip for the page's cadre; nothing for an account that may not read talks."""
    cadre = context.get("cadre")
    reads = cadre is not None and cadre.reads_chats
    return {"questions": open_questions(cadre) if reads else [], "watched": reads}
