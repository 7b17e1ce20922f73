"""The table of layers: how each is made and called. Runs on minitorch and on PyTorch alike.

    layer("Linear", lambda nn: nn.Linear(3, 5), f(2, 3))

`run` makes the layer from a seed, calls it, sends a fixed cotangent back and returns every
number that came out: initial state, outputs, gradients, state afterwards, and the repr.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..cases.spec import Input, b, f, i


@dataclass
class Layer:
    """One row. `call(layer, torch, *inputs)` is the forward call; `train` the mode."""

    id: str
    make: Callable[[Any], Any]
    inputs: tuple[Input, ...]
    call: Callable[..., Any]
    train: bool
    numeric: bool  # the gradient can be compared with finite differences


@dataclass
class Result:
    """What came out: the repr, the state before, and by name every number after."""

    text: str = ""
    start: dict[str, np.ndarray] = field(default_factory=dict)
    numbers: dict[str, np.ndarray] = field(default_factory=dict)

    def packed(self) -> tuple[list[Any], np.ndarray]:
        """(name, shape, dtype) of every array, and all their numbers in one (for a small file)."""
        arrays = {**{f"start {k}": v for k, v in self.start.items()}, **self.numbers}
        layout = [[k, list(v.shape), v.dtype.name] for k, v in arrays.items()]
        flat = [np.zeros(0), *(v.ravel().astype(np.float64) for v in arrays.values())]
        return layout, np.concatenate(flat)


def unpacked(layout: list[Any], flat: np.ndarray) -> dict[str, np.ndarray]:
    """The inverse of `Result.packed`."""
    arrays, at = {}, 0
    for name, shape, dtype in layout:
        n = int(np.prod(shape))
        arrays[name] = flat[at : at + n].reshape(shape).astype(dtype)
        at += n
    return arrays


LAYERS: list[Layer] = []


def layer(
    name: str,
    make: Callable[[Any], Any],
    *inputs: Input,
    call: Callable[..., Any] = lambda m, torch, *xs: m(*xs),
    train: bool = True,
    numeric: bool = True,
) -> None:
    number = sum(row.id.split("/")[0] == name for row in LAYERS)
    LAYERS.append(Layer(f"{name}/{number}", make, inputs, call, train, numeric))


def rng_of(row: Layer) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(row.id.encode()))


def tensors(row: Layer, torch: Any, dtype: str) -> list[Any]:
    rng, made = rng_of(row), []
    for spec in row.inputs:
        array = spec.place(spec.draw(rng))
        if array.dtype.kind == "f":
            made.append(torch.from_numpy(array.astype(dtype)).requires_grad_(spec.grad))
        else:
            made.append(torch.from_numpy(array))
    return made


def outputs_of(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, (tuple, list)):
        return [t for part in value for t in outputs_of(part)]
    return [value]


def made_and_called(
    row: Layer, torch: Any, dtype: str, before: Callable[..., Any] = lambda m, xs: None
) -> tuple[Any, list[Any], list[Any]]:
    """(layer, inputs, outputs), always from the same seed; `before` may change the numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(zlib.crc32(row.id.encode()))
        module = row.make(torch.nn)
        module.train(row.train)
        module.to(getattr(torch, dtype))
        xs = tensors(row, torch, dtype)
        before(module, xs)
        torch.manual_seed(1)
        return module, xs, outputs_of(row.call(module, torch, *xs))


def cotangent(row: Layer, k: int, shape: Any) -> np.ndarray:
    rng = np.random.default_rng(zlib.crc32(f"{row.id}:{k}".encode()))
    signs = rng.choice([-1.0, 1.0], tuple(shape))
    return np.asarray(rng.uniform(0.5, 1.5, tuple(shape)) * signs)


def loss_of(row: Layer, torch: Any, outputs: list[Any]) -> Any:
    """Σ cotangent · output, over the outputs that have a gradient."""
    parts = []
    for k, out in enumerate(outputs):
        if out.requires_grad:
            c = torch.from_numpy(cotangent(row, k, out.shape)).to(out.dtype)
            parts.append((out * c).sum())
    return sum(parts[1:], parts[0]) if parts else None


def run(row: Layer, torch: Any, dtype: str = "float64") -> Result:
    result = Result()
    torch.manual_seed(zlib.crc32(row.id.encode()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fresh = row.make(torch.nn)
    result.text = repr(fresh)
    result.start = {k: v.numpy().copy() for k, v in fresh.state_dict().items()}
    module, xs, outputs = made_and_called(row, torch, dtype)
    for k, out in enumerate(outputs):
        result.numbers[f"out{k}"] = out.detach().numpy().copy()
    loss = loss_of(row, torch, outputs)
    if loss is not None:
        loss.backward()
        for k, x in enumerate(xs):
            if x.grad is not None:
                result.numbers[f"grad of input {k}"] = x.grad.numpy().copy()
        for name, p in module.named_parameters():
            if p.grad is not None:
                result.numbers[f"grad of {name}"] = p.grad.numpy().copy()
    for name, buffer in module.named_buffers():
        result.numbers[f"buffer {name}"] = buffer.numpy().copy()
    return result


# -- linear, flatten, embedding -------------------------------------------------------------------

layer("Identity", lambda nn: nn.Identity(7, unused=True), f(2, 3))
layer("Linear", lambda nn: nn.Linear(3, 5), f(2, 3))
layer("Linear", lambda nn: nn.Linear(3, 5, bias=False), f(2, 7, 3))
layer("Linear", lambda nn: nn.Linear(3, 5), f(3))
layer("Linear", lambda nn: nn.Linear(3, 5), f(2, 7, 3, layout="transposed"))
layer("Bilinear", lambda nn: nn.Bilinear(2, 3, 5), f(7, 2), f(7, 3))
layer("Bilinear", lambda nn: nn.Bilinear(2, 3, 5, bias=False), f(2), f(3))
layer("Flatten", lambda nn: nn.Flatten(), f(2, 3, 5, 7))
layer("Flatten", lambda nn: nn.Flatten(2), f(2, 3, 5, 7))
layer("Flatten", lambda nn: nn.Flatten(0, 1), f(2, 3, 5))
layer("Unflatten", lambda nn: nn.Unflatten(1, (2, 3)), f(5, 6))
layer("Unflatten", lambda nn: nn.Unflatten(-1, (-1, 3)), f(5, 6))
layer("Embedding", lambda nn: nn.Embedding(7, 3), i(2, 5, low=0, high=7))
layer("Embedding", lambda nn: nn.Embedding(7, 3, padding_idx=-2), i(2, 5, low=4, high=7), numeric=False)
layer("Embedding", lambda nn: nn.Embedding(7, 3, max_norm=1.0), i(11, low=0, high=7), numeric=False)
layer(
    "Embedding",
    lambda nn: nn.Embedding(5, 3, scale_grad_by_freq=True),
    i(11, low=0, high=5),
    numeric=False,
)

# -- convolution, pooling, padding ----------------------------------------------------------------

layer("Conv1d", lambda nn: nn.Conv1d(3, 5, 2), f(2, 3, 7))
layer("Conv1d", lambda nn: nn.Conv1d(4, 6, 3, 2, 1, 2, 2, False, "circular"), f(2, 4, 11))
layer("Conv2d", lambda nn: nn.Conv2d(3, 5, 2), f(2, 3, 7, 5))
layer("Conv2d", lambda nn: nn.Conv2d(3, 5, (2, 3), stride=(2, 1), padding=(1, 2)), f(3, 7, 5))
layer("Conv2d", lambda nn: nn.Conv2d(4, 6, 3, dilation=2, groups=2, bias=False), f(2, 4, 7, 11))
layer("Conv2d", lambda nn: nn.Conv2d(3, 3, 3, groups=3, padding="same"), f(2, 3, 7, 5))
layer("Conv2d", lambda nn: nn.Conv2d(1, 2, (4, 3), padding="same", dilation=(1, 2)), f(2, 1, 7, 5))
layer("Conv2d", lambda nn: nn.Conv2d(1, 2, 3, padding="valid"), f(2, 1, 7, 5))
for _mode in ("reflect", "replicate", "circular"):
    layer(
        "Conv2d",
        lambda nn, mode=_mode: nn.Conv2d(2, 3, (3, 2), padding=(2, 1), padding_mode=mode),
        f(2, 2, 7, 5),
    )
    layer(
        "Conv2d",
        lambda nn, mode=_mode: nn.Conv2d(2, 3, (4, 2), padding="same", padding_mode=mode),
        f(2, 2, 7, 5),
    )
layer("ConvTranspose1d", lambda nn: nn.ConvTranspose1d(3, 5, 2), f(2, 3, 7))
layer(
    "ConvTranspose2d",
    lambda nn: nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, 2, True, 2),
    f(2, 4, 5, 3),
)
layer(
    "ConvTranspose2d",
    lambda nn: nn.ConvTranspose2d(3, 2, 3, stride=2, padding=1),
    f(2, 3, 5, 7),
    call=lambda m, torch, x: m(x, output_size=(10, 13)),
)
layer("MaxPool1d", lambda nn: nn.MaxPool1d(2), f(2, 3, 7, distinct=True))
layer("MaxPool2d", lambda nn: nn.MaxPool2d(2), f(2, 3, 7, 5, distinct=True))
layer(
    "MaxPool2d",
    lambda nn: nn.MaxPool2d((2, 3), 1, 1, return_indices=True, ceil_mode=True),
    f(3, 7, 5, distinct=True),
)
layer("MaxPool2d", lambda nn: nn.MaxPool2d(2, dilation=2), f(2, 3, 7, 5, distinct=True))
layer("AvgPool1d", lambda nn: nn.AvgPool1d(3, 2, 1, True, False), f(2, 3, 7))
layer("AvgPool2d", lambda nn: nn.AvgPool2d(2), f(2, 3, 7, 5))
layer("AvgPool2d", lambda nn: nn.AvgPool2d((3, 2), 2, 1, True, False), f(2, 3, 7, 5))
layer("AvgPool2d", lambda nn: nn.AvgPool2d(3, divisor_override=5), f(2, 3, 7, 5))
layer("AdaptiveAvgPool1d", lambda nn: nn.AdaptiveAvgPool1d(3), f(2, 3, 7))
layer("AdaptiveAvgPool2d", lambda nn: nn.AdaptiveAvgPool2d(1), f(2, 3, 7, 5))
layer("AdaptiveAvgPool2d", lambda nn: nn.AdaptiveAvgPool2d((3, None)), f(2, 3, 7, 5))
layer("AdaptiveMaxPool1d", lambda nn: nn.AdaptiveMaxPool1d(3), f(2, 3, 7, distinct=True))
layer(
    "AdaptiveMaxPool2d",
    lambda nn: nn.AdaptiveMaxPool2d((3, 2), return_indices=True),
    f(2, 3, 7, 5, distinct=True),
)
layer("Fold", lambda nn: nn.Fold((4, 5), (2, 3)), f(2, 18, 9))
layer("Unfold", lambda nn: nn.Unfold((2, 3), 1, 1, 2), f(2, 3, 5, 7))
layer("ZeroPad1d", lambda nn: nn.ZeroPad1d((2, 1)), f(2, 3, 5))
layer("ZeroPad2d", lambda nn: nn.ZeroPad2d((1, 0, 2, -1)), f(2, 3, 5, 7))
layer("ZeroPad3d", lambda nn: nn.ZeroPad3d(1), f(2, 3, 2, 5))
layer("ConstantPad1d", lambda nn: nn.ConstantPad1d(2, 3.5), f(2, 3, 5))
layer("ConstantPad2d", lambda nn: nn.ConstantPad2d(1, -1.0), f(2, 3, 5))
layer("ConstantPad3d", lambda nn: nn.ConstantPad3d((1, 0, 2, 1, 0, 1), 0.5), f(2, 3, 2, 5))
layer("ReflectionPad1d", lambda nn: nn.ReflectionPad1d((2, 1)), f(2, 3, 5))
layer("ReflectionPad2d", lambda nn: nn.ReflectionPad2d((1, 2, 3, 0)), f(2, 3, 5, 7))
layer("ReflectionPad3d", lambda nn: nn.ReflectionPad3d(1), f(2, 3, 2, 5, 3))
layer("ReplicationPad1d", lambda nn: nn.ReplicationPad1d(2), f(2, 3, 5))
layer("ReplicationPad2d", lambda nn: nn.ReplicationPad2d((1, 2, 3, 0)), f(2, 3, 5, 7))
layer("ReplicationPad3d", lambda nn: nn.ReplicationPad3d(1), f(2, 3, 2, 5, 3))
layer("CircularPad1d", lambda nn: nn.CircularPad1d(2), f(2, 3, 5))
layer("CircularPad2d", lambda nn: nn.CircularPad2d((1, 2, 3, 0)), f(2, 3, 5, 7))
layer("CircularPad3d", lambda nn: nn.CircularPad3d(1), f(2, 3, 2, 5, 3))
layer("PixelShuffle", lambda nn: nn.PixelShuffle(2), f(2, 12, 3, 5))
layer("PixelUnshuffle", lambda nn: nn.PixelUnshuffle(3), f(2, 6, 9))
layer("ChannelShuffle", lambda nn: nn.ChannelShuffle(3), f(2, 6, 5))
layer("Upsample", lambda nn: nn.Upsample(scale_factor=2), f(2, 3, 5))
layer("Upsample", lambda nn: nn.Upsample(size=(7, 4)), f(2, 3, 5, 3))
layer("Upsample", lambda nn: nn.Upsample(scale_factor=2, mode="linear"), f(2, 3, 5))
layer("Upsample", lambda nn: nn.Upsample(scale_factor=(1.5, 2.3), mode="bilinear"), f(2, 3, 5, 7))
layer("Upsample", lambda nn: nn.Upsample((7, 4), None, "bilinear", True), f(2, 3, 5, 3))
layer("Upsample", lambda nn: nn.Upsample(size=(7, 4), mode="bicubic"), f(2, 3, 5, 3))
layer("Upsample", lambda nn: nn.Upsample((7, 4), mode="bicubic", align_corners=True), f(2, 3, 5, 3))
layer("Upsample", lambda nn: nn.Upsample(size=(3, 4, 7), mode="trilinear"), f(2, 3, 2, 5, 3))
layer("Upsample", lambda nn: nn.Upsample(size=(3, 4), mode="area"), f(2, 3, 5, 7))
layer("Upsample", lambda nn: nn.Upsample(size=4, mode="nearest-exact"), f(2, 3, 7))
layer(
    "Upsample",
    lambda nn: nn.Upsample(None, 1.7, "bilinear", recompute_scale_factor=True),
    f(2, 3, 5, 7),
)
layer("UpsamplingNearest2d", lambda nn: nn.UpsamplingNearest2d(scale_factor=3), f(2, 3, 5, 2))
layer("UpsamplingBilinear2d", lambda nn: nn.UpsamplingBilinear2d(size=(7, 5)), f(2, 3, 5, 2))

# -- normalisation --------------------------------------------------------------------------------

layer("LayerNorm", lambda nn: nn.LayerNorm(5), f(2, 3, 5))
layer("LayerNorm", lambda nn: nn.LayerNorm((3, 5), eps=0.01), f(2, 3, 5))
layer("LayerNorm", lambda nn: nn.LayerNorm(5, elementwise_affine=False), f(2, 3, 5))
layer("LayerNorm", lambda nn: nn.LayerNorm([5], bias=False), f(2, 5))
layer("RMSNorm", lambda nn: nn.RMSNorm(5), f(2, 3, 5))
layer("RMSNorm", lambda nn: nn.RMSNorm((3, 5), 0.01, False), f(2, 3, 5))
layer("GroupNorm", lambda nn: nn.GroupNorm(2, 6), f(3, 6, 5))
layer("GroupNorm", lambda nn: nn.GroupNorm(3, 6, 0.1, bias=False), f(3, 6, 5, 2))
layer("GroupNorm", lambda nn: nn.GroupNorm(3, 6, affine=False), f(3, 6))
layer("LocalResponseNorm", lambda nn: nn.LocalResponseNorm(3, 0.1, 0.5, 2.0), f(2, 5, 3))
for _train in (True, False):
    layer("BatchNorm1d", lambda nn: nn.BatchNorm1d(3), f(5, 3), train=_train)
    layer("BatchNorm1d", lambda nn: nn.BatchNorm1d(3, 0.1, 0.3), f(5, 3, 2), train=_train)
    layer("BatchNorm2d", lambda nn: nn.BatchNorm2d(3, momentum=None), f(2, 3, 5, 7), train=_train)
    layer("BatchNorm2d", lambda nn: nn.BatchNorm2d(3, affine=False), f(2, 3, 5, 7), train=_train)
    layer("BatchNorm2d", lambda nn: nn.BatchNorm2d(3, bias=False), f(2, 3, 5, 7), train=_train)
    layer(
        "BatchNorm3d",
        lambda nn: nn.BatchNorm3d(3, track_running_stats=False),
        f(2, 3, 2, 5, 3),
        train=_train,
    )
    layer("InstanceNorm1d", lambda nn: nn.InstanceNorm1d(3), f(2, 3, 5), train=_train)
    layer(
        "InstanceNorm2d",
        lambda nn: nn.InstanceNorm2d(3, 0.01, 0.3, True, True),
        f(2, 3, 5, 7),
        train=_train,
    )
    layer("InstanceNorm2d", lambda nn: nn.InstanceNorm2d(3, affine=True), f(3, 5, 7), train=_train)
    layer("InstanceNorm3d", lambda nn: nn.InstanceNorm3d(3), f(2, 3, 2, 5, 3), train=_train)

# -- dropout --------------------------------------------------------------------------------------

for _train in (True, False):
    layer("Dropout", lambda nn: nn.Dropout(0.3), f(5, 7), train=_train)
    layer("Dropout1d", lambda nn: nn.Dropout1d(), f(5, 7, 3), train=_train)
    layer("Dropout2d", lambda nn: nn.Dropout2d(0.4), f(5, 3, 2, 7), train=_train)
    layer("Dropout3d", lambda nn: nn.Dropout3d(), f(5, 3, 2, 2, 3), train=_train)
    layer("AlphaDropout", lambda nn: nn.AlphaDropout(0.3), f(5, 7), train=_train)
    layer("FeatureAlphaDropout", lambda nn: nn.FeatureAlphaDropout(0.3), f(5, 7, 3), train=_train)
layer("Dropout", lambda nn: nn.Dropout(0.0), f(5, 7))
layer("Dropout", lambda nn: nn.Dropout(1.0), f(5, 7))
layer("Dropout", lambda nn: nn.Dropout(0.3), f(5, 7, layout="transposed"))
layer(
    "Dropout",
    lambda nn: nn.Dropout(0.3, inplace=True),
    f(5, 7),
    call=lambda m, torch, x: (lambda y: (m(y), y)[1])(x * 2),
)

# -- activations ----------------------------------------------------------------------------------

for _name in (
    "ReLU", "ReLU6", "SELU", "SiLU", "Mish", "Hardsigmoid", "Hardswish", "ELU", "CELU", "LeakyReLU",
    "Hardtanh",
):  # fmt: skip
    layer(_name, lambda nn, name=_name: getattr(nn, name)(), f(2, 3, 5, low=-7, high=7))
    layer(
        _name,
        lambda nn, name=_name: getattr(nn, name)(inplace=True),
        f(2, 3, low=-7, high=7),
        call=lambda m, torch, x: (lambda y: (m(y), y))(x * 1.5),
    )
for _name in (
    "GELU", "Sigmoid", "Tanh", "Tanhshrink", "Softsign", "LogSigmoid", "Softplus", "Hardshrink",
    "Softshrink",
):  # fmt: skip
    layer(_name, lambda nn, name=_name: getattr(nn, name)(), f(2, 3, 5, low=-3, high=3))
layer("GELU", lambda nn: nn.GELU("tanh"), f(2, 3, 5))
layer("ELU", lambda nn: nn.ELU(0.7), f(2, 3, 5))
layer("CELU", lambda nn: nn.CELU(0.5), f(2, 3, 5))
layer("LeakyReLU", lambda nn: nn.LeakyReLU(0.3), f(2, 3, 5))
layer("Softplus", lambda nn: nn.Softplus(2.0, 1.0), f(2, 3, 5))
layer("Hardtanh", lambda nn: nn.Hardtanh(-0.5, 0.7), f(2, 3, 5))
layer("Threshold", lambda nn: nn.Threshold(0.1, -20.0), f(2, 3, 5))
layer("GLU", lambda nn: nn.GLU(1), f(2, 6, 5))
layer("PReLU", lambda nn: nn.PReLU(), f(2, 3, 5))
layer("PReLU", lambda nn: nn.PReLU(3, 0.4), f(2, 3, 5))
layer("RReLU", lambda nn: nn.RReLU(), f(2, 3, 5), train=False)
layer("RReLU", lambda nn: nn.RReLU(0.2, 0.7), f(2, 3, 5))
layer("Softmax", lambda nn: nn.Softmax(1), f(2, 3, 5))
layer("Softmax", lambda nn: nn.Softmax(), f(2, 3, 5))
layer("LogSoftmax", lambda nn: nn.LogSoftmax(-1), f(2, 3, 5))
layer("Softmin", lambda nn: nn.Softmin(0), f(2, 3, 5))
layer("Softmax2d", lambda nn: nn.Softmax2d(), f(2, 3, 5, 7))

# -- losses ---------------------------------------------------------------------------------------

_K = i(7, low=0, high=5)
for _reduction in ("mean", "sum", "none"):
    for _name in ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"):
        layer(
            _name,
            lambda nn, name=_name, r=_reduction: getattr(nn, name)(reduction=r),
            f(2, 3),
            f(2, 3),
        )
    layer("CrossEntropyLoss", lambda nn, r=_reduction: nn.CrossEntropyLoss(reduction=r), f(7, 5), _K)
    layer("NLLLoss", lambda nn, r=_reduction: nn.NLLLoss(reduction=r), f(7, 5), _K)
    layer(
        "BCELoss",
        lambda nn, r=_reduction: nn.BCELoss(reduction=r),
        f(2, 3, low=0.1, high=0.9),
        f(2, 3, low=0.1, high=0.9, grad=False),
    )
    layer(
        "BCEWithLogitsLoss",
        lambda nn, r=_reduction: nn.BCEWithLogitsLoss(reduction=r),
        f(2, 3),
        f(2, 3, low=0.1, high=0.9, grad=False),
    )
    layer(
        "KLDivLoss",
        lambda nn, r=_reduction: nn.KLDivLoss(reduction=r),
        f(2, 3),
        f(2, 3, low=0.1, high=0.9, grad=False),
    )


def _weights(nn: Any, n: int) -> Any:
    """A tensor [1, 2, …, n] made with nothing but nn."""
    return sum(nn.Parameter(nn.Parameter().new_ones(n)).detach().cumsum(0) for _ in range(1))


layer(
    "CrossEntropyLoss",
    lambda nn: nn.CrossEntropyLoss(_weights(nn, 5), ignore_index=2, label_smoothing=0.1),
    f(7, 5),
    _K,
)
layer("CrossEntropyLoss", lambda nn: nn.CrossEntropyLoss(), f(2, 5, 3), i(2, 3, low=0, high=5))
layer("CrossEntropyLoss", lambda nn: nn.CrossEntropyLoss(), f(7, 5), f(7, 5, low=0, high=1))
layer("CrossEntropyLoss", lambda nn: nn.CrossEntropyLoss(size_average=False), f(7, 5), _K)
layer("CrossEntropyLoss", lambda nn: nn.CrossEntropyLoss(reduce=False), f(7, 5), _K)
layer("NLLLoss", lambda nn: nn.NLLLoss(_weights(nn, 5), ignore_index=1), f(7, 5), _K)
layer("SmoothL1Loss", lambda nn: nn.SmoothL1Loss(beta=0.3), f(2, 3), f(2, 3))
layer("HuberLoss", lambda nn: nn.HuberLoss(delta=0.3), f(2, 3), f(2, 3))
layer(
    "BCEWithLogitsLoss",
    lambda nn: nn.BCEWithLogitsLoss(_weights(nn, 3), pos_weight=_weights(nn, 3)),
    f(2, 3),
    f(2, 3, low=0.1, high=0.9, grad=False),
)
layer(
    "KLDivLoss",
    lambda nn: nn.KLDivLoss(reduction="batchmean", log_target=True),
    f(2, 3),
    f(2, 3, grad=False),
)
def _sign(torch: Any, bits: Any, like: Any) -> Any:
    """±1 from bools."""
    return (bits.to(like.dtype) * 2 - 1).detach()


for _reduction in ("mean", "sum", "none"):
    layer(
        "MarginRankingLoss",
        lambda nn, r=_reduction: nn.MarginRankingLoss(0.3, reduction=r),
        f(7),
        f(7),
        b(7),
        call=lambda m, torch, x, y, t: m(x, y, _sign(torch, t, x)),
    )
    layer(
        "HingeEmbeddingLoss",
        lambda nn, r=_reduction: nn.HingeEmbeddingLoss(0.7, reduction=r),
        f(2, 3),
        b(2, 3),
        call=lambda m, torch, x, t: m(x, _sign(torch, t, x)),
    )
    layer(
        "SoftMarginLoss",
        lambda nn, r=_reduction: nn.SoftMarginLoss(reduction=r),
        f(2, 3),
        b(2, 3),
        call=lambda m, torch, x, t: m(x, _sign(torch, t, x)),
    )
    layer(
        "CosineEmbeddingLoss",
        lambda nn, r=_reduction: nn.CosineEmbeddingLoss(0.1, reduction=r),
        f(7, 3),
        f(7, 3),
        b(7),
        call=lambda m, torch, x, y, t: m(x, y, _sign(torch, t, x)),
    )
    layer(
        "TripletMarginLoss",
        lambda nn, r=_reduction: nn.TripletMarginLoss(1.5, swap=r == "sum", reduction=r),
        f(5, 3),
        f(5, 3),
        f(5, 3),
    )
    layer(
        "TripletMarginWithDistanceLoss",
        lambda nn, r=_reduction: nn.TripletMarginWithDistanceLoss(
            distance_function=nn.PairwiseDistance(1.0), swap=r == "sum", reduction=r
        ),
        f(5, 3),
        f(5, 3),
        f(5, 3),
    )
    layer(
        "PoissonNLLLoss",
        lambda nn, r=_reduction: nn.PoissonNLLLoss(full=True, reduction=r),
        f(2, 3),
        f(2, 3, low=0.1, high=5, grad=False),
    )
    layer(
        "GaussianNLLLoss",
        lambda nn, r=_reduction: nn.GaussianNLLLoss(full=True, reduction=r),
        f(2, 3),
        f(2, 3),
        f(2, 3, low=0.1, high=5),
    )
layer(
    "PoissonNLLLoss",
    lambda nn: nn.PoissonNLLLoss(log_input=False, eps=0.1),
    f(2, 3, low=0.1, high=3),
    f(2, 3, low=0.1, high=5, grad=False),
)
layer("TripletMarginLoss", lambda nn: nn.TripletMarginLoss(p=1.0, eps=0.1), f(5, 3), f(5, 3), f(5, 3))
layer("CosineSimilarity", lambda nn: nn.CosineSimilarity(), f(2, 3, 5), f(2, 3, 5))
layer(  # norms below eps: PyTorch's gradient passes them as if they had not been raised to it
    "CosineSimilarity",
    lambda nn: nn.CosineSimilarity(dim=0, eps=3.0),
    f(2, 3),
    f(2, 3),
    numeric=False,
)
layer("PairwiseDistance", lambda nn: nn.PairwiseDistance(), f(2, 3, 5), f(2, 3, 5))
layer("PairwiseDistance", lambda nn: nn.PairwiseDistance(1.0, 0.1, True), f(2, 5), f(2, 5))

# -- attention and Transformer --------------------------------------------------------------------


def _self(m: Any, torch: Any, x: Any, **kw: Any) -> Any:
    return m(x, x, x, **kw)


_MHA = "MultiheadAttention"
layer(_MHA, lambda nn: nn.MultiheadAttention(6, 2), f(5, 3, 6), call=_self)
layer(_MHA, lambda nn: nn.MultiheadAttention(6, 3, batch_first=True), f(2, 5, 6), call=_self)
layer(_MHA, lambda nn: nn.MultiheadAttention(6, 2, bias=False), f(5, 6), call=_self)
layer(_MHA, lambda nn: nn.MultiheadAttention(6, 2, dropout=0.3), f(5, 3, 6), call=_self)
layer(_MHA, lambda nn: nn.MultiheadAttention(6, 2, dropout=0.3), f(5, 3, 6), call=_self, train=False)
layer(
    _MHA,
    lambda nn: nn.MultiheadAttention(6, 2, dropout=0.3, batch_first=True),
    f(2, 5, 6),
    call=lambda m, torch, x: m(x, x, x, need_weights=False),
)
layer(
    _MHA,
    lambda nn: nn.MultiheadAttention(6, 2, kdim=5, vdim=7),
    f(3, 2, 6),
    f(5, 2, 5),
    f(5, 2, 7),
    call=lambda m, torch, q, k, v: m(q, k, v, average_attn_weights=False),
)
layer(
    _MHA,
    lambda nn: nn.MultiheadAttention(6, 2, add_bias_kv=True, add_zero_attn=True),
    f(3, 2, 6),
    f(5, 2, 6),
    call=lambda m, torch, q, k: m(q, k, k),
)
layer(_MHA, lambda nn: nn.MultiheadAttention(6, 2), f(3, 2, 6), f(5, 2, 6), f(5, 2, 6))
layer(
    _MHA,
    lambda nn: nn.MultiheadAttention(6, 2, batch_first=True),
    f(3, 5, 6),
    b(3, 5),
    call=lambda m, torch, x, mask: m(x, x, x, key_padding_mask=mask.index_fill(
        1, torch.tensor([0]), False)),
)  # fmt: skip
layer(
    _MHA,
    lambda nn: nn.MultiheadAttention(6, 2),
    f(3, 2, 6),
    f(5, 2, 6),
    f(3, 5),
    call=lambda m, torch, q, k, mask: m(q, k, k, attn_mask=mask, need_weights=False),
)
layer(
    _MHA,
    lambda nn: nn.MultiheadAttention(6, 2),
    f(3, 2, 6),
    f(5, 2, 6),
    f(4, 3, 5, grad=False),
    call=lambda m, torch, q, k, mask: m(q, k, k, attn_mask=mask),
)
layer(
    _MHA,
    lambda nn: nn.MultiheadAttention(6, 2),
    f(5, 2, 6),
    call=lambda m, torch, x: m(
        x, x, x, need_weights=False, is_causal=True,
        attn_mask=torch.nn.Transformer.generate_square_subsequent_mask(5, dtype=x.dtype)),
)  # fmt: skip

_TEL = "TransformerEncoderLayer"
for _first in (True, False):
    for _act in ("relu", "gelu"):
        layer(
            _TEL,
            lambda nn, n=_first, a=_act: nn.TransformerEncoderLayer(
                6, 2, 11, 0.2, a, 1e-3, True, n
            ),
            f(2, 5, 6),
        )
    layer(
        _TEL,
        lambda nn, n=_first: nn.TransformerEncoderLayer(6, 3, 11, 0.2, norm_first=n, bias=False),
        f(5, 2, 6),
    )
    layer(
        _TEL,
        lambda nn, n=_first: nn.TransformerEncoderLayer(6, 2, 11, norm_first=n),
        f(5, 2, 6),
        train=False,
    )
layer(_TEL, lambda nn: nn.TransformerEncoderLayer(6, 2, 11, 0.2, nn.GELU("tanh")), f(5, 2, 6))
layer(_TEL, lambda nn: nn.TransformerEncoderLayer(6, 2, 11, 0.2, nn.SiLU()), f(5, 2, 6))
layer(_TEL, lambda nn: nn.TransformerEncoderLayer(6, 2, 11, 0.0), f(5, 6))
layer(
    _TEL,
    lambda nn: nn.TransformerEncoderLayer(6, 2, 11, 0.2, batch_first=True),
    f(2, 5, 6),
    f(5, 5),
    call=lambda m, torch, x, mask: m(
        x, src_mask=mask, src_key_padding_mask=torch.tensor([[0.0] * 4 + [-9.0]] * 2).to(x.dtype)),
)  # fmt: skip
layer(
    "TransformerEncoder",
    lambda nn: nn.TransformerEncoder(
        nn.TransformerEncoderLayer(6, 2, 11, 0.2, "gelu", batch_first=True, norm_first=True),
        2,
        nn.LayerNorm(6),
    ),
    f(2, 5, 6),
)
layer(
    "TransformerEncoder",
    lambda nn: nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 11, 0.2), 3),
    f(5, 2, 6),
    call=lambda m, torch, x: m(
        x, torch.nn.Transformer.generate_square_subsequent_mask(5, dtype=x.dtype)),
)  # fmt: skip
for _first in (True, False):
    layer(
        "TransformerDecoderLayer",
        lambda nn, n=_first: nn.TransformerDecoderLayer(6, 2, 11, 0.2, norm_first=n),
        f(5, 2, 6),
        f(3, 2, 6),
    )
layer(
    "TransformerDecoder",
    lambda nn: nn.TransformerDecoder(
        nn.TransformerDecoderLayer(6, 2, 11, 0.2, "gelu", batch_first=True), 2, nn.LayerNorm(6)
    ),
    f(2, 5, 6),
    f(2, 3, 6),
    f(5, 5),
    f(5, 3),
    call=lambda m, torch, x, memory, own, other: m(x, memory, own, other),
)
layer("Transformer", lambda nn: nn.Transformer(6, 2, 1, 2, 11, 0.1), f(3, 2, 6), f(5, 2, 6))

# -- recurrent layers -----------------------------------------------------------------------------

for _name in ("RNN", "LSTM", "GRU"):
    layer(_name, lambda nn, name=_name: getattr(nn, name)(3, 5), f(7, 2, 3))
    layer(_name, lambda nn, name=_name: getattr(nn, name)(3, 5, bias=False), f(7, 3))
    layer(
        _name,
        lambda nn, name=_name: getattr(nn, name)(
            3, 5, 2, batch_first=True, dropout=0.4, bidirectional=True
        ),
        f(2, 7, 3),
    )
    layer(_name + "Cell", lambda nn, name=_name: getattr(nn, name + "Cell")(3, 5), f(2, 3))
layer("RNN", lambda nn: nn.RNN(3, 5, 2, "relu"), f(7, 2, 3), f(2, 2, 5))
layer("GRU", lambda nn: nn.GRU(3, 5, 2), f(7, 2, 3), f(2, 2, 5))
layer(
    "LSTM",
    lambda nn: nn.LSTM(3, 5, 2, proj_size=4),
    f(7, 2, 3),
    f(2, 2, 4),
    f(2, 2, 5),
    call=lambda m, torch, x, h, c: m(x, (h, c)),
)
layer("RNNCell", lambda nn: nn.RNNCell(3, 5, False, "relu"), f(3), f(5))
layer("GRUCell", lambda nn: nn.GRUCell(3, 5, bias=False), f(2, 3), f(2, 5))
layer(
    "LSTMCell",
    lambda nn: nn.LSTMCell(3, 5),
    f(2, 3),
    f(2, 5),
    f(2, 5),
    call=lambda m, torch, x, h, c: m(x, (h, c)),
)
