"""Our own questions to measure with: `niangjia eval answers` and `niangjia eval scope`.

They lie outside ``sources/``, so that no build ever reads them, and none may stand in what is learned from (a test
holds that).
"""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
ANSWERS: Final = FOLDER / "answers.jsonl"
SCOPE: Final = FOLDER / "scope.jsonl"
SCOPE_SECOND: Final = FOLDER / "scope_second.jsonl"
"""By people who had not seen the knowledge base, and less worn by our looking at what is missed."""
SCOPE_THIRD: Final = FOLDER / "scope_third.jsonl"
"""Strangers alone, by others again, most of whom speak in words of working life."""
