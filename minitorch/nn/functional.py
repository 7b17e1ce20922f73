"""torch.nn.functional: the layers' computations as functions, under PyTorch's names.

Most are ops, re-exported: each op's equation, forward and gradient stand in one function in
`minitorch/ops/`. Defined here are only what PyTorch spells differently in this namespace
(``inplace=``, ``dim=None``) and a few compositions.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..autograd.rule import inplace as _in_place
from ..dtypes import float64
from ..ops import activation as _act, softmax as _softmax
from ..ops.activation import (
    gelu,
    glu,
    hardshrink,
    logsigmoid,
    prelu,
    softplus,
    softshrink,
    softsign,
    tanhshrink,
)
from ..ops.adaptive_pool import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    adaptive_max_pool3d,
)
from ..ops.attention import scaled_dot_product_attention
from ..ops.avg_pool import avg_pool1d, avg_pool2d, avg_pool3d
from ..ops.channel_norm import batch_norm, group_norm, instance_norm
from ..ops.conv import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from ..ops.create import empty, empty_like, ones_like, zeros_like
from ..ops.cross_entropy import cross_entropy, nll_loss
from ..ops.dropout import (
    alpha_dropout,
    dropout,
    dropout1d,
    dropout2d,
    dropout3d,
    feature_alpha_dropout,
)
from ..ops.embedding import embedding, one_hot
from ..ops.fold import fold, unfold
from ..ops.joining import broadcast_tensors
from ..ops.loss import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    smooth_l1_loss,
)
from ..ops.margin_loss import (
    cosine_embedding_loss,
    gaussian_nll_loss,
    hinge_embedding_loss,
    margin_ranking_loss,
    poisson_nll_loss,
    soft_margin_loss,
    triplet_margin_loss,
)
from ..ops.matmul import linear
from ..ops.norm import layer_norm, local_response_norm, normalize, rms_norm
from ..ops.pad import pad
from ..ops.pool import max_pool1d, max_pool2d, max_pool3d
from ..ops.products import bilinear, pdist
from ..ops.softmax import implicit_dim, softmin
from ..ops.unary import sigmoid, tanh
from .multihead import multi_head_attention_forward
from .resize import (
    channel_shuffle,
    interpolate,
    pixel_shuffle,
    pixel_unshuffle,
    upsample,
    upsample_bilinear,
    upsample_nearest,
)

# -- activations that can overwrite their input ---------------------------------------------------

relu_ = _in_place(_act.relu)
elu_ = _in_place(_act.elu)
selu_ = _in_place(_act.selu)
celu_ = _in_place(_act.celu)
leaky_relu_ = _in_place(_act.leaky_relu)
hardtanh_ = _in_place(_act.hardtanh)
threshold_ = _in_place(_act.threshold)
_relu6_ = _in_place(_act.relu6)
_silu_ = _in_place(_act.silu)
_mish_ = _in_place(_act.mish)
_hardsigmoid_ = _in_place(_act.hardsigmoid)
_hardswish_ = _in_place(_act.hardswish)


def relu(input: Any, inplace: bool = False) -> Any:
    """max(0, x); ``inplace=True`` overwrites x. See: ops.relu."""
    return relu_(input) if inplace else _act.relu(input)


def relu6(input: Any, inplace: bool = False) -> Any:
    """min(max(0, x), 6); ``inplace=True`` overwrites x. See: ops.relu6."""
    return _relu6_(input) if inplace else _act.relu6(input)


def elu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """x for x > 0, else α·(eˣ − 1); ``inplace=True`` overwrites x. See: ops.elu."""
    return elu_(input, alpha) if inplace else _act.elu(input, alpha)


def selu(input: Any, inplace: bool = False) -> Any:
    """scale · elu(x, α) with constants; ``inplace=True`` overwrites x. See: ops.selu."""
    return selu_(input) if inplace else _act.selu(input)


def celu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """max(0, x) + min(0, α·(e^(x/α) − 1)); ``inplace=True`` overwrites x. See: ops.celu."""
    return celu_(input, alpha) if inplace else _act.celu(input, alpha)


def leaky_relu(input: Any, negative_slope: float = 0.01, inplace: bool = False) -> Any:
    """x for x ≥ 0, else slope · x; ``inplace=True`` overwrites x. See: ops.leaky_relu."""
    return (
        leaky_relu_(input, negative_slope) if inplace else _act.leaky_relu(input, negative_slope)
    )


def hardtanh(
    input: Any, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
) -> Any:
    """x cut to [min_val, max_val]; ``inplace=True`` overwrites x. See: ops.hardtanh."""
    if min_val > max_val:
        raise ValueError(f"min_val cannot be greater than max_val, got {min_val} and {max_val}")
    return (hardtanh_ if inplace else _act.hardtanh)(input, min_val, max_val)


def threshold(input: Any, threshold: float, value: float, inplace: bool = False) -> Any:
    """x where x > threshold, else value; ``inplace=True`` overwrites x. See: ops.threshold."""
    return (threshold_ if inplace else _act.threshold)(input, threshold, value)


def silu(input: Any, inplace: bool = False) -> Any:
    """x · σ(x); ``inplace=True`` overwrites x. See: ops.silu."""
    return _silu_(input) if inplace else _act.silu(input)


def mish(input: Any, inplace: bool = False) -> Any:
    """x · tanh(softplus(x)); ``inplace=True`` overwrites x. See: ops.mish."""
    return _mish_(input) if inplace else _act.mish(input)


def hardsigmoid(input: Any, inplace: bool = False) -> Any:
    """x/6 + ½ cut to [0, 1]; ``inplace=True`` overwrites x. See: ops.hardsigmoid."""
    return _hardsigmoid_(input) if inplace else _act.hardsigmoid(input)


def hardswish(input: Any, inplace: bool = False) -> Any:
    """x · hardsigmoid(x); ``inplace=True`` overwrites x. See: ops.hardswish."""
    return _hardswish_(input) if inplace else _act.hardswish(input)


def rrelu(
    input: Any,
    lower: float = 1.0 / 8,
    upper: float = 1.0 / 3,
    training: bool = False,
    inplace: bool = False,
) -> Any:
    """x for x > 0, else s · x, with a slope s drawn from [lower, upper) for each such element.

    Without training s is the mean of lower and upper.
    """
    if lower > upper:
        raise RuntimeError("Lower bound should be less than or equal to the upper bound")
    if not training:
        return leaky_relu(input, (lower + upper) / 2, inplace)
    slopes, negative = ones_like(input.detach()), input.detach() <= 0
    # PyTorch draws the slopes in double precision, whatever the dtype
    drawn = empty(int(negative.sum()), dtype=float64).uniform_(lower, upper)
    slopes[negative] = drawn.to(input.dtype)
    return input.mul_(slopes) if inplace else input * slopes


# -- softmax with the deprecated dim=None ---------------------------------------------------------


def softmax(input: Any, dim: Any = None, _stacklevel: int = 3, dtype: Any = None) -> Any:
    """eˣ / Σ eˣ along `dim`; dim=None is deprecated and warns. See: ops.softmax."""
    if dim is None:
        dim = implicit_dim("softmax", input.dim(), _stacklevel)
    return _softmax.softmax(input, dim, dtype)


def log_softmax(input: Any, dim: Any = None, _stacklevel: int = 3, dtype: Any = None) -> Any:
    """log softmax(x) along `dim`; dim=None is deprecated and warns. See: ops.log_softmax."""
    if dim is None:
        dim = implicit_dim("log_softmax", input.dim(), _stacklevel)
    return _softmax.log_softmax(input, dim, dtype)


def gumbel_softmax(
    logits: Any, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1
) -> Any:
    """A random, differentiable choice: softmax((logits + noise) / τ), noise = −log Exp(1).

    Args:
        tau   the temperature τ; smaller is nearer to one-hot (default 1)
        hard  return the one-hot choice, with the gradient of the soft one (default False)
        eps   deprecated, no effect, as in PyTorch

    Source: Jang et al. 2017, arXiv:1611.01144.
    """
    noise = -empty_like(logits.detach()).exponential_().log()
    soft = softmax((logits + noise) / tau, dim)
    if not hard:
        return soft
    chosen = soft.detach().argmax(dim, keepdim=True)
    one = zeros_like(soft.detach()).scatter_(dim, chosen, 1.0)
    return one - soft.detach() + soft


# -- distances ------------------------------------------------------------------------------------


def cosine_similarity(x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    """x₁·x₂ / (‖x₁‖·‖x₂‖) along `dim`, norms taken to be at least eps."""
    x1, x2 = broadcast_tensors(x1, x2)  # a dim of size 1 counts as often as it is repeated

    def unit(x: Any) -> Any:
        length = x.norm(2, dim, keepdim=True)
        # at least eps, with the gradient of the length itself
        return x / (length + (length.detach().clamp(min=eps) - length.detach()))

    return (unit(x1) * unit(x2)).sum(dim)


def pairwise_distance(
    x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False
) -> Any:
    """‖x₁ − x₂ + ε‖_p along the last dimension."""
    return (x1 - x2 + eps).norm(p, -1, keepdim=keepdim)


def triplet_margin_with_distance_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    *,
    distance_function: Any = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Any:
    """max(0, d(a, p) − d(a, n) + margin), for any distance d (default: pairwise_distance).

    Args:
        swap  use d(p, n) where it is smaller than d(a, n) (default False)
    """
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction")
    if not anchor.dim() == positive.dim() == negative.dim():
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same number of "
            f"dimensions, but got: anchor {anchor.dim()}D, positive {positive.dim()}D, and "
            f"negative {negative.dim()}D inputs"
        )
    distance = pairwise_distance if distance_function is None else distance_function
    far = distance(anchor, negative)
    if swap:
        far = far.minimum(distance(positive, negative))
    loss = (margin + distance(anchor, positive) - far).clamp_min(0)
    return {"none": lambda: loss, "mean": loss.mean, "sum": loss.sum}[reduction]()



# -- imported when asked for: rarely used, and `import minitorch` should be quick -----------------

_LATER = {
    "affine_grid": "ops.grid", "grid_sample": "ops.grid",
    "embedding_bag": "ops.embedding_bag",
    "lp_pool1d": "nn.lp_pool", "lp_pool2d": "nn.lp_pool", "lp_pool3d": "nn.lp_pool",
    "max_unpool1d": "ops.unpool", "max_unpool2d": "ops.unpool", "max_unpool3d": "ops.unpool",
    "multi_margin_loss": "ops.label_loss", "multilabel_margin_loss": "ops.label_loss",
    "multilabel_soft_margin_loss": "ops.label_loss", "ctc_loss": "ops.ctc",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'minitorch.nn.functional' has no attribute '{name}'")
    found = globals()[name] = getattr(import_module(f"minitorch.{_LATER[name]}"), name)
    return found


def __dir__() -> list[str]:
    return [*globals(), *_LATER]


__all__ = [  # noqa: F822, PLE0604
    *_LATER,
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool2d",
    "adaptive_max_pool3d",
    "alpha_dropout",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "batch_norm",
    "bilinear",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "celu",
    "celu_",
    "channel_shuffle",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "cosine_embedding_loss",
    "cosine_similarity",
    "cross_entropy",
    "dropout",
    "dropout1d",
    "dropout2d",
    "dropout3d",
    "elu",
    "elu_",
    "embedding",
    "feature_alpha_dropout",
    "fold",
    "gaussian_nll_loss",
    "gelu",
    "glu",
    "group_norm",
    "gumbel_softmax",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "hardtanh_",
    "hinge_embedding_loss",
    "huber_loss",
    "instance_norm",
    "interpolate",
    "kl_div",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "leaky_relu_",
    "linear",
    "local_response_norm",
    "log_softmax",
    "logsigmoid",
    "margin_ranking_loss",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "mish",
    "mse_loss",
    "multi_head_attention_forward",
    "nll_loss",
    "normalize",
    "one_hot",
    "pad",
    "pairwise_distance",
    "pdist",
    "pixel_shuffle",
    "pixel_unshuffle",
    "poisson_nll_loss",
    "prelu",
    "relu",
    "relu6",
    "relu_",
    "rms_norm",
    "rrelu",
    "scaled_dot_product_attention",
    "selu",
    "selu_",
    "sigmoid",
    "silu",
    "smooth_l1_loss",
    "soft_margin_loss",
    "softmax",
    "softmin",
    "softplus",
    "softshrink",
    "softsign",
    "tanh",
    "tanhshrink",
    "threshold",
    "threshold_",
    "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
    "unfold",
    "upsample",
    "upsample_bilinear",
    "upsample_nearest",
]
