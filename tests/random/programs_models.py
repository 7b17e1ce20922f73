"""Programs for test_same_seed.py: the first parameters of models, and nn.init."""

from __future__ import annotations

import copy
import functools
import types
from collections.abc import Callable
from typing import Any

from benchmarks.same_numbers import example

from .programs_tensors import Found, Program

EXACT: dict[str, Program] = {}


@functools.cache
def vit(torch: Any) -> types.SimpleNamespace:
    """The names that examples/vit_mnist.py defines, with either library."""
    return types.SimpleNamespace(**example(on_pytorch=torch.__name__ == "torch"))


# -- the parameters of fresh models ---------------------------------------------------------------


def new_vit(torch: Any, preset: str) -> Any:
    outside = ("preset", "batch_size", "lr", "epochs")
    config = vit(torch).PRESETS[preset]
    return vit(torch).VisionTransformer(**{k: v for k, v in config.items() if k not in outside})


def called(module: Any, x: Any) -> Any:
    """A lazy module after its first call."""
    module(x)
    return module


MODELS: dict[str, Callable[[Any, Any], Any]] = {
    "the example's ViT, default": lambda torch, nn: new_vit(torch, "default"),
    "the example's ViT, notes": lambda torch, nn: new_vit(torch, "notes"),
    "CNN": lambda torch, nn: nn.Sequential(
        nn.Conv2d(1, 6, 3), nn.BatchNorm2d(6), nn.ReLU(), nn.Conv2d(6, 8, (3, 2), groups=2, bias=False),
        nn.MaxPool2d(2), nn.Conv2d(8, 8, 3, padding=1, padding_mode="circular", groups=8),
        nn.ConvTranspose2d(8, 6, 3, stride=2), nn.ConvTranspose2d(6, 4, 2, groups=2, bias=False),
        nn.Flatten(), nn.Dropout(0.3), nn.Linear(36, 10),
    ),
    "CNN in one and three dimensions": lambda torch, nn: nn.ModuleDict({
        "a": nn.Conv1d(3, 4, 5), "b": nn.Conv3d(2, 4, (1, 2, 3), groups=2, dilation=2),
        "c": nn.ConvTranspose1d(3, 4, 5, bias=False), "d": nn.ConvTranspose3d(4, 2, 2, groups=2),
        "e": nn.BatchNorm1d(3), "f": nn.InstanceNorm3d(2, affine=True), "g": nn.BatchNorm3d(2),
    }),
    "MLP": lambda torch, nn: nn.Sequential(
        nn.Linear(784, 30), nn.ReLU(), nn.Linear(30, 7, bias=False), nn.Tanh(), nn.Linear(7, 1)
    ),
    "MLP in double": lambda torch, nn: nn.Sequential(
        nn.Linear(13, 30, dtype=torch.float64), nn.PReLU(dtype=torch.float64), nn.Linear(30, 7).double()
    ),
    "norms": lambda torch, nn: nn.ModuleList([
        nn.LayerNorm((3, 5)), nn.GroupNorm(2, 4), nn.RMSNorm(7), nn.InstanceNorm2d(3, affine=True),
        nn.BatchNorm1d(4, track_running_stats=False), nn.LayerNorm(4, bias=False), nn.Linear(2, 2),
    ]),
    "Transformer": lambda torch, nn: nn.Transformer(8, 2, 2, 3, 16),
    "Transformer, norm_first, no bias": lambda torch, nn: nn.Transformer(
        8, 2, 1, 1, 16, activation="gelu", batch_first=True, norm_first=True, bias=False
    ),
    "TransformerEncoder": lambda torch, nn: nn.TransformerEncoder(
        nn.TransformerEncoderLayer(6, 2, 11, batch_first=True), 3, nn.LayerNorm(6)
    ),
    "TransformerDecoder": lambda torch, nn: nn.TransformerDecoder(
        nn.TransformerDecoderLayer(6, 3, 11), 2, nn.LayerNorm(6)
    ),
    "LSTM": lambda torch, nn: nn.ModuleList([
        nn.LSTM(5, 7, 2, bidirectional=True), nn.LSTM(5, 7, proj_size=3), nn.LSTM(4, 3, bias=False)
    ]),
    "GRU, RNN": lambda torch, nn: nn.ModuleList([
        nn.GRU(5, 7, 2), nn.RNN(5, 7, 2, nonlinearity="relu", batch_first=True, dropout=0.2)
    ]),
    "cells": lambda torch, nn: nn.ModuleList([
        nn.LSTMCell(5, 7), nn.GRUCell(5, 7, bias=False), nn.RNNCell(5, 7)
    ]),
    "Embedding": lambda torch, nn: nn.ModuleList([
        nn.Embedding(11, 5, padding_idx=3), nn.Embedding(4, 3, padding_idx=-1, max_norm=1.0),
        nn.EmbeddingBag(7, 4, padding_idx=0), nn.Embedding(20, 16),
        nn.Embedding.from_pretrained(torch.rand(3, 2)),
    ]),
    "MultiheadAttention": lambda torch, nn: nn.ModuleList([
        nn.MultiheadAttention(8, 2), nn.MultiheadAttention(8, 4, kdim=5, vdim=3),
        nn.MultiheadAttention(6, 2, add_bias_kv=True), nn.MultiheadAttention(6, 3, bias=False),
        nn.MultiheadAttention(6, 2, vdim=7, add_bias_kv=True, add_zero_attn=True, batch_first=True),
    ]),
    "Bilinear, PReLU": lambda torch, nn: nn.ModuleList([
        nn.Bilinear(3, 4, 5), nn.PReLU(), nn.Bilinear(2, 3, 4, bias=False), nn.PReLU(3, init=0.1),
    ]),
    "lazy modules": lambda torch, nn: nn.ModuleList([
        called(nn.LazyLinear(4), torch.rand(2, 3)), called(nn.LazyConv1d(4, 3), torch.rand(2, 5, 7)),
        called(nn.LazyConv2d(4, 3, groups=2), torch.rand(1, 2, 5, 5)),
        called(nn.LazyConvTranspose2d(3, 2, bias=False), torch.rand(1, 2, 3, 3)),
        called(nn.LazyBatchNorm2d(), torch.ones(2, 3, 2, 2)), called(nn.LazyLinear(3), torch.rand(4)),
    ]),
    "weight_norm": lambda torch, nn: nn.ModuleList([
        nn.Linear(2, 3), nn.utils.parametrizations.weight_norm(nn.Conv1d(2, 3, 2), dim=None),
    ]),
}  # fmt: skip


def fresh(make: Callable[[Any, Any], Any], torch: Any) -> Found:
    """Parameters and buffers of a model and of its copy, by name and in order."""
    model = make(torch, torch.nn)
    found = {}
    for title, m in (("", model), ("copy of ", copy.deepcopy(model))):
        found |= {title + name: p for name, p in m.named_parameters()}
        found |= {title + name: b for name, b in m.named_buffers()}
    return found


EXACT.update({f"fresh {k}": functools.partial(fresh, make) for k, make in MODELS.items()})

# -- nn.init (orthogonal_: tests/nn/test_init.py) ---------------------------------------------------

FILLS: dict[str, list[tuple[Any, ...]]] = {
    "uniform_": [(), (-2.0, 3.0)], "normal_": [(), (1.0, 0.1)], "constant_": [(0.3,)], "ones_": [()],
    "zeros_": [()], "trunc_normal_": [(), (0.5, 2.0, -1.0, 1.0), (0.0, 1.0, 2.0, 3.0), (0.0, 0.02)],
    "xavier_uniform_": [(), (2.0,)], "xavier_normal_": [(), (5 / 3,)],
    "kaiming_uniform_": [(), (5**0.5,), (0.0, "fan_out", "relu")],
    "kaiming_normal_": [(), (0.2, "fan_out"), (0.0, "fan_in", "tanh")],
    "sparse_": [(0.4,), (0.5, 3.0)], "eye_": [()], "dirac_": [(), (2,)],
}  # fmt: skip


def initialized(fill: str, torch: Any) -> Found:
    shapes = [(3, 5), (16, 20), (6, 4, 3, 2)]
    shapes = {"sparse_": shapes[:2], "eye_": shapes[:2], "dirac_": shapes[2:]}.get(fill, shapes)
    return {
        f"{kind} {shape} {args}": getattr(torch.nn.init, fill)(
            torch.empty(shape, dtype=getattr(torch, kind)), *args
        )
        for kind in ("float32", "float64")
        for shape in shapes
        for args in FILLS[fill]
    }


EXACT.update({f"init.{fill}": functools.partial(initialized, fill) for fill in FILLS})
