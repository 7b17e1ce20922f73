"""Initial values of parameters: the functions that fill a tensor in place.

The idea of the scaled ones (Xavier, Kaiming): a layer y = W·x sums fan_in terms, so that
Var(y) = fan_in · Var(W) · Var(x). To keep the variance the same from layer to layer,

    std = gain / √fan                        fan = fan_in, fan_out or their mean            (1)
    uniform on [−b, b] has std b/√3,  so     b = √3 · std                                   (2)

`gain` makes up for what the activation takes away (`calculate_gain`). All functions draw from
the global generator unless `generator` is given, in PyTorch's order, record no graph, and return
the tensor.

Source: Glorot & Bengio 2010 (Xavier); He et al. 2015, arXiv:1502.01852 (Kaiming).
"""

from __future__ import annotations

import math
from functools import wraps
from typing import Any
from warnings import warn

import numpy as np

from ..autograd.grad_mode import no_grad
from ..autograd.graph import wrap
from ..ops.create import empty_like
from ..ops.sample import randperm

_LINEAR = (
    "linear", "conv1d", "conv2d", "conv3d",
    "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "sigmoid",
)  # fmt: skip


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor on the standard deviation that suits the activation that follows.

    linear, conv…, sigmoid: 1;  tanh: 5/3;  relu: √2;  leaky_relu: √(2/(1 + slope²));  selu: 3/4

    Args:
        param  leaky_relu's slope (default 0.01)
    Raises ValueError for another name, or a slope that is no number.
    >>> import minitorch as torch
    >>> round(torch.nn.init.calculate_gain("relu"), 4)
    1.4142
    """
    if nonlinearity in _LINEAR:
        return 1
    if nonlinearity == "tanh":
        return 5.0 / 3
    if nonlinearity == "relu":
        return math.sqrt(2.0)
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, bool) or not isinstance(slope, (int, float)):
            raise ValueError(f"negative_slope {param} not a valid number")
        return math.sqrt(2.0 / (1 + slope**2))
    if nonlinearity == "selu":
        return 3.0 / 4
    raise ValueError(f"Unsupported nonlinearity {nonlinearity}")


# -- one value, one distribution ------------------------------------------------------------------


@no_grad()
def uniform_(tensor: Any, a: float = 0.0, b: float = 1.0, generator: Any = None) -> Any:
    """Fill with numbers from the uniform distribution on [a, b) (default [0, 1))."""
    return tensor.uniform_(a, b, generator=generator)


@no_grad()
def normal_(tensor: Any, mean: float = 0.0, std: float = 1.0, generator: Any = None) -> Any:
    """Fill from the normal distribution with this mean and standard deviation (default 0, 1)."""
    return tensor.normal_(mean, std, generator=generator)


@no_grad()
def trunc_normal_(
    tensor: Any,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Any = None,
) -> Any:
    """Fill from the normal distribution restricted to [a, b], by rejecting what falls outside.

    With p = Φ((b − mean)/std) − Φ((a − mean)/std), the chance that a normal draw is accepted:
    p > 0.3: draw normals, redraw all, replace only those outside, until none is left (1);
    else: propose uniformly on [a, b], accept x when log u ≤ −½((x − mean)/std)² − peak (2).
    """
    if mean < a - 2 * std or mean > b + 2 * std:
        warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. "
            "The distribution of values may be incorrect.",
            stacklevel=2,
        )
    x, dtype = tensor._data, tensor._data.dtype

    def drawn(fill: Any) -> np.ndarray:
        return fill(empty_like(tensor))._data

    def outside(x: np.ndarray) -> np.ndarray:
        return (x < dtype.type(a)) | (x > dtype.type(b))

    lower, upper = (a - mean) / std, (b - mean) / std
    accepted = 0.5 * (math.erf(upper / math.sqrt(2)) - math.erf(lower / math.sqrt(2)))
    if accepted > 0.3:
        tensor.normal_(mean, std, generator=generator)
        while (bad := outside(x)).any():  # (1)
            np.copyto(x, drawn(lambda t: t.normal_(mean, std, generator=generator)), where=bad)
        return tensor
    nearest = min(max(mean, a), b)  # where the density on [a, b] is largest
    peak = -0.5 * ((nearest - mean) / std) ** 2
    open_places = np.ones(x.shape, bool)
    while open_places.any():  # (2)
        proposed = drawn(lambda t: t.uniform_(a, b, generator=generator))
        u = drawn(lambda t: t.uniform_(generator=generator))
        with np.errstate(divide="ignore"):
            good = np.log(u) <= -0.5 * ((proposed - mean) / std) ** 2 - peak
        np.copyto(x, proposed, where=open_places & good)
        open_places &= ~good
    return tensor.clamp_(a, b)


@no_grad()
def constant_(tensor: Any, val: float) -> Any:
    """Fill with the number `val`."""
    return tensor.fill_(val)


@no_grad()
def ones_(tensor: Any) -> Any:
    """Fill with ones."""
    return tensor.fill_(1.0)


@no_grad()
def zeros_(tensor: Any) -> Any:
    """Fill with zeros."""
    return tensor.zero_()


@no_grad()
def eye_(tensor: Any) -> Any:
    """Make a matrix the identity: a linear layer that starts by passing its input on."""
    if tensor.ndimension() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    tensor.zero_()
    tensor._data[range(min(tensor.shape)), range(min(tensor.shape))] = 1
    return tensor


@no_grad()
def dirac_(tensor: Any, groups: int = 1) -> Any:
    """Make a convolution's weight the identity: channel i of each group passes to channel i."""
    shape = tensor.size()
    if not 3 <= len(shape) <= 5:
        raise ValueError("Only tensors with 3, 4, or 5 dimensions are supported")
    if shape[0] % groups != 0:
        raise ValueError("dim 0 must be divisible by groups")
    tensor.zero_()
    per_group = shape[0] // groups
    centre = tuple(k // 2 for k in shape[2:])
    for g in range(groups):
        for i in range(min(per_group, shape[1])):
            tensor._data[(g * per_group + i, i, *centre)] = 1
    return tensor


# -- scaled by the number of inputs and outputs ---------------------------------------------------


def _calculate_fan_in_and_fan_out(tensor: Any) -> tuple[int, int]:
    """How many inputs one output sums, and how many outputs one input reaches.

    weight (out, in, *kernel):  fan_in = in · Π kernel,  fan_out = out · Π kernel
    """
    shape = tensor.size()
    if len(shape) < 2:
        raise ValueError(
            "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions"
        )
    field = math.prod(shape[2:])
    return shape[1] * field, shape[0] * field


def _fan(tensor: Any, mode: str) -> int:
    mode = mode.lower()
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(
            f"Mode {mode} not supported, please use one of ['fan_in', 'fan_out']"
        )
    return _calculate_fan_in_and_fan_out(tensor)[mode == "fan_out"]


def xavier_uniform_(tensor: Any, gain: float = 1.0, generator: Any = None) -> Any:
    """Uniform on [−b, b], b = √3 · gain · √(2 / (fan_in + fan_out)): suits tanh, attention."""
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    std = gain * math.sqrt(2.0 / float(fan_in + fan_out))  # (1), with the mean fan
    bound = math.sqrt(3.0) * std  # (2)
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Any, gain: float = 1.0, generator: Any = None) -> Any:
    """Normal with std = gain · √(2 / (fan_in + fan_out))."""
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    std = gain * math.sqrt(2.0 / float(fan_in + fan_out))  # (1), with the mean fan
    return normal_(tensor, 0.0, std, generator)


def kaiming_uniform_(
    tensor: Any,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Any = None,
) -> Any:
    """Uniform on [−b, b], b = √3 · gain / √fan: suits ReLU; with a=√5 it is Linear's default.

    Args:
        a             the slope of the leaky_relu that follows (default 0: relu)
        mode          'fan_in' keeps the forward variance, 'fan_out' the backward one
        nonlinearity  the activation that follows (see calculate_gain)
    """
    if _warn_if_empty(tensor):
        return tensor
    std = calculate_gain(nonlinearity, a) / math.sqrt(_fan(tensor, mode))  # (1)
    bound = math.sqrt(3.0) * std  # (2)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Any,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Any = None,
) -> Any:
    """Normal with std = gain / √fan; arguments as for `kaiming_uniform_`."""
    if _warn_if_empty(tensor):
        return tensor
    std = calculate_gain(nonlinearity, a) / math.sqrt(_fan(tensor, mode))  # (1)
    return normal_(tensor, 0.0, std, generator)


def _warn_if_empty(tensor: Any) -> bool:
    if 0 in tensor.shape:
        warn("Initializing zero-element tensors is a no-op", stacklevel=3)
        return True
    return False


# -- matrices with structure ----------------------------------------------------------------------


@no_grad()
def orthogonal_(tensor: Any, gain: float = 1, generator: Any = None) -> Any:
    """Make the tensor, seen as (rows, the rest), a matrix with orthonormal rows or columns.

    A normal matrix A = Q·R; Q's columns take the signs of R's diagonal, which makes Q unique.
    The draws are PyTorch's; the decomposition is NumPy's LAPACK, so that numbers agree to rounding.
    Source: Saxe et al. 2013, arXiv:1312.6120.
    """
    if tensor.ndimension() < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    if tensor.numel() == 0:
        return tensor
    rows = tensor.size(0)
    drawn = wrap(np.empty((rows, tensor.numel() // rows), tensor._data.dtype))
    a = drawn.normal_(0, 1, generator=generator)._data
    q, r = np.linalg.qr(a.T if rows < a.shape[1] else a)
    q = q * np.sign(np.diagonal(r))
    q = q.T if rows < a.shape[1] else q
    tensor.copy_(wrap(np.ascontiguousarray(q).reshape(tensor.shape) * a.dtype.type(gain)))
    return tensor


@no_grad()
def sparse_(tensor: Any, sparsity: float, std: float = 0.01, generator: Any = None) -> Any:
    """Normal numbers (mean 0, this std) with a fraction `sparsity` of each column set to zero."""
    if tensor.ndimension() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    rows, columns = tensor.shape
    zeros = math.ceil(sparsity * rows)
    tensor.normal_(0, std, generator=generator)
    for j in range(columns):
        tensor._data[randperm(rows)._data[:zeros], j] = 0
    return tensor


# -- the names of before PyTorch 0.4 --------------------------------------------------------------


def _deprecated(function: Any) -> Any:
    new, old = function.__name__, function.__name__[:-1]

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        warn(
            f"`nn.init.{old}` is now deprecated in favor of `nn.init.{new}`.",
            FutureWarning,
            stacklevel=2,
        )
        return function(*args, **kwargs)

    call.__name__ = old
    return call


uniform = _deprecated(uniform_)
normal = _deprecated(normal_)
constant = _deprecated(constant_)
eye = _deprecated(eye_)
dirac = _deprecated(dirac_)
xavier_uniform = _deprecated(xavier_uniform_)
xavier_normal = _deprecated(xavier_normal_)
kaiming_uniform = _deprecated(kaiming_uniform_)
kaiming_normal = _deprecated(kaiming_normal_)
orthogonal = _deprecated(orthogonal_)
sparse = _deprecated(sparse_)
