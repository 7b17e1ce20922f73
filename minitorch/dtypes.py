"""Element types: the dtype objects, how two of them meet (promotion), and the default.

A PyTorch dtype is a name for a NumPy dtype. When tensors of different dtypes meet in one
operation, the result's dtype is found in two steps (PyTorch's "tensor attributes" page):

    1. kinds are ordered      bool < integer < floating point
    2. operands are ordered   Python number < 0-d tensor < tensor with dimensions

A weaker operand only changes the result when its *kind* is higher than the stronger one's:
an int32 tensor plus 2 stays int32, plus 2.5 becomes the default float dtype.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_BOOL, _INT, _FLOAT = 0, 1, 2  # the order of kinds


class dtype:
    """An element type such as ``torch.float32``; compare with ``is`` or ``==``.

    Attributes: ``itemsize`` (bytes per element), ``is_floating_point``, ``is_signed``,
    ``is_complex``. ``dtype.numpy`` is the NumPy dtype, None where there is no support.
    """

    __slots__ = ("is_floating_point", "is_signed", "itemsize", "kind", "name", "numpy", "title")

    def __init__(self, name: str, title: str, numpy: Any) -> None:
        self.name = name
        self.title = title  # as in torch.FloatTensor
        self.numpy: np.dtype[Any] = np.dtype(numpy) if numpy is not None else None  # type: ignore
        code = self.numpy.kind if numpy is not None else "f"
        self.kind = {"b": _BOOL, "i": _INT, "u": _INT, "f": _FLOAT}[code]
        self.is_floating_point = self.kind == _FLOAT and not name.startswith("complex")
        self.is_signed = code in "if"
        self.itemsize = self.numpy.itemsize if numpy is not None else 0

    @property
    def is_complex(self) -> bool:
        return self.name.startswith("complex")

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> Any:  # one object per dtype, also after pickling and deepcopy
        return (_by_name, (self.name,))


float16 = dtype("float16", "Half", np.float16)
float32 = dtype("float32", "Float", np.float32)
float64 = dtype("float64", "Double", np.float64)
int8 = dtype("int8", "Char", np.int8)
int16 = dtype("int16", "Short", np.int16)
int32 = dtype("int32", "Int", np.int32)
int64 = dtype("int64", "Long", np.int64)
uint8 = dtype("uint8", "Byte", np.uint8)
bool_ = dtype("bool", "Bool", np.bool_)
# Known by name, so that a script's mention of them gives a clear error where they are used.
bfloat16 = dtype("bfloat16", "BFloat16", None)
complex64 = dtype("complex64", "ComplexFloat", None)
complex128 = dtype("complex128", "ComplexDouble", None)

SUPPORTED = (float16, float32, float64, int8, int16, int32, int64, uint8, bool_)
_FROM_NUMPY = {d.numpy: d for d in SUPPORTED}
_NAMES = {d.name: d for d in (*SUPPORTED, bfloat16, complex64, complex128)}
# Python's own types name dtypes too: torch.zeros(2, dtype=float) is float64, as in PyTorch.
_PYTHON: dict[Any, dtype] = {float: float64, int: int64, bool: bool_}

BOOL, INT64 = bool_.numpy, int64.numpy
FLOAT16, FLOAT32, FLOAT64 = float16.numpy, float32.numpy, float64.numpy


def _by_name(name: str) -> dtype:
    return _NAMES[name]


def from_numpy(numpy_dtype: Any) -> dtype:
    """The dtype object of a NumPy dtype; TypeError where PyTorch (or minitorch) has none."""
    found = _FROM_NUMPY.get(np.dtype(numpy_dtype))
    if found is None:
        names = ", ".join(d.name for d in SUPPORTED)
        raise TypeError(
            f"can't convert np.ndarray of type {np.dtype(numpy_dtype)}. "
            f"The only supported types are: {names}."
        )
    return found


def to_numpy(wanted: Any, argument: str = "dtype") -> np.dtype[Any]:
    """The NumPy dtype of a dtype object (or of Python's float, int, bool)."""
    if isinstance(wanted, type):
        wanted = _PYTHON.get(wanted, wanted)
    if not isinstance(wanted, dtype):
        raise TypeError(f"argument '{argument}' must be torch.dtype, not {type(wanted).__name__}")
    if wanted.numpy is None:
        raise NotImplementedError(
            f"{argument}={wanted!r} is not supported: minitorch computes in NumPy, which has no "
            f"{wanted.name}; use torch.float32"
        )
    return wanted.numpy


# -- the default floating point dtype -----------------------------------------------------------

_default = float32


def get_default_dtype() -> dtype:
    """The dtype that Python floats become; float32 unless `set_default_dtype` changed it."""
    return _default


def set_default_dtype(d: dtype) -> None:
    """Choose what Python floats become: float16, float32 (at start) or float64."""
    global _default
    if not isinstance(d, dtype):
        raise TypeError("invalid dtype object")
    if not d.is_floating_point:
        raise TypeError("only floating-point types are supported as the default type")
    to_numpy(d, "d")
    _default = d


def default_float() -> np.dtype[Any]:
    """The default dtype as NumPy's."""
    return _default.numpy


# -- promotion ----------------------------------------------------------------------------------

_KIND = {d.numpy: d.kind for d in SUPPORTED}
_PAIRS: dict[Any, np.dtype[Any]] = {}


def kind(numpy_dtype: Any) -> int:
    """0 bool, 1 integer, 2 floating point."""
    return _KIND[numpy_dtype]


def promote_numpy(a: np.dtype[Any], b: np.dtype[Any]) -> np.dtype[Any]:
    """The smallest dtype that holds both; a float beats every integer and keeps its own size."""
    if a is b:
        return a
    got = _PAIRS.get((a, b))
    if got is None:
        ka, kb = _KIND[a], _KIND[b]
        if ka != kb:
            got = a if ka > kb else b
        else:  # uint8 with a signed type: NumPy and PyTorch agree (uint8 + int8 -> int16)
            got = np.promote_types(a, b)
        _PAIRS[(a, b)] = got
    return got


def result_dtype(operands: Any) -> np.dtype[Any]:
    """The dtype in which arrays and Python numbers meet (the two rules in the module's text)."""
    best: list[Any] = [None, None, None]  # by strength: numbers, 0-d arrays, arrays with dims
    for x in operands:
        if isinstance(x, np.ndarray):
            strength, found = (2 if x.ndim else 1), x.dtype
        elif isinstance(x, (bool, np.bool_)):
            strength, found = 0, BOOL
        elif isinstance(x, (int, np.integer)):
            strength, found = 0, INT64
        else:
            strength, found = 0, default_float()
        have = best[strength]
        best[strength] = found if have is None else promote_numpy(have, found)
    result = None
    for found in reversed(best):  # strongest first
        if found is None:
            continue
        if result is None or _KIND[found] > _KIND[result]:
            result = found
    return result  # type: ignore[return-value]


def promote_types(type1: dtype, type2: dtype) -> dtype:
    """The smallest dtype that both convert to: ``promote_types(int32, float16)`` is float16."""
    return _FROM_NUMPY[promote_numpy(to_numpy(type1, "type1"), to_numpy(type2, "type2"))]


def can_cast(from_: dtype, to: dtype) -> bool:
    """Whether results of dtype `from_` may be stored in `to`: the kind never goes down."""
    return kind(to_numpy(from_, "from_")) <= kind(to_numpy(to, "to"))


def result_type(tensor: Any, other: Any) -> dtype:
    """The dtype of an operation between two tensors or numbers."""
    return _FROM_NUMPY[result_dtype([getattr(x, "_data", x) for x in (tensor, other)])]


# -- limits, devices, layouts -------------------------------------------------------------------


def _short(x: Any) -> str:
    return f"{x:g}"


class finfo:
    """Limits of a floating point dtype: eps, min, max, tiny, smallest_normal, resolution, bits."""

    def __init__(self, type: dtype | None = None) -> None:
        type = _default if type is None else type
        numpy_dtype = to_numpy(type, "type")
        if _KIND[numpy_dtype] != _FLOAT:
            raise TypeError(
                f"torch.finfo() requires a floating point input type. Use torch.iinfo to handle "
                f"'torch.{type.name}'"
            )
        info = np.finfo(numpy_dtype)
        self.bits = info.bits
        self.eps, self.max, self.min = (float(v) for v in (info.eps, info.max, info.min))
        self.tiny = self.smallest_normal = float(info.smallest_normal)
        self.resolution = float(info.resolution)
        self.dtype = type.name

    def __repr__(self) -> str:
        return (
            f"finfo(resolution={_short(self.resolution)}, min={_short(self.min)}, "
            f"max={_short(self.max)}, eps={_short(self.eps)}, "
            f"smallest_normal={_short(self.smallest_normal)}, tiny={_short(self.tiny)}, "
            f"dtype={self.dtype})"
        )


class iinfo:
    """Limits of an integer dtype: min, max, bits."""

    def __init__(self, type: dtype) -> None:
        numpy_dtype = to_numpy(type, "type")
        if _KIND[numpy_dtype] != _INT:
            raise TypeError(
                f"torch.iinfo() requires an integer input type. Use torch.finfo to handle "
                f"'torch.{type.name}'"
            )
        info = np.iinfo(numpy_dtype)
        self.bits, self.min, self.max, self.dtype = info.bits, info.min, info.max, type.name

    def __repr__(self) -> str:
        return f"iinfo(min={self.min}, max={self.max}, dtype={self.dtype})"


_DEVICE_TYPES = (
    "cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, maia, xla, lazy, vulkan, "
    "mps, meta, hpu, mtia, privateuseone"
)


class device:
    """Where a tensor lives. minitorch computes on 'cpu'; other names exist but can't be used.

    >>> import minitorch as torch
    >>> torch.device("cuda" if torch.cuda.is_available() else "cpu")
    device(type='cpu')
    """

    __slots__ = ("index", "type")

    def __init__(self, type: Any, index: Any = None) -> None:
        text: Any = type
        if isinstance(text, device):
            text, index = text.type, text.index if index is None else index
        if isinstance(text, int):
            text, index = "cuda", text
        if not isinstance(text, str):
            raise TypeError(
                f"device(): argument 'type' (position 1) must be str, not {text.__class__.__name__}"
            )
        name, _, number = text.partition(":")
        if name not in _DEVICE_TYPES.split(", "):
            raise RuntimeError(
                f"Expected one of {_DEVICE_TYPES} device type at start of device string: {name}"
            )
        if number or ":" in text:
            if not number.isdigit():
                raise RuntimeError(f"Invalid device string: '{text}'")
            index = int(number)
        self.type: str = name
        self.index: int | None = index

    def __repr__(self) -> str:
        where = "" if self.index is None else f", index={self.index}"
        return f"device(type='{self.type}'{where})"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, device):
            return NotImplemented
        return (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __reduce__(self) -> Any:
        return (device, (self.type, self.index))

    def __enter__(self) -> device:
        check_device(self)  # ``with torch.device('cpu'):`` changes nothing; others can't be had
        return self

    def __exit__(self, *exc: Any) -> None:
        pass


CPU = device("cpu")


def check_device(wanted: Any) -> None:
    """Accept None and 'cpu'; say clearly that other devices are not supported."""
    if wanted is None or wanted is CPU:
        return
    where = wanted if isinstance(wanted, device) else device(wanted)
    if where.type == "cuda":  # PyTorch's CPU build raises this type with this first sentence
        raise AssertionError(
            f"Torch not compiled with CUDA enabled: device='{where}' is not supported, "
            f"minitorch computes on device='cpu'"
        )
    if where.type != "cpu":
        raise RuntimeError(
            f"device='{where}' is not supported: minitorch computes on device='cpu'"
        )


def set_default_device(device: Any) -> None:
    """Choose where new tensors live: 'cpu' or None; other devices raise."""
    check_device(device)


def get_default_device() -> device:
    """Where new tensors live: always ``device(type='cpu')``."""
    return CPU


class layout:
    """How a tensor's elements lie in memory; minitorch has ``torch.strided`` only."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"


strided = layout("strided")
sparse_coo = layout("sparse_coo")


def check_layout(wanted: Any) -> None:
    """Accept torch.strided only."""
    if wanted is not None and wanted is not strided:
        if not isinstance(wanted, layout):
            raise TypeError(
                f"argument 'layout' must be torch.layout, not {type(wanted).__name__}"
            )
        raise NotImplementedError(
            f"layout={wanted!r} is not supported: minitorch has layout=torch.strided only"
        )
