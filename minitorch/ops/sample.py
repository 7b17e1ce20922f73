"""Random tensors: rand, randn, randint, randperm, bernoulli, …, and the in-place draws.

The numbers come from `minitorch.random`, which reproduces PyTorch's streams; this file gives
them PyTorch's signatures.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes, errors, random
from ..autograd.graph import TensorBase, wrap
from ..autograd.rule import Array, Operand, check_writable, inplace, op
from .convert import preserve_format
from .create import _like, finish, kind_or_default, take_size
from .operands import check_broadcast


def _float_only(function: str, dtype: np.dtype) -> None:
    if dtype.kind != "f":
        raise NotImplementedError(
            f'"{function}" not implemented for \'{dtypes.from_numpy(dtype).title}\''
        )


def rand(*size: Any, generator: Any = None, out: Any = None, dtype: Any = None,
         layout: Any = dtypes.strided, device: Any = None, requires_grad: bool = False,
         pin_memory: bool = False, **names: Any) -> Any:  # fmt: skip
    """Numbers from the uniform distribution on [0, 1)."""
    a = np.empty(_size("rand", size, names), kind_or_default(dtype, out))
    _float_only("check_uniform_bounds", a.dtype)
    random.uniform_(a, 0.0, 1.0, generator)
    return finish(a, device, layout, requires_grad, pin_memory, out)


def randn(*size: Any, generator: Any = None, out: Any = None, dtype: Any = None,
          layout: Any = dtypes.strided, device: Any = None, requires_grad: bool = False,
          pin_memory: bool = False, **names: Any) -> Any:  # fmt: skip
    """Numbers from the standard normal distribution, mean 0 and standard deviation 1.

    Args:
        *size          the shape: ints, or one list or tuple, or ``size=``
        generator      a torch.Generator; None (default): the global one
        out            a tensor that receives the numbers
        dtype          a floating point dtype; None: the default dtype
        layout         torch.strided
        device         None or 'cpu'
        requires_grad  whether operations on the result are recorded (default False)
        pin_memory     must be False: there is no other device to pin for
    Raises:
        TypeError      a size that is no int
        NotImplementedError  an integer dtype, or another layout
    Source: notes, torch.randn.
    >>> import minitorch as torch
    >>> _ = torch.manual_seed(0)
    >>> torch.randn(3)
    tensor([ 1.5410, -0.2934, -2.1788])
    """
    a = np.empty(_size("randn", size, names), kind_or_default(dtype, out))
    _float_only("normal_kernel_cpu", a.dtype)
    random.normal_(a, 0.0, 1.0, generator)
    return finish(a, device, layout, requires_grad, pin_memory, out)


def _size(function: str, args: Any, names: dict[str, Any]) -> tuple[int, ...]:
    """The size from ``*size`` or ``size=``, which a signature with ``*size`` can't name."""
    size = names.pop("size", None)
    for name in names:
        raise TypeError(f"{function}() got an unexpected keyword argument '{name}'")
    return take_size(function, args, size)


def randint(low: Any, high: Any = None, size: Any = None, *, generator: Any = None,
            out: Any = None, dtype: Any = None, layout: Any = dtypes.strided, device: Any = None,
            requires_grad: bool = False, pin_memory: bool = False) -> Any:  # fmt: skip
    """Whole numbers from low (default 0) up to but without high: ``randint(10, (2, 3))``."""
    if isinstance(high, (tuple, list)):
        low, high, size = 0, low, high
    elif high is None:
        low, high = 0, low
    if size is None:
        raise TypeError('randint() missing 1 required positional arguments: "size"')
    if low >= high:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        )
    wanted = dtypes.INT64 if dtype is None else dtypes.to_numpy(dtype)
    a = np.empty(take_size("randint", (size,), None), wanted)
    random.random_(a, int(low), int(high), generator)
    return finish(a, device, layout, requires_grad, pin_memory, out)


def randperm(n: int, *, generator: Any = None, out: Any = None, dtype: Any = dtypes.int64,
             layout: Any = dtypes.strided, device: Any = None, requires_grad: bool = False,
             pin_memory: bool = False) -> Any:  # fmt: skip
    """The numbers 0 … n−1 in random order."""
    if n < 0:
        raise RuntimeError(f"n must be non-negative, got {n}")
    a = random.randperm(n, generator, dtypes.to_numpy(dtype))
    return finish(a, device, layout, requires_grad, pin_memory, out)


def rand_like(input: Any, *, generator: Any = None, dtype: Any = None, layout: Any = None,
              device: Any = None, requires_grad: bool = False, pin_memory: bool = False,
              memory_format: Any = preserve_format) -> Any:  # fmt: skip
    """`rand` with the shape, dtype and memory layout of `input`."""
    a = _like(input, dtype, memory_format)
    _float_only("check_uniform_bounds", a.dtype)
    random.uniform_(a, 0.0, 1.0, generator)
    return finish(a, device, layout, requires_grad, pin_memory)


def randn_like(input: Any, *, generator: Any = None, dtype: Any = None, layout: Any = None,
               device: Any = None, requires_grad: bool = False, pin_memory: bool = False,
               memory_format: Any = preserve_format) -> Any:  # fmt: skip
    """`randn` with the shape, dtype and memory layout of `input`."""
    a = _like(input, dtype, memory_format)
    _float_only("normal_kernel_cpu", a.dtype)
    random.normal_(a, 0.0, 1.0, generator)
    return finish(a, device, layout, requires_grad, pin_memory)


def randint_like(input: Any, low: Any, high: Any = None, *, generator: Any = None,
                 dtype: Any = None, layout: Any = None, device: Any = None,
                 requires_grad: bool = False,
                 memory_format: Any = preserve_format) -> Any:  # fmt: skip
    """`randint` with the shape, dtype and memory layout of `input`."""
    if high is None:
        low, high = 0, low
    a = _like(input, dtype, memory_format)
    random.random_(a, int(low), int(high), generator)
    return finish(a, device, layout, requires_grad, False)


def normal(mean: Any, std: Any = 1.0, size: Any = None, *, generator: Any = None,
           out: Any = None, dtype: Any = None, layout: Any = dtypes.strided, device: Any = None,
           requires_grad: bool = False, pin_memory: bool = False) -> Any:  # fmt: skip
    """Normal numbers; mean and std may be tensors, element by element, or numbers with a size."""
    if not isinstance(mean, TensorBase) and not isinstance(std, TensorBase):
        if size is None:
            raise TypeError('normal() missing 1 required positional arguments: "size"')
        a = np.empty(take_size("normal", (size,), None), kind_or_default(dtype, out))
        _check_std(std)
        random.normal_(a, float(mean), float(std), generator)
        return finish(a, device, layout, requires_grad, pin_memory, out)
    rest = (size, dtype, layout, device, requires_grad, pin_memory)
    if rest != (None, None, dtypes.strided, None, False, False):
        raise TypeError(
            "normal(): size, dtype, layout, device, requires_grad and pin_memory are for a mean "
            "and std that are both numbers"
        )
    given = {} if out is None else {"out": out}
    return _normal(mean, std, generator=generator, **given)


def _normal_name(mean: Any, std: Any, **_: Any) -> str:
    number = 1 if not isinstance(std, np.ndarray) else 2 if not isinstance(mean, np.ndarray) else 3
    return f"NormalBackward{number}"


@op(name=_normal_name)
def _normal(mean: Operand, std: Operand, *, generator: Any):
    """z·σ + μ with standard normal z; the gradients are 0, as those of any draw."""
    check_broadcast(mean, std)
    arrays = [x for x in (mean, std) if isinstance(x, np.ndarray)]
    a = np.empty(np.broadcast_shapes(*(x.shape for x in arrays)), arrays[0].dtype)
    _float_only("normal_kernel_cpu", a.dtype)
    if isinstance(std, np.ndarray):  # rounded after each step as PyTorch does
        if (std < 0).any():
            raise RuntimeError("normal expects all elements of std >= 0.0")
        random.normal_(a, 0.0, 1.0, generator)
        a *= std
    else:
        _check_std(std)
        random.normal_(a, 0.0, float(std), generator)
    a += mean if isinstance(mean, np.ndarray) else a.dtype.type(mean)
    return a, lambda g: (np.zeros_like(g), np.zeros_like(g))


def _check_std(std: Any) -> None:
    if std < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std}")


@op
def bernoulli(input: Array, p: Any = None, *, generator: Any = None):
    """1 with probability input (element by element), else 0; the gradient is 0."""
    if p is not None:
        out = np.empty_like(input)
        random.bernoulli_(out, float(p), generator)
        return out, lambda g: np.zeros_like(g)
    _float_only("bernoulli_tensor_cpu_p_", input.dtype)
    if input.size and not ((input >= 0) & (input <= 1)).all():
        raise RuntimeError("Expected p_in >= 0 && p_in <= 1 to be true, but got false.")
    return random.bernoulli_from(input, generator), lambda g: np.zeros_like(g)


def multinomial(input: Any, num_samples: int, replacement: bool = False, *,
                generator: Any = None, out: Any = None) -> Any:  # fmt: skip
    """Indices drawn with probability proportional to the rows of `input`.

    Shape: (m, K) or (K,) → (m, num_samples) or (num_samples,), int64.
    """
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("multinomial", "input", 1, input)
    p = input._data
    if p.ndim not in (1, 2):
        raise RuntimeError(f"prob_dist must be 1 or 2 dim, got {p.ndim}")
    if p.dtype.kind != "f":
        raise RuntimeError(
            "multinomial only supports floating-point dtypes for input, got: "
            f"{dtypes.from_numpy(p.dtype).title}"
        )
    if num_samples <= 0:
        raise RuntimeError(f"cannot sample n_sample <= 0 samples, got {num_samples}")
    if not replacement and num_samples > p.shape[-1]:
        raise RuntimeError(
            "cannot sample n_sample > prob_dist.size(-1) samples without replacement"
        )
    if not np.isfinite(p).all() or (p < 0).any():
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    if (p.sum(-1) == 0).any():
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")
    if isinstance(out, TensorBase) and out._data.dtype != np.int64:
        name = dtypes.from_numpy(out._data.dtype).title
        raise RuntimeError(f"multinomial expects Long tensor out, got: {name}")
    a = random.multinomial(p, num_samples, replacement, generator)
    return finish(a, None, None, False, False, out)


# -- draws in place: t.uniform_(0, 1) -------------------------------------------------------------


@op(name="Uniform")
def _zero_gradient(input: Array):
    """An overwritten tensor passes no gradient to what it was."""
    return input, lambda g: np.zeros_like(g)


def _overwrite(self: Any) -> np.ndarray:
    check_writable(self)
    if self.requires_grad:
        _forget(self)
    self._changes[0] += 1
    return self._data


_forget = inplace(_zero_gradient, "uniform_")


def uniform_(self: Any, from_: float = 0.0, to: float = 1.0, *, generator: Any = None,
             **names: Any) -> Any:  # fmt: skip
    """Fill with numbers from the uniform distribution on [from, to); returns self."""
    from_ = names.pop("from", from_)  # PyTorch's name is a Python keyword
    if names:
        raise TypeError(f"uniform_() got an unexpected keyword argument '{next(iter(names))}'")
    _float_only("check_uniform_bounds", self._data.dtype)
    if from_ > to:
        raise RuntimeError(
            f"uniform_ expects to return a [from, to) range, but found from={from_} > to={to}"
        )
    random.uniform_(_overwrite(self), from_, to, generator)
    return self


def normal_(self: Any, mean: float = 0.0, std: float = 1.0, *, generator: Any = None) -> Any:
    """Fill with numbers from the normal distribution; returns self."""
    _check_std(std)
    _float_only("normal_kernel_cpu", self._data.dtype)
    random.normal_(_overwrite(self), mean, std, generator)
    return self


def random_(self: Any, *args: Any, generator: Any = None, **names: Any) -> Any:
    """Fill with whole numbers: ``random_()``, ``random_(to)`` or ``random_(from, to)``."""
    low, high = names.pop("from", None), names.pop("to", None)
    if len(args) == 2:
        low, high = args
    elif len(args) == 1:
        low, high = (args[0], high) if high is not None else (0, args[0])
    if high is not None:
        low = 0 if low is None else low
        if low >= high:
            raise RuntimeError(
                f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
            )
    random.random_(_overwrite(self), low, high, generator)
    return self


def bernoulli_(self: Any, p: Any = 0.5, *, generator: Any = None) -> Any:
    """Fill with 1 (probability p, a number or a tensor) and 0; returns self."""
    if isinstance(p, TensorBase):
        np.copyto(_overwrite(self), random.bernoulli_from(p._data, generator), casting="unsafe")
        return self
    if not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p}")
    random.bernoulli_(_overwrite(self), p, generator)
    return self


def exponential_(self: Any, lambd: float = 1.0, *, generator: Any = None) -> Any:
    """Fill with numbers of density λ·e^(−λx), x > 0; returns self."""
    if lambd <= 0:
        raise RuntimeError(f"exponential_ expects lambda > 0.0, but found lambda={lambd}")
    random.exponential_(_overwrite(self), lambd, generator)
    return self


def log_normal_(self: Any, mean: float = 1.0, std: float = 2.0, *, generator: Any = None) -> Any:
    """Fill with e^z, z normal with that mean and std; returns self."""
    if std <= 0:
        raise RuntimeError(f"log_normal_ expects std > 0.0, but found std={std}")
    random.log_normal_(_overwrite(self), mean, std, generator)
    return self


def cauchy_(self: Any, median: float = 0.0, sigma: float = 1.0, *, generator: Any = None) -> Any:
    """Fill from the Cauchy distribution around `median`; returns self."""
    if sigma <= 0:
        raise RuntimeError(f"cauchy_ expects sigma > 0.0, but found sigma={sigma}")
    random.cauchy_(_overwrite(self), median, sigma, generator)
    return self


def geometric_(self: Any, p: float, *, generator: Any = None) -> Any:
    """Fill with the number of trials until the first success (probability p); returns self."""
    if not 0 < p < 1:
        raise RuntimeError(f"geometric_ expects p to be in (0, 1), but got p={p}")
    random.geometric_(_overwrite(self), p, generator)
    return self


def set_generator_tensors() -> None:
    """Let Generator.get_state and set_state speak in Tensors (random.py knows arrays only)."""
    random.Generator._wrap = staticmethod(wrap)
    random.Generator._unwrap = staticmethod(_state_array)
    random.Generator._wrap_device = staticmethod(dtypes.device)


def _state_array(state: Any) -> np.ndarray:
    if not isinstance(state, TensorBase):
        raise TypeError(f"expected a torch.ByteTensor, but got {type(state).__name__}")
    return state._data
