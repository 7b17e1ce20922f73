"""Layers that add a border: of zeros, a constant, mirrored, repeated or wrapped around.

The padding is one number for every side, or (left, right), (left, right, top, bottom), … from the
last dimension on.
"""

from __future__ import annotations

from typing import Any

from .. import functional as F
from .module import Module


class _PadNd(Module):
    """Pad the last n dimensions."""

    n = 0
    mode = ""

    def __init__(self, padding: Any) -> None:
        super().__init__()
        sides = 2 * self.n
        self.padding = (padding,) * sides if isinstance(padding, int) else tuple(padding)

    def forward(self, input: Any) -> Any:
        return F.pad(input, self.padding, self.mode)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class _ConstantPadNd(_PadNd):
    mode = "constant"

    def __init__(self, padding: Any, value: float) -> None:
        super().__init__(padding)
        self.value = value

    def forward(self, input: Any) -> Any:
        return F.pad(input, self.padding, "constant", self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class ConstantPad1d(_ConstantPadNd):
    """Add `value` on both sides of the last dimension."""

    n = 1


class ConstantPad2d(_ConstantPadNd):
    """Add a border of `value` around the last two dimensions."""

    n = 2


class ConstantPad3d(_ConstantPadNd):
    """Add a border of `value` around the last three dimensions."""

    n = 3


class _ZeroPadNd(_ConstantPadNd):
    def __init__(self, padding: Any) -> None:
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class ZeroPad1d(_ZeroPadNd):
    """Add zeros on both sides of the last dimension."""

    n = 1


class ZeroPad2d(_ZeroPadNd):
    """Add a border of zeros around images.

    >>> import minitorch as torch
    >>> torch.nn.ZeroPad2d((1, 0, 0, 1))(torch.ones(1, 1, 2))
    tensor([[[0., 1., 1.],
             [0., 0., 0.]]])
    """

    n = 2


class ZeroPad3d(_ZeroPadNd):
    """Add a border of zeros around volumes."""

    n = 3


class _ReflectionPadNd(_PadNd):
    mode = "reflect"


class ReflectionPad1d(_ReflectionPadNd):
    """Mirror at the first and last element, without repeating them."""

    n = 1


class ReflectionPad2d(_ReflectionPadNd):
    """Mirror images at their outermost pixels, without repeating them."""

    n = 2


class ReflectionPad3d(_ReflectionPadNd):
    """Mirror volumes at their outermost voxels, without repeating them."""

    n = 3


class _ReplicationPadNd(_PadNd):
    mode = "replicate"


class ReplicationPad1d(_ReplicationPadNd):
    """Repeat the first and last element."""

    n = 1


class ReplicationPad2d(_ReplicationPadNd):
    """Repeat the outermost pixels of images."""

    n = 2


class ReplicationPad3d(_ReplicationPadNd):
    """Repeat the outermost voxels of volumes."""

    n = 3


class _CircularPadNd(_PadNd):
    mode = "circular"

    def forward(self, input: Any) -> Any:
        if input.dim() not in (self.n + 1, self.n + 2):
            raise ValueError(
                f"expected {self.n + 1}D or {self.n + 2}D input (got {input.dim()}D input)"
            )
        return super().forward(input)


class CircularPad1d(_CircularPadNd):
    """Continue with the elements of the other end."""

    n = 1


class CircularPad2d(_CircularPadNd):
    """Continue images with the pixels of the opposite side."""

    n = 2


class CircularPad3d(_CircularPadNd):
    """Continue volumes with the voxels of the opposite side."""

    n = 3
