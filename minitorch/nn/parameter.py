"""Parameter: a tensor that a module trains. Buffer: a tensor that it only keeps.

Assigning either to a module's attribute registers it (see `Module.__setattr__`).
"""

from __future__ import annotations

from typing import Any

from ..ops.create import empty
from ..tensor import Tensor


class Parameter(Tensor):
    """A tensor that requires grad and is listed by ``module.parameters()`` once assigned.

    Args:
        data           the numbers; shares their memory (default: an empty tensor)
        requires_grad  whether backward writes its ``.grad`` (default True)
    Raises RuntimeError for integer or bool data with requires_grad=True.

    >>> import minitorch as torch
    >>> torch.nn.Parameter(torch.zeros(2))
    Parameter containing:
    tensor([0., 0.], requires_grad=True)
    """

    def __new__(cls, data: Any = None, requires_grad: bool = True) -> Any:
        source = empty(0) if data is None else data.detach()
        if requires_grad and not source.is_floating_point():
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can require gradients"
            )
        self = object.__new__(cls)
        self._data, self._changes = source._data, source._changes
        self._needs = bool(requires_grad)
        return self

    def __init__(self, data: Any = None, requires_grad: bool = True) -> None:
        pass

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()

    def __format__(self, spec: str) -> str:
        return object.__format__(self, spec)  # f"{p}" is what print(p) shows, even of one number

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if id(self) not in memo:
            memo[id(self)] = type(self)(self.detach().clone(), self.requires_grad)
        return memo[id(self)]

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (_rebuild_parameter, (type(self), self.detach(), self.requires_grad))


def _rebuild_parameter(cls: Any, data: Any, requires_grad: bool) -> Any:
    return cls(data, requires_grad)


class _BufferType(type):
    """Makes ``isinstance(t, Buffer)`` true of the marked tensors that Buffer returns."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, Tensor) and getattr(instance, "_is_buffer", False)


class Buffer(metaclass=_BufferType):
    """A tensor that belongs to a module's state but is not trained: running means, masks.

    Returns a plain Tensor, marked so that assigning it to a module registers it as a buffer.

    Args:
        data        the numbers; shares their memory (default: an empty tensor)
        persistent  whether it is part of the state_dict (default True)
    """

    def __new__(cls, data: Any = None, *, persistent: bool = True) -> Any:
        tensor = empty(0) if data is None else data.detach().requires_grad_(data.requires_grad)
        tensor._is_buffer = True
        tensor.persistent = persistent
        return tensor


class UninitializedParameter:
    """Not supported: the parameter of PyTorch's lazy modules (LazyLinear, …)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError(
            "lazy modules are not supported: give the number of input features to the layer"
        )
