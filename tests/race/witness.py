"""A witness inside the database: it refuses any engine message that begins to be sent in a held conversation.

Unlike clocks in threads it sees the one order that counts, that of the commits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_CONDITION = """NEW.kind = 'engine' AND OLD.delivery = 'pending' AND NEW.delivery IN ('sending', 'sent')
    AND (SELECT holder_id FROM handoff_conversation WHERE id = NEW.conversation_id) IS NOT NULL"""
_SQLITE = f"""CREATE TRIGGER witness BEFORE UPDATE ON handoff_message WHEN {_CONDITION}
    BEGIN SELECT RAISE(ABORT, 'an engine message began to be sent in a held conversation'); END"""
_POSTGRESQL = f"""CREATE FUNCTION witness() RETURNS trigger AS $$ BEGIN
    IF {_CONDITION} THEN RAISE EXCEPTION 'an engine message began to be sent in a held conversation'; END IF;
    RETURN NEW; END $$ LANGUAGE plpgsql;
    CREATE TRIGGER witness BEFORE UPDATE ON handoff_message FOR EACH ROW EXECUTE FUNCTION witness()"""


@contextmanager
def witness() -> Iterator[None]:
    """With the witness in place, a wrong send raises a database error in whoever sends."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE if sqlite else _POSTGRESQL)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER witness" if sqlite else "DROP FUNCTION witness CASCADE")
