"""By which poster somebody came, and from which province: noted once, shown to whoever deals with the talk."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from bot.visitors import Known
from handoff.models import ChannelIdentity, Contact, Scan
from knowledge.places import province_of_address

# What posters of accounts without scene codes ask for: 「回复 A012」.
_CODE: Final = re.compile(r"[A-Za-z][0-9]{2,5}")
_LONGEST: Final = 64


def scene_in(text: str) -> str | None:
    """The code of a poster, when the text is one and nothing else."""
    word = text.strip()
    return word.upper() if _CODE.fullmatch(word) else None


def note(known: Known, scene: str, *, now: datetime) -> None:
    """A scan, and with the first one by which poster they came."""
    note_scan(known.identity, scene, is_new=known.is_new, now=now)


def note_scan(identity: ChannelIdentity, scene: str, *, is_new: bool, now: datetime) -> None:
    """The same, where only the identity is known."""
    scene = scene[:_LONGEST]
    Scan.objects.create(
        channel=identity.channel,
        account=identity.account,
        scene=scene,
        contact_id=identity.contact_id,
        is_new=is_new,
        scanned_at=now,
    )
    if not identity.scene:
        ChannelIdentity.objects.filter(pk=identity.pk).update(scene=scene)


def note_province(contact: Contact, label: str) -> None:
    """The province that an address begins with; rules differ by province."""
    province = province_of_address(label)
    if province and contact.province != province:
        contact.province = province
        contact.save(update_fields=["province"])
