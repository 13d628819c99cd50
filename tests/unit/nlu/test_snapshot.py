"""The state of a talk between two turns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.errors import SnapshotUnreadable
from nlu.snapshot import PastTurn, Said, Snapshot

VALUES = st.none() | st.booleans() | st.text(max_size=20) | st.integers(0, 9)
SNAPSHOTS = st.builds(
    Snapshot,
    slots=st.dictionaries(st.text(min_size=1, max_size=8), VALUES, max_size=5),
    active_loop=st.none() | st.text(max_size=8),
    requested_slot=st.none() | st.text(max_size=8),
    recent=st.lists(st.builds(PastTurn, st.text(max_size=8), st.tuples(st.text(max_size=8))), max_size=3).map(tuple),
    said=st.lists(st.builds(Said, st.text(max_size=20)), max_size=2).map(tuple),
)


@given(SNAPSHOTS)
def test_a_snapshot_comes_back_from_json_as_it_was(snapshot: Snapshot) -> None:
    assert Snapshot.from_json(snapshot.to_json()) == snapshot


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"version":1}', '{"version":99}', "nonsense"])
def test_a_damaged_snapshot_is_refused(text: str) -> None:
    with pytest.raises(SnapshotUnreadable):
        Snapshot.from_json(text)
