"""torch.functional: the tensor functions that PyTorch writes in Python, under that name."""

from .ops.einsum import einsum
from .ops.joining import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    block_diag,
    broadcast_tensors,
    cartesian_prod,
    meshgrid,
)
from .ops.products import cdist, chain_matmul, tensordot
from .ops.search import unique, unique_consecutive
from .ops.split import split
from .ops.vector_norm import norm
from .size import broadcast_shapes

__all__ = [
    "atleast_1d", "atleast_2d", "atleast_3d", "block_diag", "broadcast_shapes",
    "broadcast_tensors", "cartesian_prod", "cdist", "chain_matmul", "einsum", "meshgrid", "norm",
    "split", "tensordot", "unique", "unique_consecutive",
]  # fmt: skip
