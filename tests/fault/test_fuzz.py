"""Nonsense at every public address: never a traceback, never a 5xx, never silence."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff.first_run import ensure_union

SAMPLE, ALL = 60, 3_000
_NOTHING = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_FIELDS = st.fixed_dictionaries({}, optional={"id": _JSON, "text": _JSON, "choice": _JSON})
_BODIES = st.binary(max_size=300) | (_FIELDS | _JSON).map(lambda value: json.dumps(value).encode())
_POSTS = st.sampled_from(["/chat/begin", "/chat/messages", "/chat/clear", "/console/sign-in", "/console/duty"])
_PATHS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=40).map(lambda text: "/" + text)


@pytest.fixture
def visitor(db: None) -> Client:
    ensure_union("测试总工会")
    client = Client(raise_request_exception=True)
    client.post("/chat/begin")
    return client


def _post(client: Client, path: str, body: bytes, content_type: str) -> None:
    response = client.post(path, data=body, content_type=content_type)
    assert response.status_code < 500
    assert response.content or 300 <= response.status_code < 400
    assert b"Traceback" not in response.content


_types = st.sampled_from(["application/json", "text/plain", "application/x-www-form-urlencoded", "x"])


@settings(max_examples=SAMPLE, deadline=None, suppress_health_check=_NOTHING, derandomize=True)
@given(_POSTS, _BODIES, _types)
def test_posted_nonsense_is_refused_in_words(visitor: Client, path: str, body: bytes, content_type: str) -> None:
    _post(visitor, path, body, content_type)


@settings(max_examples=SAMPLE, deadline=None, suppress_health_check=_NOTHING, derandomize=True)
@given(_PATHS)
def test_unknown_addresses_are_refused_in_words(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code < 500


@pytest.mark.prove
@settings(max_examples=ALL, deadline=None, suppress_health_check=_NOTHING)
@given(_POSTS, _BODIES, _types)
def test_much_posted_nonsense_is_refused_in_words(visitor: Client, path: str, body: bytes, content_type: str) -> None:
    _post(visitor, path, body, content_type)
