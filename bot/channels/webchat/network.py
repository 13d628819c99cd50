"""From where a message came: kept sealed with it, and shown only when the glass is broken (`handoff.glass`)."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any, Final

from django.http import HttpRequest

# A proxy tells the address of who asks, not the port; one that is set up to do so sends it in this header.
_PORT_HEADER: Final = "X-Client-Port"
_MOST_PORT: Final = 65_535


def network_extras(request: HttpRequest) -> dict[str, Any]:
    """{"network": {"ip": …, "port": …}}, port 0 when it is not known; nothing when the address is this machine's.

    Behind a trusted proxy the address is the worker's own (`bot.command.serve` has the server read it); the header
    with the port is read only then: the server gives port 0 for an address that a proxy told.
    """
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return {}
    if address.is_loopback:
        return {}
    told = request.META.get("REMOTE_PORT") or request.headers.get(_PORT_HEADER, "")
    port = int(told) if str(told).isdecimal() and len(str(told)) <= len(str(_MOST_PORT)) else 0
    return {"network": {"ip": str(address), "port": port if port <= _MOST_PORT else 0}}
