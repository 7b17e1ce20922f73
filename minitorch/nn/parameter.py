"""Parameter: a tensor that a module trains. Buffer: a tensor that it only keeps.

Assigning either to a module's attribute registers it (see `Module.__setattr__`).
"""

from __future__ import annotations

from typing import Any

from .. import errors
from ..ops.convert import parse_to
from ..ops.create import empty
from ..tensor import Tensor


class Parameter(Tensor):
    """A tensor that requires grad and is listed by ``module.parameters()`` once assigned.

    Args:
        data           the numbers; shares their memory (default: an empty tensor)
        requires_grad  whether backward writes its ``.grad`` (default True)
    Raises RuntimeError for integer or bool data with requires_grad=True, TypeError for a
    requires_grad that is no bool.

    >>> import minitorch as torch
    >>> torch.nn.Parameter(torch.zeros(2))
    Parameter containing:
    tensor([0., 0.], requires_grad=True)
    """

    def __new__(cls, data: Any = None, requires_grad: bool = True) -> Any:
        source = empty(0) if data is None else data.detach()
        if not isinstance(requires_grad, bool):
            raise errors.not_a_bool("requires_grad", requires_grad)
        if requires_grad and not source.is_floating_point():
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can require gradients"
            )
        self = object.__new__(cls)
        self._data, self._changes = source._data, source._changes
        self._needs = requires_grad
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


# -- tensors whose shape is not known yet: lazy modules (modules/lazy.py) find it out -------------


def is_lazy(tensor: Any) -> bool:
    """Whether a tensor's shape is still unknown."""
    return isinstance(tensor, UninitializedTensorMixin)


class UninitializedTensorMixin:
    """A tensor with a dtype but without a shape; `materialize` turns it into an ordinary one.

    Only what a module needs before its first call works on it: dtype, ``to(dtype)``, hashing.
    """

    cls_to_become: Any = Tensor
    _dtype: Any
    requires_grad: Any

    def __init__(self, requires_grad: bool = False, device: Any = None, dtype: Any = None) -> None:
        pass  # __new__ has done it

    def _unknown(self) -> Any:
        raise ValueError(
            "Attempted to use an uninitialized parameter. This error happens when you are using a "
            "`LazyModule` or explicitly manipulating `torch.nn.parameter."
            f"{type(self).__name__}` objects. When using LazyModules call `forward` with a dummy "
            "batch to initialize the parameters before calling torch functions"
        )

    _data = property(_unknown)  # what every operation reads first

    def materialize(self, shape: Any, device: Any = None, dtype: Any = None) -> None:
        """Become an ordinary tensor of this shape; its numbers mean nothing yet."""
        wanted = self._dtype if dtype is None else dtype
        del self._dtype
        self.__class__ = self.cls_to_become
        self._data = empty(shape, dtype=wanted, device=device)._data

    @property
    def shape(self) -> Any:
        """Not known: RuntimeError."""
        raise RuntimeError(
            "Can't access the shape of an uninitialized parameter or buffer. This error usually "
            "happens in `load_state_dict` when trying to load an uninitialized parameter into an "
            "initialized one. Call `forward` to initialize the parameters before accessing their "
            "attributes."
        )

    @property
    def dtype(self) -> Any:
        """The element type that it will have."""
        return self._dtype

    @property
    def is_leaf(self) -> bool:
        """True: nothing computed it."""
        return True

    @property
    def data(self) -> Any:
        """Itself: there are no numbers to look at."""
        return self

    @data.setter
    def data(self, new: Any) -> None:
        self._dtype = new.dtype

    def is_floating_point(self) -> bool:
        """Whether it will hold floats."""
        return self._dtype.is_floating_point

    def to(self, *args: Any, **kwargs: Any) -> Any:
        """The same in another dtype."""
        dtype, _, _ = parse_to(*args, **kwargs)
        return self if dtype in (None, self._dtype) else type(self)(dtype=dtype)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if id(self) not in memo:
            memo[id(self)] = type(self)(self.requires_grad, dtype=self._dtype)
        return memo[id(self)]

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (type(self), (self.requires_grad,))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class UninitializedParameter(UninitializedTensorMixin, Parameter):
    """A Parameter whose shape the module's first call will tell.

    Args:
        requires_grad  as `Parameter` (default True)
        device         None or 'cpu'
        dtype          of the numbers (default: the default dtype)

    >>> import minitorch as torch
    >>> p = UninitializedParameter()
    >>> p.materialize((2, 3)); p.shape, type(p).__name__
    (torch.Size([2, 3]), 'Parameter')
    """

    cls_to_become = Parameter

    def __new__(cls, requires_grad: bool = True, device: Any = None, dtype: Any = None) -> Any:
        return _uninitialized(cls, requires_grad, device, dtype)


class UninitializedBuffer(UninitializedTensorMixin, Tensor):
    """A buffer whose shape the module's first call will tell. Args: as `UninitializedParameter`."""

    def __new__(
        cls, requires_grad: bool = False, device: Any = None, dtype: Any = None,
        persistent: bool = True,
    ) -> Any:  # fmt: skip
        self = _uninitialized(cls, requires_grad, device, dtype)
        self._is_buffer, self.persistent = True, persistent
        return self

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass


def _uninitialized(cls: Any, requires_grad: bool, device: Any, dtype: Any) -> Any:
    self = object.__new__(cls)
    self._dtype = empty(0, device=device, dtype=dtype).dtype
    self._changes = [0]
    self._needs = requires_grad
    return self
