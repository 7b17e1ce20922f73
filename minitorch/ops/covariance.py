"""How variables vary together: cov, corrcoef. Rows are variables, columns observations.

Both are written with Tensor operations, which bring their gradients along.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase
from .choose import clip
from .matmul import matmul
from .operands import dtype_title
from .reduce import sum
from .shape import diagonal, reshape, squeeze, t, unsqueeze
from .unary import sqrt


def _check_weights(name: str, w: Any, n: int) -> None:
    a, whole = w._data, name == "fweights"
    if whole != (a.dtype.kind in "iu"):
        raise RuntimeError(
            f"cov(): expected {name} to have {'integral' if whole else 'floating point'} dtype but "
            f"got {name} with {dtype_title(a)} dtype"
        )
    if a.ndim > 1:
        raise RuntimeError(
            f"cov(): expected {name} to have one or fewer dimensions but got {name} with "
            f"{a.ndim} dimensions"
        )
    if a.size != n:
        raise RuntimeError(
            f"cov(): expected {name} to have the same numel as there are observations in the "
            f"input but got {a.size} != {n}"
        )
    if n and a.min() < 0:
        raise RuntimeError(f"cov(): {name} cannot be negative")


def cov(input: Any, *, correction: int = 1, fweights: Any = None, aweights: Any = None) -> Any:
    """The covariance matrix of variables (rows) over observations (columns).

    wₖ = fₖ·aₖ,   W = Σ wₖ,   μᵢ = Σ wₖ·xᵢₖ / W                                               (1)
    Cᵢⱼ = Σ wₖ·(xᵢₖ − μᵢ)·(xⱼₖ − μⱼ) / (W − correction·Σ wₖ·aₖ / W)                           (2)

    Without weights the divisor is n − correction; a 1-d input is one variable and gives a number.

    Args:
        correction  1 for the unbiased estimate, 0 for the plain average (default 1)
        fweights    how often each observation counts, integers ≥ 0 (default 1)
        aweights    how important each observation is, floats ≥ 0 (default 1)

    >>> torch.cov(torch.tensor([[0., 1., 2.], [2., 1., 0.]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("cov", "input", 1, input)
    if input._data.ndim > 2:
        raise RuntimeError(
            "cov(): expected input to have two or fewer dimensions but got an input with "
            f"{input._data.ndim} dimensions"
        )
    if input._data.dtype is dtypes.BOOL:
        raise RuntimeError("cov(): bool dtype is not supported for input")
    x: Any = input if input._data.ndim == 2 else reshape(input, (1, -1))
    n = x._data.shape[1]
    w: Any = None
    for name, weights in (("fweights", fweights), ("aweights", aweights)):
        if weights is not None:
            _check_weights(name, weights, n)
            w = weights if w is None else w * weights
    total: Any = n if w is None else sum(w)  # W
    if w is not None and total._data == 0:
        raise RuntimeError("cov(): weights sum to zero, can't be normalized")
    weighted = x if w is None else x * w
    centred = x - unsqueeze(sum(weighted, 1) / total, 1)  # x − μ of (1)
    if aweights is None:
        divisor = total - correction
    else:
        divisor = total - correction * sum(w * aweights) / total
    if np.asarray(getattr(divisor, "_data", divisor)) <= 0:
        warnings.warn(
            "cov(): degrees of freedom is <= 0. Correction should be strictly less than the "
            "number of observations.",
            stacklevel=2,
        )
        divisor = divisor * 0
    products = matmul(centred if w is None else centred * w, t(centred))
    return squeeze(products / divisor)  # (2)


def corrcoef(input: Any) -> Any:
    """Pearson's correlation coefficients of variables (rows): covariances scaled into [−1, 1].

    Rᵢⱼ = Cᵢⱼ / √(Cᵢᵢ·Cⱼⱼ)                                                                   (3)

    >>> torch.corrcoef(torch.tensor([[0., 1., 2.], [4., 2., 0.]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    if not isinstance(input, TensorBase):
        raise errors.not_a_tensor("corrcoef", "input", 1, input)
    if input._data.ndim > 2:
        raise RuntimeError(
            "corrcoef(): expected input to have two or fewer dimensions but got an input with "
            f"{input._data.ndim} dimensions"
        )
    c = cov(input)
    if c._data.ndim == 0:
        return c / c
    d = sqrt(diagonal(c))
    return clip(c / unsqueeze(d, 1) / unsqueeze(d, 0), -1, 1)  # (3)
