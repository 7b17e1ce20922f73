"""Dropout: while training, set random elements to zero; in eval mode, do nothing."""

from __future__ import annotations

from typing import Any

from .. import functional as F
from .module import Module


class _DropoutNd(Module):
    """What the dropout layers share.

    Args:
        p        the probability that an element (a channel) becomes 0, in [0, 1] (default 0.5)
        inplace  change the input itself (default False)
    Raises ValueError for p outside [0, 1].
    """

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p = p
        self.inplace = inplace

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_DropoutNd):
    """y = x · m / (1 − p), each mask element m being 0 with probability p, else 1.

    The division keeps the mean: E[y] = x. In eval mode y = x.

    Args:
        p        the probability that an element becomes 0, in [0, 1] (default 0.5)
        inplace  change the input itself (default False)

    >>> import minitorch as torch
    >>> drop = torch.nn.Dropout(0.25)
    >>> drop.eval()(torch.ones(3))
    tensor([1., 1., 1.])

    Source: Srivastava et al. 2014; notes, "nn.Dropout".
    """

    def forward(self, input: Any) -> Any:
        return F.dropout(input, self.p, self.training, self.inplace)


class Dropout1d(_DropoutNd):
    """Dropout of whole channels: (N, C, L) or (C, L), one mask element for each (n, c)."""

    def forward(self, input: Any) -> Any:
        return F.dropout1d(input, self.p, self.training, self.inplace)


class Dropout2d(_DropoutNd):
    """Dropout of whole channels: (N, C, H, W), one mask element for each (n, c)."""

    def forward(self, input: Any) -> Any:
        return F.dropout2d(input, self.p, self.training, self.inplace)


class Dropout3d(_DropoutNd):
    """Dropout of whole channels: (N, C, D, H, W), one mask element for each (n, c)."""

    def forward(self, input: Any) -> Any:
        return F.dropout3d(input, self.p, self.training, self.inplace)


class AlphaDropout(_DropoutNd):
    """Dropout for SELU networks: sets elements to SELU's limit −α′, keeps mean 0 and variance 1.

    Source: Klambauer et al. 2017, arXiv:1706.02515.
    """

    def forward(self, input: Any) -> Any:
        return F.alpha_dropout(input, self.p, self.training, self.inplace)


class FeatureAlphaDropout(_DropoutNd):
    """AlphaDropout of whole channels: one mask element for each (n, c)."""

    def forward(self, input: Any) -> Any:
        return F.feature_alpha_dropout(input, self.p, self.training, self.inplace)
