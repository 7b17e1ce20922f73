"""Convolution layers: Conv1d, Conv2d, Conv3d and their transposes.

    y[n, k, i, j] = b[k] + Σ_c Σ_u Σ_v  w[k, c, u, v] · x[n, c, i·s + u·d − p, j·s + v·d − p]

with stride s, dilation d and padding p; the equation and its gradients are in ops/conv.py.
"""

from __future__ import annotations

import math
from typing import Any

from ...ops.create import empty
from .. import functional as F, init
from ..parameter import Parameter
from .module import Module

_MODES = ("zeros", "reflect", "replicate", "circular")


def _tuple(value: Any, n: int) -> tuple[int, ...]:
    """One number for every dimension, or one each."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * n


class _ConvNd(Module):
    """Arguments, weight and printing, for n = 1, 2, 3 dimensions and both directions."""

    n = 0  # number of image dimensions
    transposed = False
    padding: Any  # a tuple of ints, or 'same', 'valid'

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any,
        padding: Any,
        dilation: Any,
        output_padding: Any,
        groups: int,
        bias: bool,
        padding_mode: str,
        device: Any,
        dtype: Any,
    ) -> None:
        super().__init__()
        if groups <= 0:
            raise ValueError("groups must be a positive integer")
        if in_channels % groups != 0:
            raise ValueError(
                f"in_channels must be divisible by groups: got {in_channels} and {groups}"
            )
        if out_channels % groups != 0:
            raise ValueError(
                f"out_channels must be divisible by groups: got {out_channels} and {groups}"
            )
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = _tuple(kernel_size, self.n)
        self.stride = _tuple(stride, self.n)
        self.padding = padding if isinstance(padding, str) else _tuple(padding, self.n)
        self.dilation = _tuple(dilation, self.n)
        self.output_padding = _tuple(output_padding, self.n)
        self.groups = groups
        self.padding_mode = padding_mode
        self._check_padding()
        if self.transposed:
            shape = (in_channels, out_channels // groups, *self.kernel_size)
        else:
            shape = (out_channels, in_channels // groups, *self.kernel_size)
        self.weight = Parameter(empty(shape, device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_channels, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def _check_padding(self) -> None:
        if isinstance(self.padding, str):
            if self.padding not in ("same", "valid"):
                raise ValueError(
                    f"Invalid padding string {self.padding!r}, should be one of 'same', 'valid'"
                )
            if self.padding == "same" and any(s != 1 for s in self.stride):
                raise ValueError("padding='same' is not supported for strided convolutions")
        if self.padding_mode not in _MODES:
            raise ValueError(
                f"padding_mode must be one of {_MODES}, but got padding_mode='{self.padding_mode}'"
            )

    def reset_parameters(self) -> None:
        """Draw weight, then bias, uniform on ±1/√fan_in; fan_in = in/groups · Π kernel_size."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init._calculate_fan_in_and_fan_out(self.weight)
            if fan_in != 0:
                bound = 1 / math.sqrt(fan_in)
                init.uniform_(self.bias, -bound, bound)

    def _pad_both(self) -> list[int]:
        """The padding as F.pad takes it: (before, after) of each dimension, the last one first."""
        if self.padding == "same":
            total = [d * (k - 1) for d, k in zip(self.dilation, self.kernel_size)]
            both = [(t // 2, t - t // 2) for t in total]
        elif self.padding == "valid":
            both = [(0, 0)] * self.n
        else:
            both = [(p, p) for p in self.padding]
        return [p for pair in reversed(both) for p in pair]

    def _convolve(self, function: Any, input: Any) -> Any:
        padding = self.padding
        if self.padding_mode != "zeros":
            input = F.pad(input, self._pad_both(), mode=self.padding_mode)
            padding = 0
        return function(
            input, self.weight, self.bias, self.stride, padding, self.dilation, self.groups
        )

    def extra_repr(self) -> str:
        zeros, ones = (0,) * self.n, (1,) * self.n
        text = (
            f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, "
            f"stride={self.stride}"
        )
        for name, default in (
            ("padding", zeros), ("dilation", ones), ("output_padding", zeros), ("groups", 1)
        ):  # fmt: skip
            if getattr(self, name) != default:
                text += f", {name}={getattr(self, name)}"
        if self.bias is None:
            text += ", bias=False"
        if self.padding_mode != "zeros":
            text += f", padding_mode={self.padding_mode}"
        return text


class Conv1d(_ConvNd):
    """Convolution over sequences. Shape: (N, C, L) → (N, K, L′); arguments as for Conv2d."""

    n = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, 0, groups, bias,
            padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Any) -> Any:
        return self._convolve(F.conv1d, input)


class Conv2d(_ConvNd):
    """Slide out_channels learned patterns over an image; each output tells how well one fits.

    Shape: x (N, C, H, W) or (C, H, W) → y (N, K, H′, W′),
    H′ = ⌊(H + 2·padding − dilation·(kernel_size − 1) − 1) / stride⌋ + 1;
    weight (K, C/groups, *kernel_size), bias (K).

    Args:
        in_channels   C, the channels of the input image (3 for RGB)
        out_channels  K, the number of patterns
        kernel_size   pixels; an int, or (height, width)
        stride        pixels from one position to the next (default 1)
        padding       pixels added on every side; or 'same' (H′ = H, stride 1), 'valid' (none)
        dilation      pixels from one kernel element to the next (default 1)
        groups        split the channels into groups that do not mix (default 1);
                      groups=in_channels: each channel alone (depthwise)
        bias          learn a constant per output channel (default True)
        padding_mode  what is added: 'zeros' (default), 'reflect', 'replicate', 'circular'
        device        None or 'cpu'
        dtype         of the parameters (default: the default dtype)
    Raises ValueError for channels that groups does not divide, an unknown padding or padding_mode.

    >>> import minitorch as torch
    >>> torch.nn.Conv2d(1, 16, kernel_size=4, stride=4)(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 16, 7, 7])

    Source: notes, "nn.Conv2d". See: ops.conv2d for the equation and its gradients.
    """

    n = 2

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, 0, groups, bias,
            padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Any) -> Any:
        return self._convolve(F.conv2d, input)


class Conv3d(_ConvNd):
    """Convolution over volumes. Shape: (N, C, D, H, W) → (N, K, D′, H′, W′); else as Conv2d."""

    n = 3

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, 0, groups, bias,
            padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Any) -> Any:
        return self._convolve(F.conv3d, input)


class _ConvTransposeNd(_ConvNd):
    """Shared by the transposed convolutions: zeros padding only, and output_size at the call."""

    transposed = True

    def __init__(self, *args: Any) -> None:
        padding_mode = args[9]
        if padding_mode != "zeros":
            raise ValueError(
                f'Only "zeros" padding mode is supported for {type(self).__name__}, '
                f"got padding_mode='{padding_mode}'"
            )
        super().__init__(*args)

    def _output_padding(self, input: Any, output_size: Any) -> Any:
        """The output_padding that makes the output as large as output_size."""
        if output_size is None:
            return self.output_padding
        batched = input.dim() == self.n + 2
        size = list(output_size)
        if len(size) == input.dim():
            size = size[2 if batched else 1 :]
        if len(size) != self.n:
            raise ValueError(
                f"{type(self).__name__}: for {input.dim()}D input, output_size must have "
                f"{self.n} or {input.dim()} elements (got {len(size)})"
            )
        smallest = [
            (n - 1) * s - 2 * p + d * (k - 1) + 1
            for n, s, p, d, k in zip(
                input.shape[-self.n :], self.stride, self.padding, self.dilation, self.kernel_size
            )
        ]
        largest = [low + s - 1 for low, s in zip(smallest, self.stride)]
        if any(not low <= n <= high for n, low, high in zip(size, smallest, largest)):
            raise ValueError(
                f"requested an output size of {size}, but valid sizes range from {smallest} to "
                f"{largest} (for an input of {list(input.shape[-self.n:])})"
            )
        return tuple(n - low for n, low in zip(size, smallest))

    def _spread(self, function: Any, input: Any, output_size: Any) -> Any:
        extra = self._output_padding(input, output_size)
        return function(
            input, self.weight, self.bias, self.stride, self.padding, extra, self.groups,
            self.dilation,
        )  # fmt: skip


class ConvTranspose1d(_ConvTransposeNd):
    """The transpose of Conv1d. Shape: (N, C, L) → (N, K, L′); arguments as ConvTranspose2d."""

    n = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, output_padding,
            groups, bias, padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Any, output_size: Any = None) -> Any:
        return self._spread(F.conv_transpose1d, input, output_size)


class ConvTranspose2d(_ConvTransposeNd):
    """The transpose of Conv2d: every input pixel adds its multiple of the kernel to the output.

    Shape: x (N, C, H, W) → y (N, K, H′, W′),
    H′ = (H − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1;
    weight (C, K/groups, *kernel_size).

    Args: as Conv2d, and
        output_padding  rows added at one side, to choose among the sizes that the stride of the
                        matching Conv2d maps to one (default 0)
    ``forward(input, output_size)`` finds output_padding itself.
    """

    n = 2

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, output_padding,
            groups, bias, padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Any, output_size: Any = None) -> Any:
        return self._spread(F.conv_transpose2d, input, output_size)


class ConvTranspose3d(_ConvTransposeNd):
    """The transpose of Conv3d. Shape: (N, C, D, H, W) → (N, K, D′, H′, W′); as ConvTranspose2d."""

    n = 3

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        output_padding: Any = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Any = 1,
        padding_mode: str = "zeros",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, output_padding,
            groups, bias, padding_mode, device, dtype,
        )  # fmt: skip

    def forward(self, input: Any, output_size: Any = None) -> Any:
        return self._spread(F.conv_transpose3d, input, output_size)
