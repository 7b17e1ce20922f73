"""Dropout: in training, zero elements at random and scale the others so that the mean stays.

    out = x·m/(1 − p),   m = 1 with probability 1 − p, else 0                             (1)
    ∂x = g·m/(1 − p)                                                                      (2)

The masks come from the default generator in the order of x's memory, so they are PyTorch's for
the same seed (two words of the Mersenne Twister an element; nothing is drawn for p = 0, p = 1
or outside training). Backward keeps the mask as packed bits: 1/32 of x's bytes.

Variants differ in what shares one draw: an element (dropout, alpha_dropout) or a whole channel
of a sample (dropout1d, dropout2d, dropout3d, feature_alpha_dropout).
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .. import dtypes, errors, parallel, random
from ..autograd.graph import TensorBase
from ..autograd.rule import Array, inplace, op
from .convert import dense_like, is_dense, laid_out, preserve_format


def apply_mask(x: Array, mask: Array, p: float, out: Array) -> Array:
    """out = x·m/(1 − p) in x's dtype, as PyTorch rounds it: first 1/(1 − p), then the product."""
    np.multiply(x, mask, out)
    return np.multiply(out, inverse(p, out.dtype), out)


def inverse(p: float, dtype: Any) -> Any:
    """1/(1 − p): 1 − p in double precision, the division in the dtype (float16: in float32)."""
    if dtype == np.float16:
        return np.float16(np.float32(1) / np.float32(1 - p))
    return dtype.type(1) / dtype.type(1 - p)


def pack(mask: Array) -> Array:
    """A bool array as bits, eight to a byte: 0.05 ns an element each way."""
    return np.packbits(mask, bitorder="little")


def unpack(bits: Array, shape: Any) -> Array:
    """The inverse of `pack`: 0 and 1 as uint8."""
    size = int(np.prod(shape))
    return np.unpackbits(bits, count=size, bitorder="little").reshape(shape)


@op(name="Mul")
def _dropout(input: Array, p):
    """Equations (1) and (2) with one draw an element."""
    if input.dtype.kind != "f":
        wanted = dtypes.from_numpy(input.dtype)
        raise errors.cannot_cast(dtypes.get_default_dtype(), wanted)
    if p == 1:
        return input * input.dtype.type(0), lambda g: g * 0
    if not input.flags.forc and not is_dense(input):
        input = laid_out(input, preserve_format)  # a view with gaps or repetitions: without them
    out = np.empty_like(input)
    flat_x, flat_out = input.ravel(order="K"), out.ravel(order="K")
    size = parallel.rows(input.size, 1, step=8)
    bits = np.empty(-(-input.size // 8), np.uint8)

    def draw(start: int, stop: int) -> Array:  # in memory order, as PyTorch
        return random.dropout_mask((stop - start,), 1 - p)

    def forward(start: int, stop: int, mask: Array) -> None:
        apply_mask(flat_x[start:stop], mask, p, flat_out[start:stop])  # (1)
        bits[start // 8 : -(-stop // 8)] = pack(mask)

    parallel.blocks(input.size, size, forward, draw)
    shape, strides = out.shape, out.strides

    def vjp(g: Array) -> Array:
        dx = np.ndarray(shape, g.dtype, np.empty(g.size, g.dtype), 0, strides)  # laid out as out
        flat = dx.ravel(order="K")
        if g.strides == strides:
            flat_g = g.ravel(order="K")
        else:
            np.copyto(dx, g)
            flat_g = flat

        def backward(start: int, stop: int) -> None:
            mask = unpack(bits[start // 8 : -(-stop // 8)], (stop - start,))
            apply_mask(flat_g[start:stop], mask, p, flat[start:stop])  # (2)

        parallel.blocks(g.size, size, backward)
        return dx

    return out, vjp


@op(name="Mul")
def _feature_dropout(input: Array, p):
    """Equations (1) and (2) with one draw for each of the first two dimensions, (N, C)."""
    if input.ndim < 2:
        raise RuntimeError("Feature dropout requires at least 2 dimensions in the input")
    if input.dtype.kind != "f":
        wanted = dtypes.from_numpy(input.dtype)
        raise errors.cannot_cast(dtypes.get_default_dtype(), wanted)
    if p == 1:
        return input * input.dtype.type(0), lambda g: g * 0
    mask = random.dropout_mask(input.shape[:2] + (1,) * (input.ndim - 2), 1 - p)
    noise = mask * inverse(p, input.dtype)
    return input * noise, lambda g: g * noise


# The value that a dropped element takes so that SELU's fixed point (mean 0, variance 1) stays:
# minus scale·alpha of selu, the limit of selu at −∞.
ALPHA = 1.7580993408473766


@op(name=lambda input, p=0.5, *_, **__: "MulBackward0" if p == 1 else "AddBackward0")
def _alpha_dropout(input: Array, p, feature=False):
    """Equations (1) and (2) of `alpha_dropout`; `feature`: one draw a channel."""
    if feature and input.ndim < 2:
        raise RuntimeError("Feature dropout requires at least 2 dimensions in the input")
    if input.dtype.kind != "f":
        raise errors.cannot_cast(dtypes.get_default_dtype(), dtypes.from_numpy(input.dtype))
    if p == 1:
        return input * input.dtype.type(0), lambda g: g * 0
    shape = input.shape[:2] + (1,) * (input.ndim - 2) if feature else dense_like(input)
    mask = random.dropout_mask(shape, 1 - p).astype(input.dtype)
    a = ((ALPHA * ALPHA * p + 1) * (1 - p)) ** -0.5
    noise = mask * a
    return input * noise + ((mask - 1) * (ALPHA * a) + ALPHA * a * p), lambda g: g * noise


# -- as torch.nn.functional spells them -----------------------------------------------------------


def _run(
    name: str, rule: Any, input: Any, p: Any, training: bool, in_place: bool, *args: Any
) -> Any:
    """Check p, then the rule, its in-place form, or (outside training) nothing at all."""
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if p != p:
        raise RuntimeError(f"dropout probability has to be between 0 and 1, but got {p}")
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor(name, "input", 1, input)
    if not training or p == 0 or input._data.size == 0:
        return input
    return (inplace(rule, name + "_") if in_place else rule)(input, float(p), *args)


def dropout(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Zero each element with probability p and divide the others by 1 − p: equations (1) and (2).

    Args:
        p: probability of zero, in [0, 1] (default 0.5).
        training: False returns the input itself (default True).
        inplace: write into the input (default False).
    Raises: ValueError if p is outside [0, 1].
    Cost: saves one bit an element.
    Source: Srivastava et al. 2014; the notes, Dropout.
    Example:
        >>> import minitorch as torch
        >>> _ = torch.manual_seed(0)
        >>> torch.nn.functional.dropout(torch.ones(6), 0.5)
        tensor([0., 0., 2., 0., 0., 0.])
    """
    return _run("dropout", _dropout, input, p, training, inplace)


def dropout1d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Zero whole channels of a sequence (N, C, L) with probability p, scale the others.

    Shape: input (N, C, L), or (C, L) without a batch.
    Args: as `dropout`.
    Raises: RuntimeError unless input has 2 or 3 dimensions.
    Source: PyTorch documentation, Dropout1d.
    """
    ndim = input.dim()
    if ndim not in (2, 3):
        raise RuntimeError(
            f"dropout1d: Expected 2D or 3D input, but received a {ndim}D input. Note that "
            "dropout1d zeroes channels of inputs with 1 spatial dimension, a channel dimension, "
            "and an optional batch dimension (2D or 3D inputs)."
        )
    if ndim == 3:
        return _run("dropout1d", _feature_dropout, input, p, training, inplace)
    if inplace:
        _run("dropout1d", _feature_dropout, input.unsqueeze(0), p, training, True)
        return input
    return _run("dropout1d", _feature_dropout, input.unsqueeze(0), p, training, False).squeeze(0)


def dropout2d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Zero whole channels of an image (N, C, H, W) with probability p, scale the others.

    A 3-dimensional input is read as (N, C, L), as in PyTorch, with a warning.
    Args: as `dropout`.
    Source: PyTorch documentation, Dropout2d.
    """
    ndim = input.dim()
    if ndim == 3:
        warnings.warn(
            "dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D "
            "dropout behavior is desired - input is interpreted as shape (N, C, L), where C is "
            "the channel dim. Use dropout1d for that.",
            stacklevel=2,
        )
    elif ndim != 4:
        _warn_dims("dropout2d", ndim, 2, "3D or 4D")
    return _run("dropout2d", _feature_dropout, input, p, training, inplace)


def dropout3d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Zero whole channels of a volume (N, C, D, H, W) with probability p, scale the others.

    Shape: input (N, C, D, H, W), or (C, D, H, W) without a batch.
    Args: as `dropout`.
    Source: PyTorch documentation, Dropout3d.
    """
    ndim = input.dim()
    if ndim not in (4, 5):
        _warn_dims("dropout3d", ndim, 3, "4D or 5D")
    if ndim != 4:
        return _run("dropout3d", _feature_dropout, input, p, training, inplace)
    if inplace:
        _run("dropout3d", _feature_dropout, input.unsqueeze(0), p, training, True)
        return input
    return _run("dropout3d", _feature_dropout, input.unsqueeze(0), p, training, False).squeeze(0)


def _warn_dims(name: str, ndim: int, spatial: int, wanted: str) -> None:
    warnings.warn(
        f"{name}: Received a {ndim}-D input to {name}, which is deprecated and will result in an "
        "error in a future release. To retain the behavior and silence this warning, please use "
        f"dropout instead. Note that {name} zeroes channels of inputs with {spatial} spatial "
        f"dimensions, a channel dimension, and an optional batch dimension ({wanted} inputs).",
        stacklevel=3,
    )


def alpha_dropout(input: Any, p: float = 0.5, training: bool = False, inplace: bool = False) -> Any:
    """Dropout for SELU networks: dropped elements become −α′, and mean and variance stay.

    Equation:
        out = a·(x·m + α′·(m − 1)) + b,   α′ = 1.7581 (−α′ is SELU's least value)       (1)
        a = 1/√((α′²·p + 1)(1 − p)),   b = a·α′·p;   ∂input = g·a·m                     (2)
    Args:
        p: probability of a drop, in [0, 1] (default 0.5).
        training: False, the default, returns the input itself.
        inplace: write into the input (default False).
    Source: Klambauer et al. 2017; PyTorch documentation, AlphaDropout.
    """
    return _run("alpha_dropout", _alpha_dropout, input, p, training, inplace)


def feature_alpha_dropout(
    input: Any, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Any:
    """`alpha_dropout` with one draw for a whole channel of a sample.

    Args: as `alpha_dropout`.
    Source: PyTorch documentation, FeatureAlphaDropout.
    """
    return _run("feature_alpha_dropout", _alpha_dropout, input, p, training, inplace, True)
