"""Is a derivative right? Compare backward with finite differences.

    ∂fᵢ/∂xⱼ ≈ (fᵢ(x + ε·eⱼ) − fᵢ(x − ε·eⱼ)) / 2ε            error O(ε²), use float64       (1)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import errors
from .backward import grad
from .grad_mode import no_grad
from .graph import TensorBase, needs_grad, wrap


class GradcheckError(RuntimeError):
    """Backward and finite differences disagree, or can't be compared."""


def _outputs(func: Callable[..., Any], inputs: Any) -> list[Any]:
    result = func(*inputs)
    many = result if isinstance(result, (tuple, list)) else (result,)
    return [t for t in many if isinstance(t, TensorBase) and t._data.dtype.kind == "f"]


def numerical_jacobian(func: Callable[..., Any], inputs: Any, x: Any, eps: float) -> list[Any]:
    """Equation (1) for every output and every element of the input x: arrays (outputs, inputs)."""
    columns: list[list[np.ndarray]] = []
    flat = x._data.reshape(-1)
    if flat.base is None or not np.shares_memory(flat, x._data):
        raise ValueError("gradcheck needs inputs whose memory is contiguous")
    with no_grad():
        for j in range(flat.size):
            before = flat[j]
            flat[j] = before + eps
            high = [t._data.astype(np.float64) for t in _outputs(func, inputs)]
            flat[j] = before - eps
            low = [t._data.astype(np.float64) for t in _outputs(func, inputs)]
            flat[j] = before
            columns.append([((h - m) / (2 * eps)).ravel() for h, m in zip(high, low)])
    return [np.stack(c, 1) for c in zip(*columns)]


def analytical_jacobian(output: Any, x: Any) -> np.ndarray:
    """backward from each element of the output: one row of ∂output/∂x at a time."""
    rows = np.zeros((output._data.size, x._data.size))
    for i in range(output._data.size):
        seed = np.zeros_like(output._data)
        seed.reshape(-1)[i] = 1
        (g,) = grad(output, x, wrap(seed), retain_graph=True, allow_unused=True)
        if g is not None:
            rows[i] = g._data.ravel()
    return rows


def gradcheck(
    func: Callable[..., Any],
    inputs: Any,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """Check the gradients of `func` at `inputs` against finite differences.

    Args:
        func             takes the inputs, returns a tensor or a tuple of tensors
        inputs           a tensor or a tuple; those that require grad are checked (use float64)
        eps              step of the finite difference (default 1e-6)
        atol, rtol       how far the two may differ (1e-5 and 1e-3)
        raise_exception  False: return False instead of raising GradcheckError
        nondet_tol       how far two backward runs may differ (default 0.0)
    Raises:
        GradcheckError   where they differ; ValueError where no input requires grad
    `check_undefined_grad`, `fast_mode` and `masked` change how PyTorch does the check, not its
    answer; `check_batched_grad` and `check_forward_ad` are not supported.
    """
    for name, asked in (
        ("check_batched_grad", check_batched_grad),
        ("check_forward_ad", check_forward_ad),
    ):
        if asked:
            raise NotImplementedError(f"{name}=True is not supported: minitorch has backward only")
    inputs = (inputs,) if isinstance(inputs, TensorBase) else tuple(inputs)
    try:
        _check(func, inputs, eps, atol, rtol, nondet_tol, check_grad_dtypes, check_backward_ad)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def _check(
    func: Any, inputs: Any, eps: float, atol: float, rtol: float, nondet_tol: float,
    check_dtypes: bool, check_backward: bool,
) -> None:  # fmt: skip
    checked = [x for x in inputs if isinstance(x, TensorBase) and needs_grad(x)]
    if not checked:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of the "
            "them have requires_grad=True."
        )
    if not check_backward:
        return
    outputs = _outputs(func, inputs)
    for k, x in enumerate(checked):
        numeric = numerical_jacobian(func, inputs, x, eps)
        for i, output in enumerate(outputs):
            if not needs_grad(output):
                analytic = again = np.zeros((output._data.size, x._data.size))
            else:
                analytic = analytical_jacobian(output, x)
                again = analytical_jacobian(output, x)
            if not np.allclose(analytic, again, rtol=0, atol=nondet_tol):
                raise GradcheckError("Backward is not reentrant: two runs gave different gradients")
            if not np.allclose(analytic, numeric[i], rtol=rtol, atol=atol, equal_nan=True):
                raise GradcheckError(
                    f"Jacobian mismatch for output {i} with respect to input {k},\n"
                    f"numerical:{numeric[i]}\nanalytical:{analytic}\n"
                    f"(shape of the input: {errors.shape_text(x._data.shape)})"
                )
            if check_dtypes and needs_grad(output):
                (g,) = grad(output, x, wrap(np.ones_like(output._data)), retain_graph=True,
                            allow_unused=True)  # fmt: skip
                if g is not None and g._data.dtype != x._data.dtype:
                    raise GradcheckError("Gradient has dtype mismatch")


def gradgradcheck(*args: Any, **kwargs: Any) -> bool:
    """Not supported: there are no second derivatives."""
    raise errors.no_double_backward()
