"""torch.linalg: the linear algebra of ops/linalg.py, ops/products.py and ops/vector_norm.py."""

from typing import NoReturn

from .ops.linalg import (
    LinAlgError,
    cholesky,
    det,
    eigh,
    eigvalsh,
    inv,
    matrix_rank,
    pinv,
    qr,
    slogdet,
    solve,
    solve_triangular,
    svd,
    svdvals,
    vecdot,
)
from .ops.lu import lu, lu_factor, lu_factor_ex, lu_solve
from .ops.matmul import matmul
from .ops.matrix_functions import cond, householder_product, linalg_vander as vander, matrix_exp
from .ops.products import linalg_cross as cross, matrix_power, multi_dot
from .ops.shape import diagonal
from .ops.solvers import cholesky_ex, inv_ex, lstsq, solve_ex, tensorinv, tensorsolve
from .ops.vector_norm import (
    linalg_matrix_norm as matrix_norm,
    linalg_norm as norm,
    linalg_vector_norm as vector_norm,
)

__all__ = [
    "LinAlgError",
    "cholesky",
    "cholesky_ex",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eigh",
    "eigvalsh",
    "householder_product",
    "inv",
    "inv_ex",
    "lstsq",
    "lu",
    "lu_factor",
    "lu_factor_ex",
    "lu_solve",
    "matmul",
    "matrix_exp",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "multi_dot",
    "norm",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_ex",
    "solve_triangular",
    "svd",
    "svdvals",
    "tensorinv",
    "tensorsolve",
    "vander",
    "vecdot",
    "vector_norm",
]  # fmt: skip


def __getattr__(name: str) -> NoReturn:
    """Say why eig and eigvals are missing: their results are complex in PyTorch."""
    if name in ("eig", "eigvals"):
        raise AttributeError(
            f"linalg.{name} is not supported: its results are complex numbers, which minitorch "
            "does not have; for symmetric matrices use linalg.eigh or linalg.eigvalsh"
        )
    raise AttributeError(f"module 'minitorch.linalg' has no attribute '{name}'")
