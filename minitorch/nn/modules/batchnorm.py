"""Normalisation of channels over a batch (BatchNorm) or over one image (InstanceNorm).

    y = (x − μ) / √(σ² + ε) · γ + β                     μ, σ² per channel                     (1)
    running ← (1 − momentum) · running + momentum · μ   (and σ², with n/(n − 1))              (2)

While training, μ and σ² are those of the batch; in eval mode, the running ones.
"""

from __future__ import annotations

from typing import Any

from ... import dtypes
from ...ops.create import empty, ones, tensor, zeros
from .. import functional as F, init
from ..parameter import Parameter
from .module import Module


class _NormBase(Module):
    """Parameters, running statistics and printing of both kinds.

    Args:
        num_features         C
        eps                  ε of (1) (default 1e-5)
        momentum             of (2); None: the plain average of all batches (default 0.1)
        affine               learn γ (starts at 1) and β (starts at 0)
        track_running_stats  keep running statistics for eval mode
        bias                 learn β; only with affine (default True)
    """

    _version = 2  # 1 had no num_batches_tracked

    def __init__(
        self,
        num_features: int,
        eps: float,
        momentum: float | None,
        affine: bool,
        track_running_stats: bool,
        device: Any,
        dtype: Any,
        bias: bool,
    ) -> None:
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        made = {"device": device, "dtype": dtype}
        for name, learned in (("weight", True), ("bias", bias)):
            if affine and learned:
                setattr(self, name, Parameter(empty(num_features, **made)))
            else:
                self.register_parameter(name, None)
        if track_running_stats:
            self.register_buffer("running_mean", zeros(num_features, **made))
            self.register_buffer("running_var", ones(num_features, **made))
            self.register_buffer("num_batches_tracked", tensor(0, dtype=dtypes.int64))
        else:
            for name in ("running_mean", "running_var", "num_batches_tracked"):
                self.register_buffer(name, None)
        self.reset_parameters()

    def reset_running_stats(self) -> None:
        """Mean 0, variance 1, no batches seen."""
        if self.track_running_stats:
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """γ = 1, β = 0, and fresh running statistics."""
        self.reset_running_stats()
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)

    def _check_dims(self, input: Any, *allowed: int) -> None:
        if input.dim() not in allowed:
            wanted = " or ".join(f"{n}D" for n in allowed)
            raise ValueError(f"expected {wanted} input (got {input.dim()}D input)")

    def _load_from_state_dict(
        self, state_dict: Any, prefix: str, local_metadata: Any, *lists: Any
    ) -> None:
        version = local_metadata.get("version")
        key = prefix + "num_batches_tracked"
        if (version is None or version < 2) and self.track_running_stats:
            state_dict.setdefault(key, self.num_batches_tracked)
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *lists)

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, "
            f"affine={self.affine}, bias={self.bias is not None}, "
            f"track_running_stats={self.track_running_stats}"
        )


class _BatchNorm(_NormBase):
    allowed: tuple[int, ...] = ()  # numbers of dimensions of the input

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, device, dtype, bias
        )

    def forward(self, input: Any) -> Any:
        self._check_dims(input, *self.allowed)
        factor = 0.0 if self.momentum is None else self.momentum
        if self.training and self.track_running_stats and self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:  # (2) with 1/n: the plain average
                factor = 1.0 / float(self.num_batches_tracked)
        of_batch = self.training or (self.running_mean is None and self.running_var is None)
        keep = not self.training or self.track_running_stats
        return F.batch_norm(
            input,
            self.running_mean if keep else None,
            self.running_var if keep else None,
            self.weight,
            self.bias,
            of_batch,
            factor,
            self.eps,
        )


class BatchNorm1d(_BatchNorm):
    """Bring every feature to mean 0 and variance 1 over the batch: (N, C) or (N, C, L).

    Args:
        num_features         C
        eps                  added to the variance (default 1e-5)
        momentum             weight of the newest batch in the running statistics; None: the
                             plain average (default 0.1)
        affine               learn γ and β (default True)
        track_running_stats  keep running statistics for eval mode (default True)
        bias                 learn β; only with affine (default True)

    Source: Ioffe & Szegedy 2015, arXiv:1502.03167.
    """

    allowed = (2, 3)


class BatchNorm2d(_BatchNorm):
    """Bring every channel to mean 0 and variance 1 over batch and image: (N, C, H, W).

    The arguments are those of `BatchNorm1d`.
    """

    allowed = (4,)


class BatchNorm3d(_BatchNorm):
    """Bring every channel to mean 0 and variance 1 over batch and volume: (N, C, D, H, W)."""

    allowed = (5,)


class _InstanceNorm(_NormBase):
    allowed: tuple[int, ...] = ()  # numbers of dimensions, without and with a batch

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, device, dtype, bias
        )

    def forward(self, input: Any) -> Any:
        self._check_dims(input, *self.allowed)
        unbatched = input.dim() == self.allowed[0]
        channels = input.size(0 if unbatched else 1)
        if channels != self.num_features and self.affine:
            raise ValueError(
                f"expected input's size at dim={0 if unbatched else 1} to match num_features "
                f"({self.num_features}), but got: {channels}."
            )
        y = F.instance_norm(
            input.unsqueeze(0) if unbatched else input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not self.track_running_stats,
            self.momentum if self.momentum is not None else 0.0,
            self.eps,
        )
        return y.squeeze(0) if unbatched else y


class InstanceNorm1d(_InstanceNorm):
    """Bring every channel of every sample to mean 0 and variance 1: (N, C, L) or (C, L).

    The arguments are those of `BatchNorm1d`, but affine and track_running_stats are False by
    default.

    Source: Ulyanov et al. 2016, arXiv:1607.08022.
    """

    allowed = (2, 3)


class InstanceNorm2d(_InstanceNorm):
    """Bring every channel of every image to mean 0 and variance 1: (N, C, H, W) or (C, H, W)."""

    allowed = (3, 4)


class InstanceNorm3d(_InstanceNorm):
    """Bring every channel of every volume to mean 0 and variance 1."""

    allowed = (4, 5)
