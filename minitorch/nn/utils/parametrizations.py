"""Two parametrizations of weights (parametrize.py): weight normalisation, spectral normalisation.

    weight norm     W = g · v / ‖v‖            length and direction are trained apart         (1)
    spectral norm   W = V / σ(V)               σ is the largest factor by which V stretches   (2)

σ comes from the power method: with V as a matrix, u and v turn towards its main directions by

    v ← Vᵀ·u / ‖Vᵀ·u‖,   u ← V·v / ‖V·v‖,      then σ ≈ uᵀ·V·v                                (3)

Source: Salimans & Kingma 2016, arXiv:1602.07868; Miyato et al. 2018, arXiv:1802.05957.
"""

from __future__ import annotations

from typing import Any

from ...autograd.grad_mode import no_grad
from ...tensor import Tensor
from .. import functional as F
from ..modules.conv import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from ..modules.module import Module
from .parametrize import register_parametrization


def norm_except_dim(v: Any, dim: int) -> Any:
    """‖v‖ of each slice along `dim`, with the other sizes 1; of all of v for −1."""
    if dim == -1:
        return v.norm()
    return v.norm(2, [d for d in range(v.dim()) if d != dim % v.dim()], keepdim=True)


def scaled_to(g: Any, v: Any, dim: int) -> Any:
    """(1)"""
    return v * (g / norm_except_dim(v, dim))


class _WeightNorm(Module):
    """(1), from the pair (g, v)."""

    def __init__(self, dim: int | None = 0) -> None:
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g: Any, weight_v: Any) -> Any:
        return scaled_to(weight_g, weight_v, self.dim)

    def right_inverse(self, weight: Any) -> tuple[Any, Any]:
        """g is the weight's length, v the weight itself."""
        return norm_except_dim(weight, self.dim), weight


def weight_norm(module: Any, name: str = "weight", dim: int | None = 0) -> Any:
    """Train a weight's lengths and directions apart: (1) of this file.

    Args:
        name  of the parameter (default 'weight')
        dim   a length for each slice along it (default 0: for each output); None: one for all

    >>> import minitorch as torch
    >>> layer = weight_norm(torch.nn.Linear(20, 40))
    >>> layer.parametrizations.weight.original0.shape
    torch.Size([40, 1])
    """
    register_parametrization(module, name, _WeightNorm(dim), unsafe=True)
    old = {f"{name}_g": "original0", f"{name}_v": "original1"}

    def translate(state_dict: Any, prefix: str, *rest: Any) -> None:
        """Files of the older nn.utils.weight_norm have weight_g and weight_v."""
        for before, after in old.items():
            if prefix + before in state_dict:
                key = f"{prefix}parametrizations.{name}.{after}"
                state_dict[key] = state_dict.pop(prefix + before)

    module._register_load_state_dict_pre_hook(translate)
    return module


def transposed(module: Any) -> bool:
    """Whether outputs are along dim 1 of the weight."""
    return isinstance(module, (ConvTranspose1d, ConvTranspose2d, ConvTranspose3d))


class _SpectralNorm(Module):
    """(2), with u and v of (3) as buffers; turned by (3) at each use while training."""

    _u: Any
    _v: Any

    def __init__(
        self, weight: Any, n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12
    ) -> None:
        super().__init__()
        n = weight.dim()
        if not -n <= dim < n:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [-{n}, {n - 1}] but got {dim})"
            )
        if n_power_iterations <= 0:
            raise ValueError(
                "Expected n_power_iterations to be positive, but got "
                f"n_power_iterations={n_power_iterations}"
            )
        self.dim = dim % n
        self.eps = eps
        if n > 1:
            self.n_power_iterations = n_power_iterations
            V = self._matrix(weight)
            rows, columns = V.shape
            u, v = V.new_empty(rows).normal_(0, 1), V.new_empty(columns).normal_(0, 1)
            self.register_buffer("_u", F.normalize(u, dim=0, eps=eps))
            self.register_buffer("_v", F.normalize(v, dim=0, eps=eps))
            self._turn(V, 15)

    def _matrix(self, weight: Any) -> Any:
        rest = [d for d in range(weight.dim()) if d != self.dim]
        return weight.permute(self.dim, *rest).flatten(1)

    def _turn(self, V: Any, times: int) -> None:
        with no_grad():
            for _ in range(times):  # (3)
                self._u.copy_(F.normalize(V.mv(self._v), dim=0, eps=self.eps))
                self._v.copy_(F.normalize(V.t().mv(self._u), dim=0, eps=self.eps))

    def forward(self, weight: Any) -> Any:
        if weight.dim() == 1:
            return F.normalize(weight, dim=0, eps=self.eps)
        V = self._matrix(weight)
        if self.training:
            self._turn(V, self.n_power_iterations)
        sigma = self._u.clone().dot(V.mv(self._v.clone()))  # (3)
        return weight / sigma  # (2)

    def right_inverse(self, value: Any) -> Any:
        """The weight itself: dividing it by σ again changes nothing."""
        return value


def spectral_norm(
    module: Any,
    name: str = "weight",
    n_power_iterations: int = 1,
    eps: float = 1e-12,
    dim: int | None = None,
) -> Any:
    """Keep the factor by which a weight can stretch its input at 1: (2) of this file.

    Args:
        name                of the parameter (default 'weight')
        n_power_iterations  rounds of (3) at each use while training (default 1)
        eps                 the smallest norm to divide by (default 1e-12)
        dim                 the outputs' dim (default 0; 1 for transposed convolutions)

    >>> import minitorch as torch
    >>> layer = spectral_norm(torch.nn.Linear(20, 40))
    >>> bool((torch.linalg.matrix_norm(layer.weight, 2) - 1).abs() < 0.1)
    True
    """
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    if dim is None:
        dim = 1 if transposed(module) else 0
    register_parametrization(module, name, _SpectralNorm(weight, n_power_iterations, dim, eps))
    return module
