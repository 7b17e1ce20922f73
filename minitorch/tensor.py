"""class Tensor: what a tensor *is*: its properties, its place in the graph, Python's protocols.

No math here: what a tensor can *do* (``t.exp()``, ``t + 1``) is the table in methods.py.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np

from . import dtypes, errors, printing
from .autograd import graph
from .autograd.backward import backward
from .autograd.graph import TensorBase, edge_to, needs_grad, wrap
from .autograd.hooks import RemovableHandle, add_hook
from .methods import TensorMethods
from .ops import convert, create, sample
from .size import Size


class Tensor(TensorMethods):
    """An n-dimensional array of numbers of one dtype that remembers how it was computed."""

    __array_priority__ = 1000  # NumPy leaves `ndarray @ tensor` to us

    def __new__(cls, *args: Any, device: Any = None) -> Any:
        """``Tensor(2, 3)``: uninitialised floats of that shape; ``Tensor([1, 2])``: these."""
        if not args:
            return wrap(np.empty(0, dtypes.default_float()))
        dtypes.check_device(device)
        if len(args) == 1 and isinstance(args[0], TensorBase):
            return convert.detach(args[0]).to(dtypes.get_default_dtype())
        is_data = len(args) == 1 and isinstance(args[0], (list, tuple, np.ndarray))
        if is_data and not isinstance(args[0], Size):
            return wrap(create.array_from(args[0], dtypes.get_default_dtype()))
        return create.empty(*args)

    # -- what it is ---------------------------------------------------------------------------

    @property
    def shape(self) -> Size:
        """The length of each dimension."""
        return tuple.__new__(Size, self._data.shape)

    @property
    def dtype(self) -> dtypes.dtype:
        """The element type."""
        return dtypes._FROM_NUMPY[self._data.dtype]

    @property
    def device(self) -> dtypes.device:
        """Always ``device(type='cpu')``."""
        return dtypes.CPU

    @property
    def layout(self) -> dtypes.layout:
        """Always ``torch.strided``."""
        return dtypes.strided

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return self._data.ndim

    @property
    def itemsize(self) -> int:
        """Bytes per element."""
        return self._data.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return self._data.nbytes

    is_cpu = True
    is_cuda = is_sparse = is_quantized = is_mkldnn = is_meta = is_mps = is_nested = False

    def size(self, dim: Any = None) -> Any:
        """The shape, or the length of dimension `dim`."""
        if dim is None:
            return self.shape
        n = max(self.ndim, 1)
        if not -n <= dim < n or not self.ndim:
            raise errors.dim_out_of_range(dim, self.ndim)
        return self._data.shape[dim]

    def dim(self) -> int:
        """The number of dimensions."""
        return self._data.ndim

    ndimension = dim

    def numel(self) -> int:
        """The number of elements."""
        return self._data.size

    nelement = numel

    def element_size(self) -> int:
        """Bytes per element."""
        return self._data.itemsize

    def stride(self, dim: Any = None) -> Any:
        """How many elements to step in memory to move by one along each dimension."""
        a = self._data
        steps = [s // a.itemsize for s in a.strides]
        if a.flags.c_contiguous:  # NumPy leaves the stride of a length-1 dimension open
            step = 1
            for i in range(a.ndim - 1, -1, -1):
                steps[i] = step
                step *= max(a.shape[i], 1)
        return tuple(steps) if dim is None else steps[dim]

    def dim_order(self) -> tuple[int, ...]:
        """The dims in the order in which they lie in memory, outermost first."""
        steps = self.stride()
        return tuple(sorted(range(self.ndim), key=lambda d: -steps[d]))

    def storage_offset(self) -> int:
        """Where the first element lies in its storage, in elements."""
        owner = graph.memory(self._data)
        if owner is self._data or not isinstance(owner, np.ndarray):
            return 0
        return (self._data.ctypes.data - owner.ctypes.data) // self._data.itemsize

    def data_ptr(self) -> int:
        """The address of the first element."""
        return self._data.ctypes.data if self._data.size else 0

    def get_device(self) -> int:
        """-1: the tensor is on the CPU."""
        return -1

    def is_floating_point(self) -> bool:
        """Whether the dtype is float16, float32 or float64."""
        return self._data.dtype.kind == "f"

    def is_complex(self) -> bool:
        """False: there are no complex dtypes here."""
        return False

    def is_signed(self) -> bool:
        """Whether the dtype has negative numbers."""
        return self._data.dtype.kind in "if"

    def is_pinned(self, device: Any = None) -> bool:
        """False: there is no other device to pin memory for."""
        return False

    def is_shared(self) -> bool:
        """False: memory is not shared between processes."""
        return False

    def is_nonzero(self) -> bool:
        """Whether the single element is not zero."""
        return bool(self)

    def is_same_size(self, other: Any) -> bool:
        """Whether both have one shape."""
        return self._data.shape == other._data.shape

    def is_inference(self) -> bool:
        """False: inference mode makes ordinary tensors here."""
        return False

    def is_set_to(self, tensor: Any) -> bool:
        """Whether both look at the same memory in the same way."""
        a, b = self._data, tensor._data
        return (a.ctypes.data, a.shape, a.strides) == (b.ctypes.data, b.shape, b.strides)

    # -- the graph ----------------------------------------------------------------------------

    @property
    def requires_grad(self) -> bool:
        """Whether operations on this tensor are recorded for backward."""
        return self._needs or needs_grad(self)

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self.requires_grad_(value)

    def requires_grad_(self, requires_grad: bool = True) -> Any:
        """Ask (or stop asking) for gradients with respect to this leaf; returns self."""
        if self.grad_fn is not None:
            if not requires_grad:
                raise RuntimeError(
                    "you can only change requires_grad flags of leaf variables. If you want to "
                    "use a computed variable in a subgraph that doesn't require differentiation "
                    "use var_no_grad = var.detach()."
                )
        elif requires_grad and self._data.dtype.kind != "f":
            raise RuntimeError("only Tensors of floating point dtype can require gradients")
        else:
            self._needs = bool(requires_grad)
        return self

    @property
    def grad_fn(self) -> Any:
        """The node of the operation that made this tensor; None for leaves."""
        edge_to(self)
        return self._node

    @property
    def is_leaf(self) -> bool:
        """True for tensors that no recorded operation made: `.grad` is theirs."""
        return self.grad_fn is None

    @property
    def _version(self) -> int:
        """How many in-place operations changed this storage so far."""
        return self._changes[0]

    @property
    def output_nr(self) -> int:
        """Which output of its node this tensor is."""
        return self._nr

    @property
    def grad(self) -> Any:
        """The gradient that `backward` left here; None before."""
        return self._grad

    @grad.setter
    def grad(self, value: Any) -> None:
        if value is not None:
            if not isinstance(value, TensorBase):
                raise TypeError(
                    "assigned grad expected to be a Tensor or None but got grad of type "
                    f"{type(value).__name__}"
                )
            if value is self:
                raise RuntimeError("can't assign Variable as its own grad")
            if value._data.shape != self._data.shape:
                raise RuntimeError(
                    f"assigned grad has data of a different size: expected "
                    f"{errors.shape_text(self._data.shape)}, got "
                    f"{errors.shape_text(value._data.shape)}"
                )
            if value._data.dtype != self._data.dtype:
                raise RuntimeError(
                    f"assigned grad has data of a different type: expected {self.dtype!r}, got "
                    f"{value.dtype!r}"  # type: ignore[attr-defined]
                )
        self._grad = value

    @grad.deleter
    def grad(self) -> None:
        self._grad = None

    @property
    def data(self) -> Any:
        """The same memory outside the graph, with a version counter of its own."""
        return wrap(self._data)

    @data.setter
    def data(self, new: Any) -> None:
        if not isinstance(new, TensorBase):
            raise TypeError(f"Variable data has to be a tensor, but got {type(new).__name__}")
        self._data = new._data

    def backward(
        self, gradient: Any = None, retain_graph: Any = None, create_graph: bool = False,
        inputs: Any = None,
    ) -> None:  # fmt: skip
        """Add ∂self/∂leaf to every leaf's `.grad`.

        Args:
            gradient      ∂L/∂self, shaped like self; default 1 for a tensor of one element
            retain_graph  keep what backward needs, for a second call (default: free it)
            create_graph  must be False: gradients have no graph of their own here
            inputs        write `.grad` of these tensors only (default: all leaves)
        """
        backward(self, gradient, retain_graph, create_graph, inputs=inputs)

    def register_hook(self, hook: Any) -> RemovableHandle:
        """Call ``hook(grad)`` when this tensor's gradient is known; it may return another."""
        if not self.requires_grad:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        node = self.grad_fn
        if node is None:
            self._hooks = {} if self._hooks is None else self._hooks
            return add_hook(self._hooks, hook)
        node.hooks = {} if node.hooks is None else node.hooks
        return add_hook(node.hooks, (self._nr, hook))

    def register_post_accumulate_grad_hook(self, hook: Any) -> RemovableHandle:
        """Call ``hook(tensor)`` each time backward has written this leaf's `.grad`."""
        if not self.requires_grad:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        if not self.is_leaf:
            raise RuntimeError(
                "post accumulate grad hooks cannot be registered on non-leaf tensors"
            )
        self._after = {} if self._after is None else self._after
        return add_hook(self._after, hook)

    def retain_grad(self) -> None:
        """Keep the gradient of this result in `.grad`, as leaves do."""
        if not self.requires_grad:
            raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
        graph.retain(self)

    @property
    def retains_grad(self) -> bool:
        """Whether `retain_grad` was asked for."""
        node = self.grad_fn
        return node is not None and any(r() is self for _, r in node.retains or ())

    def detach_(self) -> Any:
        """Take this tensor out of its graph; returns self."""
        if self._base is not None:
            raise RuntimeError("Can't detach views in-place. Use detach() instead")
        self._node, self._needs = None, False
        return self

    # -- to and from Python -------------------------------------------------------------------

    def numpy(self, *, force: bool = False) -> np.ndarray:
        """The array itself: a change in one shows in the other. force=True detaches first."""
        return self._data if force else convert.numpy_of(self)

    def tolist(self) -> Any:
        """Nested lists of Python numbers."""
        return self._data.tolist()

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        a = convert.numpy_of(self)
        return a if dtype is None else a.astype(dtype, copy=False)

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("len() of a 0-d tensor")
        return len(self._data)

    def __iter__(self) -> Any:
        if not self.ndim:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind(0))

    def __bool__(self) -> bool:
        if self._data.size != 1:
            what = "no values" if not self._data.size else "more than one value"
            raise RuntimeError(f"Boolean value of Tensor with {what} is ambiguous")
        return bool(self._data.item())

    def _number(self) -> Any:
        if self._data.size != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return self._data.item()

    def __float__(self) -> float:
        return float(self._number())

    def __int__(self) -> int:
        return int(self._number())

    def __index__(self) -> int:
        if self._data.size != 1 or self._data.dtype.kind not in "iub":
            raise TypeError(
                "only integer tensors of a single element can be converted to an index"
            )
        return int(self._data.item())

    def __complex__(self) -> complex:
        return complex(self._number())

    def __contains__(self, element: Any) -> bool:
        if not isinstance(element, (TensorBase, int, float)):
            raise RuntimeError(
                "Tensor.__contains__ only supports Tensor or scalar, but you passed in a "
                f"{type(element)}."
            )
        value = element._data if isinstance(element, TensorBase) else element
        return bool((self._data == value).any())

    def __format__(self, spec: str) -> str:
        if self.ndim == 0:
            return format(self._data.item(), spec)
        return object.__format__(self, spec)

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return printing.tensor_text(self._data, self._words())

    def _words(self) -> list[str]:
        node = self.grad_fn
        if node is not None:
            return [f"grad_fn=<{node.title}>"]
        return ["requires_grad=True"] if self.requires_grad else []

    def __deepcopy__(self, memo: Any) -> Any:
        if id(self) in memo:
            return memo[id(self)]
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy "
                "protocol at the moment.  If you were attempting to deepcopy a module, this may "
                "be because of a torch.nn.utils.weight_norm usage."
            )
        copy = object.__new__(type(self))
        copy._data, copy._changes = self._data.copy(order="K"), [0]
        copy._needs = self._needs
        memo[id(self)] = copy
        if self._grad is not None:
            copy._grad = self._grad.__deepcopy__(memo)
        for name, value in self.__dict__.items():
            if name not in _INTERNAL:
                copy.__dict__[name] = deepcopy(value, memo)
        return copy

    def __reduce_ex__(self, protocol: Any) -> Any:
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) can be pickled: "
                "call detach() first"
            )
        extra = {k: v for k, v in self.__dict__.items() if k not in _INTERNAL}
        return (_rebuild, (type(self), self._data, self._needs, extra))

    # -- dtypes -------------------------------------------------------------------------------

    def type(self, dtype: Any = None, non_blocking: bool = False) -> Any:
        """The type's name ("torch.FloatTensor"), or the tensor cast to `dtype`."""
        if dtype is None:
            return f"torch.{self.dtype.title}Tensor"
        if isinstance(dtype, type):  # torch.LongTensor
            dtype = f"torch.{dtype.__name__}"
        if isinstance(dtype, str):
            names = {f"torch.{d.title}Tensor": d for d in dtypes.SUPPORTED}
            names["torch.Tensor"] = dtypes.get_default_dtype()
            if dtype not in names:
                raise ValueError(f"invalid type: {dtype!r}")
            dtype = names[dtype]
        if not isinstance(dtype, dtypes.dtype):
            raise TypeError(f"dtype must be a type, str, or dtype object, not {dtype!r}")
        return self.to(dtype)

    def type_as(self, other: Any) -> Any:
        """The tensor cast to the dtype of `other`."""
        return self.to(other.dtype)

    def float(self, memory_format: Any = convert.preserve_format) -> Any:
        """As float32."""
        return self.to(dtypes.float32, memory_format=memory_format)

    def double(self, memory_format: Any = convert.preserve_format) -> Any:
        """As float64."""
        return self.to(dtypes.float64, memory_format=memory_format)

    def half(self, memory_format: Any = convert.preserve_format) -> Any:
        """As float16."""
        return self.to(dtypes.float16, memory_format=memory_format)

    def bfloat16(self, memory_format: Any = convert.preserve_format) -> Any:
        """Not supported: raises NotImplementedError."""
        return self.to(dtypes.bfloat16)

    def long(self, memory_format: Any = convert.preserve_format) -> Any:
        """As int64."""
        return self.to(dtypes.int64, memory_format=memory_format)

    def int(self, memory_format: Any = convert.preserve_format) -> Any:
        """As int32."""
        return self.to(dtypes.int32, memory_format=memory_format)

    def short(self, memory_format: Any = convert.preserve_format) -> Any:
        """As int16."""
        return self.to(dtypes.int16, memory_format=memory_format)

    def char(self, memory_format: Any = convert.preserve_format) -> Any:
        """As int8."""
        return self.to(dtypes.int8, memory_format=memory_format)

    def byte(self, memory_format: Any = convert.preserve_format) -> Any:
        """As uint8."""
        return self.to(dtypes.uint8, memory_format=memory_format)

    def bool(self, memory_format: Any = convert.preserve_format) -> Any:
        """As bool: True where not zero."""
        return self.to(dtypes.bool_, memory_format=memory_format)

    def cpu(self, memory_format: Any = convert.preserve_format) -> Any:
        """The tensor itself: it is on the CPU."""
        return self

    def cuda(self, device: Any = None, non_blocking: Any = False) -> Any:
        """Not supported: raises as PyTorch's CPU build does."""
        dtypes.check_device("cuda")

    def pin_memory(self, device: Any = None) -> Any:
        """Not supported: there is no other device to pin memory for."""
        raise RuntimeError("Cannot access accelerator device when none is available.")

    def share_memory_(self) -> Any:
        """The tensor itself: DataLoader workers are threads and see its memory."""
        return self

    # -- new tensors like this one ------------------------------------------------------------

    def new_tensor(self, data: Any, *, dtype: Any = None, device: Any = None,
                   requires_grad: Any = False) -> Any:  # fmt: skip
        """`torch.tensor` with this tensor's dtype."""
        return create.tensor(data, dtype=dtype or self.dtype, device=device,
                             requires_grad=requires_grad)  # fmt: skip

    def new_zeros(self, *size: Any, dtype: Any = None, **kw: Any) -> Any:
        """`torch.zeros` with this tensor's dtype."""
        return create.zeros(*size, dtype=dtype or self.dtype, **kw)

    def new_ones(self, *size: Any, dtype: Any = None, **kw: Any) -> Any:
        """`torch.ones` with this tensor's dtype."""
        return create.ones(*size, dtype=dtype or self.dtype, **kw)

    def new_empty(self, *size: Any, dtype: Any = None, **kw: Any) -> Any:
        """`torch.empty` with this tensor's dtype."""
        return create.empty(*size, dtype=dtype or self.dtype, **kw)

    def new_full(self, size: Any, fill_value: Any, *, dtype: Any = None, **kw: Any) -> Any:
        """`torch.full` with this tensor's dtype."""
        return create.full(size, fill_value, dtype=dtype or self.dtype, **kw)


_INTERNAL = frozenset(TensorBase.__annotations__)


def _rebuild(cls: Any, array: np.ndarray, needs: bool, extra: dict[str, Any]) -> Any:
    """A tensor from its pickled parts."""
    t = object.__new__(cls)
    t._data, t._changes, t._needs = array, [0], needs
    t.__dict__.update(extra)
    return t


# -- questions as functions ------------------------------------------------------------------------


def is_tensor(obj: Any) -> bool:
    """Whether `obj` is a Tensor."""
    return isinstance(obj, TensorBase)


def _checked(function: str, input: Any) -> Any:
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor(function, "input", 1, input)
    return input


def numel(input: Any) -> int:
    """The number of elements."""
    return _checked("numel", input).numel()


def is_floating_point(input: Any) -> bool:
    """Whether the dtype is float16, float32 or float64."""
    return _checked("is_floating_point", input).is_floating_point()


def is_complex(input: Any) -> bool:
    """False: there are no complex dtypes here."""
    return _checked("is_complex", input).is_complex()


def is_signed(input: Any) -> bool:
    """Whether the dtype has negative numbers."""
    return _checked("is_signed", input).is_signed()


def is_nonzero(input: Any) -> bool:
    """Whether the single element is not zero."""
    return bool(_checked("is_nonzero", input))


Tensor.__module__ = "minitorch"  # print(type(t)) gives the public name
graph.tensor_class = Tensor
sample.set_generator_tensors()


def is_inference(input: Any) -> bool:
    """False: inference mode makes ordinary tensors here."""
    return _checked("is_inference", input).is_inference()


def is_same_size(input: Any, other: Any) -> bool:
    """Whether both tensors have one shape."""
    if not isinstance(other, TensorBase):
        raise errors.not_a_tensor("is_same_size", "other", 2, other)
    return _checked("is_same_size", input).is_same_size(other)
