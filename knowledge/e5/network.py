"""The network of multilingual-e5-small (Wang et al. 2024), in eight bits, for one text at a time.

Matrices multiply in whole numbers: a question takes a quarter of the time that the package's own four-bit engine needs.
What goes into a matrix is measured anew for each text, by its largest number: a few columns
are a hundred times as large as the rest, which would then all be rounded to nought. So a column's size is moved from
the input into the matrix, where each number has a scale of its own (SmoothQuant, Xiao et al. 2023), after looking at
what a few sentences bring.
"""

from collections.abc import Sequence
from typing import Final, cast

import torch
from torch import Tensor, nn
from torch.ao.quantization import per_channel_dynamic_qconfig, quantize_dynamic

from knowledge.e5.model_file import ModelFile

# How much of a column's size goes into the matrix: between a half and three quarters little depends on it.
_MOVED: Final = 0.7
# Tracing notes what is done to one text; the compiler looks at the next two, so that no worker waits for it.
_RUNS_TO_COMPILE: Final = 3


class Scaled(nn.Module):
    """A linear map whose input is scaled column by column first, and whose matrix makes up for it."""

    scale: Tensor
    largest: Tensor

    def __init__(self, weights: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.register_buffer("scale", torch.ones(weights.shape[1]))
        self.linear = nn.Linear(weights.shape[1], weights.shape[0])
        self.linear.weight, self.linear.bias = _fixed(weights), _fixed(bias)
        self.register_buffer("largest", torch.zeros(weights.shape[1]))

    def forward(self, rows: Tensor) -> Tensor:
        """(tokens, numbers in) → (tokens, numbers out)"""
        linear: Tensor = self.linear(rows * self.scale)
        return linear

    def measure(self, rows: Tensor) -> None:
        """Note how large each column becomes."""
        self.largest = torch.maximum(self.largest, rows.abs().amax(0))

    def smooth(self) -> None:
        """Move what was measured into the matrix."""
        weights = self.linear.weight
        moved = self.largest.clamp(min=1e-3) ** _MOVED / weights.abs().amax(0).clamp(min=1e-5) ** (1 - _MOVED)
        moved /= moved.mean()
        self.linear.weight = _fixed(weights * moved)
        self.scale = 1 / moved


class Layer(nn.Module):
    """Attention, then the inner map; each added to what came in, and normed."""

    def __init__(self, file: ModelFile, number: int) -> None:
        super().__init__()
        self._heads = file.sizes.heads
        names = [f"l{number}.{name}" for name in "qkv"]
        weights = torch.cat([torch.from_numpy(file.matrix(f"{name}.w")) for name in names])
        bias = torch.cat([torch.from_numpy(file.vector(f"{name}.b")) for name in names])
        self.asked = Scaled(weights, bias)
        self.heard = _scaled(file, f"l{number}.ao")
        self.heard_norm = _norm(file, f"l{number}.aln")
        self.inner = _scaled(file, f"l{number}.fi")
        self.outer = _scaled(file, f"l{number}.fo")
        self.outer_norm = _norm(file, f"l{number}.oln")

    def forward(self, rows: Tensor) -> Tensor:
        """(tokens, width) → the same"""
        tokens, width = rows.shape
        parts = self.asked(rows).view(tokens, 3, self._heads, width // self._heads)
        query, key, value = parts.permute(1, 2, 0, 3).unsqueeze(1).unbind(0)
        attended = nn.functional.scaled_dot_product_attention(query, key, value)
        rows = self.heard_norm(rows + self.heard(attended[0].transpose(0, 1).reshape(tokens, width)))
        normed: Tensor = self.outer_norm(rows + self.outer(nn.functional.gelu(self.inner(rows))))
        return normed


class Network(nn.Module):
    """Words' vectors of one text (tokens, width) → the text's vector (width), of length one."""

    positions: Tensor

    def __init__(self, file: ModelFile, samples: Sequence[Tensor]) -> None:
        """In eight bits. ``samples``: words' vectors of texts like those to come. A layer at a time: what is not yet
        rounded takes four times the memory."""
        super().__init__()
        positions = file.vector("emb.pos").reshape(-1, file.sizes.width) + file.vector("emb.type")[: file.sizes.width]
        self.register_buffer("positions", torch.from_numpy(positions))
        self.norm = _norm(file, "emb.ln")
        self.layers = nn.Sequential()
        rows = [self._placed(sample) for sample in samples]
        for number in range(file.sizes.layers):
            layer = _rounded(Layer(file, number), rows)
            rows = [layer(one) for one in rows]
            self.layers.append(layer)

    def forward(self, words: Tensor) -> Tensor:
        rows = self.layers(self._placed(words))
        return nn.functional.normalize(rows.mean(0), dim=0)

    def _placed(self, words: Tensor) -> Tensor:
        placed: Tensor = self.norm(words + self.positions[: words.shape[0]])
        return placed


def compiled_network(file: ModelFile, samples: Sequence[Tensor]) -> torch.jit.ScriptModule:
    """See ``Network``; ready to be called by several threads at once."""
    with torch.inference_mode():
        traced = torch.jit.trace(Network(file, samples).eval(), samples[0])  # type: ignore[no-untyped-call]
        compiled = cast(torch.jit.ScriptModule, torch.jit.freeze(traced.eval()))
        for _ in range(_RUNS_TO_COMPILE):
            for sample in samples:
                compiled(sample)
    return compiled


def _rounded(layer: Layer, samples: Sequence[Tensor]) -> nn.Module:
    """In eight bits, after a look at what the samples bring."""
    maps = [part for part in layer.modules() if isinstance(part, Scaled)]
    hooks = [part.register_forward_pre_hook(lambda part, given: part.measure(given[0])) for part in maps]
    for sample in samples:
        layer(sample)
    for hook, part in zip(hooks, maps, strict=True):
        hook.remove()
        part.smooth()
    linear = {nn.Linear: per_channel_dynamic_qconfig}
    return cast(nn.Module, quantize_dynamic(layer.eval(), linear, inplace=True))  # type: ignore[no-untyped-call]


def _scaled(file: ModelFile, name: str) -> Scaled:
    return Scaled(torch.from_numpy(file.matrix(f"{name}.w")), torch.from_numpy(file.vector(f"{name}.b")))


def _norm(file: ModelFile, name: str) -> nn.LayerNorm:
    norm = nn.LayerNorm(file.sizes.width, eps=file.sizes.epsilon)
    norm.weight, norm.bias = (_fixed(torch.from_numpy(file.vector(f"{name}.{part}"))) for part in "wb")
    return norm


def _fixed(numbers: Tensor) -> nn.Parameter:
    return nn.Parameter(numbers, requires_grad=False)
