"""Functions of matrices: eᴬ, condition numbers, Vandermonde and Householder matrices.

The older names torch.svd and torch.qr stand here, too.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import dtypes, errors
from ..autograd.graph import TensorBase, wrap
from ..autograd.rule import Array, op
from ..return_types import named
from .linalg import _copy_out, check_matrix, qr, svd, svdvals
from .matmul import product, swap
from .operands import dtype_title
from .shape import reshape, select, transpose
from .solvers import inv_ex
from .vector_norm import linalg_norm

svd_result = named("svd", "U", "S", "V")
qr_result = named("qr", "Q", "R")


# -- eᴬ -------------------------------------------------------------------------------------------

# numerator of the degree-13 Padé approximant of eˣ; the denominator has the same with signs
_PADE = [math.comb(13, k) * math.factorial(26 - k) // math.factorial(13) for k in range(14)]
_THETA = 5.371920351148152  # up to this norm the approximant is exact in float64


def _expm(a: np.ndarray) -> np.ndarray:
    """eᴬ = (e^(A/2ˢ))^(2ˢ), with e^(A/2ˢ) ≈ q⁻¹·p, p and q even and odd parts of a polynomial.

    Source: N. Higham, "The scaling and squaring method for the matrix exponential revisited"
    (2005).
    """
    size = np.abs(a).sum(-2).max(-1, initial=0)
    ratio = np.where(np.isfinite(size), size / _THETA, 1)
    times = np.ceil(np.log2(np.maximum(ratio, 1)))  # s
    x = a * np.exp2(-times)[..., None, None]
    identity = np.eye(a.shape[-1])
    x2 = product(x, x)
    x4 = product(x2, x2)
    x6 = product(x4, x2)
    b = [float(c) for c in _PADE]
    odd = product(x6, b[13] * x6 + b[11] * x4 + b[9] * x2)
    odd = product(x, odd + b[7] * x6 + b[5] * x4 + b[3] * x2 + b[1] * identity)
    even = product(x6, b[12] * x6 + b[10] * x4 + b[8] * x2)
    even = even + b[6] * x6 + b[4] * x4 + b[2] * x2 + b[0] * identity
    out = np.linalg.solve(even - odd, even + odd)
    for i in range(int(times.max(initial=0))):
        out = np.where((times > i)[..., None, None], product(out, out), out)
    return out


@op(name="LinalgMatrixExp")
def matrix_exp(input: Array):
    """The matrix exponential, Σ Aᵏ/k!: what e is to numbers, for systems of linear equations.

    out = eᴬ                                                                                  (1)
    ∂A is the upper right block of exp of the double-sized [[Aᵀ, g], [0, Aᵀ]]                 (2)

    Source: (2) is from Van Loan (1978) and Mathias (1996).

    >>> torch.matrix_exp(torch.tensor([[0., 1.], [0., 0.]]))
    tensor([[1., 1.],
            [0., 1.]])
    """
    half = input.dtype == np.float16  # the only matrix function that takes it
    check_matrix("matrix_exp", input.astype(np.float32) if half else input)
    a = input.astype(np.float64)

    def vjp(g: Array) -> Array:
        n = a.shape[-1]
        double = np.zeros((*a.shape[:-2], 2 * n, 2 * n))
        double[..., :n, :n] = double[..., n:, n:] = swap(a)
        double[..., :n, n:] = g
        return _expm(double)[..., :n, n:]  # (2)

    return _expm(a).astype(input.dtype), vjp  # (1)


# -- how nearly singular --------------------------------------------------------------------------


def cond(A: Any, p: Any = None, *, out: Any = None) -> Any:
    """The condition number: how much an error of B can grow in the solution of A·X = B.

    κ = ‖A‖·‖A⁻¹‖;  for the 2-norm σ₁/σₙ, the ratio of the singular values                    (3)

    Args:
        p  the norm: None or 2, -2, 'fro', 'nuc', 1, -1, inf, -inf (default None)
    """
    if not isinstance(A, TensorBase):
        raise errors.not_a_tensor("linalg_cond", "A", 1, A)
    if A._data.ndim < 2:
        raise RuntimeError("linalg.cond: The input tensor must have at least 2 dimensions.")
    allowed = (None, 2, -2, 1, -1, math.inf, -math.inf, "fro", "nuc")
    if p not in allowed:
        raise RuntimeError(f"linalg.cond got an invalid norm type: {p}")
    check_matrix("cond", A._data, square=p not in (None, 2, -2))
    if A._data.shape[-1] == 0 or A._data.shape[-2] == 0:
        made = wrap(np.zeros(A._data.shape[:-2], A._data.dtype))
    elif p in (None, 2, -2):
        s = svdvals(A)
        first, last = select(s, -1, 0), select(s, -1, -1)
        made = last / first if p == -2 else first / last  # (3)
    else:
        inverse, info = inv_ex(A)
        norm = linalg_norm(A, p, (-2, -1)) * linalg_norm(inverse, p, (-2, -1))  # (3)
        made = norm.masked_fill(info != 0, math.inf)
    return made if out is None else _copy_out(made, out=out)


# -- matrices from vectors ------------------------------------------------------------------------


@op(name="Vander")
def _powers(x: Array, n: int, increasing: bool):
    exponents = np.arange(n)
    wide = x if x.dtype.kind == "f" else x.astype(np.int64)
    out = np.power(wide[..., None], exponents.astype(wide.dtype))  # xᵢᵏ
    if not increasing:
        out = out[..., ::-1]

    def vjp(g: Array) -> Array:
        g = g if increasing else g[..., ::-1]
        return (g[..., 1:] * exponents[1:] * np.power(x[..., None], exponents[:-1] * 1.0)).sum(-1)

    return out, vjp


def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    """The Vandermonde matrix: powers of a vector's elements, one row each, falling by default.

    out[i, k] = xᵢᴺ⁻¹⁻ᵏ,  increasing: xᵢᵏ                                                     (4)

    >>> torch.vander(torch.tensor([1, 2, 3]))
    tensor([[1, 1, 1],
            [4, 2, 1],
            [9, 3, 1]])
    """
    if not isinstance(x, TensorBase):
        raise errors.not_a_tensor("vander", "x", 1, x)
    if x._data.ndim != 1:
        raise RuntimeError("x must be a one-dimensional tensor.")
    n = x._data.size if N is None else N
    if n < 0:
        raise RuntimeError("N must be non-negative.")
    return _powers(x, n, increasing)  # (4)


def linalg_vander(x: Any, *, N: int | None = None) -> Any:
    """`torch.linalg.vander`: rising powers of the last dim's elements, for a batch of vectors."""
    a = x._data
    if a.dtype is dtypes.BOOL:
        raise RuntimeError(
            "linalg.vander supports floating point, complex, and integer tensors, but got "
            + dtype_title(a)
        )
    n = (a.shape[-1] if a.ndim else 0) if N is None else N
    if n <= 1:
        raise RuntimeError("N must be greater than 1.")
    return _powers(x if a.ndim else reshape(x, (1,)), n, True)


def householder_product(input: Any, tau: Any, *, out: Any = None) -> Any:
    """Q's first columns from the reflections that a QR decomposition keeps.

    Q = H₁·H₂·…·Hₖ,   Hᵢ = I − τᵢ·vᵢ·vᵢᵀ                                                      (5)

    vᵢ is column i of `input` below the diagonal, with a 1 on it and zeros above.
    """
    a = input._data
    if a.ndim < 2:
        raise RuntimeError(
            "torch.linalg.householder_product: input must have at least 2 dimensions."
        )
    m, n = a.shape[-2:]
    k = tau._data.shape[-1]
    if m < n:
        raise RuntimeError(
            "torch.linalg.householder_product: input.shape[-2] must be greater than or equal to "
            f"input.shape[-1], but got {m} and {n}"
        )
    if n < k:
        raise RuntimeError(
            "torch.linalg.householder_product: input.shape[-1] must be greater than or equal to "
            f"tau.shape[-1], but got {n} and {k}"
        )
    if a.shape[:-2] != tau._data.shape[:-1]:
        raise RuntimeError(
            "torch.linalg.householder_product: Expected batch dimensions of tau to be equal to "
            f"input.shape[:-2], but got {errors.shape_text(tau._data.shape[:-1])}"
        )
    if a.dtype != tau._data.dtype:
        raise RuntimeError(
            f"torch.linalg.householder_product: tau dtype {dtype_title(tau._data)} does not match "
            f"input dtype {dtype_title(a)}"
        )
    return _householder(input, tau) if out is None else _householder(input, tau, out=out)


@op(name="LinalgHouseholderProduct")
def _householder(input: Array, tau: Array):
    m, n = input.shape[-2:]
    k = tau.shape[-1]
    vs = np.tril(input[..., :k], -1) + np.eye(m, k, dtype=input.dtype)
    qs = [np.broadcast_to(np.eye(m, n, dtype=input.dtype), input.shape)]  # Hᵢ₊₁·…·Hₖ, backwards
    for i in reversed(range(k)):
        v, t = vs[..., i, None], tau[..., i, None, None]
        qs.append(qs[-1] - t * product(v, product(swap(v), qs[-1])))  # (5)

    def vjp(g: Array) -> Any:
        if not tau.size:  # no reflection: nothing depends on the inputs
            return None, None
        da, dt = np.zeros(input.shape, g.dtype), np.zeros(tau.shape, g.dtype)
        for i in range(k):
            v, t, q = vs[..., i, None], tau[..., i, None, None], qs[k - 1 - i]
            v_g, v_q = product(swap(v), g), product(swap(v), q)
            dt[..., i] = -(v_g * v_q).sum((-2, -1))
            dv = -t * (product(g, swap(v_q)) + product(q, swap(v_g)))
            da[..., i + 1 :, i] = dv[..., i + 1 :, 0]
            g = g - t * product(v, v_g)
        return da, dt

    return qs[-1].copy(), vjp


# -- the older names ------------------------------------------------------------------------------


def torch_svd(input: Any, some: bool = True, compute_uv: bool = True, *, out: Any = None) -> Any:
    """`torch.svd`: A = U·diag(S)·Vᵀ, with V itself (`linalg.svd` returns its transpose).

    Args:
        some        only the first min(m, n) columns of U and V (default True)
        compute_uv  False: only S; U and V are zeros
    """
    u, s, vh = svd(input, not some)
    if not compute_uv:
        m, n = input._data.shape[-2:]
        batch, dtype = input._data.shape[:-2], input._data.dtype
        found = wrap(np.zeros((*batch, m, m), dtype)), s, wrap(np.zeros((*batch, n, n), dtype))
    else:
        found = u, s, transpose(vh, -2, -1)
    return svd_result(*found if out is None else (_copy_out(t, out=o) for t, o in zip(found, out)))


def torch_qr(input: Any, some: bool = True, *, out: Any = None) -> Any:
    """`torch.qr`: `linalg.qr`, reduced with some=True, complete with some=False."""
    found = qr(input, "reduced" if some else "complete")
    return qr_result(*found if out is None else (_copy_out(t, out=o) for t, o in zip(found, out)))
