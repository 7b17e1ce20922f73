"""Lazy modules: layers that read their number of inputs off the first batch they see.

Until then their parameters have no shape. The first call makes them (`materialize`), draws their
numbers and turns the module into the ordinary layer: LazyLinear becomes Linear.
"""

from __future__ import annotations

from typing import Any

from ... import dtypes
from ...autograd.grad_mode import no_grad
from ...ops.create import tensor
from ..parameter import UninitializedBuffer, UninitializedParameter, is_lazy
from .batchnorm import (
    BatchNorm1d,
    BatchNorm2d,
    BatchNorm3d,
    InstanceNorm1d,
    InstanceNorm2d,
    InstanceNorm3d,
)
from .conv import Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from .linear import Linear


class LazyModuleMixin:
    """What makes a layer lazy; a subclass gives `initialize_parameters` and `cls_to_become`.

    >>> import minitorch as torch
    >>> layer = torch.nn.LazyLinear(3)
    >>> layer.weight
    <UninitializedParameter>
    >>> layer(torch.zeros(5, 2)).shape, layer
    (torch.Size([5, 3]), Linear(in_features=2, out_features=3, bias=True))
    """

    cls_to_become: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this: Any = self
        this._load_hook = this._register_load_state_dict_pre_hook(this._lazy_load_hook)
        this._initialize_hook = this.register_forward_pre_hook(
            type(self)._infer_parameters, with_kwargs=True
        )

    def initialize_parameters(self, *args: Any, **kwargs: Any) -> None:
        """Give the parameters their shapes, from the arguments of the first call."""
        raise NotImplementedError(
            f"initialize_parameters is not implemented for {type(self).__name__}"
        )

    def has_uninitialized_params(self) -> bool:
        """Whether a parameter or buffer still waits for its shape."""
        this: Any = self
        return any(map(is_lazy, (*this._parameters.values(), *this._buffers.values())))

    def _infer_parameters(self, args: Any, kwargs: Any = None) -> None:
        """Before the first forward: make the parameters and become the ordinary layer."""
        this: Any = self
        this.initialize_parameters(*args, **(kwargs or {}))
        if this.has_uninitialized_params():
            raise RuntimeError(f"module {this._get_name()} has not been fully initialized")
        this._initialize_hook.remove()
        this._load_hook.remove()
        del this._initialize_hook, this._load_hook
        if this.cls_to_become is not None:
            this.__class__ = this.cls_to_become

    def _save_to_state_dict(self, destination: Any, prefix: str, keep_vars: bool) -> None:
        this: Any = self
        for name, t in (*this._parameters.items(), *this._buffers.items()):
            if t is not None and name not in this._non_persistent_buffers_set:
                destination[prefix + name] = t if keep_vars or is_lazy(t) else t.detach()

    def _lazy_load_hook(self, state_dict: Any, prefix: str, *rest: Any) -> None:
        """Before loading: take the shapes of what is loaded."""
        this: Any = self
        for name, t in (*this._parameters.items(), *this._buffers.items()):
            given = state_dict.get(prefix + name)
            if is_lazy(t) and given is not None and not is_lazy(given):
                t.materialize(given.shape)


class _Lazy(LazyModuleMixin):
    """Shared by the layers here: what starts without a shape, and when numbers are drawn."""

    counted = "in_channels"  # the attribute that the first input tells; 0 until then

    def _wait(self, bias: bool, device: Any, dtype: Any) -> None:
        this: Any = self
        this.weight = UninitializedParameter(device=device, dtype=dtype)
        if bias:
            this.bias = UninitializedParameter(device=device, dtype=dtype)

    def reset_parameters(self) -> None:
        """Draw new numbers, once there are any."""
        if getattr(self, self.counted) and not self.has_uninitialized_params():
            super().reset_parameters()  # type: ignore[misc]


class LazyLinear(_Lazy, Linear):
    """A Linear that learns in_features from its first input; the other arguments are Linear's."""

    cls_to_become = Linear
    counted = "in_features"

    def __init__(
        self, out_features: int, bias: bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__(0, 0, False)
        self.out_features = out_features
        self._wait(bias, device, dtype)

    def initialize_parameters(self, input: Any) -> None:
        """in_features is the input's last size."""
        this: Any = self
        if not self.has_uninitialized_params():
            return
        with no_grad():
            self.in_features = input.shape[-1]
            this.weight.materialize((self.out_features, self.in_features))
            if this.bias is not None:
                this.bias.materialize((self.out_features,))
            self.reset_parameters()


class _LazyConv(_Lazy):
    """Convolutions that learn in_channels from their first input."""

    def initialize_parameters(self, input: Any, *args: Any, **kwargs: Any) -> None:
        """in_channels is the size before the n image dimensions."""
        this: Any = self
        if not self.has_uninitialized_params():
            return
        if input.dim() not in (this.n + 1, this.n + 2):
            raise RuntimeError(
                f"Expected {this.n + 1}D (unbatched) or {this.n + 2}D (batched) input to "
                f"{type(self).__name__}, but got input of size: {input.shape}"
            )
        channels = input.shape[-1 - this.n]
        if channels % this.groups:
            raise ValueError("in_channels must be divisible by groups")
        with no_grad():
            this.in_channels = channels
            if this.transposed:
                sizes = (channels, this.out_channels // this.groups)
            else:
                sizes = (this.out_channels, channels // this.groups)
            this.weight.materialize((*sizes, *this.kernel_size))
            if this.bias is not None:
                this.bias.materialize((this.out_channels,))
            self.reset_parameters()


class _LazyForwardConv(_LazyConv):
    """What LazyConv1d, 2d and 3d share: the constructor, without in_channels."""

    def __init__(
        self,
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
            0, 0, kernel_size, stride, padding, dilation, groups, False, padding_mode
        )
        self.out_channels = out_channels
        self._wait(bias, device, dtype)


class _LazyTransposedConv(_LazyConv):
    """What LazyConvTranspose1d, 2d and 3d share: the constructor, without in_channels."""

    def __init__(
        self,
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
            0, 0, kernel_size, stride, padding, output_padding, groups, False, dilation,
            padding_mode,
        )  # fmt: skip
        self.out_channels = out_channels
        self._wait(bias, device, dtype)


class LazyConv1d(_LazyForwardConv, Conv1d):
    """A Conv1d that learns in_channels from its first input; arguments alike."""

    cls_to_become = Conv1d


class LazyConv2d(_LazyForwardConv, Conv2d):
    """A Conv2d that learns in_channels from its first input; arguments alike."""

    cls_to_become = Conv2d


class LazyConv3d(_LazyForwardConv, Conv3d):
    """A Conv3d that learns in_channels from its first input; arguments alike."""

    cls_to_become = Conv3d


class LazyConvTranspose1d(_LazyTransposedConv, ConvTranspose1d):
    """A ConvTranspose1d that learns in_channels from its first input; arguments alike."""

    cls_to_become = ConvTranspose1d


class LazyConvTranspose2d(_LazyTransposedConv, ConvTranspose2d):
    """A ConvTranspose2d that learns in_channels from its first input; arguments alike."""

    cls_to_become = ConvTranspose2d


class LazyConvTranspose3d(_LazyTransposedConv, ConvTranspose3d):
    """A ConvTranspose3d that learns in_channels from its first input; arguments alike."""

    cls_to_become = ConvTranspose3d


class _LazyNorm(_Lazy):
    """Norms that learn num_features from their first input."""

    counted = "num_features"

    def __init__(
        self,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(0, eps, momentum, False, False)
        this: Any = self
        this.affine = affine
        this.track_running_stats = track_running_stats
        if affine:
            self._wait(bias, device, dtype)
        if track_running_stats:
            this.running_mean = UninitializedBuffer(device=device, dtype=dtype)
            this.running_var = UninitializedBuffer(device=device, dtype=dtype)
            this.num_batches_tracked = tensor(0, dtype=dtypes.int64)

    def initialize_parameters(self, input: Any) -> None:
        """num_features is the input's number of channels."""
        this: Any = self
        if not self.has_uninitialized_params():
            return
        this.num_features = input.shape[1]
        for t in (this.weight, this.bias, this.running_mean, this.running_var):
            if is_lazy(t):
                t.materialize((this.num_features,))
        self.reset_parameters()


class LazyBatchNorm1d(_LazyNorm, BatchNorm1d):
    """A BatchNorm1d that learns num_features from its first input; arguments alike."""

    cls_to_become = BatchNorm1d


class LazyBatchNorm2d(_LazyNorm, BatchNorm2d):
    """A BatchNorm2d that learns num_features from its first input; arguments alike."""

    cls_to_become = BatchNorm2d


class LazyBatchNorm3d(_LazyNorm, BatchNorm3d):
    """A BatchNorm3d that learns num_features from its first input; arguments alike."""

    cls_to_become = BatchNorm3d


class LazyInstanceNorm1d(_LazyNorm, InstanceNorm1d):
    """An InstanceNorm1d that learns num_features from its first input; affine by default."""

    cls_to_become = InstanceNorm1d


class LazyInstanceNorm2d(_LazyNorm, InstanceNorm2d):
    """An InstanceNorm2d that learns num_features from its first input; affine by default."""

    cls_to_become = InstanceNorm2d


class LazyInstanceNorm3d(_LazyNorm, InstanceNorm3d):
    """An InstanceNorm3d that learns num_features from its first input; affine by default."""

    cls_to_become = InstanceNorm3d
