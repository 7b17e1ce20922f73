"""x[…] and x[…] = v.

Two kinds of index, treated one after the other as PyTorch does:

    basic     ints, slices, None, Ellipsis           a *view*: only start, shape and strides change
    advanced  lists, integer tensors, bool masks     a *copy* of the chosen elements:

        out[k, …] = x[i[k], j[k], …]                                                          (1)
        ∂x[a, b, …] = Σ g[k, …]  over all k with (i[k], j[k]) = (a, b)                        (2)

An int is a basic index even beside an advanced one: x[0, :, [1, 2]] first takes x[0]. (NumPy
sees two advanced indices there, and returns another order of dims.)
"""

from __future__ import annotations

import warnings
from operator import index as as_int
from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd import graph
from ..autograd.grad_mode import switch
from ..autograd.graph import Node, TensorBase, edge_to, needs_grad, wrap
from ..autograd.rule import Array, check_writable, op
from .accumulate import add_rows
from .convert import copy_
from .operands import number_array
from .shape import part, reshape

ALL = slice(None)


# -- reading the index -----------------------------------------------------------------------------


def _array(item: Any) -> np.ndarray:
    """A list, range, array or Tensor as an index array: bool, or int64 in a copy of our own."""
    if isinstance(item, TensorBase):
        a = item._data
    elif isinstance(item, np.ndarray):
        a = item
    else:
        a = np.array(_plain(item))
        if a.size == 0 and a.dtype.kind == "f" or a.dtype.kind == "f":
            a = a.astype(np.int64)
        elif a.dtype.kind in "US":
            raise TypeError("new(): invalid data type 'str'")
    if a.dtype == np.uint8:
        warnings.warn(
            "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool "
            "instead.",
            stacklevel=4,
        )
        return a.astype(bool)
    if a.dtype.kind == "b":
        return a.copy()
    if a.dtype.kind != "i" or (a.itemsize < 4 and a.ndim):
        raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
    return a.astype(np.int64)


def _plain(item: Any) -> Any:
    if isinstance(item, TensorBase):
        return item._data
    if isinstance(item, (list, tuple, range)):
        return [_plain(x) for x in item]
    return item


def _listed(index: Any) -> Any:
    """The index as a tuple; a short list that holds more than numbers counts as one, too."""
    if isinstance(index, tuple):
        return index
    if isinstance(index, list) and len(index) < 32:
        for item in index:
            if (
                item is None
                or item is ...
                or isinstance(item, (slice, list, tuple, range, np.ndarray, TensorBase))
            ):
                return tuple(index)
    return (index,)


def _slice(s: slice, n: int) -> slice:
    """A slice with its bounds checked; PyTorch has no negative steps."""
    step = 1 if s.step is None else as_int(s.step)
    if step == 0:
        raise ValueError("slice step cannot be zero")
    if step < 0:
        raise ValueError("step must be greater than zero")
    start, stop, step = s.indices(n)
    return slice(start, max(start, stop), step)


class _Parsed:
    """An index in two parts: `basic` for the view, then `advanced` for the copy (or None)."""

    __slots__ = ("advanced", "basic", "name")

    def __init__(self, shape: tuple[int, ...], index: Any) -> None:
        items = [
            _array(x) if isinstance(x, (list, tuple, range, np.ndarray, TensorBase)) else x
            for x in _listed(index)
        ]
        taken = 0
        for x in items:
            if isinstance(x, np.ndarray):
                taken += x.ndim if x.dtype.kind == "b" else 1
            elif x is not None and x is not ... and not isinstance(x, bool):
                taken += 1
        if taken > len(shape):
            if not shape and len(items) == 1 and isinstance(items[0], int):
                raise IndexError(
                    "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or "
                    "`tensor.item<T>()` in C++ to convert a 0-dim tensor to a number"
                )
            raise IndexError(f"too many indices for tensor of dimension {len(shape)}")
        basic: list[Any] = []
        advanced: list[Any] = []
        found, dim = False, 0
        self.name = "Alias"
        for x in items:
            if x is ...:
                skipped = len(shape) - taken
                basic += [ALL] * skipped
                advanced += [ALL] * skipped
                dim += skipped
                taken = len(shape)  # a second Ellipsis stands for no dims
            elif x is None:
                basic.append(None)
                advanced.append(ALL)
                self.name = "Unsqueeze"
            elif isinstance(x, slice):
                basic.append(_slice(x, shape[dim]))
                advanced.append(ALL)
                self.name, dim = "Slice", dim + 1
            elif isinstance(x, bool) or (
                isinstance(x, np.ndarray) and not x.ndim and x.dtype.kind == "b"
            ):
                basic.append(None)  # a new dim with all (one) or none of its elements
                advanced.append(np.zeros(1 if x else 0, np.int64))
                found = True
            elif isinstance(x, np.ndarray) and x.ndim:
                found = True
                if x.dtype.kind == "b":
                    self._check_mask(x, shape, dim, basic)
                    basic += [ALL] * x.ndim
                    advanced.append(x)
                    dim += x.ndim
                else:
                    basic.append(ALL)
                    advanced.append(x)
                    dim += 1
            else:
                i = self._int(x)
                n = shape[dim]
                if not -n <= i < n:
                    raise IndexError(
                        f"index {i} is out of bounds for dimension {dim} with size {n}"
                    )
                basic.append(i % n)
                self.name, dim = "Select", dim + 1
        self.basic = (*basic, ...) if any(x is not ALL for x in basic) or not found else None
        self.advanced = _split_masks(advanced) if found else None

    @staticmethod
    def _int(x: Any) -> int:
        if isinstance(x, np.ndarray):
            return int(x)
        if isinstance(x, (np.bool_, float, str)) or not hasattr(x, "__index__"):
            if isinstance(x, str):
                raise TypeError("new(): invalid data type 'str'")
            raise IndexError(
                "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables "
                f"are valid indices (got {type(x).__name__})"
            )
        return as_int(x)

    @staticmethod
    def _check_mask(mask: Any, shape: tuple[int, ...], dim: int, basic: list[Any]) -> None:
        for i, n in enumerate(mask.shape):
            if n != shape[dim + i]:
                left = [s for b, s in zip(basic, shape) if b is ALL or isinstance(b, slice)]
                at = len(left) + i
                whole = left + list(shape[dim:])
                raise IndexError(
                    f"The shape of the mask {errors.shape_text(mask.shape)} at index {i} does not "
                    f"match the shape of the indexed tensor {errors.shape_text(whole)} "
                    f"at index {at}"
                )


def _split_masks(items: list[Any]) -> tuple[Any, ...]:
    """A mask that is the only advanced index stays; beside others it becomes its coordinates."""
    arrays = [x for x in items if isinstance(x, np.ndarray)]
    out: list[Any] = []
    for x in items:
        if isinstance(x, np.ndarray) and x.dtype.kind == "b" and len(arrays) > 1:
            out += x.nonzero()
        else:
            out.append(x)
    while out and out[-1] is ALL:
        out.pop()
    return tuple(out)


# -- the copy --------------------------------------------------------------------------------------


def _take(a: np.ndarray, at: tuple[Any, ...]) -> np.ndarray:
    """Equation (1), in C order."""
    arrays = [x for x in at if x is not ALL]
    try:
        if len(arrays) == 1 and arrays[0].dtype.kind == "i":
            return a.take(arrays[0], len(at) - 1)
        return np.ascontiguousarray(a[at])
    except IndexError as error:
        raise _reworded(error, arrays) from None


def _reworded(error: IndexError, arrays: list[Any]) -> IndexError:
    text = str(error)
    if "broadcast" in text:
        shapes = ", ".join(errors.shape_text(x.shape) for x in arrays)
        return IndexError(
            "shape mismatch: indexing tensors could not be broadcast together with shapes " + shapes
        )
    return IndexError(text.replace("axis", "dimension"))


def _put_back(g: np.ndarray, at: tuple[Any, ...], shape: tuple[int, ...]) -> np.ndarray:
    """Equation (2): g summed at the places that it was taken from."""
    arrays = [x for x in at if x is not ALL]
    if len(arrays) == 1 and arrays[0].dtype.kind == "b":  # a mask names no place twice
        d = np.zeros(shape, g.dtype)
        d[at] = g
        return d
    axes = [i for i, x in enumerate(at) if x is not ALL]
    rest = [i for i in range(len(shape)) if i not in axes]
    chosen = np.broadcast_arrays(*arrays)
    first = axes[0] if axes[-1] - axes[0] == len(axes) - 1 else 0  # where (1) put the k dims
    k = chosen[0].ndim
    front = list(range(first, first + k))
    g = g.transpose(front + [i for i in range(g.ndim) if i not in front])
    sizes = [shape[i] for i in axes]
    flat = np.zeros(chosen[0].shape, np.int64)
    for x, n in zip(chosen, sizes):
        flat = flat * n + np.where(x < 0, x + n, x)
    width = int(np.prod([shape[i] for i in rest]))
    rows = g.reshape(flat.size, width)
    d = add_rows(rows, flat.reshape(-1), int(np.prod(sizes)))
    d = d.reshape(*sizes, *(shape[i] for i in rest))
    return d.transpose(np.argsort(axes + rest))


@op(name="Index")
def _index(input: Array, at: Any):
    shape = input.shape
    return _take(input, at), lambda g: _put_back(g, at, shape)


# -- x[index] --------------------------------------------------------------------------------------


def getitem(self: Any, index: Any) -> Any:
    """``x[index]``: a view for basic indices, a copy where lists, tensors or masks choose.

    Raises: IndexError out of range, ValueError for negative slice steps.

    >>> x = torch.arange(6).view(2, 3)
    >>> x[:, 1:], x[x > 3]
    (tensor([[1, 2],
            [4, 5]]), tensor([4, 5]))
    """
    if type(index) is int and self._data.ndim:  # the commonest case, decided fast
        n = self._data.shape[0]
        if -n <= index < n:
            return part(self, (index, ...), "Select")
    parsed = _Parsed(self._data.shape, index)
    if parsed.basic is not None:
        self = part(self, parsed.basic, parsed.name)
    return self if parsed.advanced is None else _index(self, parsed.advanced)


# -- x[index] = value ------------------------------------------------------------------------------


def setitem(self: Any, index: Any, value: Any) -> None:
    """``x[index] = value``, in place; gradients flow to the value and to what is left of x.

    ∂x = g, zero at [index];   ∂value = g[index]                                              (3)

    The value is a number or a tensor that broadcasts to the shape of x[index].
    """
    if not isinstance(value, TensorBase):
        if not isinstance(value, (int, float, np.integer, np.bool_)):
            title = dtypes.from_numpy(self._data.dtype).title
            raise TypeError(f"can't assign a {_type_name(value)} to a torch.{title}Tensor")
        value = wrap(number_array(value, self._data.dtype))
    parsed = _Parsed(self._data.shape, index)
    target = self if parsed.basic is None else part(self, parsed.basic, parsed.name)
    ndim = target._data.ndim if parsed.advanced is None else None
    shape = value._data.shape
    while shape and shape[0] == 1 and len(shape) > (ndim or 0):  # leading 1s count for nothing
        shape = shape[1:]
    if shape != value._data.shape:
        value = reshape(value, shape)
    if parsed.advanced is not None:
        _put(target, parsed.advanced, value, False)
        return
    if shape != target._data.shape:
        _check_fits(value._data, target._data.shape)
    if target._data.size or needs_grad(value):
        copy_(target, value)


def _type_name(value: Any) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _check_fits(value: np.ndarray, shape: tuple[int, ...]) -> None:
    """Raise where a value does not broadcast to the shape it is assigned to."""
    given = value.shape
    if len(given) > len(shape):
        raise RuntimeError(
            f"expand(torch.{dtypes.from_numpy(value.dtype).title}Tensor"
            f"{{{errors.shape_text(given)}}}, size={errors.shape_text(shape)}): "
            f"the number of sizes provided ({len(shape)}) must "
            f"be greater or equal to the number of dimensions in the tensor ({len(given)})"
        )
    for i in range(1, len(given) + 1):
        if given[-i] != shape[-i] and given[-i] != 1:
            raise RuntimeError(
                f"The expanded size of the tensor ({shape[-i]}) must match the existing size "
                f"({given[-i]}) at non-singleton dimension {len(shape) - i}.  "
                f"Target sizes: {errors.shape_text(shape)}.  "
                f"Tensor sizes: {errors.shape_text(given)}"
            )


def _put(self: Any, at: tuple[Any, ...], values: Any, accumulate: bool) -> None:
    """Write into the places of an advanced index, in place, and record it."""
    check_writable(self)
    a, v = self._data, values._data
    _check_same(a, v)
    needs = switch.enabled and (needs_grad(self) or needs_grad(values))
    node = None
    if needs:
        edges = (edge_to(self), edge_to(values))
        node = Node("IndexPutBackward0", _put_vjp(at, accumulate), edges)
    _write(a, at, v, accumulate)
    self._changes[0] += 1
    if node is not None:
        graph.rebase(self, node)


def _check_same(a: np.ndarray, v: np.ndarray) -> None:
    if a.dtype != v.dtype:
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, got "
            f"{dtypes.from_numpy(a.dtype).title} for the destination and "
            f"{dtypes.from_numpy(v.dtype).title} for the source."
        )


def _write(a: np.ndarray, at: tuple[Any, ...], v: np.ndarray, accumulate: bool) -> None:
    try:
        if accumulate:
            np.add.at(a, at, v)
        else:
            a[at] = v
    except IndexError as error:
        raise _reworded(error, [x for x in at if x is not ALL]) from None
    except ValueError:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {errors.shape_text(v.shape)} cannot be "
            f"broadcast to indexing result of shape {errors.shape_text(a[at].shape)}"
        ) from None


def _put_vjp(at: tuple[Any, ...], accumulate: bool) -> Any:
    def vjp(g: Array) -> Any:
        if accumulate:
            return g, _take(g, at)
        d = g.copy()
        d[at] = 0  # (3)
        return d, _take(g, at)

    return vjp


# -- index_put -------------------------------------------------------------------------------------


def _indices(input: Any, indices: Any) -> tuple[Any, ...]:
    """The indices of `index_put`, checked as in x[…]."""
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("index_put", "input", 1, input)
    if not isinstance(indices, (tuple, list)):
        raise errors.wrong_type("index_put", "indices", 1, "tuple of Tensors", indices)
    for i, x in enumerate(indices):
        if not isinstance(x, TensorBase):
            raise TypeError(
                f"expected Tensor as element {i} in argument 1, but got {type(x).__name__}"
            )
    items = []
    for x in indices:
        if x._data.ndim == 0 and x._data.dtype.kind == "i":
            x = wrap(x._data.reshape(1))
        items.append(x)
    return _Parsed(input._data.shape, tuple(items)).advanced or ()


@op(name="IndexPut")
def _index_put(input: Array, values: Array, at: Any, accumulate: bool):
    _check_same(input, values)
    out = input.copy()
    _write(out, at, values, accumulate)
    return out, _put_vjp(at, accumulate)


def index_put(input: Any, indices: Any, values: Any, accumulate: bool = False) -> Any:
    """A copy of `input` with `values` at the places that the tuple `indices` names.

    With accumulate=True values are added, and those at one place all count.
    """
    return _index_put(input, values, _indices(input, indices), accumulate)


def index_put_(self: Any, indices: Any, values: Any, accumulate: bool = False) -> Any:
    """In-place form of `index_put`: writes into self, returns self."""
    _put(self, _indices(self, indices), values, accumulate)
    return self


# -- where the elements are ------------------------------------------------------------------------


def nonzero(input: Any, *, out: Any = None, as_tuple: bool = False) -> Any:
    """The coordinates of all elements that are not zero, one row each, in C order.

    Shape: (count, ndim), or with as_tuple=True ndim tensors (count,) ready to index with.
    """
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("nonzero", "input", 1, input)
    a = input._data
    if as_tuple:
        return tuple([wrap(x) for x in np.atleast_1d(a).nonzero()])
    return _coordinates(input, out=out)


@op(name="Nonzero")
def _coordinates(input: Array):
    return np.argwhere(input).astype(np.int64), None


def argwhere(input: Any) -> Any:
    """`nonzero` under NumPy's name."""
    return nonzero(input)
