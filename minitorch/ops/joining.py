"""Putting tensors together and repeating them: cat, stack, repeat, roll, flip, meshgrid, …"""

from __future__ import annotations

import warnings
from functools import partial
from itertools import combinations as _combinations, combinations_with_replacement
from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase, wrap
from ..autograd.rule import Array, Arrays, op
from .accumulate import add_along
from .dims import wrap_dim, wrap_dims
from .overlap import separate_out
from .shape import expand, flatten, reshape, unsqueeze, view
from .strides import ints, with_strides

# -- joining ---------------------------------------------------------------------------------------


def _joined_dtype(arrays: Any) -> np.dtype:
    return dtypes.result_dtype(arrays)


@partial(separate_out, same_dtype=False)
@op
def cat(tensors: Arrays, dim: int = 0):
    """The tensors one after another along `dim`.

    out = [x₁; x₂; …],   ∂xᵢ = the part of g that xᵢ became                                   (1)

    All other dims must be equal. A 1-d tensor of size 0 fits anywhere (old code starts a loop
    with ``torch.tensor([])``). Different dtypes meet in their common one.

    Args:
        tensors  list or tuple of tensors
        dim      along which to join (default 0)
        out      a tensor to write the result to

    Raises: ValueError for an empty list, RuntimeError for sizes that differ.

    >>> torch.cat([torch.zeros(1, 2), torch.ones(2, 2)])
    tensor([[0., 0.],
            [1., 1.],
            [1., 1.]])
    """
    if not tensors:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    for i, x in enumerate(tensors):
        if x.ndim == 0:
            raise RuntimeError(f"zero-dimensional tensor (at position {i}) cannot be concatenated")
    kept = [(i, x) for i, x in enumerate(tensors) if x.shape != (0,)] or [(0, tensors[0])]
    first = kept[0][1]
    at = wrap_dim(dim, first.ndim)
    for i, x in kept:
        if x.ndim != first.ndim:
            raise RuntimeError(
                f"Tensors must have same number of dimensions: got {first.ndim} and {x.ndim}"
            )
        for d, (m, n) in enumerate(zip(first.shape, x.shape)):
            if m != n and d != at:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {at}. Expected size {m} but "
                    f"got size {n} for tensor number {i} in the list."
                )
    out = np.concatenate([x for _, x in kept], at, dtype=_joined_dtype(tensors), casting="unsafe")
    head = (slice(None),) * at
    ends = np.cumsum([x.shape[at] for _, x in kept]).tolist()
    places = {i: (*head, slice(b - x.shape[at], b)) for (i, x), b in zip(kept, ends)}
    count = len(tensors)

    def vjp(g: Array) -> Any:  # (1)
        return tuple([g[places[i]] if i in places else np.zeros(0, g.dtype) for i in range(count)])

    return out, vjp


concat = concatenate = cat


@op
def stack(tensors: Arrays, dim: int = 0):
    """The tensors, all of one shape, along a new dim.

    Shape: k tensors (N, D) with dim=1 -> (N, k, D).
    """
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    at = wrap_dim(dim, tensors[0].ndim + 1)
    for i, x in enumerate(tensors):
        if x.shape != tensors[0].shape:
            raise RuntimeError(
                "stack expects each tensor to be equal size, but got "
                f"{errors.shape_text(tensors[0].shape)} at entry 0 and "
                f"{errors.shape_text(x.shape)} at entry {i}"
            )
    place = (*(slice(None),) * at, None)
    out = np.concatenate(
        [x[(*place, ...)] for x in tensors], at, dtype=_joined_dtype(tensors), casting="unsafe"
    )
    head, count = (slice(None),) * at, len(tensors)
    return out, lambda g: tuple([g[(*head, i, ...)] for i in range(count)])


def _listed(function: str, tensors: Any) -> Any:
    if not isinstance(tensors, (tuple, list)):
        raise errors.wrong_type(function, "tensors", 1, "tuple of Tensors", tensors)
    for i, t in enumerate(tensors):
        if not isinstance(t, TensorBase):
            raise TypeError(
                f"expected Tensor as element {i} in argument 0, but got {type(t).__name__}"
            )
    if not tensors:
        raise RuntimeError(f"{function} expects a non-empty TensorList")
    return tensors


def hstack(tensors: Any, *, out: Any = None) -> Any:
    """Join side by side: along dim 1 (dim 0 for 1-d tensors)."""
    given = [atleast_1d(t) for t in _listed("hstack", tensors)]
    return cat(given, 0 if given[0]._data.ndim == 1 else 1, out=out)


def vstack(tensors: Any, *, out: Any = None) -> Any:
    """Join as rows: along dim 0, 1-d tensors as one row each."""
    return cat([atleast_2d(t) for t in _listed("vstack", tensors)], 0, out=out)


row_stack = vstack


def dstack(tensors: Any, *, out: Any = None) -> Any:
    """Join in depth: along dim 2."""
    return cat([atleast_3d(t) for t in _listed("dstack", tensors)], 2, out=out)


def column_stack(tensors: Any, *, out: Any = None) -> Any:
    """Join as columns: 0-d and 1-d tensors become one column each."""
    given = _listed("column_stack", tensors)
    return hstack([t if t._data.ndim > 1 else reshape(t, (-1, 1)) for t in given], out=out)


@op(name="BlockDiag")
def _block_diag(tensors: Arrays):
    blocks = [x.reshape(1, -1) if x.ndim < 2 else x for x in tensors]
    rows = sum(x.shape[0] for x in blocks)
    columns = sum(x.shape[1] for x in blocks)
    out = np.zeros((rows, columns), _joined_dtype(tensors) if tensors else dtypes.default_float())
    places, shapes = [], [x.shape for x in tensors]
    r = c = 0
    for x in blocks:
        places.append((slice(r, r + x.shape[0]), slice(c, c + x.shape[1])))
        out[places[-1]] = x
        r, c = r + x.shape[0], c + x.shape[1]
    return out, lambda g: tuple([g[at].reshape(s) for at, s in zip(places, shapes)])


def block_diag(*tensors: Any) -> Any:
    """A matrix with the given matrices along its diagonal, zero elsewhere."""
    for i, t in enumerate(tensors):
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor("block_diag", "tensors", i + 1, t)
        if t._data.ndim > 2:
            raise RuntimeError(
                "torch.block_diag: Input tensors must have 2 or fewer dimensions. "
                f"Input {i} has {t._data.ndim} dimensions"
            )
    if not tensors:
        return wrap(np.zeros((1, 0), dtypes.default_float()))
    return _block_diag(tensors)


# -- repeating -------------------------------------------------------------------------------------


@op
def repeat(input: Array, *repeats: Any, **keyword: Any):
    """The tensor laid out repeats[i] times along dim i; new dims come in front.

    out[i, j] = input[i mod n, j mod m],   ∂input = g summed over the copies                  (1)

    >>> torch.tensor([1, 2]).repeat(2, 2)
    tensor([[1, 2, 1, 2],
            [1, 2, 1, 2]])
    """
    times = ints("repeat", "repeats", repeats, keyword)
    if len(times) < input.ndim:
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of "
            "tensor"
        )
    if min(times, default=0) < 0:
        raise RuntimeError(
            f"Trying to create tensor with negative dimension: {errors.shape_text(times)}"
        )
    extra = len(times) - input.ndim
    shape, strides = (1,) * extra + input.shape, (0,) * extra + input.strides
    both = tuple([n for pair in zip(times, shape) for n in pair])  # (r₀, n₀, r₁, n₁, …)
    steps = tuple([s for step in strides for s in (0, step)])
    if 0 in both:
        out = np.zeros([r * n for r, n in zip(times, shape)], input.dtype)
    else:
        out = with_strides(input, both, steps).copy().reshape([r * n for r, n in zip(times, shape)])
    axes = tuple(range(0, 2 * len(times), 2))
    return out, lambda g: g.reshape(both).sum(axes)


def tile(input: Any, *dims: Any, **keyword: Any) -> Any:
    """`repeat`; where `dims` has fewer entries than the tensor has dims, 1s come in front."""
    given = ints("tile", "dims", dims, keyword)
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("tile", "input", 1, input)
    return repeat(input, (1,) * (input._data.ndim - len(given)) + given)


@op(
    name=lambda input, repeats, at: (
        "ViewBackward0" if isinstance(repeats, int) else "IndexSelectBackward0"
    )
)
def _repeat_each(input: Array, repeats: Any, at: int):
    out = np.repeat(input, repeats, at)
    n = input.shape[at]
    if isinstance(repeats, int):
        split = (*input.shape[:at], n, repeats, *input.shape[at + 1 :])
        return out, lambda g: g.reshape(split).sum(at + 1)
    source = np.repeat(np.arange(n), repeats)
    return out, lambda g: add_along(g, source, at, n)


def repeat_interleave(
    input: Any, repeats: Any = None, dim: Any = None, *, output_size: Any = None
) -> Any:
    """Each element repeated in place: [a, b] with repeats=2 -> [a, a, b, b].

    Args:
        repeats      how often: an int, or a tensor with one count for each index of `dim`
        dim          along which (default: the flattened tensor)
        output_size  the size of the result along `dim`, checked where given

    ``repeat_interleave(repeats)`` alone gives the indices: [2, 1] -> [0, 0, 1].
    """
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("repeat_interleave", "input", 1, input)
    if repeats is None:
        input, repeats = wrap(np.arange(input._data.size)), input
        if repeats._data.ndim != 1:
            raise RuntimeError("repeat_interleave only accept 1D vector as repeat")
    if dim is None:
        input, dim = flatten(input), 0
    elif input._data.ndim == 0:
        wrap_dim(dim, 0)
        input, dim = flatten(input), 0
    at = wrap_dim(dim, input._data.ndim)
    n = input._data.shape[at]
    if isinstance(repeats, TensorBase):
        counts = repeats._data
        if counts.dtype.kind != "i" or counts.itemsize < 4:
            raise NotImplementedError(
                "\"repeat_interleave_cpu\" not implemented for "
                f"'{dtypes.from_numpy(counts.dtype).title}'"
            )
        if counts.ndim > 1:
            raise RuntimeError("repeats must be 0-dim or 1-dim tensor")
        if counts.size == 1:
            repeats = int(counts.item())
        elif counts.size != n:
            raise RuntimeError(
                "repeats must have the same size as input along dim, but got "
                f"repeats.size(0) = {counts.size} and input.size({at}) = {n}"
            )
        else:
            repeats = counts
            if (counts < 0).any():
                raise RuntimeError("repeats can not be negative")
    else:
        (repeats,) = ints("repeat_interleave", "repeats", (repeats,), {})
    if isinstance(repeats, int) and repeats < 0:
        raise RuntimeError("repeats can not be negative")
    size = repeats * n if isinstance(repeats, int) else int(repeats.sum())
    if output_size is not None and output_size != size:
        raise RuntimeError(
            f"allocated size does not match required size: output_size={output_size}, needed {size}"
        )
    return _repeat_each(input, repeats, at)


# -- moving elements -------------------------------------------------------------------------------


@op
def roll(input: Array, shifts: Any, dims: Any = None):
    """Shift the elements along `dims`; what leaves at the end comes back at the start.

    out[(i + s) mod n] = input[i],   ∂input = g rolled back                                   (1)

    Without dims the flattened tensor is rolled.
    """
    shifts = ints("roll", "shifts", (shifts,), {})
    axes = () if dims is None else ints("roll", "dims", (dims,), {})
    if not shifts:
        raise RuntimeError("`shifts` required")
    if len(axes) != len(shifts) and (axes or len(shifts) != 1):
        raise RuntimeError(
            f"shifts and dimensions must align. shifts: {len(shifts)}, dims:{len(axes)}"
        )
    if not axes:
        return np.roll(input, shifts[0]), lambda g: np.roll(g, -shifts[0])
    at = tuple([wrap_dim(d, input.ndim) for d in axes])
    if input.ndim == 0:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    back = tuple([-s for s in shifts])
    return np.roll(input, shifts, at), lambda g: np.roll(g, back, at)  # (1)


@op
def flip(input: Array, *dims: Any, **keyword: Any):
    """The order of the elements reversed along `dims` (a copy: strides are never negative)."""
    axes = ints("flip", "dims", dims, keyword)
    at = wrap_dims(axes, input.ndim) if axes else ()
    return np.flip(input, at).copy(), lambda g: np.flip(g, at)


def fliplr(input: Any) -> Any:
    """Columns in reverse order: `flip` along dim 1."""
    if input._data.ndim < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return flip(input, 1)


def flipud(input: Any) -> Any:
    """Rows in reverse order: `flip` along dim 0."""
    if input._data.ndim < 1:
        raise RuntimeError("Input must be >= 1-d.")
    return flip(input, 0)


@op(name=lambda input, k=1, dims=(0, 1): "Rot90Backward0")
def rot90(input: Array, k: int = 1, dims: Any = (0, 1)):
    """Turn by k · 90° in the plane of two dims, from the first towards the second."""
    dims = tuple(dims)
    if len(dims) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(dims)}")
    if input.ndim < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {input.ndim}")
    if dims[0] == dims[1] or abs(dims[0] - dims[1]) == input.ndim:
        raise RuntimeError(
            f"expected rotation dims to be different, but got dim0 = {dims[0]} and dim1 = {dims[1]}"
        )
    dims = tuple([wrap_dim(d, input.ndim) for d in dims])
    return np.rot90(input, k, dims).copy(), lambda g: np.rot90(g, -k, dims)


# -- shapes that fit together ----------------------------------------------------------------------


def _variadic(tensors: Any) -> Any:
    return tensors[0] if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)) else tensors


def broadcast_tensors(*tensors: Any) -> Any:
    """The tensors expanded to their common shape, as views."""
    given = _variadic(tensors)
    shape: tuple[int, ...] = ()
    for i, t in enumerate(given):
        if not isinstance(t, TensorBase):
            raise TypeError(
                f"expected Tensor as element {i} in argument 0, but got {type(t).__name__}"
            )
        try:
            shape = np.broadcast_shapes(shape, t._data.shape)
        except ValueError:
            raise errors.broadcast(shape, t._data.shape) from None
    return tuple([expand(t, shape) for t in given])


def _atleast(tensors: Any, grow: Any, name: str) -> Any:
    if len(tensors) == 1 and isinstance(tensors[0], TensorBase):
        return grow(tensors[0])
    given = _variadic(tensors)
    for i, t in enumerate(given):
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor(name, "tensors", i + 1, t)
    return tuple([grow(t) for t in given])


def atleast_1d(*tensors: Any) -> Any:
    """A 0-d tensor as one of shape (1,); others as they are. Several tensors give a tuple."""
    return _atleast(tensors, lambda t: t if t._data.ndim else reshape(t, (1,)), "atleast_1d")


def atleast_2d(*tensors: Any) -> Any:
    """A vector as one row (1, n); tensors with more dims as they are."""

    def grow(t: Any) -> Any:
        if t._data.ndim == 0:
            return reshape(t, (1, 1))
        return unsqueeze(t, 0) if t._data.ndim == 1 else t

    return _atleast(tensors, grow, "atleast_2d")


def atleast_3d(*tensors: Any) -> Any:
    """(n,) becomes (1, n, 1), (m, n) becomes (m, n, 1)."""

    def grow(t: Any) -> Any:
        if t._data.ndim == 0:
            return reshape(t, (1, 1, 1))
        if t._data.ndim == 1:
            return unsqueeze(unsqueeze(t, 0), -1)
        return unsqueeze(t, -1) if t._data.ndim == 2 else t

    return _atleast(tensors, grow, "atleast_3d")


def meshgrid(*tensors: Any, indexing: str | None = None) -> Any:
    """Coordinate grids: one view per vector, all of shape (n₁, n₂, …).

    Args:
        indexing  "ij": the first vector runs along dim 0; "xy": along dim 1, as on a page.
                  Left out it is "ij", with a warning that this will change.
    """
    given = list(_variadic(tensors))
    if not given:
        raise RuntimeError("meshgrid expects a non-empty TensorList")
    for i, t in enumerate(given):
        if not isinstance(t, TensorBase):
            raise TypeError(
                f"expected Tensor as element {i} in argument 0, but got {type(t).__name__}"
            )
        if t._data.ndim > 1:
            raise RuntimeError(
                "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: "
                f"{t._data.ndim}D"
            )
        if t._data.dtype != given[0]._data.dtype:
            raise RuntimeError("torch.meshgrid expects all tensors to have the same dtype")
    if indexing is None:
        warnings.warn(
            "torch.meshgrid: in an upcoming release, it will be required to pass the indexing "
            "argument.",
            stacklevel=2,
        )
        indexing = "ij"
    if indexing not in ("ij", "xy"):
        raise RuntimeError(
            'torch.meshgrid: indexing must be one of "xy" or "ij", but received: ' + str(indexing)
        )
    swap = indexing == "xy" and len(given) > 1
    if swap:
        given[0], given[1] = given[1], given[0]
    sizes = [t._data.size for t in given]
    grids = [
        expand(view(t, [1] * i + [-1] + [1] * (len(given) - i - 1)), sizes) if t._data.size
        else expand(reshape(t, [1] * i + [0] + [1] * (len(given) - i - 1)), sizes)
        for i, t in enumerate(given)
    ]  # fmt: skip
    if swap:
        grids[0], grids[1] = grids[1], grids[0]
    return tuple(grids)


def cartesian_prod(*tensors: Any) -> Any:
    """All combinations of one element from each vector, as rows in order."""
    given = _variadic(tensors)
    for t in given:
        if t._data.ndim != 1:
            raise RuntimeError(
                f"Expect a 1D vector, but got shape {errors.shape_text(t._data.shape)}"
            )
    if len(given) == 1:
        return given[0]
    return stack([flatten(grid) for grid in meshgrid(*given, indexing="ij")], 1)


@op(name="Index")
def _rows_of(input: Array, at: Any):
    n = len(input)
    flat = at.reshape(-1)
    return input[at], lambda g: add_along(g.reshape(-1), flat, 0, n)


def combinations(input: Any, r: int = 2, with_replacement: bool = False) -> Any:
    """All selections of r elements of a vector, in order, as rows."""
    if input._data.ndim != 1:
        raise RuntimeError(
            f"Expect a 1D vector, but got shape {errors.shape_text(input._data.shape)}"
        )
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    choose = combinations_with_replacement if with_replacement else _combinations
    if r == 0:
        return wrap(np.zeros(0, input._data.dtype))
    rows = list(choose(range(input._data.size), r))
    return _rows_of(input, np.array(rows, np.int64).reshape(-1, r))
