"""What the engine itself says, outside the dialogue's own files."""

from __future__ import annotations

from typing import Final

NOTHING_SAID: Final = "我没看到字。您把想问的写下来就行；想找人，写「转人工」。"
NOT_UNDERSTOOD: Final = "这句我没听明白。换个说法再写写看；想找人，写「转人工」。"
ENCODING: Final = "对话模型：编码例句"
TRAINING: Final = "对话模型：训练"
