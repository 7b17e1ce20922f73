"""Reading and writing single elements by an index along one dim: gather, scatter, take, put.

    gather    out[i, j] = input[index[i, j], j]           (dim 0; for other dims likewise)    (1)
    scatter   out[index[i, j], j] = src[i, j]                                                 (2)

Each is the other's derivative.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase, wrap
from ..autograd.rule import Array, Operand, inplace, op
from .accumulate import add_elements, element_places
from .dims import wrap_dim
from .operands import number_array
from .overlap import separate_out
from .scatter_reduce import reduce_elements
from .shape import expand, reshape


def _check_index(function: str, index: np.ndarray) -> None:
    if index.dtype not in (np.int64, np.int32):
        raise RuntimeError(f"{function}(): Expected dtype int32/int64 for index")


def _check_bounds(index: np.ndarray, dim: int, n: int) -> None:
    if index.size and (index.min() < 0 or index.max() >= n):
        bad = int(index[(index < 0) | (index >= n)].reshape(-1)[0])
        raise RuntimeError(f"index {bad} is out of bounds for dimension {dim} with size {n}")


def _at_least_1d(*arrays: np.ndarray) -> list[np.ndarray]:
    """0-d tensors count as 1-d here."""
    return [a.reshape(1) if a.ndim == 0 else a for a in arrays]


# -- gather ----------------------------------------------------------------------------------------


@separate_out
@op
def gather(input: Array, dim: int, index: Array, *, sparse_grad: bool = False):
    """Equation (1): pick one element along `dim` for each entry of `index`.

    ∂input = g added at the places it was read from

    Shape: `index` has as many dims as `input`, and no more entries than it in the other dims;
    the result has the shape of `index`.

    >>> torch.gather(torch.tensor([[1, 2], [3, 4]]), 1, torch.tensor([[0], [1]]))
    tensor([[1],
            [4]])
    """
    if sparse_grad:
        raise NotImplementedError("sparse_grad=True is not supported: gradients are dense here")
    at = wrap_dim(dim, input.ndim)
    if index.size:
        _check_index("gather", index)
    source, places = _at_least_1d(input, index)
    if index.size == 0:
        shape = input.shape
        return np.zeros(index.shape, input.dtype), lambda g: (np.zeros(shape, g.dtype), None)
    if places.ndim != source.ndim:
        raise RuntimeError("Index tensor must have the same number of dimensions as input tensor")
    for d, (m, n) in enumerate(zip(places.shape, source.shape)):
        if m > n and d != at:
            raise RuntimeError(
                f"Size does not match at dimension {d} expected index "
                f"{errors.shape_text(index.shape)} to be no larger than self "
                f"{errors.shape_text(input.shape)} apart from dimension {at}"
            )
    _check_bounds(places, at, source.shape[at])
    shape, flat_shape = input.shape, source.shape
    out = source.reshape(-1).take(element_places(places, at, flat_shape))  # (1)

    def vjp(g: Array) -> Any:
        where = element_places(index.reshape(g.shape or (1,)), at, flat_shape)
        return add_elements(g, where, shape), None

    return out.reshape(index.shape), vjp


def take_along_dim(input: Any, indices: Any, dim: int | None = None, *, out: Any = None) -> Any:
    """`gather` that broadcasts the other dims; without `dim`, from the flattened tensor."""
    for position, (name, t) in enumerate((("input", input), ("indices", indices)), 1):
        if not isinstance(t, TensorBase):
            raise errors.not_a_tensor("take_along_dim", name, position, t)
    if indices._data.dtype != np.int64:
        raise RuntimeError(
            "torch.take_along_dim(): dtype of indices should be Long but got "
            f"{dtypes.from_numpy(indices._data.dtype).title}"
        )
    kwargs = {} if out is None else {"out": out}
    if dim is None:
        return gather(
            reshape(input, (-1,)),
            0,
            _from_start(reshape(indices, (-1,)), input._data.size),
            **kwargs,
        )
    a, b = input._data.shape, indices._data.shape
    if len(a) != len(b):
        raise RuntimeError(
            "torch.take_along_dim(): input and indices should have the same number of dimensions, "
            f"but got {len(a)} dimensions for input, and {len(b)} dimensions for indices"
        )
    at = wrap_dim(dim, len(a))
    rest_a, rest_b = list(a), list(b)
    rest_a[at] = rest_b[at] = 1
    try:
        common = np.broadcast_shapes(tuple(rest_a), tuple(rest_b))
    except ValueError:
        raise errors.broadcast(tuple(rest_a), tuple(rest_b)) from None
    whole_a, whole_b = list(common), list(common)
    whole_a[at], whole_b[at] = a[at], b[at]
    index = _from_start(expand(indices, whole_b), a[at])
    return gather(expand(input, whole_a), at, index, **kwargs)


def _from_start(indices: Any, n: int) -> Any:
    """Negative indices counted from the start."""
    a = indices._data
    return wrap(np.where(a < 0, a + n, a)) if a.size and a.min() < 0 else indices


# -- scatter ---------------------------------------------------------------------------------------


def _places(
    function: str, input: np.ndarray, dim: int, index: np.ndarray, src: Any
) -> tuple[int, Any, Any]:
    """(dim, flat places, part of src that is used), everything checked."""
    at = wrap_dim(dim, input.ndim)
    if index.size:
        _check_index(function, index)
    (target, where) = _at_least_1d(input, index)
    if isinstance(src, np.ndarray):
        if src.dtype != input.dtype:
            raise RuntimeError(f"{function}(): Expected self.dtype to be equal to src.dtype")
        (src,) = _at_least_1d(src)
    if index.size == 0:
        return at, np.zeros(0, np.int64), np.zeros(0, input.dtype)
    if where.ndim != target.ndim or (isinstance(src, np.ndarray) and src.ndim != where.ndim):
        which = "self" if where.ndim != target.ndim else "src"
        raise RuntimeError(
            f"Index tensor must have the same number of dimensions as {which} tensor"
        )
    for d, m in enumerate(where.shape):
        if (m > target.shape[d] and d != at) or (isinstance(src, np.ndarray) and m > src.shape[d]):
            text = (
                f"Expected index {errors.shape_text(index.shape)} to be no larger than self "
                f"{errors.shape_text(input.shape)} apart from dimension {at}"
            )
            if isinstance(src, np.ndarray):
                text += f" and to be no larger size than src {errors.shape_text(src.shape)}"
            raise RuntimeError(text)
    _check_bounds(where, at, target.shape[at])
    if isinstance(src, np.ndarray):
        src = src[tuple([slice(0, m) for m in where.shape])]
    return at, element_places(where, at, target.shape), src


def into_source(g: np.ndarray, index_shape: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Gradient of the used corner of src, zero in the rest of it."""
    if index_shape == shape:
        return g.reshape(shape)
    d = np.zeros(shape, g.dtype)
    if g.size:
        d[tuple([slice(0, m) for m in index_shape])] = g.reshape(index_shape)
    return d


@op(name="ScatterBackward0")
def _scatter_src(input: Array, dim: int, index: Array, src: Array):
    _, places, used = _places("scatter", input, dim, index, src)
    out = np.array(input, order="C")
    out.reshape(-1)[places] = used  # (2); a C-ordered copy, so reshape is a view
    index_shape, shape = index.shape, src.shape

    def vjp(g: Array) -> Any:
        d = np.array(g, order="C")
        d.reshape(-1)[places] = 0
        return d, None, into_source(g.reshape(-1)[places], index_shape, shape)

    return out, vjp


@op(name="ScatterBackward1")
def _scatter_value(input: Array, dim: int, index: Array, value: Any):
    _, places, _ = _places("scatter", input, dim, index, None)
    out = np.array(input, order="C")
    out.reshape(-1)[places] = number_array(value, input.dtype)

    def vjp(g: Array) -> Any:
        d = np.array(g, order="C")
        d.reshape(-1)[places] = 0
        return d, None

    return out, vjp


@op(name="ScatterReduce")
def _scatter_old(input: Array, dim: int, index: Array, src: Operand, reduce: str):
    value = src if isinstance(src, np.ndarray) else None
    _, places, used = _places("scatter", input, dim, index, value)
    if value is None:
        used = np.broadcast_to(number_array(src, input.dtype), places.shape)
    if reduce not in ("add", "multiply"):
        raise RuntimeError("reduce argument must be either add or multiply.")
    out = np.array(input, order="C")
    (np.add if reduce == "add" else np.multiply).at(out.reshape(-1), places, used)

    def vjp(g: Array) -> Any:
        raise RuntimeError(
            "derivative for aten::scatter is not implemented with reduce=; use scatter_reduce"
        )

    return out, vjp


def _choose(src: Any, value: Any, reduce: Any) -> tuple[str, Any]:
    """Which of the three forms of scatter was called, and its source."""
    given = value if src is None else src
    if given is None:
        raise TypeError('scatter() missing 1 required positional arguments: "src"')
    if reduce is not None:
        return "old", given
    return ("src" if isinstance(given, TensorBase) else "value"), given


_FORMS = {"src": _scatter_src, "value": _scatter_value, "old": _scatter_old}
_FORMS_IN_PLACE = {k: inplace(f, "scatter_") for k, f in _FORMS.items()}


def scatter(
    input: Any, dim: int, index: Any, src: Any = None, *, value: Any = None, reduce: Any = None,
    out: Any = None,
) -> Any:  # fmt: skip
    """A copy of `input` with `src` (a tensor, or one number) at the places that `index` names.

    Equation (2);  ∂input = g, zero at the places;   ∂src = g at the places

    Args:
        reduce  "add" or "multiply" into the places instead (has no gradient: `scatter_reduce` has)
    """
    form, given = _choose(src, value, reduce)
    extra = (reduce,) if form == "old" else ()
    if out is not None:
        return _FORMS[form](input, dim, index, given, *extra, out=out)
    return _FORMS[form](input, dim, index, given, *extra)


def scatter_(
    self: Any, dim: int, index: Any, src: Any = None, *, value: Any = None, reduce: Any = None
) -> Any:
    """In-place form of `scatter`: writes into self, returns self."""
    form, given = _choose(src, value, reduce)
    return _FORMS_IN_PLACE[form](self, dim, index, given, *((reduce,) if form == "old" else ()))


@op
def scatter_add(input: Array, dim: int, index: Array, src: Array):
    """A copy of `input` with the elements of `src` added at the places that `index` names.

    ∂input = g,   ∂src = g gathered at the places

    Elements of one place are summed (in float32 in float64, rounded once).
    """
    _, places, used = _places("scatter", input, dim, index, src)
    index_shape, shape = index.shape, src.shape
    if input.dtype.kind == "f":
        out = input + add_elements(np.ascontiguousarray(used), places, input.shape)
    else:
        out = np.array(input, order="C")
        np.add.at(out.reshape(-1), places, used)
    return out, lambda g: (g, None, into_source(g.reshape(-1)[places], index_shape, shape))


@op
def scatter_reduce(
    input: Array, dim: int, index: Array, src: Array, reduce: str, *, include_self: bool = True
):
    """At each place that `index` names, the sum, prod, mean, amax or amin of all that fall there.

    Args:
        reduce        "sum", "prod", "mean", "amax", "amin"
        include_self  input's own element takes part (default True)
    """
    if reduce not in ("sum", "prod", "mean", "amax", "amin"):
        raise RuntimeError(
            f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}"
        )
    _, places, used = _places("scatter", input, dim, index, src)
    index_shape, shape = index.shape, src.shape
    out, vjp_flat = reduce_elements(
        input, places.reshape(-1), used.reshape(-1), reduce, include_self
    )

    def vjp(g: Array) -> Any:
        d_self, d_src = vjp_flat(g)
        return d_self, None, into_source(d_src, index_shape, shape)

    return out, vjp


# -- flat places -----------------------------------------------------------------------------------


def _flat_index(function: str, index: np.ndarray, size: int) -> np.ndarray:
    if index.dtype != np.int64:
        raise RuntimeError(
            f"{function}(): Expected a long tensor for index, but got "
            f"{dtypes.from_numpy(index.dtype).title}"
        )
    if index.size and (not size or index.min() < -size or index.max() >= size):
        if not size:
            raise IndexError(f"{function}(): tried to take from an empty tensor")
        bad = int(index[(index < -size) | (index >= size)].reshape(-1)[0])
        raise IndexError(
            f"out of range: tried to access index {bad} on a tensor of {size} elements."
        )
    return np.where(index < 0, index + size, index)


@separate_out
@op
def take(input: Array, index: Array):
    """out[i] = input.flatten()[index[i]];   ∂input = g added at those places."""
    places, shape = _flat_index("take", index, input.size), input.shape
    return input.reshape(-1).take(places), lambda g: (add_elements(g, places, shape), None)


@op
def put(input: Array, index: Array, source: Array, accumulate: bool = False):
    """A copy of `input` with source[i] at the flat place index[i] (added there if accumulate)."""
    places = _flat_index("put_", index, input.size)
    if input.dtype != source.dtype:
        raise RuntimeError(
            "put_(): self and source expected to have the same dtype, but got self.dtype = "
            f"{dtypes.from_numpy(input.dtype).title} and source.dtype = "
            f"{dtypes.from_numpy(source.dtype).title}"
        )
    if index.size != source.size:
        raise IndexError(
            f"put_(): Expected source and index to have the same number of elements, but got "
            f"source.numel() = {source.size}, index.numel() = {index.size}"
        )
    out = np.array(input, order="C")
    if accumulate:
        np.add.at(out.reshape(-1), places.reshape(-1), source.reshape(-1))
    else:
        out.reshape(-1)[places.reshape(-1)] = source.reshape(-1)
    shape = source.shape

    def vjp(g: Array) -> Any:
        d_source = g.reshape(-1)[places.reshape(-1)].reshape(shape)
        if accumulate:
            return g, None, d_source
        d = np.array(g, order="C")
        d.reshape(-1)[places.reshape(-1)] = 0
        return d, None, d_source

    return out, vjp
