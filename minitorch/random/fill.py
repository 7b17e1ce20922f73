"""Filling an array in place: dtype names, the order over memory, blocks of bounded size.

PyTorch's CPU kernels fill a tensor in the order of its *memory*: the dimension with the largest
stride outermost, whatever the order of the indices. So `x.t()` and a channels_last image receive
what their contiguous base would, and a slice is visited in the order of its strides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from .generator import Generator, current

# Elements drawn at a time. Asking NumPy for words costs 7-15 µs whatever their number, so
# uniform_(a, b) takes 6.1 ns a number with these blocks and 7.2 with 32768, which fit the L2 cache.
BLOCK = 131072

# NumPy's name of a dtype → how PyTorch's messages call it, and how its C++ does.
DTYPE_NAMES = {
    "bool": ("Bool", "bool"),
    "uint8": ("Byte", "unsigned char"),
    "int8": ("Char", "signed char"),
    "int16": ("Short", "short int"),
    "int32": ("Int", "int"),
    "int64": ("Long", "long int"),
    "uint16": ("UInt16", "short unsigned int"),
    "uint32": ("UInt32", "unsigned int"),
    "uint64": ("UInt64", "long unsigned int"),
    "float16": ("Half", "c10::Half"),
    "float32": ("Float", "float"),
    "float64": ("Double", "double"),
    "complex64": ("ComplexFloat", "c10::complex<float>"),
    "complex128": ("ComplexDouble", "c10::complex<double>"),
}
# Sets of dtype objects: dtype.name takes 1.8 µs, a fifth of a short draw.
FLOATS = frozenset(np.dtype(name) for name in ("float16", "float32", "float64"))
SIGNED_AND_BYTE = frozenset(np.dtype(name) for name in ("uint8", "int8", "int16", "int32", "int64"))


def check_dtype(arr: np.ndarray, allowed: frozenset[np.dtype], kernel: str) -> None:
    """NotImplementedError, in PyTorch's words, unless `kernel` exists for the dtype of `arr`.

    PyTorch chooses a kernel only when there is something to fill, so an empty `arr` passes.
    """
    if arr.size and arr.dtype not in allowed:
        name = DTYPE_NAMES.get(arr.dtype.name, (arr.dtype.name,))[0]
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{name}'")


def choose(generator: Generator | None) -> Generator:
    """`generator`, or the default one for None; TypeError for anything else."""
    if generator is None:
        return current()
    if not isinstance(generator, Generator):
        raise TypeError(
            f"argument 'generator' must be torch.Generator, not {type(generator).__name__}"
        )
    return generator


def memory_axes(arr: np.ndarray) -> list[int]:
    """The axes of `arr` by falling stride: transposed so, its C order is its memory order."""
    return sorted(range(arr.ndim), key=lambda axis: -abs(arr.strides[axis]))


def fill(
    arr: np.ndarray,
    generator: Generator | None,
    draw: Callable[[Generator, np.ndarray], None],
) -> np.ndarray:
    """Let `draw(generator, flat)` write every element of `arr`, in memory order; return `arr`.

    `flat` is one-dimensional and contiguous: memory of `arr` itself where its memory has no gaps,
    else a buffer that is copied afterwards. An empty `arr` draws nothing. The generator's lock is
    held during `draw`.

    Raises:
        RuntimeError: several elements of `arr` share one place in memory (an expanded tensor).
        ValueError: `arr` is read-only.
    """
    if arr.size == 0:
        return arr
    if not arr.flags.writeable:
        raise ValueError("cannot fill a read-only array with random numbers")
    generator = choose(generator)
    if arr.flags.c_contiguous:
        with generator._lock:
            draw(generator, arr.reshape(-1))
        return arr
    if any(stride == 0 and size > 1 for stride, size in zip(arr.strides, arr.shape, strict=True)):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to "
            "a single memory location. Please clone() the tensor before performing the operation."
        )
    ordered = arr.transpose(memory_axes(arr))
    if ordered.flags.c_contiguous:
        with generator._lock:
            draw(generator, ordered.reshape(-1))
    else:
        flat = np.empty(arr.size, arr.dtype)
        with generator._lock:
            draw(generator, flat)
        ordered[...] = flat.reshape(ordered.shape)
    return arr


def blocks(flat: np.ndarray, size: int = BLOCK) -> Iterator[np.ndarray]:
    """The consecutive pieces of `flat`, `size` elements each but the last."""
    for start in range(0, flat.size, size):
        yield flat[start : start + size]
