"""Power-average pooling: between the mean (p = 1) and the maximum (p = ∞) of every window.

    out = (Σ xᵖ over the window)^(1/p)                                                        (1)

The sum is average pooling times the window's size. It is taken as |…|, with no gradient where it
is 0, so that an odd p of negative numbers has a root.
"""

from __future__ import annotations

from math import prod
from typing import Any

from ..ops.activation import relu
from ..ops.avg_pool import avg_pool1d, avg_pool2d, avg_pool3d


def _lp_pool(
    pool: Any, dims: int, input: Any, p: float, kernel_size: Any, stride: Any, ceil_mode: bool
) -> Any:
    mean = pool(input**p, kernel_size, stride, 0, ceil_mode)
    sizes = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size,) * dims
    return (mean.sign() * relu(mean.abs()) * prod(sizes)) ** (1.0 / p)  # (1)


def lp_pool1d(
    input: Any, norm_type: float, kernel_size: int, stride: Any = None, ceil_mode: bool = False
) -> Any:
    """(1) of every window of a sequence (N, C, L) or (C, L).

    Args:
        norm_type    p
        kernel_size  the window
        stride       from one window to the next (default: kernel_size)
        ceil_mode    also count the last, incomplete window (default False)
    """
    return _lp_pool(avg_pool1d, 1, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(
    input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> Any:
    """(1) of every window of an image (N, C, H, W) or (C, H, W); arguments as `lp_pool1d`.

    >>> import minitorch as torch
    >>> lp_pool2d(torch.tensor([[[3.0, 0.0], [0.0, 4.0]]]), 2, 2)
    tensor([[[5.]]])
    """
    return _lp_pool(avg_pool2d, 2, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(
    input: Any, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False
) -> Any:
    """(1) of every window of a volume (N, C, D, H, W) or (C, D, H, W); as `lp_pool1d`."""
    return _lp_pool(avg_pool3d, 3, input, norm_type, kernel_size, stride, ceil_mode)
