"""New tensors: from Python numbers and NumPy arrays, or filled with one value.

    tensor([[1., 2.], [3., 4.]])     copies data           from_numpy(a)    shares a's memory
    zeros(2, 3)  ones  full  empty   filled                zeros_like(t)    shaped as t

Counted ones (arange, linspace) are in ranges.py, random ones in sample.py.
"""

from __future__ import annotations

import warnings
from numbers import Number
from operator import index
from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase, wrap
from .convert import contiguous_format, dense_like, detach, laid_out, preserve_format
from .operands import number_array
from .strides import rooted

# -- from data ------------------------------------------------------------------------------------


def tensor(
    data: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Any:
    """A tensor with a copy of `data`: a number, nested lists of numbers, or an array.

    Args:
        data           what to copy; Python floats become the default dtype, ints int64
        dtype          element type; default: found from data
        device         None or 'cpu'
        requires_grad  whether operations on it are recorded (default False)
        pin_memory     must be False: there is no other device to pin for
    Raises:
        ValueError     lists of unequal length; an int that does not fit in 64 bits
        RuntimeError   an element of no numeric type; one that does not fit in `dtype`
    >>> import minitorch as torch
    >>> torch.tensor([[1, 2], [3, 4]]).dtype
    torch.int64
    """
    if isinstance(data, TensorBase):
        warnings.warn(
            "To copy construct from a tensor, it is recommended to use "
            "sourceTensor.detach().clone() or sourceTensor.detach().clone().requires_grad_(True), "
            "rather than torch.tensor(sourceTensor).",
            stacklevel=2,
        )
        a = data._data.astype(dtypes.to_numpy(dtype) if dtype is not None else data._data.dtype)
    else:
        a = array_from(data, dtype)
    return finish(a, device, None, requires_grad, pin_memory)


def array_from(data: Any, dtype: Any = None) -> np.ndarray:
    """A fresh array with the numbers in `data` (lists, numbers, arrays, 0-d tensors)."""
    wanted = None if dtype is None else dtypes.to_numpy(dtype)
    if isinstance(data, (np.ndarray, np.generic)):
        if data.dtype.kind not in "biuf":
            dtypes.from_numpy(data.dtype)
        return _supported(np.array(data, dtype=wanted, order="C"))
    if isinstance(data, str):
        raise TypeError("new(): invalid data type 'str'")
    if not isinstance(data, (list, tuple, range)) and hasattr(data, "__array__"):
        return array_from(np.asarray(data), dtype)
    try:
        found = _element_dtype(data)
    except (RuntimeError, NotImplementedError):
        if wanted is None or isinstance(data, bytes):
            raise
        raise TypeError(f"must be real number, not {_no_number(data)}") from None
    try:
        raw = np.array(_plain(data))
    except (ValueError, TypeError):
        _check_lengths(data)
        raise
    if raw.dtype.kind not in "biuf":
        _check_lengths(data)
        raise ValueError("Overflow when unpacking long long")
    if raw.dtype == np.uint64:
        raise ValueError("Overflow when unpacking long long")
    if wanted is not None:
        _check_fits(raw, wanted)
    with np.errstate(all="ignore"):
        return raw.astype(found if wanted is None else wanted)


def _check_fits(numbers: np.ndarray, wanted: np.dtype) -> None:
    """RuntimeError where a number is too large for an integer dtype."""
    if numbers.dtype.kind != "b" and wanted.kind in "iu" and numbers.size:
        limits = np.iinfo(wanted)
        real = numbers.dtype.kind == "f"
        whole = np.trunc(numbers) if real else numbers
        low = -limits.max if wanted.kind == "u" and not real else limits.min  # −5 is the byte 251
        if not (whole.min() >= low and whole.max() <= limits.max):
            name = dtypes.from_numpy(wanted).name
            raise RuntimeError(f"value cannot be converted to type {name} without overflow")


def _no_number(data: Any) -> str:
    """The type of the first element of nested data that is no number."""
    if isinstance(data, (list, tuple)):
        return next((name for name in map(_no_number, data) if name), "")
    known = (bool, int, float, range, np.ndarray, np.generic, TensorBase)
    return "" if isinstance(data, known) else type(data).__name__


def _element_dtype(data: Any) -> Any:
    """The dtype of nested data: Python floats count as the default dtype."""
    found: Any = None
    seen: set[type] = set()
    stack = [data]
    while stack:
        x = stack.pop()
        if isinstance(x, (list, tuple)):
            kinds = set(map(type, x))
            if kinds <= {int, float, bool}:
                seen |= kinds
            else:
                stack.extend(x)
            continue
        if isinstance(x, TensorBase):
            one = x._data.dtype
        elif isinstance(x, (np.ndarray, np.generic)):
            one = _supported(np.asarray(x)).dtype
        elif isinstance(x, range):
            one = dtypes.INT64
        elif isinstance(x, (bool, int, float)):
            seen.add(bool if isinstance(x, bool) else int if isinstance(x, int) else float)
            continue
        elif isinstance(x, complex):
            raise NotImplementedError("complex numbers are not supported: minitorch has no complex")
        elif isinstance(x, str):
            raise ValueError("too many dimensions 'str'")
        else:
            raise RuntimeError(f"Could not infer dtype of {type(x).__name__}")
        found = one if found is None else dtypes.promote_numpy(found, one)
    plain = {bool: dtypes.BOOL, int: dtypes.INT64, float: dtypes.default_float()}
    for kind in seen:
        found = plain[kind] if found is None else dtypes.promote_numpy(found, plain[kind])
    return dtypes.default_float() if found is None else found  # an empty list


def _plain(data: Any) -> Any:
    """Nested data with one-element tensors replaced by their numbers."""
    if isinstance(data, TensorBase):
        if data._data.size != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return data._data.item()
    nested = (TensorBase, list, tuple)
    if isinstance(data, (list, tuple)) and any(isinstance(x, nested) for x in data):
        return [_plain(x) for x in data]
    return data


def _check_lengths(data: Any) -> None:
    """Raise the error that says where nested lists stop being a box of numbers."""
    shape: list[int] = []
    x = data
    while isinstance(x, (list, tuple)):
        shape.append(len(x))
        x = x[0] if len(x) else None

    def walk(x: Any, depth: int) -> None:
        if depth == len(shape):
            if isinstance(x, (list, tuple)):
                raise TypeError(f"'{type(x).__name__}' object cannot be interpreted as an integer")
            return
        if not isinstance(x, (list, tuple)):
            raise TypeError("not a sequence")
        if len(x) != shape[depth]:
            raise ValueError(
                f"expected sequence of length {shape[depth]} at dim {depth} (got {len(x)})"
            )
        for y in x:
            walk(y, depth + 1)

    walk(data, 0)


def _supported(a: np.ndarray) -> np.ndarray:
    dtypes.from_numpy(a.dtype)  # raises where there is no such dtype
    return a if a.dtype.isnative else a.astype(a.dtype.newbyteorder("="))


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Any:
    """`data` as a tensor, without a copy where it is a Tensor or array of that dtype already."""
    dtypes.check_device(device)
    if isinstance(data, TensorBase):
        return data if dtype is None else data.to(dtype)  # type: ignore[attr-defined]
    if isinstance(data, np.ndarray):
        t = from_numpy(data)
        return t if dtype is None else t.to(dtype)
    return tensor(data, dtype=dtype)


def asarray(
    obj: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    copy: bool | None = None,
    requires_grad: bool = False,
) -> Any:
    """`obj` as a tensor; `copy` True: always copy, False: never, None: where needed."""
    t = as_tensor(obj, dtype, device)
    shared = isinstance(obj, (TensorBase, np.ndarray)) and t._data.base is not None or t is obj
    if copy is False and not shared:
        raise ValueError("can't alias tensor created from a Python sequence or of another dtype")
    if copy and shared:
        t = wrap(t._data.copy())
    if requires_grad:
        t = detach(t)
        t.requires_grad_()
    return t


def from_numpy(ndarray: np.ndarray) -> Any:
    """A tensor that shares the array's memory: a change in one shows in the other."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    dtypes.from_numpy(ndarray.dtype)
    if not ndarray.dtype.isnative:
        raise ValueError("given numpy array has byte order different from the native byte order")
    if any(s < 0 for s in ndarray.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with negative "
            "strides are not currently supported. (Make a copy of the array: array.copy().)"
        )
    if not ndarray.flags.writeable:
        warnings.warn(
            "The given NumPy array is not writable, and PyTorch does not support non-writable "
            "tensors: writing to this tensor is undefined. Copy the array to protect its data.",
            stacklevel=2,
        )
    return wrap(rooted(np.asarray(ndarray)))


def frombuffer(
    buffer: Any, *, dtype: Any, count: int = -1, offset: int = 0, requires_grad: bool = False
) -> Any:
    """A 1-d tensor over an object with Python's buffer protocol; shares its memory."""
    a = np.frombuffer(buffer, dtypes.to_numpy(dtype), count, offset)
    return finish(a, None, None, requires_grad, False)


# -- shapes and the common keywords ---------------------------------------------------------------


def parse_size(function: str, size: Any) -> tuple[int, ...]:
    """A size given as ints (2, 3), one list or tuple ((2, 3),), checked."""
    if len(size) == 1 and isinstance(size[0], (tuple, list)):
        size = size[0]
    shape = []
    for i, n in enumerate(size):
        try:
            if isinstance(n, bool):
                raise TypeError
            shape.append(index(n))
        except (TypeError, RuntimeError):
            if isinstance(n, TensorBase) and n._data.size == 1 and n._data.dtype.kind in "iu":
                shape.append(int(n._data.item()))
                continue
            if len(size) == 1 or isinstance(n, str):
                raise TypeError(
                    f"{function}(): argument 'size' (position 1) must be tuple of ints, "
                    f"not {type(n).__name__}"
                ) from None
            raise TypeError(
                f"{function}(): argument 'size' failed to unpack the object at pos {i + 1} with "
                f'error "type must be tuple of ints,but got {type(n).__name__}"'
            ) from None
    for n in shape:
        if n < 0:
            raise RuntimeError(
                f"Trying to create tensor with negative dimension {n}: {errors.shape_text(shape)}"
            )
    return tuple(shape)


def take_size(function: str, args: tuple[Any, ...], size: Any) -> tuple[int, ...]:
    """The size from ``f(2, 3)``, ``f((2, 3))`` or ``f(size=(2, 3))``."""
    if size is not None:
        if args:
            raise TypeError(f"{function}() got multiple values for argument 'size'")
        return parse_size(function, (size,) if isinstance(size, (tuple, list)) else (size,))
    if not args:
        raise TypeError(f'{function}() missing 1 required positional arguments: "size"')
    return parse_size(function, args)


def finish(
    a: np.ndarray, device: Any, layout: Any, requires_grad: bool, pin_memory: bool, out: Any = None
) -> Any:
    """What every creating function does last: check the rest, wrap, mark the leaf."""
    dtypes.check_device(device)
    dtypes.check_layout(layout)
    if pin_memory:
        raise RuntimeError(
            "pin_memory=True requires a CUDA or other accelerator backend: minitorch has device="
            "'cpu' only"
        )
    if requires_grad:
        if not isinstance(requires_grad, (bool, np.bool_)):
            raise errors.not_a_bool("requires_grad", requires_grad)
        if a.dtype.kind != "f":
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can require gradients"
            )
    t = wrap(a) if out is None else store(out, a)
    if requires_grad:
        t._needs = True
    return t


def store(out: Any, a: np.ndarray) -> Any:
    """Put new numbers in the tensor given as ``out=``, resized to fit."""
    if not isinstance(out, TensorBase):
        raise TypeError(f"argument 'out' must be Tensor, not {type(out).__name__}")
    if out._data.shape == a.shape:
        np.copyto(out._data, a, casting="unsafe")
    else:
        out._data = a.astype(out._data.dtype)
    out._changes[0] += 1
    return out


def kind_or_default(dtype: Any, out: Any = None) -> np.dtype:
    """The wanted dtype, else that of `out`, else the default."""
    if out is not None and not isinstance(out, TensorBase):
        raise TypeError(f"argument 'out' must be Tensor, not {type(out).__name__}")
    if dtype is not None:
        wanted = dtypes.to_numpy(dtype)
        if out is not None and out._data.dtype != wanted:
            raise RuntimeError(
                f"dtype {dtypes.from_numpy(wanted)!r} does not match dtype of out parameter "
                f"({dtypes.from_numpy(out._data.dtype)!r})"
            )
        return wanted
    return dtypes.default_float() if out is None else out._data.dtype


# -- filled ---------------------------------------------------------------------------------------


def zeros(*args: Any, size: Any = None, out: Any = None, dtype: Any = None,
          layout: Any = dtypes.strided, device: Any = None, pin_memory: bool = False,
          requires_grad: bool = False) -> Any:  # fmt: skip
    """A tensor of zeros: ``zeros(2, 3)`` or ``zeros((2, 3))``."""
    a = np.zeros(take_size("zeros", args, size), kind_or_default(dtype, out))
    return finish(a, device, layout, requires_grad, pin_memory, out)


def ones(*args: Any, size: Any = None, out: Any = None, dtype: Any = None,
         layout: Any = dtypes.strided, device: Any = None, pin_memory: bool = False,
         requires_grad: bool = False) -> Any:  # fmt: skip
    """A tensor of ones."""
    a = np.ones(take_size("ones", args, size), kind_or_default(dtype, out))
    return finish(a, device, layout, requires_grad, pin_memory, out)


def empty(*args: Any, size: Any = None, out: Any = None, dtype: Any = None,
          layout: Any = dtypes.strided, device: Any = None, pin_memory: bool = False,
          requires_grad: bool = False, memory_format: Any = contiguous_format) -> Any:  # fmt: skip
    """A tensor whose numbers are whatever was in memory: fill it before use."""
    a = np.empty(take_size("empty", args, size), kind_or_default(dtype, out))
    if memory_format is not contiguous_format:
        a = laid_out(a, memory_format)
    return finish(a, device, layout, requires_grad, pin_memory, out)


def full(size: Any, fill_value: Any, *, out: Any = None, dtype: Any = None,
         layout: Any = dtypes.strided, device: Any = None, pin_memory: bool = False,
         requires_grad: bool = False) -> Any:  # fmt: skip
    """A tensor filled with one number, whose kind gives the dtype where none is asked for."""
    if isinstance(fill_value, TensorBase):
        fill_value = fill_value._data.item()
    if not isinstance(fill_value, (Number, np.generic)):
        raise errors.wrong_type("full", "fill_value", 2, "Number", fill_value)
    if dtype is None and out is None:
        wanted = dtypes.result_dtype([fill_value])
    else:
        wanted = kind_or_default(dtype, out)
    shape = parse_size("full", (size,) if isinstance(size, (tuple, list)) else size)
    a = np.full(shape, number_array(fill_value, wanted))
    return finish(a, device, layout, requires_grad, pin_memory, out)


def _like(input: Any, dtype: Any, memory_format: Any) -> np.ndarray:
    """An uninitialised array shaped and laid out as `input`."""
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("empty_like", "input", 1, input)
    wanted = input._data.dtype if dtype is None else dtypes.to_numpy(dtype)
    a = input._data
    if memory_format is preserve_format:
        return dense_like(a, wanted)
    return laid_out(np.empty(a.shape, wanted), memory_format)


def empty_like(input: Any, *, dtype: Any = None, layout: Any = None, device: Any = None,
               requires_grad: bool = False, pin_memory: bool = False,
               memory_format: Any = preserve_format) -> Any:  # fmt: skip
    """`empty` with the shape, dtype and memory layout of `input`."""
    return finish(_like(input, dtype, memory_format), device, layout, requires_grad, pin_memory)


def full_like(input: Any, fill_value: Any, *, dtype: Any = None, layout: Any = None,
              device: Any = None, requires_grad: bool = False, pin_memory: bool = False,
              memory_format: Any = preserve_format) -> Any:  # fmt: skip
    """A tensor like `input` filled with one number."""
    a = _like(input, dtype, memory_format)
    value = fill_value._data.item() if isinstance(fill_value, TensorBase) else fill_value
    a[...] = number_array(value, a.dtype)
    return finish(a, device, layout, requires_grad, pin_memory)


def zeros_like(input: Any, *, dtype: Any = None, layout: Any = None, device: Any = None,
               requires_grad: bool = False, pin_memory: bool = False,
               memory_format: Any = preserve_format) -> Any:  # fmt: skip
    """Zeros with the shape, dtype and memory layout of `input`."""
    return full_like(input, 0, dtype=dtype, layout=layout, device=device,
                     requires_grad=requires_grad, pin_memory=pin_memory,
                     memory_format=memory_format)  # fmt: skip


def ones_like(input: Any, *, dtype: Any = None, layout: Any = None, device: Any = None,
              requires_grad: bool = False, pin_memory: bool = False,
              memory_format: Any = preserve_format) -> Any:  # fmt: skip
    """Ones with the shape, dtype and memory layout of `input`."""
    return full_like(input, 1, dtype=dtype, layout=layout, device=device,
                     requires_grad=requires_grad, pin_memory=pin_memory,
                     memory_format=memory_format)  # fmt: skip


def eye(n: int, m: int | None = None, *, out: Any = None, dtype: Any = None,
        layout: Any = dtypes.strided, device: Any = None, pin_memory: bool = False,
        requires_grad: bool = False) -> Any:  # fmt: skip
    """The identity: ones on the diagonal of an (n, m) matrix of zeros; m defaults to n."""
    for name, value in (("n", n), ("m", n if m is None else m)):
        if index(value) < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {value}")
    a = np.eye(n, m, dtype=kind_or_default(dtype, out))
    return finish(a, device, layout, requires_grad, pin_memory, out)


def scalar_tensor(s: Any, *, dtype: Any = None, layout: Any = dtypes.strided, device: Any = None,
                  pin_memory: bool = False, requires_grad: bool = False) -> Any:  # fmt: skip
    """A 0-d tensor holding one number, of the default dtype where none is asked for."""
    a = number_array(s, kind_or_default(dtype))
    return finish(a, device, layout, requires_grad, pin_memory)
