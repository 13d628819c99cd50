"""multilingual-e5-small as a module of sentence_transformers.

Imported late, by ``knowledge.encoder`` alone: sentence_transformers brings torch, which takes seconds.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import torch
from sentence_transformers.base.modules import InputModule
from torch import Tensor

from knowledge.e5.model_file import ModelFile, unpacked
from knowledge.e5.network import compiled_network
from knowledge.e5.tokens import Tokens

QUESTION: Final = "query: "
PASSAGE: Final = "passage: "
# What is measured before rounding to eight bits: short and long, a question and a passage, plain and angry.
SAMPLES: Final = (
    f"{QUESTION}公司拖欠工资怎么办",
    f"{QUESTION}老板不签合同还天天加班，气死我了！！",
    f"{QUESTION}怎么加入工会",
    f"{QUESTION}在吗",
    f"{QUESTION}我怀孕3个月，单位说2026年1月1日起给我降薪，每月只发2,000元，合法吗？",
    f"{QUESTION}想找个人说说话",
    f"{PASSAGE}用人单位应当按月以货币形式支付给劳动者本人，不得克扣或者无故拖欠。",
    f"{PASSAGE}能要。先写一张催款单，写明哪几个月、多少钱，让单位签收；再带上考勤、银行流水去劳动监察投诉，或者一年内申请仲裁。",
)


class ShippedE5(InputModule):
    """Encodes one text at a time, so that a text's vector never depends on its neighbours; threads may share it.

    Threads of torch's own wait for each other in a busy loop: on a machine that has other work a question then takes
    ten times as long now and then. So each call gets one, and a batch is shared out among threads of ours.
    """

    config_keys: list[str] = []

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        torch.set_num_threads(1)
        file = ModelFile()
        self._words = file.blocks("emb.word")
        self._tokens = Tokens(file.vocabulary, most=file.sizes.tokens)
        self._width = file.sizes.width
        self._network = compiled_network(file, [self._looked_up(text) for text in SAMPLES])

    def preprocess(self, inputs: list[Any], prompt: str | None = None, **kwargs: Any) -> dict[str, Any]:
        before = QUESTION if kwargs.get("task") == "query" else PASSAGE
        return {"texts": [f"{before}{text}" for text in inputs]}

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        return {**features, "sentence_embedding": torch.stack(self._encode(features["texts"]))}

    def _encode(self, texts: Sequence[str]) -> list[Tensor]:
        if len(texts) == 1:
            return [self._one(texts[0])]
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            return list(pool.map(self._one, texts))

    def _one(self, text: str) -> Tensor:
        with torch.inference_mode():
            vector: Tensor = self._network(self._looked_up(text))
        return vector

    def _looked_up(self, text: str) -> Tensor:
        """(tokens, width)"""
        return torch.from_numpy(unpacked(self._words[self._tokens.of(text)]))

    def get_embedding_dimension(self) -> int:
        return self._width

    def save(self, output_path: str, *args: Any, safe_serialization: bool = True, **kwargs: Any) -> None:
        self.save_config(output_path)
