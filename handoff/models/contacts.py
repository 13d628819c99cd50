"""Contacts: people who write to the desk, each with a key of their own."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.conf import settings
from django.db import models, transaction

from handoff.encryption import ContactErased, new_key, open_sealed, seal
from handoff.kinds import Channel
from handoff.tombstones import note_erased_now


class Contact(models.Model):
    """A person who writes. All their words are sealed under their key, which the master key wraps."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wrapped_key = models.BinaryField()
    province = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    person = models.UUIDField(
        null=True, blank=True, db_index=True, help_text="the same for contacts that one person has joined by a code"
    )

    @classmethod
    def begin(cls, *, now: Any) -> Contact:
        """A new contact, saved, with a fresh key."""
        contact = cls(created_at=now)
        key = new_key()
        contact.wrapped_key = seal(settings.NIANGJIA_MASTER_KEY, key, place=contact._key_place)
        contact._key = key
        contact.save(force_insert=True)
        return contact

    @property
    def _key_place(self) -> str:
        return f"contact:{self.id}:key"

    def _open_key(self) -> bytes:
        key: bytes | None = getattr(self, "_key", None)
        if key is None:
            if not self.wrapped_key:
                raise ContactErased(str(self.id))
            key = open_sealed(settings.NIANGJIA_MASTER_KEY, bytes(self.wrapped_key), place=self._key_place)
            self._key = key
        return key

    def seal_bytes(self, plain: bytes, *, place: str) -> bytes:
        """Sealed bytes; `place` is where they stand ("message:<uuid>:body"), checked on opening."""
        return seal(self._open_key(), plain, place=place)

    def open_bytes(self, sealed: bytes | memoryview, *, place: str) -> bytes:
        """The plain bytes. Raises ContactErased or Unreadable."""
        return open_sealed(self._open_key(), bytes(sealed), place=place)

    def seal_text(self, plain: str, *, place: str) -> bytes:
        """Like `seal_bytes`, for words in UTF-8."""
        return self.seal_bytes(plain.encode(), place=place)

    def open_text(self, sealed: bytes | memoryview, *, place: str) -> str:
        """The words. Raises ContactErased or Unreadable."""
        return self.open_bytes(sealed, place=place).decode()

    def seal_json(self, value: Any, *, place: str) -> bytes:
        """Like `seal_text`, for JSON values."""
        return self.seal_text(json.dumps(value, ensure_ascii=False), place=place)

    def open_json(self, sealed: bytes | memoryview, *, place: str) -> Any:
        """Like `open_text`, for JSON values."""
        return json.loads(self.open_text(sealed, place=place))

    def erase(self, *, now: Any) -> None:
        """Destroy the key: from now on nothing this contact wrote can be read."""
        self.wrapped_key = b""
        self.erased_at = now
        self.person = None
        self._key = None  # type: ignore[assignment]
        self.save(update_fields=["wrapped_key", "erased_at", "person"])
        self.identities.all().delete()
        transaction.on_commit(lambda: note_erased_now(self.id), robust=True)


class ChannelIdentity(models.Model):
    """How a channel knows a contact: the keyed hash of an openid, a chat id or a web session's token."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="identities")
    channel = models.CharField(max_length=12, choices=Channel.choices)
    account = models.CharField(max_length=40, default="main")
    external_hash = models.CharField(max_length=64)
    external_sealed = models.BinaryField(default=b"", blank=True)
    seen_at = models.DateTimeField()
    consented_at = models.DateTimeField(null=True, blank=True)
    scene = models.CharField(max_length=64, blank=True, help_text="the poster by which they first came")
    followed_at = models.DateTimeField(null=True, blank=True)
    unfollowed_at = models.DateTimeField(null=True, blank=True)
    notice_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the notice that was accepted")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "account", "external_hash"], name="one_contact_per_identity"),
        ]
