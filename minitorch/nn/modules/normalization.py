"""Normalisation within one sample: LayerNorm, RMSNorm, GroupNorm, LocalResponseNorm."""

from __future__ import annotations

from typing import Any

from ...ops.create import empty
from .. import functional as F, init
from ..parameter import Parameter
from .module import Module


def _shape(normalized_shape: Any) -> tuple[int, ...]:
    if isinstance(normalized_shape, int):
        return (normalized_shape,)
    return tuple(normalized_shape)


class LayerNorm(Module):
    """Bring the last dimensions to mean 0 and variance 1, then scale and shift.

    y = (x − μ) / √(σ² + ε) · γ + β,  μ and σ² over the dimensions of normalized_shape

    Shape: x (…, *normalized_shape) → the same; weight γ and bias β: normalized_shape.

    Args:
        normalized_shape    the sizes of the last dimensions, or one int for the last
        eps                 ε, added to the variance; unit: that of x² (default 1e-5)
        elementwise_affine  learn γ (starts at 1) and β (starts at 0) (default True)
        bias                learn β; only with elementwise_affine (default True)
        device              None or 'cpu'
        dtype               of γ and β (default: the default dtype)

    >>> import minitorch as torch
    >>> torch.nn.LayerNorm(3, elementwise_affine=False)(torch.tensor([[1., 2., 3.]]))
    tensor([[-1.2247,  0.0000,  1.2247]])

    Source: Ba, Kiros, Hinton 2016, arXiv:1607.06450; notes, "nn.LayerNorm".
    See: ops.layer_norm for the gradient.
    """

    def __init__(
        self,
        normalized_shape: Any,
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = _shape(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        for name, learned in (("weight", True), ("bias", bias)):
            if elementwise_affine and learned:
                numbers = empty(self.normalized_shape, device=device, dtype=dtype)
                setattr(self, name, Parameter(numbers))
            else:
                self.register_parameter(name, None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """γ = 1, β = 0."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)

    def forward(self, input: Any) -> Any:
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"
        )


class RMSNorm(Module):
    """Divide by the root of the mean square, without subtracting the mean; then scale.

    y = x / √(mean(x²) + ε) · γ

    Args:
        normalized_shape    the sizes of the last dimensions, or one int for the last
        eps                 ε (default None: the dtype's machine epsilon)
        elementwise_affine  learn γ (default True)

    Source: Zhang & Sennrich 2019, arXiv:1910.07467.
    """

    def __init__(
        self,
        normalized_shape: Any,
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = _shape(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        if elementwise_affine:
            self.weight = Parameter(empty(self.normalized_shape, device=device, dtype=dtype))
        else:
            self.register_parameter("weight", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """γ = 1."""
        if self.weight is not None:
            init.ones_(self.weight)

    def forward(self, x: Any) -> Any:
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}"
        )


class GroupNorm(Module):
    """LayerNorm over groups of channels: mean and variance over (C/groups, H, W) of a sample.

    Shape: x (N, C, …) → the same; weight and bias (C).

    Args:
        num_groups    how many groups the channels are split into
        num_channels  C, a multiple of num_groups
        eps           added to the variance (default 1e-5)
        affine        learn one γ and β per channel (default True)
        bias          learn β; only with affine (default True)

    Source: Wu & He 2018, arXiv:1803.08494.
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        if num_channels % num_groups != 0:
            raise ValueError(
                f"num_channels ({num_channels}) must be divisible by num_groups ({num_groups})"
            )
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        for name, learned in (("weight", True), ("bias", bias)):
            if affine and learned:
                setattr(self, name, Parameter(empty(num_channels, device=device, dtype=dtype)))
            else:
                self.register_parameter(name, None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """γ = 1, β = 0."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)

    def forward(self, input: Any) -> Any:
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, "
            f"bias={self.bias is not None}"
        )


class LocalResponseNorm(Module):
    """Divide by the mean square of the neighbouring channels.

    y_c = x_c / (k + α · mean of x² over `size` channels around c)^β

    Source: Krizhevsky et al. 2012, section 3.3.
    """

    def __init__(
        self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
    ) -> None:
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input: Any) -> Any:
        return F.local_response_norm(input, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        return f"{self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k}"
