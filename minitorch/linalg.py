"""torch.linalg: the linear algebra of ops/linalg.py, ops/products.py and ops/vector_norm.py."""

from .ops.linalg import (
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
from .ops.matmul import matmul
from .ops.products import linalg_cross as cross, matrix_power, multi_dot
from .ops.shape import diagonal
from .ops.vector_norm import (
    linalg_matrix_norm as matrix_norm,
    linalg_norm as norm,
    linalg_vector_norm as vector_norm,
)

__all__ = [
    "cholesky", "cross", "det", "diagonal", "eigh", "eigvalsh", "inv", "matmul", "matrix_norm",
    "matrix_power", "matrix_rank", "multi_dot", "norm", "pinv", "qr", "slogdet", "solve",
    "solve_triangular", "svd", "svdvals", "vecdot", "vector_norm",
]  # fmt: skip
