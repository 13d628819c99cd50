"""What all tests share: a desk, a running server, no network. (Their home is made in tests/environment.py.)"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.desk import TestDesk
    from tests.served import Served

_connect = socket.socket.connect


def _only_this_machine(self: socket.socket, address: object) -> None:
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise AssertionError(f"a test reached for the network: {address[0]}")
    _connect(self, address)  # type: ignore[arg-type]


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    socket.socket.connect = _only_this_machine  # type: ignore[method-assign]
    yield
    socket.socket.connect = _connect  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """Hashing is slow on purpose; here it is no use."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if shutil.which("chromium") is None:
        skip = pytest.mark.skip(reason="CHROMIUM IS NOT INSTALLED: browser tests did not run (apt install chromium)")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(skip)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A file's bytes are no name for a test: all processes must agree on it, and people read it."""
    return argname if isinstance(val, bytes) and len(val) > 40 else None


@pytest.fixture
def desk(db: None) -> TestDesk:
    """A desk over the test database whose engine is a fake."""
    from tests.desk import make_desk
    from tests.fakes.dialogue import FakeDialogue

    return make_desk(FakeDialogue())


@pytest.fixture(scope="session")
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One real server, ready, for all tests that only need to talk to it."""
    from tests.served import served

    with served(tmp_path_factory.mktemp("running") / "home") as server:
        yield server
