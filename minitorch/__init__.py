"""minitorch: the PyTorch you can read, in pure NumPy.

>>> import minitorch as torch
>>> x = torch.tensor([1.0, 2.0], requires_grad=True)
>>> (x * x).sum().backward()
>>> x.grad
tensor([2., 4.])

This file is the table of contents: every public name, under the file that defines and explains
it. Read in this order: dtypes, autograd/graph, autograd/rule, ops/unary, tensor, nn/modules.
"""

# -- element types, devices, shapes ---------------------------------------------------------------
from .dtypes import (
    bfloat16, bool_ as bool, can_cast, complex64, complex128, device, dtype, finfo, float16,
    float16 as half, float32, float32 as float, float64, float64 as double, get_default_device,
    get_default_dtype, iinfo, int8, int16, int16 as short, int32, int32 as int, int64,
    int64 as long, layout, promote_types, result_type, set_default_device, set_default_dtype,
    sparse_coo, strided, uint8,
)  # fmt: skip
from .printing import set_printoptions
from .size import Size, broadcast_shapes

# -- tensors --------------------------------------------------------------------------------------
from .tensor import (
    Tensor, is_complex, is_floating_point, is_inference, is_nonzero, is_same_size, is_signed,
    is_tensor, numel,
)  # fmt: skip
from .tensor_types import (
    BoolTensor, ByteTensor, CharTensor, DoubleTensor, FloatTensor, HalfTensor, IntTensor,
    LongTensor, ShortTensor, set_default_tensor_type,
)  # fmt: skip
from .ops.convert import (
    channels_last, clone, contiguous_format, detach, fill, memory_format, preserve_format,
)  # fmt: skip
from .ops.create import (
    as_tensor, asarray, empty, empty_like, eye, from_numpy, frombuffer, full, full_like, ones,
    ones_like, scalar_tensor, tensor, zeros, zeros_like,
)  # fmt: skip
from .ops.ranges import arange, linspace, logspace, range_ as range

from .in_place import (
    abs_, acos_, acosh_, addmv_, arccos_, arccosh_, arcsin_, arcsinh_, arctan_, arctanh_, asin_,
    asinh_, atan_, atanh_, ceil_, clamp_, clamp_max_, clamp_min_, clip_, cos_, cosh_, deg2rad_,
    detach_, erf_, erfc_, exp2_, exp_, expm1_, fill_, fix_, floor_, frac_, gcd_, lcm_, ldexp_,
    log10_, log1p_, log2_, log_, logit_, nan_to_num_, neg_, negative_, rad2deg_, reciprocal_,
    round_, rsqrt_, sigmoid_, sin_, sinc_, sinh_, sqrt_, square_, tan_, tanh_, trunc_, xlogy_,
    zero_,
)  # fmt: skip

# -- random numbers -------------------------------------------------------------------------------
from .ops.sample import (
    bernoulli, multinomial, normal, rand, rand_like, randint, randint_like, randn, randn_like,
    randperm,
)  # fmt: skip
from .random import (
    Generator, default_generator, get_rng_state, initial_seed, manual_seed, seed, set_rng_state,
)  # fmt: skip

# -- operations, by file --------------------------------------------------------------------------
from .ops.activation import celu, hardshrink, prelu, relu, selu, threshold
from .ops.adaptive_pool import adaptive_avg_pool1d, adaptive_max_pool1d
from .ops.addmm import addbmm, addmm, addmv, addr, baddbmm
from .ops.avg_pool import avg_pool1d
from .ops.bessel import i0
from .ops.binary import (
    arctan2, atan2, copysign, gcd, heaviside, hypot, lcm, ldexp, logaddexp, logaddexp2, xlogy,
)  # fmt: skip
from .ops.calculus import cumulative_trapezoid, gradient, trapezoid, trapz
from .ops.channel_norm import batch_norm, group_norm, instance_norm
from .ops.choose import (
    clamp, clamp_max, clamp_min, clip, fmax, fmin, maximum, minimum, nan_to_num, where,
)  # fmt: skip
from .ops.compare import (
    allclose, bitwise_and, bitwise_left_shift, bitwise_not, bitwise_or, bitwise_right_shift,
    bitwise_xor, eq, equal, ge, greater, greater_equal, gt, isclose, isfinite, isinf, isnan,
    isneginf, isposinf, isreal, le, less, less_equal, logical_and, logical_not, logical_or,
    logical_xor, lt, ne, not_equal, signbit,
)  # fmt: skip
from .ops.complex_names import (
    angle, conj, conj_physical, conj_physical_, imag, is_conj, is_neg, real, resolve_conj,
    resolve_neg,
)  # fmt: skip
from .ops.conv import (
    conv1d, conv2d, conv3d, conv_transpose1d, conv_transpose2d, conv_transpose3d,
)  # fmt: skip
from .ops.copies import (
    as_strided_copy, detach_copy, diagonal_copy, expand_copy, permute_copy,
    select_copy, split_copy, split_with_sizes_copy, squeeze_copy, t_copy, transpose_copy,
    unbind_copy, unfold_copy, unsafe_chunk, unsafe_split, unsafe_split_with_sizes,
    unsqueeze_copy, view_copy,
)  # fmt: skip
from .ops.covariance import corrcoef, cov
from .ops.cumulative import cummax, cummin, cumprod, cumsum, diff, logcumsumexp
from .ops.dropout import alpha_dropout, dropout, feature_alpha_dropout
from .ops.einsum import einsum
from .ops.elementwise import (
    add, addcdiv, addcmul, div, divide, float_power, floor_divide, fmod, lerp, mul, multiply,
    pow, remainder, rsub, sub, subtract, true_divide,
)  # fmt: skip
from .ops.embedding import embedding
from .ops.erf import digamma, erf, erfc, erfinv, lgamma
from .ops.extrema import amax, amin, aminmax, argmax, argmin, max, median, min, mode, nanmedian
from .ops.float_parts import frexp, nextafter
from .ops.gamma import igamma, igammac, mvlgamma, polygamma
from .ops.gather import gather, put, scatter, scatter_add, scatter_reduce, take, take_along_dim
from .ops.histogram import histogram, histogramdd
from .ops.index import argwhere, index_put, index_put_, nonzero
from .ops.index_dim import index_add, index_copy, index_fill, index_reduce, index_select
from .ops.joining import (
    atleast_1d, atleast_2d, atleast_3d, block_diag, broadcast_tensors, cartesian_prod, cat,
    column_stack, combinations, concat, concatenate, dstack, flip, fliplr, flipud, hstack,
    meshgrid, repeat_interleave, roll, rot90, row_stack, stack, tile, vstack,
)  # fmt: skip
from .ops.linalg import cholesky, det, inverse, logdet, pinverse, slogdet
from .ops.loss import binary_cross_entropy_with_logits, kl_div
from .ops.lu import lu_unpack, torch_lu as lu, torch_lu_solve as lu_solve
from .ops.margin_loss import (
    cosine_embedding_loss, hinge_embedding_loss, margin_ranking_loss, poisson_nll_loss,
    triplet_margin_loss,
)  # fmt: skip
from .ops.mask import masked_fill, masked_scatter, masked_select
from .ops.matmul import bmm, dot, ger, matmul, mm, mv, outer, vdot
from .ops.matrix_functions import matrix_exp, torch_qr as qr, torch_svd as svd, vander
from .ops.norm import layer_norm, rms_norm
from .ops.pad import constant_pad_nd
from .ops.pool import max_pool1d, max_pool2d, max_pool3d
from .ops.positions import nonzero_static, unravel_index
from .ops.products import (
    bilinear, cdist, chain_matmul, cross, inner, kron, matrix_power, pdist, tensordot,
)  # fmt: skip
from .ops.reduce import (
    all, any, count_nonzero, logsumexp, mean, nanmean, nansum, prod, std, std_mean, sum, var,
    var_mean,
)  # fmt: skip
from .ops.resize import empty_permuted, empty_strided, resize_as_
from .ops.scatter_views import diagonal_scatter, select_scatter, slice_scatter
from .ops.search import bincount, bucketize, histc, isin, searchsorted, unique, unique_consecutive
from .ops.shape import (
    adjoint, as_strided, as_strided_, broadcast_to, diagonal, flatten, moveaxis, movedim,
    narrow, permute, ravel, reshape, select, squeeze, swapaxes, swapdims, t, transpose,
    unflatten, unsqueeze,
)  # fmt: skip
from .ops.softmax import log_softmax, softmax
from .ops.solvers import cholesky_inverse, cholesky_solve, triangular_solve
from .ops.sort import argsort, kthvalue, msort, nanquantile, quantile, sort, topk
from .ops.split import chunk, dsplit, hsplit, split, split_with_sizes, tensor_split, unbind, vsplit
from .ops.triangle import diag, diag_embed, diagflat, trace, tril, tril_indices, triu, triu_indices
from .ops.unary import (
    abs, absolute, acos, acosh, arccos, arccosh, arcsin, arcsinh, arctan, arctanh, asin, asinh,
    atan, atanh, ceil, cos, cosh, deg2rad, exp, exp2, expm1, fix, floor, frac, log, log10,
    log1p, log2, logit, neg, negative, positive, rad2deg, reciprocal, round, rsqrt, sgn,
    sigmoid, sign, sin, sinc, sinh, sqrt, square, tan, tanh, trunc,
)  # fmt: skip
from .ops.vector_norm import dist, norm, renorm
from .ops.windows import (
    bartlett_window, blackman_window, hamming_window, hann_window, kaiser_window,
)  # fmt: skip

# -- gradients ------------------------------------------------------------------------------------
from .autograd.grad_mode import (
    enable_grad, inference_mode, is_grad_enabled, is_inference_mode_enabled, no_grad,
    set_grad_enabled,
)  # fmt: skip

# -- files, threads -------------------------------------------------------------------------------
from .serialization import load, save
from .parallel import get_num_threads, set_num_threads

# -- the rooms of the house -----------------------------------------------------------------------
from . import (
    accelerator, autograd, backends, cuda, functional, linalg, nn, optim, progress, random,
    return_types, serialization, utils,
)  # fmt: skip
from .backends import (
    are_deterministic_algorithms_enabled, get_float32_matmul_precision,
    is_deterministic_algorithms_warn_only_enabled, set_float32_matmul_precision,
    use_deterministic_algorithms,
)  # fmt: skip
from .nn.functional import (
    celu_, cosine_similarity, pairwise_distance, pixel_shuffle, pixel_unshuffle, relu_, selu_,
    threshold_,
)  # fmt: skip

from importlib import import_module as _import_module
from math import e, inf, nan, pi

newaxis = None
__version__ = "0.1.0"


def __getattr__(name):
    """Import what is seldom asked for, or needs Pillow and http, when it is asked for."""
    if name in ("datasets", "distributions", "signal", "special", "transforms"):
        return _import_module(f"minitorch.{name}")
    missing = f"module 'minitorch' has no attribute '{name}'"
    if name in ("complex", "fft", "istft", "polar", "stft", "view_as_complex", "view_as_real"):
        missing += ": it works with complex numbers, which minitorch does not have"
    raise AttributeError(missing)
