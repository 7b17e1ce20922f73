"""CosineSimilarity and PairwiseDistance: how alike two vectors are, how far apart."""

from __future__ import annotations

from typing import Any

from .. import functional as F
from .module import Module


class CosineSimilarity(Module):
    """x₁·x₂ / (‖x₁‖·‖x₂‖) along `dim`.

    Args:
        dim  the dimension of the vectors' components (default 1)
        eps  the smallest norm to divide by (default 1e-8)
    """

    def __init__(self, dim: int = 1, eps: float = 1e-8) -> None:
        super().__init__()
        self.dim = dim
        self.eps = eps

    def forward(self, x1: Any, x2: Any) -> Any:
        return F.cosine_similarity(x1, x2, self.dim, self.eps)


class PairwiseDistance(Module):
    """‖x₁ − x₂ + ε‖_p along the last dimension.

    Args:
        p        the norm (default 2.0)
        eps      keeps the gradient finite at distance 0 (default 1e-6)
        keepdim  keep the last dimension with length 1 (default False)
    """

    def __init__(self, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> None:
        super().__init__()
        self.norm = p
        self.eps = eps
        self.keepdim = keepdim

    def forward(self, x1: Any, x2: Any) -> Any:
        return F.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)
