"""Views: another shape, another order of axes, or a part, on the same memory.

A view copies no numbers: it is the same block of memory read with other steps. NumPy and
PyTorch describe a tensor alike, by (start, shape, strides):

    address of x[i, j] = start + i·stride₀ + j·stride₁                                        (1)

Transposing swaps the strides, expanding sets a stride to 0, slicing moves the start. So a write
through a view is seen by its base, and the gradient of a view is the *same* numbers put back
where they were read from.
"""

from __future__ import annotations

import warnings
from operator import index
from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase, memory
from ..autograd.rule import Array, check_writable, op
from .convert import contiguous
from .dims import wrap_dim, wrap_dims
from .strides import diagonal_of, infer_size, ints, placed, reinterpreted, with_strides

# -- another shape ---------------------------------------------------------------------------------


@op(view=True)
def view(input: Array, *shape: Any, **keyword: Any):
    """The same numbers in C order under another shape (or dtype), without copying.

    ``x.view(2, -1)`` infers the size at −1. ``x.view(torch.int32)`` reads the same bytes as
    another dtype; that has no gradient.

    Raises: RuntimeError where the strides do not allow it (`reshape` then copies).

    >>> torch.arange(6).view(2, -1)
    tensor([[0, 1, 2],
            [3, 4, 5]])
    """
    wanted = shape[0] if len(shape) == 1 else keyword.get("dtype")
    if isinstance(wanted, (dtypes.dtype, type)):
        return reinterpreted(input, dtypes.to_numpy(wanted)), None
    shape = infer_size(ints("view", "size", shape, keyword), input.size)
    out = input.reshape(shape)
    if memory(out) is not memory(input):
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one "
            "dimension spans across two contiguous subspaces). Use .reshape(...) instead."
        )
    before = input.shape
    return out, lambda g: g.reshape(before)


@op(view=True, name="View")
def _reshape(input: Array, shape: Any):
    before = input.shape
    return input.reshape(infer_size(shape, input.size)), lambda g: g.reshape(before)


def reshape(input: Any, *shape: Any, **keyword: Any) -> Any:
    """The same numbers in C order under another shape: a view where possible, else a copy.

    >>> torch.reshape(torch.arange(6), (3, -1))
    tensor([[0, 1],
            [2, 3],
            [4, 5]])
    """
    out = _reshape(input, ints("reshape", "shape", shape, keyword))
    if out._node is not None and out._base is None:  # it had to copy
        out._node.title = "UnsafeViewBackward0"
    return out


def view_as(input: Any, other: Any) -> Any:
    """`view` with the shape of another tensor."""
    return view(input, other._data.shape)


def reshape_as(input: Any, other: Any) -> Any:
    """`reshape` with the shape of another tensor."""
    return reshape(input, other._data.shape)


def ravel(input: Any) -> Any:
    """All elements in C order, 1-d: a view of a contiguous tensor, else a copy."""
    return view(contiguous(input), (-1,))


def flatten(input: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    """Merge the dims from `start_dim` to `end_dim`, both included, into one.

    Shape: (N, C, H, W) with start_dim=1 -> (N, C·H·W); a 0-d tensor -> (1,).
    """
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("flatten", "input", 1, input)
    shape = input._data.shape
    start, end = wrap_dim(start_dim, len(shape)), wrap_dim(end_dim, len(shape))
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if not shape:
        return reshape(input, (1,))
    if start == end:
        return input
    merged = 1
    for n in shape[start : end + 1]:
        merged *= n
    return reshape(input, (*shape[:start], merged, *shape[end + 1 :]))


def unflatten(input: Any, dim: int, sizes: Any) -> Any:
    """Split one dim into several whose sizes multiply to it; one of them may be −1.

    Shape: (N, C·H·W) with dim=1, sizes=(C, H, W) -> (N, C, H, W).
    """
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("unflatten", "input", 1, input)
    shape = input._data.shape
    at = wrap_dim(dim, len(shape))
    sizes = ints("unflatten", "sizes", (sizes,), {})
    if not sizes:
        raise RuntimeError("unflatten: sizes must be non-empty")
    n = shape[at]
    try:
        inferred = infer_size(sizes, n)
    except RuntimeError as error:
        if -1 in sizes and sizes.count(-1) > 1:
            raise
        raise RuntimeError(
            f"unflatten: Provided sizes {errors.shape_text(sizes)} don't multiply up to the size "
            f"of dim {at} ({n}) in the input tensor"
        ) from error
    return view(input, (*shape[:at], *inferred, *shape[at + 1 :]))


def _squeeze_name(input: Any, dim: Any = None) -> str:
    kind = 0 if dim is None else 2 if isinstance(dim, (tuple, list)) else 1
    return f"SqueezeBackward{kind}"


@op(view=True, name=_squeeze_name)
def squeeze(input: Array, dim: Any = None):
    """Leave out the dims of size 1: all of them, or those of `dim` (int or tuple) that have it."""
    before = input.shape
    if dim is None:
        return input.squeeze(), lambda g: g.reshape(before)
    if isinstance(dim, (tuple, list)):
        dims = wrap_dims(dim, input.ndim) if dim else ()
    else:
        dims = (wrap_dim(dim, input.ndim),)
    out = input.squeeze(tuple([d for d in dims if d < input.ndim and before[d] == 1]))
    return out, lambda g: g.reshape(before)


@op(view=True)
def unsqueeze(input: Array, dim: int):
    """A new dim of size 1 at place `dim` of the result."""
    before = input.shape
    at = wrap_dim(dim, input.ndim + 1)
    return input.reshape(*before[:at], 1, *before[at:]), lambda g: g.reshape(before)


# -- another order of axes -------------------------------------------------------------------------


@op(view=True)
def permute(input: Array, *dims: Any, **keyword: Any):
    """Reorder the dims: dim i of the result is dim dims[i] of the input.

    >>> torch.zeros(2, 3, 5).permute(2, 0, 1).shape
    torch.Size([5, 2, 3])
    """
    given = ints("permute", "dims", dims, keyword)
    if len(given) != input.ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match the "
            f"length of the desired ordering of dimensions i.e. input.dim() = {input.ndim} is not "
            f"equal to len(dims) = {len(given)}"
        )
    order = tuple([wrap_dim(d, input.ndim) for d in given])
    if len(set(order)) != len(order):
        raise RuntimeError("permute(): duplicate dims are not allowed.")
    inverse = tuple(sorted(range(len(order)), key=order.__getitem__))
    return input.transpose(order), lambda g: g.transpose(inverse)


@op(view=True)
def transpose(input: Array, dim0: int, dim1: int):
    """Swap two dims."""
    i, j = wrap_dim(dim0, input.ndim), wrap_dim(dim1, input.ndim)
    if input.ndim == 0:
        return input.view(), lambda g: g
    return input.swapaxes(i, j), lambda g: g.swapaxes(i, j)


def swapaxes(input: Any, axis0: int, axis1: int) -> Any:
    """`transpose` under NumPy's name."""
    return transpose(input, axis0, axis1)


def swapdims(input: Any, dim0: int, dim1: int) -> Any:
    """`transpose` under another name."""
    return transpose(input, dim0, dim1)


@op(view=True)
def t(input: Array):
    """The transpose of a matrix; a tensor with fewer dims as it is."""
    if input.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input.ndim}D")
    return input.T, lambda g: g.T


def T(input: Any) -> Any:
    """`Tensor.T`: all dims reversed."""
    ndim = input._data.ndim
    if ndim not in (0, 2):
        warnings.warn(
            "The use of `x.T` on tensors of dimension other than 2 to reverse their shape is "
            "deprecated and it will throw an error in a future release. Consider `x.mT` to "
            "transpose batches of matrices or `x.permute(*torch.arange(x.ndim - 1, -1, -1))` to "
            "reverse the dimensions of a tensor.",
            stacklevel=2,
        )
    return permute(input, tuple(range(ndim - 1, -1, -1)))


def mT(input: Any) -> Any:
    """`Tensor.mT`: the last two dims swapped; a batch of matrices, each transposed."""
    return _swap_last(input, "mT")


def mH(input: Any) -> Any:
    """`Tensor.mH`: of real matrices the same as `mT`."""
    return _swap_last(input, "mH")


def _swap_last(input: Any, name: str) -> Any:
    if input._data.ndim < 2:
        raise RuntimeError(
            f"tensor.{name} is only supported on matrices or batches of matrices. "
            f"Got {input._data.ndim}-D tensor."
        )
    return transpose(input, -2, -1)


def adjoint(input: Any) -> Any:
    """Each matrix of a batch conjugated and transposed; for real numbers: transposed."""
    if input._data.ndim == 1:
        raise RuntimeError(
            "tensor.adjoint() is only supported on matrices or batches of matrices. Got 1-D tensor."
        )
    return input if input._data.ndim == 0 else transpose(input, -2, -1)


def H(input: Any) -> Any:
    """`Tensor.H`: the transpose of a matrix (conjugate, were there complex numbers)."""
    if input._data.ndim not in (0, 2):
        raise RuntimeError(
            "tensor.H is only supported on matrices (2-D tensors). Got "
            f"{input._data.ndim}-D tensor."
            + (" For batches of matrices, consider using tensor.mH" if input._data.ndim > 2 else "")
        )
    return transpose(input, 0, -1)


def movedim(input: Any, source: Any, destination: Any) -> Any:
    """Move dims from the places `source` to the places `destination`; the rest keep their order."""
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("movedim", "input", 1, input)
    ndim = input._data.ndim
    source = source if isinstance(source, (tuple, list)) else (source,)
    destination = destination if isinstance(destination, (tuple, list)) else (destination,)
    if len(source) != len(destination):
        raise RuntimeError(
            "movedim: Invalid source or destination dims: source "
            f"({errors.shape_text(source)} dims) should contain the same number of dims as "
            f"destination ({errors.shape_text(destination)} dims)"
        )
    sources = [wrap_dim(d, ndim) for d in source]
    places = [wrap_dim(d, ndim) for d in destination]
    for name, dims in (("source", sources), ("destination", places)):
        if len(set(dims)) != len(dims):
            raise RuntimeError(f"movedim: repeated dim in `{name}` ({errors.shape_text(dims)})")
    rest = iter([d for d in range(ndim) if d not in sources])
    moved = dict(zip(places, sources))
    return permute(input, tuple([moved[i] if i in moved else next(rest) for i in range(ndim)]))


moveaxis = movedim


# -- repeating without copying ---------------------------------------------------------------------


@op(view=True)
def expand(input: Array, *size: Any, implicit: bool = False, **keyword: Any):
    """Repeat dims of size 1 (and new dims in front) by giving them stride 0: no copy.

    ∂input = g, summed over the repeated dims                        (by the engine)

    −1 keeps a dim's size. All repeated elements are one place in memory: `clone` before writing.
    """
    size = ints("expand", "size", size, keyword)
    shape, strides = input.shape, input.strides
    extra = len(size) - len(shape)
    if extra < 0:
        raise RuntimeError(
            f"expand(torch.{dtypes.from_numpy(input.dtype).title}Tensor"
            f"{{{errors.shape_text(shape)}}}, size={errors.shape_text(size)}): "
            f"the number of sizes provided ({len(size)}) must be "
            f"greater or equal to the number of dimensions in the tensor ({len(shape)})"
        )
    sizes, steps = [], []
    for i, n in enumerate(size):
        have = shape[i - extra] if i >= extra else 1
        if n == -1:
            if i < extra:
                raise RuntimeError(
                    f"The expanded size of the tensor ({n}) isn't allowed in a leading, "
                    f"non-existing dimension {i}"
                )
            n = have
        if n < 0 or (n != have and have != 1):
            raise RuntimeError(
                f"The expanded size of the tensor ({n}) must match the existing size ({have}) at "
                f"non-singleton dimension {i}.  Target sizes: {errors.shape_text(size)}.  "
                f"Tensor sizes: {errors.shape_text(shape)}"
            )
        sizes.append(n)
        steps.append(strides[i - extra] if i >= extra and n == have else 0)
    return with_strides(input, tuple(sizes), tuple(steps)), lambda g: g


def expand_as(input: Any, other: Any) -> Any:
    """`expand` to the shape of another tensor."""
    return expand(input, other._data.shape)


def broadcast_to(input: Any, size: Any) -> Any:
    """`expand` under NumPy's name."""
    return expand(input, size)


# -- parts -----------------------------------------------------------------------------------------


@op(view=True, name=lambda input, at, name: name + "Backward0")
def part(input: Array, at: Any, name: str):
    """input[at] for a basic index that holds an Ellipsis (so that the result is an array).

    ∂input = 0 except [at], where it is g
    """
    shape = input.shape
    return input[at], lambda g: placed(shape, at, g)


def select(input: Any, dim: int, index: int) -> Any:
    """The part at one `index` along `dim`; that dim is left out."""
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("select", "input", 1, input)
    shape = input._data.shape
    if not shape:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    at = wrap_dim(dim, len(shape))
    i = _index(index)
    if not -shape[at] <= i < shape[at]:
        raise IndexError(
            f"select(): index {i} out of range for tensor of size {errors.shape_text(shape)} "
            f"at dimension {at}"
        )
    return part(input, (slice(None),) * at + (i % shape[at], ...), "Select")


def _index(n: Any) -> int:
    return index(n)


def narrow(input: Any, dim: int, start: Any, length: int) -> Any:
    """The part of `dim` from `start` (an int or a 0-d tensor), `length` elements long."""
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("narrow", "input", 1, input)
    shape = input._data.shape
    if isinstance(start, TensorBase):
        if start._data.ndim or start._data.dtype.kind not in "iu":
            raise RuntimeError("start must be an 0-dim integral Tensor.")
        start = start._data.item()
    if not shape:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    at = wrap_dim(dim, len(shape))
    n = shape[at]
    if not -n <= start <= n:
        raise IndexError(
            f"start out of range (expected to be in range of [{-n}, {n}], but got {start})"
        )
    start = start + n if start < 0 else start
    if start + length > n:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({n}).")
    return part(input, (slice(None),) * at + (slice(start, start + length), ...), "Slice")


@op(view=True)
def diagonal(input: Array, offset: int = 0, dim1: int = 0, dim2: int = 1):
    """out[…, i] = input[…, i, i + offset, …]: the diagonal of two dims, as the last dim."""
    d1, d2 = wrap_dim(dim1, input.ndim), wrap_dim(dim2, input.ndim)
    if d1 == d2:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    shape = input.shape

    def vjp(g: Array) -> Array:
        d = np.zeros(shape, g.dtype)
        diagonal_of(d, offset, d1, d2)[...] = g
        return d

    return diagonal_of(input, offset, d1, d2), vjp


@op(view=True)
def unfold(input: Array, dimension: int, size: int, step: int):
    """Windows along one dim: out[…, w, …, k] = input[…, w·step + k, …]                      (2)

    Shape: (…, L, …) -> (…, ⌊(L − size)/step⌋ + 1, …, size). Windows may overlap.
    """
    at = wrap_dim(dimension, input.ndim)
    n = input.shape[at] if input.ndim else 1
    if size < 0:
        raise RuntimeError(f"size is {size} but must be >= 0")
    if size > n:
        raise RuntimeError(
            f"maximum size for tensor at dimension {dimension} is {n} but size is {size}"
        )
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    windows = (n - size) // step + 1
    stride = input.strides[at] if input.ndim else input.itemsize
    shape = (*input.shape[:at], windows, *input.shape[at + 1 :], size) if input.ndim else (size,)
    strides = (*input.strides[:at], stride * step, *input.strides[at + 1 :], stride)
    out = with_strides(input, shape, strides if input.ndim else (stride,))  # (2)
    before = input.shape

    def vjp(g: Array) -> Array:
        if not before:
            return g.sum()
        d = np.zeros(before, g.dtype)
        head = (slice(None),) * at
        for k in range(size):  # every element adds to the place it was read from
            d[(*head, slice(k, k + (windows - 1) * step + 1, step))] += g[..., k]
        return d

    return out, vjp


@op(view=True)
def as_strided(input: Array, size: Any, stride: Any, storage_offset: Any = None):
    """A view with any shape and strides on the input's memory, all counted in elements.

    out[i, j] = memory[storage_offset + i·stride₀ + j·stride₁]                                (1)
    """
    size, stride = (
        ints("as_strided", "size", (size,), {}),
        ints("as_strided", "stride", (stride,), {}),
    )
    if len(size) != len(stride):
        raise RuntimeError("mismatch in length of strides and shape")
    if min((*size, *stride), default=0) < 0:
        raise RuntimeError(
            "as_strided: Negative strides are not supported at the moment, got strides: "
            f"{errors.shape_text(stride)} and sizes: {errors.shape_text(size)}"
        )
    itemsize = input.itemsize
    whole = memory(input).ravel(order="K").view(input.dtype)
    begin = input.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
    offset = begin // itemsize if storage_offset is None else index(storage_offset)
    last = offset + sum((n - 1) * s for n, s in zip(size, stride)) if 0 not in size else -1
    if offset < 0 or last >= whole.size:
        raise RuntimeError(
            f"setStorage: sizes {errors.shape_text(size)}, strides {errors.shape_text(stride)}, "
            f"storage offset {offset}, and itemsize {itemsize} requiring a storage size of "
            f"{(last + 1) * itemsize} are out of bounds for storage of size {whole.size * itemsize}"
        )
    steps = tuple([s * itemsize for s in stride])
    out = np.ndarray(size, input.dtype, whole, offset * itemsize if last >= 0 else 0, steps)
    geometry = (input.shape, input.strides, begin)

    def vjp(g: Array) -> Array:
        shape, strides, begin = geometry
        places = np.arange(whole_size)  # of each element in memory
        at = np.ndarray(
            size, np.int64, places, offset * 8 if g.size else 0, [s * 8 for s in stride]
        )
        d: Any = np.bincount(at.reshape(-1), g.reshape(-1), whole_size)
        own = np.ndarray(
            shape, np.int64, places, begin // itemsize * 8, [s // itemsize * 8 for s in strides]
        )
        if 0 in strides:  # several elements of the input at one place share its gradient
            d = d / np.maximum(np.bincount(own.reshape(-1), minlength=whole_size), 1)
        return d[own].astype(g.dtype)

    whole_size = whole.size
    return out, vjp


# -- changing a tensor's own shape -----------------------------------------------------------------


def _in_place(function: Any, name: str) -> Any:
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self._needs and self._node is None:
            check_writable(self)  # a leaf that requires grad: raises
        out = function(self, *args, **kwargs)
        self._data, self._node, self._nr = out._data, out._node, out._nr
        self._changes[0] += 1
        if self._base is None:
            self._rebased += 1
        else:
            self._seen = self._base._rebased
        return self

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"`{function.__name__}`, and the tensor itself becomes that view of its memory."
    return call


squeeze_ = _in_place(squeeze, "squeeze_")
unsqueeze_ = _in_place(unsqueeze, "unsqueeze_")
t_ = _in_place(t, "t_")
transpose_ = _in_place(transpose, "transpose_")
swapaxes_ = _in_place(swapaxes, "swapaxes_")
swapdims_ = _in_place(swapdims, "swapdims_")
as_strided_ = _in_place(as_strided, "as_strided_")
