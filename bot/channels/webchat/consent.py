"""Which privacy notice somebody accepted: the digest of its words, so that it can be proved later (PIPL 14)."""

from __future__ import annotations

import hashlib

from django.template.loader import get_template

_NOTICES = ("webchat/_notice.html", "webchat/privacy.html")


def notice_digest() -> str:
    """SHA-256 of the short and the whole notice as they stand now, in hex."""
    digest = hashlib.sha256()
    for name in _NOTICES:
        digest.update(get_template(name).template.source.encode())  # type: ignore[attr-defined]
    return digest.hexdigest()
