"""The same call on PyTorch and on minitorch, and what is not the same about the two results.

Inputs are made by PyTorch's own databases (op_db, module_db, optim_db). `to_ours` turns them into
minitorch's, stride by stride; `difference` names the first thing that differs: the exception, the
kind of result, dtype, shape, values, views of the inputs, or gradients.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.testing._internal.common_utils

import minitorch

# The databases' common module forbids `torch.backends.cudnn.deterministic = True`, which scripts say.
torch.backends.flags_frozen.__globals__["__allow_nonbracketed_mutation_flag"] = True

DTYPES = {
    getattr(torch, n): getattr(minitorch, n)
    for n in ["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool", "bfloat16"]
}
OTHERS = {
    torch.strided: minitorch.strided,
    torch.contiguous_format: minitorch.contiguous_format,
    torch.preserve_format: minitorch.preserve_format,
    torch.channels_last: minitorch.channels_last,
}
RTOL = {"float64": 1e-9, "float32": 2e-5, "float16": 4e-3}


class CannotMove(Exception):
    """A value that only PyTorch has: complex or sparse tensors, for example."""


def to_ours(value: Any, seen: dict[int, Any]) -> Any:
    """The minitorch twin of a tensor, dtype, size, or container of them; the rest is itself."""
    if isinstance(value, torch.Tensor):
        if id(value) not in seen:
            seen[id(value)] = (_tensor(value, seen), value)  # keep value: ids are used again
        return seen[id(value)][0]
    if isinstance(value, torch.Size):
        return minitorch.Size(value)
    if isinstance(value, torch.dtype):
        if value not in DTYPES:
            raise CannotMove(str(value))
        return DTYPES[value]
    if isinstance(value, torch.device):
        return minitorch.device(str(value))
    if isinstance(value, (torch.layout, torch.memory_format)):
        if value not in OTHERS:
            raise CannotMove(str(value))
        return OTHERS[value]
    if isinstance(value, torch.Generator):
        return minitorch.Generator().manual_seed(value.initial_seed())
    if isinstance(value, dict):
        return {k: to_ours(v, seen) for k, v in value.items()}
    if type(value) in (list, tuple):
        return type(value)(to_ours(v, seen) for v in value)
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType)):
        if getattr(torch.nn.functional, value.__name__, None) is value:
            return getattr(minitorch.nn.functional, value.__name__)
        return rebound(value, seen) if isinstance(value, types.FunctionType) else value
    if isinstance(value, torch.nn.Module):
        return twin(value)
    return value


def twin(module: torch.nn.Module) -> Any:
    """The same module on our side: its parameters, submodules and plain attributes."""
    name = type(module).__name__
    kind = getattr(minitorch.nn, name, None) or getattr(minitorch.nn.modules.linear, name)
    made = kind.__new__(kind)
    minitorch.nn.Module.__init__(made)
    for name, value in vars(module).items():
        if name not in vars(made):
            setattr(made, name, to_ours(value, {}))
    for name, p in module._parameters.items():
        mine = None if p is None else minitorch.nn.Parameter(to_ours(p.detach(), {}))
        made.register_parameter(name, mine)
    for name, child in module._modules.items():
        made.add_module(name, twin(child))
    return made.train(module.training)


def _tensor(t: torch.Tensor, seen: dict[int, Any]) -> Any:
    if t.layout is not torch.strided or t.is_complex() or t.dtype not in DTYPES or t.is_quantized:
        raise CannotMove(f"{t.dtype} {t.layout}")
    if t.device.type != "cpu" or t.dtype is torch.bfloat16 or t._is_zerotensor():
        raise CannotMove(f"{t.dtype} {t.device}")
    if t.ndim > 64:
        raise CannotMove("NumPy has 64 dims at most")
    plain = t.detach()
    if plain.numel() == 0:
        array = np.empty(tuple(t.shape), plain.numpy().dtype)
    else:  # all of its storage is copied once, and laid out by the same strides
        whole = _storage(plain, seen)
        size = whole.itemsize
        steps = tuple(n * size for n in t.stride())
        try:
            begin = plain.storage_offset() * size
            array = np.ndarray(tuple(t.shape), whole.dtype, whole, begin, steps)
        except ValueError:
            raise CannotMove("its strides lead out of its storage") from None
    ours = minitorch.from_numpy(array)
    return ours.requires_grad_() if t.requires_grad else ours


def _storage(t: torch.Tensor, seen: dict[int, Any]) -> np.ndarray:
    """A copy of all the memory behind t: the same one for views of the same memory."""
    for ours, theirs in seen.values():
        same = theirs.numel() and theirs.data_ptr() and t.dtype is theirs.dtype
        if same and theirs.untyped_storage().data_ptr() == t.untyped_storage().data_ptr():
            return minitorch.autograd.graph.memory(ours.detach().numpy())
    return torch.empty(0, dtype=t.dtype).set_(t.untyped_storage()).numpy().copy()


def rebound(function: Any, seen: dict[int, Any]) -> Any:
    """A Python function of the database with ``torch`` bound to minitorch."""
    names = {"torch": minitorch, "F": minitorch.nn.functional, "nn": minitorch.nn}
    scope = {**function.__globals__, **names, "wrapper_set_seed": _seeded}
    cells = None
    if function.__closure__:
        cells = tuple(types.CellType(to_ours(c.cell_contents, seen)) for c in function.__closure__)
    made = types.FunctionType(function.__code__, scope, function.__name__, function.__defaults__, cells)
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def _seeded(op: Any, *args: Any, **kwargs: Any) -> Any:
    """The database's helper for random operators, on our side."""
    minitorch.manual_seed(42)
    return op(*args, **kwargs)


def attempt(call: Callable[[], Any]) -> tuple[Any, Exception | None]:
    """The result, or the exception."""
    try:
        return call(), None
    except Exception as error:
        return None, error


def tensors(result: Any, kind: type) -> list[Any]:
    """The tensors in a result, in order."""
    if isinstance(result, kind):
        return [result]
    if isinstance(result, dict):
        return [t for v in result.values() for t in tensors(v, kind)]
    if isinstance(result, (list, tuple)):
        return [t for v in result for t in tensors(v, kind)]
    return []


def same_error(got: Exception | None, wanted: Exception | None) -> str:
    """"" if both raised PyTorch's type (or none did)."""
    if wanted is None:
        return "" if got is None else f"raised {type(got).__name__}: {str(got)[:150]}"
    if got is None:
        return f"did not raise {type(wanted).__name__}: {str(wanted)[:150]}"
    builtin = next(k for k in type(wanted).__mro__ if k.__module__ == "builtins")
    if type(got) is builtin:
        return ""
    texts = f"({str(got)[:100]!r}, {str(wanted)[:100]!r})"
    return f"raised {type(got).__name__}, expected {type(wanted).__name__} {texts}"


def same_values(got: Any, wanted: torch.Tensor, rtol: float | None = None) -> str:
    """"" if dtype, shape and numbers agree."""
    if str(got.dtype).split(".")[-1] != str(wanted.dtype).split(".")[-1]:
        return f"dtype {got.dtype}, expected {wanted.dtype}"
    if tuple(got.shape) != tuple(wanted.shape):
        return f"shape {tuple(got.shape)}, expected {tuple(wanted.shape)}"
    a, b = got.detach().numpy(), wanted.detach().numpy(force=True)
    if b.dtype.kind != "f":
        return "" if np.array_equal(a, b) else f"values {_first(a, b, a != b)}"
    if rtol is None:
        rtol = RTOL[str(b.dtype)]
    scale = max(1.0, float(np.abs(b[np.isfinite(b)]).max(initial=0.0)))
    with np.errstate(all="ignore"):
        good = np.isclose(a, b, rtol=rtol, atol=rtol * scale, equal_nan=True)
    return "" if good.all() else f"values {_first(a, b, ~good)}"


def _first(a: np.ndarray, b: np.ndarray, bad: Any) -> str:
    at = tuple(int(i) for i in np.argwhere(bad)[0])
    return f"{int(np.sum(bad))} of {b.size} differ, at {at}: {a[at]} != {b[at]}"


def same_result(got: Any, wanted: Any, rtol: float | None = None) -> str:
    """"" if two results agree in kind, dtype, shape and values, through tuples and lists."""
    if isinstance(wanted, torch.Tensor):
        if not isinstance(got, minitorch.Tensor):
            return f"a {type(got).__name__}, expected a Tensor"
        if wanted.requires_grad != got.requires_grad:
            return f"requires_grad {got.requires_grad}, expected {wanted.requires_grad}"
        if torch.nn.parameter.is_lazy(wanted):  # it has no shape and no values yet
            lazy = minitorch.nn.parameter.is_lazy(got) and repr(got) == repr(wanted)
            return "" if lazy else f"{got!r}, expected {wanted!r}"
        return same_values(got, wanted, rtol)
    if isinstance(wanted, torch.dtype):
        return "" if got is DTYPES.get(wanted) else f"{got}, expected {wanted}"
    if isinstance(wanted, (list, tuple)):
        if not isinstance(got, (list, tuple)) or len(got) != len(wanted):
            return f"{type(got).__name__}, expected {type(wanted).__name__} of {len(wanted)}"
        found = (same_result(g, w, rtol) for g, w in zip(got, wanted))
        return next((f"[{i}] {d}" for i, d in enumerate(found) if d), "")
    if isinstance(wanted, dict):
        return same_result(list(got.values()), list(wanted.values()), rtol)
    if isinstance(wanted, float):
        return "" if np.isclose(got, wanted, rtol=1e-6, equal_nan=True) else f"{got}, expected {wanted}"
    if isinstance(wanted, (int, bool, str)) or wanted is None:
        same = got == wanted and type(got) is type(wanted)
        return "" if same else f"{got!r}, expected {wanted!r}"
    return "" if str(got) == str(wanted) else f"{got!r}, expected {wanted!r}"


def shared(outs: list[Any], ins: list[Any]) -> list[tuple[int, int]]:
    """Which outputs use the memory of which inputs."""

    def ours(a: Any, b: Any) -> bool:
        return a.numel() > 0 and b.numel() > 0 and _owner(a) is _owner(b)

    def theirs(a: Any, b: Any) -> bool:
        if a.layout is not torch.strided or b.layout is not torch.strided:
            return False
        same = a.untyped_storage().data_ptr() == b.untyped_storage().data_ptr()
        return a.numel() > 0 and b.numel() > 0 and same

    test = theirs if outs and isinstance(outs[0], torch.Tensor) else ours
    return [(i, j) for i, a in enumerate(outs) for j, b in enumerate(ins) if test(a, b)]


def _owner(t: Any) -> Any:
    return minitorch.autograd.graph.memory(t.detach().numpy())


def gradients(lib: Any, outs: list[Any], ins: list[Any], seed: int) -> list[Any]:
    """∂⟨g, outputs⟩/∂inputs for a random g; None where an output does not depend on an input."""
    rng = np.random.default_rng(seed)
    outs = [o for o in outs if o.requires_grad]
    g = [
        lib.from_numpy(rng.standard_normal(tuple(o.shape)).astype(o.detach().numpy().dtype).reshape(tuple(o.shape)))
        if o.ndim
        else lib.tensor(rng.standard_normal(), dtype=o.dtype)
        for o in outs
    ]
    wanting = [t for t in ins if t.requires_grad]
    if not outs or not wanting:
        return []
    return list(lib.autograd.grad(outs, wanting, g, allow_unused=True))
