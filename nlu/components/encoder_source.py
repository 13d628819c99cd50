"""How the one encoder of the process reaches a component that Rasa makes.

Rasa builds components itself and passes them nothing but their configuration. Whoever builds or loads a model says
`with lend(encoder):` around it; a component made inside takes that encoder and keeps it. The loan is a context
variable, so it ends with the block and other threads never see it. Outside any loan (`rasa shell`, `rasa run`) the
component loads the encoder that its configuration names.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from knowledge.encoder import Encoder, load_encoder

_lent: Final[ContextVar[Encoder | None]] = ContextVar("lent_encoder", default=None)


@contextmanager
def lend(encoder: Encoder | None) -> Iterator[None]:
    """Components made inside the block use this encoder; None lends nothing."""
    token = _lent.set(encoder)
    try:
        yield
    finally:
        _lent.reset(token)


def lent_or_loaded(name: str) -> Encoder:
    """The encoder on loan, else a fresh one by its name in `config.yml`."""
    return _lent.get() or load_encoder(name, cache_dir=None)
