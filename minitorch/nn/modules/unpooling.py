"""Rarer poolings: the way back from max pooling (MaxUnpool), and power averages (LPPool).

The formulas are in ops/unpool.py and nn/lp_pool.py.
"""

from __future__ import annotations

from typing import Any

from .. import functional as F
from .module import Module


class _MaxUnpoolNd(Module):
    n = 0  # number of image dimensions

    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None:
        super().__init__()
        self.kernel_size = self._each(kernel_size)
        self.stride = self._each(stride if stride is not None else kernel_size)
        self.padding = self._each(padding)

    def _each(self, value: Any) -> tuple[int, ...]:
        return tuple(value) if isinstance(value, (tuple, list)) else (value,) * self.n

    def _unpool(self, function: Any, input: Any, indices: Any, output_size: Any) -> Any:
        return function(
            input, indices, self.kernel_size, self.stride, self.padding, output_size
        )

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MaxUnpool1d(_MaxUnpoolNd):
    """Put the maxima of MaxPool1d back at their places; arguments as `MaxUnpool2d`."""

    n = 1

    def forward(self, input: Any, indices: Any, output_size: Any = None) -> Any:
        return self._unpool(F.max_unpool1d, input, indices, output_size)


class MaxUnpool2d(_MaxUnpoolNd):
    """Put the maxima of MaxPool2d back at their places, with zeros elsewhere.

    Args:
        kernel_size, stride, padding  those of the pooling (default stride: kernel_size)
    ``forward(input, indices, output_size=None)``: indices from ``return_indices=True``;
    output_size where the pooling did not come out even.

    >>> import minitorch as torch
    >>> pool, back = torch.nn.MaxPool2d(2, return_indices=True), torch.nn.MaxUnpool2d(2)
    >>> back(*pool(torch.tensor([[[1., 2.], [3., 4.]]])))
    tensor([[[0., 0.],
             [0., 4.]]])
    """

    n = 2

    def forward(self, input: Any, indices: Any, output_size: Any = None) -> Any:
        return self._unpool(F.max_unpool2d, input, indices, output_size)


class MaxUnpool3d(_MaxUnpoolNd):
    """Put the maxima of MaxPool3d back at their places; arguments as `MaxUnpool2d`."""

    n = 3

    def forward(self, input: Any, indices: Any, output_size: Any = None) -> Any:
        return self._unpool(F.max_unpool3d, input, indices, output_size)


class _LPPoolNd(Module):
    """Args shared by the power averages.

    Args:
        norm_type    p: 1 is the sum, ∞ would be the maximum
        kernel_size  the window
        stride       from one window to the next (default: kernel_size)
        ceil_mode    also count the last, incomplete window (default False)
    """

    def __init__(
        self, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
    ) -> None:
        super().__init__()
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode

    def _pool(self, function: Any, input: Any) -> Any:
        return function(
            input, float(self.norm_type), self.kernel_size, self.stride, self.ceil_mode
        )

    def extra_repr(self) -> str:
        return (
            f"norm_type={self.norm_type}, kernel_size={self.kernel_size}, stride={self.stride}, "
            f"ceil_mode={self.ceil_mode}"
        )


class LPPool1d(_LPPoolNd):
    """(Σ xᵖ)^(1/p) of each window of (N, C, L) or (C, L)."""

    def forward(self, input: Any) -> Any:
        return self._pool(F.lp_pool1d, input)


class LPPool2d(_LPPoolNd):
    """(Σ xᵖ)^(1/p) of each window of (N, C, H, W) or (C, H, W)."""

    def forward(self, input: Any) -> Any:
        return self._pool(F.lp_pool2d, input)


class LPPool3d(_LPPoolNd):
    """(Σ xᵖ)^(1/p) of each window of (N, C, D, H, W) or (C, D, H, W)."""

    def forward(self, input: Any) -> Any:
        return self._pool(F.lp_pool3d, input)
