"""save and load: PyTorch's own file format, and a reader that never runs code from a file.

A file is an uncompressed zip archive:

    archive/data.pkl    the object as a pickle, in which every storage is only a *name*
    archive/data/0 …    the storages: raw little-endian numbers, one entry each
    archive/version, archive/byteorder

Tensors on one storage share it again after loading. PyTorch's ``torch.load`` reads these files
and `load` reads PyTorch's.

A pickle is a program: an ordinary unpickler calls whatever the file names. The reader here looks
every name up in a short list (tensors, dtypes, OrderedDict, …) and raises UnpicklingError for
any other, unless the user trusts a class with `add_safe_globals`.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
import zipfile
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import numpy as np

from . import dtypes
from .autograd import graph
from .autograd.graph import TensorBase, wrap
from .files import whole_file
from .nn.parameter import Parameter
from .tensor import Size, Tensor

_STORAGES = {f"{d.title}Storage": d for d in dtypes.SUPPORTED}  # FloatStorage → float32


# -- writing --------------------------------------------------------------------------------------


class _Name:
    """A global that is written by name: the reader finds its own object for it."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name

    def __call__(self) -> None:  # pickle asks that what it will call be callable
        raise TypeError("a name in a file, not a function")


_REBUILD = _Name("torch._utils", "_rebuild_tensor_v2")
_PARAMETER = _Name("torch._utils", "_rebuild_parameter")
_SIZE, _DEVICE = _Name("torch", "Size"), _Name("torch", "device")


class _Storage:
    """The whole memory that one or more tensors look at."""

    def __init__(self, array: np.ndarray) -> None:
        owner = graph.memory(array)
        dense = isinstance(owner, np.ndarray) and owner.dtype == array.dtype
        if dense and owner.flags.c_contiguous and owner.size:
            self.array, self.start = owner.reshape(-1), owner.ctypes.data
        else:  # memory of another owner (a mapped file, bytes): what the tensor itself shows
            self.array, self.start = np.ascontiguousarray(array).reshape(-1), None


class _Pickler(pickle._Pickler):
    """Writes tensors as (storage name, offset, shape, strides) and PyTorch's names for the rest."""

    def __init__(self, file: Any) -> None:
        super().__init__(file, protocol=2)
        self.storages: list[np.ndarray] = []
        self.keys: dict[int, str] = {}
        self.alive: list[Any] = []  # so that no id is used twice

    def persistent_id(self, obj: Any) -> Any:
        if not isinstance(obj, _Storage):
            return None
        at = id(obj.array) if obj.start is None else obj.start
        if at not in self.keys:
            self.keys[at] = str(len(self.storages))
            self.storages.append(obj.array)
            self.alive.append(obj)
        title = dtypes.from_numpy(obj.array.dtype).title
        name = _Name("torch", f"{title}Storage")
        self.alive.append(name)
        return ("storage", name, self.keys[at], "cpu", obj.array.size)

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, Parameter):
            return (_PARAMETER, (obj.detach(), obj.requires_grad, OrderedDict()))
        if isinstance(obj, TensorBase):
            return (_REBUILD, _tensor_parts(obj))
        if isinstance(obj, Size):
            return (_SIZE, (tuple(obj),))
        if isinstance(obj, dtypes.device):
            return (_DEVICE, (str(obj),))
        return NotImplemented

    def save_name(self, obj: Any) -> None:
        self._global(obj.module, obj.name, obj)

    def save_dtype(self, obj: Any) -> None:
        self._global("torch", obj.name, obj)

    def _global(self, module: str, name: str, obj: Any) -> None:
        self.write(pickle.GLOBAL + f"{module}\n{name}\n".encode())  # type: ignore[attr-defined]
        self.memoize(obj)  # type: ignore[attr-defined]

    dispatch = dict(pickle._Pickler.dispatch)
    dispatch[_Name] = save_name  # type: ignore[assignment]
    dispatch[dtypes.dtype] = save_dtype  # type: ignore[assignment]


def _tensor_parts(t: Any) -> tuple[Any, ...]:
    a = t._data
    storage = _Storage(a)
    if storage.start is None:
        steps, offset = wrap(np.empty(a.shape, a.dtype)).stride(), 0
    else:
        steps, offset = t.stride(), (a.ctypes.data - storage.start) // a.itemsize if a.size else 0
    return (storage, offset, tuple(a.shape), steps, t.requires_grad, OrderedDict())


def save(
    obj: Any,
    f: Any,
    pickle_module: Any = pickle,
    pickle_protocol: int = 2,
    _use_new_zipfile_serialization: bool = True,
) -> None:
    """Write tensors, state_dicts and nested containers to a file.

    Args:
        obj  what to save
        f    a path, or an object with `write`
    A path is written whole or not at all: a file beside it takes the new name at the end.
    Raises OSError (no such folder, disk full), TypeError or PicklingError for what can't be saved.
    """
    if pickle_module is not pickle or pickle_protocol != 2 or not _use_new_zipfile_serialization:
        raise NotImplementedError(
            "pickle_module, pickle_protocol and the old file format are not supported: minitorch "
            "writes zip files with pickle protocol 2"
        )
    if not isinstance(f, (str, os.PathLike)):
        if not hasattr(f, "write"):
            raise AttributeError(
                f"expected 'f' to be string, path, or a file-like object with a 'write' attribute, "
                f"got {type(f).__name__}"
            )
        _write(obj, f)
        return
    path = os.fspath(f)
    if not os.path.isdir(os.path.dirname(path) or "."):
        raise RuntimeError(f"Parent directory {os.path.dirname(path)} does not exist.")
    with whole_file(path) as file:
        _write(obj, file)


def _write(obj: Any, file: Any) -> None:
    program = io.BytesIO()
    pickler = _Pickler(program)
    pickler.dump(obj)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:

        def entry(name: str, data: Any) -> None:
            # a fixed date: the same object gives the same bytes
            info = zipfile.ZipInfo(f"archive/{name}", (1980, 1, 1, 0, 0, 0))
            archive.writestr(info, data)

        entry("data.pkl", program.getvalue())
        entry("byteorder", sys.byteorder)
        for i, array in enumerate(pickler.storages):
            entry(f"data/{i}", array.tobytes())
        entry("version", "3\n")


# -- reading --------------------------------------------------------------------------------------

_trusted: dict[str, Any] = {}


def _title(obj: Any) -> str:
    return f"{obj.__module__}.{obj.__qualname__}"


def add_safe_globals(safe_globals: list[Any]) -> None:
    """Trust classes and functions: files may name them, and loading then calls them."""
    for obj in safe_globals:
        obj, name = obj if isinstance(obj, tuple) else (obj, _title(obj))
        _trusted[name] = obj


def get_safe_globals() -> list[Any]:
    """What `add_safe_globals` was given."""
    return list(_trusted.values())


def clear_safe_globals() -> None:
    """Trust nothing but the built-in list again."""
    _trusted.clear()


@contextmanager
def safe_globals(safe_globals: list[Any]) -> Any:
    """Trust classes and functions inside a block."""
    before = dict(_trusted)
    add_safe_globals(safe_globals)
    try:
        yield
    finally:
        _trusted.clear()
        _trusted.update(before)


def _rebuild_tensor(
    storage: Any, offset: Any, size: Any, stride: Any, requires_grad: Any = False,
    hooks: Any = None, metadata: Any = None,
) -> Any:  # fmt: skip
    """A tensor from its parts, after a look at whether they fit in the storage."""
    if not isinstance(storage, np.ndarray) or len(size) != len(stride):
        raise pickle.UnpicklingError("a tensor in the file has no proper storage, size or stride")
    numbers = (offset, *size, *stride)
    if not all(type(n) is int and n >= 0 for n in numbers):
        raise pickle.UnpicklingError(f"a tensor in the file has offset, size, stride {numbers}")
    last = offset + sum((n - 1) * s for n, s in zip(size, stride))
    if 0 not in size and last >= storage.size:
        raise pickle.UnpicklingError(
            f"a tensor in the file reaches element {last} of a storage of {storage.size}"
        )
    if 0 in size:
        a = np.empty(size, storage.dtype)
    else:
        steps = tuple(s * storage.itemsize for s in stride)
        a = np.ndarray(size, storage.dtype, storage, offset * storage.itemsize, steps)
    t = wrap(a)
    t._needs = bool(requires_grad)
    return t


def _rebuild_parameter(data: Any, requires_grad: Any = True, hooks: Any = None) -> Any:
    return Parameter(data, bool(requires_grad))


_SAFE: dict[str, Any] = {
    "torch._utils._rebuild_tensor_v2": _rebuild_tensor,
    "torch._utils._rebuild_parameter": _rebuild_parameter,
    "torch.Size": Size,
    "torch.device": dtypes.device,
    "torch.Tensor": Tensor,
    "torch.nn.parameter.Parameter": Parameter,
    "collections.OrderedDict": OrderedDict,
    "collections.defaultdict": defaultdict,
    "collections.Counter": Counter,
    "builtins.set": set,
    "builtins.complex": complex,
    "builtins.bytearray": bytearray,
    **{f"torch.{d.name}": d for d in dtypes.SUPPORTED},
    **{f"torch.{name}": d for name, d in _STORAGES.items()},
}
_FILLED = (OrderedDict, defaultdict, Counter)  # what may be given attributes by a file


class _Unpickler(pickle._Unpickler):
    """A pickle reader that knows only the names in the list above."""

    def __init__(self, file: Any, read_storage: Callable[..., Any]) -> None:
        super().__init__(file, encoding="utf-8")
        self.read_storage = read_storage

    def find_class(self, module: str, name: str) -> Any:
        module = {"__builtin__": "builtins"}.get(module, module)  # Python 2's name, protocol 2
        found = _SAFE.get(f"{module}.{name}", _trusted.get(f"{module}.{name}"))
        if found is None:
            raise pickle.UnpicklingError(
                f"Weights only load failed. Unsupported global: GLOBAL {module}.{name} was not an "
                "allowed global by default: loading never runs code from a file. If you trust it, "
                f"allowlist the class with torch.serialization.add_safe_globals([{name}])."
            )
        return found

    def persistent_load(self, pid: Any) -> Any:
        if not isinstance(pid, tuple) or len(pid) != 5 or pid[0] != "storage":
            raise pickle.UnpicklingError(f"unknown kind of data in the file: {pid!r:.80}")
        return self.read_storage(pid[1], str(pid[2]), pid[4])

    def load_build(self) -> None:
        """Set attributes from the file on containers and trusted classes only."""
        target = self.stack[-2]  # type: ignore[attr-defined]
        if type(target) not in _FILLED and type(target) not in _trusted.values():
            raise pickle.UnpicklingError(
                f"the file sets attributes of a {type(target).__name__}: not allowed"
            )
        pickle._Unpickler.load_build(self)  # type: ignore[attr-defined]

    dispatch = dict(pickle._Unpickler.dispatch)
    dispatch[pickle.BUILD[0]] = load_build  # type: ignore[assignment]


def load(
    f: Any,
    map_location: Any = None,
    pickle_module: Any = None,
    *,
    weights_only: bool | None = None,
    mmap: bool | None = None,
    **pickle_load_args: Any,
) -> Any:
    """Read what `save` (or PyTorch's) wrote: tensors, state_dicts, nested containers, numbers.

    Args:
        f             a path, or an object with `read` and `seek`
        map_location  None or 'cpu' (also as a device, a dict or a function that gives it)
        weights_only  True or None; False is refused: it would run code from the file
        mmap          not supported
    Raises:
        FileNotFoundError  no such file
        RuntimeError       no file in this format, or one cut short
        UnpicklingError    the file names a class or function that is not trusted
    """
    if weights_only is False:
        raise NotImplementedError(
            "weights_only=False is not supported: it would run code from the file. Name the "
            "classes that you trust with torch.serialization.add_safe_globals([...])."
        )
    if pickle_module is not None or pickle_load_args or mmap:
        raise NotImplementedError("pickle_module, mmap and pickle arguments are not supported")
    _check_location(map_location)
    if isinstance(f, (str, os.PathLike)):
        with open(f, "rb") as file:
            return _read(file, os.fspath(f))
    if not hasattr(f, "read") or not hasattr(f, "seek"):
        raise AttributeError(
            "You can only torch.load from a file that is seekable: expected a path or an object "
            f"with 'read' and 'seek', got {type(f).__name__}"
        )
    return _read(f, "the file")


def _check_location(map_location: Any) -> None:
    if isinstance(map_location, dict):
        for target in map_location.values():
            dtypes.check_device(target)
    elif not callable(map_location):
        dtypes.check_device(map_location)


def _read(file: Any, name: str) -> Any:
    try:
        archive = zipfile.ZipFile(file)
        names = archive.namelist()
        entry = next(n for n in names if n.split("/")[-1] == "data.pkl")
        root = entry.removesuffix("data.pkl")
        program = archive.read(entry)
        order = archive.read(root + "byteorder") if root + "byteorder" in names else b"little"
    except (zipfile.BadZipFile, StopIteration, EOFError) as error:
        raise RuntimeError(
            f"{name} is not a file written by torch.save (a zip archive with data.pkl), or it was "
            f"cut short: {error or 'no data.pkl'}"
        ) from None
    arrays: dict[str, np.ndarray] = {}

    def storage(kind: Any, key: str, count: Any) -> np.ndarray:
        if not isinstance(kind, dtypes.dtype):
            raise pickle.UnpicklingError(f"unknown storage type {kind!r:.80} in {name}")
        if key not in arrays:
            try:
                raw = bytearray(archive.read(f"{root}data/{key}"))
            except (KeyError, zipfile.BadZipFile, EOFError) as error:
                raise RuntimeError(f"{name} is damaged: storage {key}: {error}") from None
            stored = kind.numpy.newbyteorder(">" if order == b"big" else "<")
            if len(raw) != count * kind.itemsize:
                raise RuntimeError(
                    f"{name} is damaged: storage {key} has {len(raw)} bytes, expected "
                    f"{count * kind.itemsize}"
                )
            arrays[key] = np.frombuffer(raw, stored).astype(kind.numpy, copy=False)
        return arrays[key]

    with archive:
        return _Unpickler(io.BytesIO(program), storage).load()
