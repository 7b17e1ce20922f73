"""The table of Tensor's methods: which function each one is, and which file explains it.

One line a method makes it long: it is a table to look things up in, not to read through.

``t.exp()`` is the function ``ops.unary.exp`` itself, bound in the class body: one object, one
docstring, beside its derivative. A name with a trailing underscore is the in-place form.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import ops
from .autograd.graph import TensorBase
from .autograd.rule import inplace


def operator(function: Any, swap: bool = False) -> Any:
    """A Python operator from a function of two operands; ``swap`` for ``2 - t``.

    NumPy arrays count as tensors. What is neither tensor nor number is left to the other
    operand's class (NotImplemented), which makes Python raise its own TypeError.
    """

    def method(self: Any, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            other = ops.create.from_numpy(other)
        elif not isinstance(other, (TensorBase, int, float, np.generic)):
            return NotImplemented
        return function(other, self) if swap else function(self, other)

    method.__name__ = method.__qualname__ = function.__name__
    method.__doc__ = function.__doc__
    return method


def _invert(self: Any) -> Any:
    if self._data.dtype.kind == "f":
        raise TypeError(
            "~ (operator.invert) is only implemented on integer and Boolean-type tensors"
        )
    return ops.compare.bitwise_not(self)


class TensorMethods(TensorBase):
    """What a Tensor can do; what it *is* stands in tensor.py."""

    # -- operators: t + 1, 1 + t, t += 1 ------------------------------------------------------
    __add__ = operator(ops.elementwise.add)
    __radd__ = operator(ops.elementwise.add)
    __sub__ = operator(ops.elementwise.sub)
    __rsub__ = operator(ops.elementwise.rsub)
    __mul__ = operator(ops.elementwise.mul)
    __rmul__ = operator(ops.elementwise.mul)
    __truediv__ = operator(ops.elementwise.div)
    __rtruediv__ = operator(lambda self, other: self.reciprocal() * other)
    __rdiv__ = __rtruediv__
    __floordiv__ = operator(ops.elementwise.floor_divide)
    __rfloordiv__ = operator(ops.elementwise.floor_divide, swap=True)
    __mod__ = operator(ops.elementwise.remainder)
    __rmod__ = operator(ops.elementwise.remainder, swap=True)
    __pow__ = operator(ops.elementwise.pow)
    __rpow__ = operator(ops.elementwise.pow, swap=True)
    __matmul__ = operator(ops.matmul.matmul)
    __rmatmul__ = operator(ops.matmul.matmul, swap=True)
    __and__ = operator(ops.compare.bitwise_and)
    __rand__ = operator(ops.compare.bitwise_and)
    __or__ = operator(ops.compare.bitwise_or)
    __ror__ = operator(ops.compare.bitwise_or)
    __xor__ = operator(ops.compare.bitwise_xor)
    __rxor__ = operator(ops.compare.bitwise_xor)
    __lshift__ = operator(ops.compare.bitwise_left_shift)
    __rlshift__ = operator(ops.compare.bitwise_left_shift, swap=True)
    __rshift__ = operator(ops.compare.bitwise_right_shift)
    __rrshift__ = operator(ops.compare.bitwise_right_shift, swap=True)
    __eq__ = operator(ops.compare.eq)
    __ne__ = operator(ops.compare.ne)
    __lt__ = operator(ops.compare.lt)
    __le__ = operator(ops.compare.le)
    __gt__ = operator(ops.compare.gt)
    __ge__ = operator(ops.compare.ge)
    __neg__ = ops.unary.neg
    __pos__ = ops.unary.positive
    __abs__ = ops.unary.abs
    __invert__ = _invert
    __iadd__ = operator(inplace(ops.elementwise.add))
    __isub__ = operator(inplace(ops.elementwise.sub))
    __imul__ = operator(inplace(ops.elementwise.mul))
    __itruediv__ = operator(inplace(ops.elementwise.div))
    __ifloordiv__ = operator(inplace(ops.elementwise.floor_divide))
    __imod__ = operator(inplace(ops.elementwise.remainder))
    __ipow__ = operator(inplace(ops.elementwise.pow))
    __iand__ = operator(inplace(ops.compare.bitwise_and))
    __ior__ = operator(inplace(ops.compare.bitwise_or))
    __ixor__ = operator(inplace(ops.compare.bitwise_xor))
    __ilshift__ = operator(inplace(ops.compare.bitwise_left_shift))
    __irshift__ = operator(inplace(ops.compare.bitwise_right_shift))
    __getitem__ = ops.index.getitem
    __setitem__ = ops.index.setitem
    T = property(ops.shape.T)
    mT = property(ops.shape.mT)
    H = property(ops.shape.H)
    mH = property(ops.shape.mH)

    where = ops.choose.where_method

    # -- convert.py, sample.py: copies and random draws ---------------------------------------
    clone = ops.convert.clone
    contiguous = ops.convert.contiguous
    copy_ = ops.convert.copy_
    detach = ops.convert.detach
    fill_ = ops.convert.fill_
    is_contiguous = ops.convert.is_contiguous
    item = ops.convert.item
    to = ops.convert.to
    zero_ = ops.convert.zero_
    bernoulli = ops.sample.bernoulli
    bernoulli_ = ops.sample.bernoulli_
    cauchy_ = ops.sample.cauchy_
    exponential_ = ops.sample.exponential_
    geometric_ = ops.sample.geometric_
    log_normal_ = ops.sample.log_normal_
    multinomial = ops.sample.multinomial
    normal_ = ops.sample.normal_
    random_ = ops.sample.random_
    uniform_ = ops.sample.uniform_

    # -- activation.py: activation functions -----------------------------------------------
    hardshrink = ops.activation.hardshrink
    prelu = ops.activation.prelu
    relu = ops.activation.relu
    relu_ = inplace(ops.activation.relu)

    # -- addmm.py: β·input + α·(a product) -------------------------------------------------
    addbmm = ops.addmm.addbmm
    addbmm_ = inplace(ops.addmm.addbmm)
    addmm = ops.addmm.addmm
    addmm_ = inplace(ops.addmm.addmm)
    addmv = ops.addmm.addmv
    addmv_ = inplace(ops.addmm.addmv)
    addr = ops.addmm.addr
    addr_ = inplace(ops.addmm.addr)
    baddbmm = ops.addmm.baddbmm
    baddbmm_ = inplace(ops.addmm.baddbmm)

    # -- apply.py: a Python function on every element ---------------------------------------
    apply_ = ops.apply.apply_
    map_ = ops.apply.map_

    # -- binary.py: functions of two numbers that are not arithmetic -----------------------
    arctan2 = ops.binary.arctan2
    arctan2_ = inplace(ops.binary.arctan2)
    atan2 = ops.binary.atan2
    atan2_ = inplace(ops.binary.atan2)
    copysign = ops.binary.copysign
    copysign_ = inplace(ops.binary.copysign)
    gcd = ops.binary.gcd
    gcd_ = inplace(ops.binary.gcd)
    heaviside = ops.binary.heaviside
    heaviside_ = inplace(ops.binary.heaviside)
    hypot = ops.binary.hypot
    hypot_ = inplace(ops.binary.hypot)
    lcm = ops.binary.lcm
    lcm_ = inplace(ops.binary.lcm)
    ldexp = ops.binary.ldexp
    ldexp_ = inplace(ops.binary.ldexp)
    logaddexp = ops.binary.logaddexp
    logaddexp2 = ops.binary.logaddexp2
    xlogy = ops.binary.xlogy
    xlogy_ = inplace(ops.binary.xlogy)

    # -- choose.py: the larger, the smaller, what lies between -----------------------------
    clamp = ops.choose.clamp
    clamp_ = inplace(ops.choose.clamp)
    clamp_max = ops.choose.clamp_max
    clamp_max_ = inplace(ops.choose.clamp_max)
    clamp_min = ops.choose.clamp_min
    clamp_min_ = inplace(ops.choose.clamp_min)
    clip = ops.choose.clip
    clip_ = inplace(ops.choose.clip)
    fmax = ops.choose.fmax
    fmin = ops.choose.fmin
    maximum = ops.choose.maximum
    minimum = ops.choose.minimum
    nan_to_num = ops.choose.nan_to_num
    nan_to_num_ = inplace(ops.choose.nan_to_num)

    # -- compare.py: questions with the answer True or False; bits -------------------------
    allclose = ops.compare.allclose
    bitwise_and = ops.compare.bitwise_and
    bitwise_and_ = inplace(ops.compare.bitwise_and)
    bitwise_left_shift = ops.compare.bitwise_left_shift
    bitwise_left_shift_ = inplace(ops.compare.bitwise_left_shift)
    bitwise_not = ops.compare.bitwise_not
    bitwise_not_ = inplace(ops.compare.bitwise_not)
    bitwise_or = ops.compare.bitwise_or
    bitwise_or_ = inplace(ops.compare.bitwise_or)
    bitwise_right_shift = ops.compare.bitwise_right_shift
    bitwise_right_shift_ = inplace(ops.compare.bitwise_right_shift)
    bitwise_xor = ops.compare.bitwise_xor
    bitwise_xor_ = inplace(ops.compare.bitwise_xor)
    eq = ops.compare.eq
    eq_ = inplace(ops.compare.eq)
    equal = ops.compare.equal
    ge = ops.compare.ge
    ge_ = inplace(ops.compare.ge)
    greater = ops.compare.greater
    greater_ = inplace(ops.compare.greater)
    greater_equal = ops.compare.greater_equal
    greater_equal_ = inplace(ops.compare.greater_equal)
    gt = ops.compare.gt
    gt_ = inplace(ops.compare.gt)
    isclose = ops.compare.isclose
    isfinite = ops.compare.isfinite
    isinf = ops.compare.isinf
    isnan = ops.compare.isnan
    isneginf = ops.compare.isneginf
    isposinf = ops.compare.isposinf
    isreal = ops.compare.isreal
    le = ops.compare.le
    le_ = inplace(ops.compare.le)
    less = ops.compare.less
    less_ = inplace(ops.compare.less)
    less_equal = ops.compare.less_equal
    less_equal_ = inplace(ops.compare.less_equal)
    logical_and = ops.compare.logical_and
    logical_and_ = inplace(ops.compare.logical_and)
    logical_not = ops.compare.logical_not
    logical_not_ = inplace(ops.compare.logical_not)
    logical_or = ops.compare.logical_or
    logical_or_ = inplace(ops.compare.logical_or)
    logical_xor = ops.compare.logical_xor
    logical_xor_ = inplace(ops.compare.logical_xor)
    lt = ops.compare.lt
    lt_ = inplace(ops.compare.lt)
    ne = ops.compare.ne
    ne_ = inplace(ops.compare.ne)
    not_equal = ops.compare.not_equal
    not_equal_ = inplace(ops.compare.not_equal)
    signbit = ops.compare.signbit

    # -- complex_names.py: of real numbers, nothing changes ---------------------------------
    angle = ops.complex_names.angle
    conj = ops.complex_names.conj
    conj_physical = ops.complex_names.conj_physical
    conj_physical_ = ops.complex_names.conj_physical_
    imag = property(ops.complex_names.imag)
    is_conj = ops.complex_names.is_conj
    is_neg = ops.complex_names.is_neg
    real = property(ops.complex_names.real)
    resolve_conj = ops.complex_names.resolve_conj
    resolve_neg = ops.complex_names.resolve_neg

    # -- copies.py, covariance.py, histogram.py --------------------------------------------
    corrcoef = ops.covariance.corrcoef
    cov = ops.covariance.cov
    histogram = ops.histogram.histogram
    unsafe_chunk = ops.copies.unsafe_chunk
    unsafe_split = ops.copies.unsafe_split
    unsafe_split_with_sizes = ops.copies.unsafe_split_with_sizes

    # -- cumulative.py: running results along one dim --------------------------------------
    cummax = ops.cumulative.cummax
    cummin = ops.cumulative.cummin
    cumprod = ops.cumulative.cumprod
    cumprod_ = inplace(ops.cumulative.cumprod)
    cumsum = ops.cumulative.cumsum
    cumsum_ = inplace(ops.cumulative.cumsum)
    diff = ops.cumulative.diff
    logcumsumexp = ops.cumulative.logcumsumexp

    # -- elementwise.py: arithmetic --------------------------------------------------------
    add = ops.elementwise.add
    add_ = inplace(ops.elementwise.add)
    addcdiv = ops.elementwise.addcdiv
    addcdiv_ = inplace(ops.elementwise.addcdiv)
    addcmul = ops.elementwise.addcmul
    addcmul_ = inplace(ops.elementwise.addcmul)
    div = ops.elementwise.div
    div_ = inplace(ops.elementwise.div)
    divide = ops.elementwise.divide
    divide_ = inplace(ops.elementwise.divide)
    float_power = ops.elementwise.float_power
    float_power_ = ops.elementwise.float_power_
    floor_divide = ops.elementwise.floor_divide
    floor_divide_ = inplace(ops.elementwise.floor_divide)
    fmod = ops.elementwise.fmod
    fmod_ = inplace(ops.elementwise.fmod)
    lerp = ops.elementwise.lerp
    lerp_ = inplace(ops.elementwise.lerp)
    mul = ops.elementwise.mul
    mul_ = inplace(ops.elementwise.mul)
    multiply = ops.elementwise.multiply
    multiply_ = inplace(ops.elementwise.multiply)
    pow = ops.elementwise.pow
    pow_ = inplace(ops.elementwise.pow)
    remainder = ops.elementwise.remainder
    remainder_ = inplace(ops.elementwise.remainder)
    sub = ops.elementwise.sub
    sub_ = inplace(ops.elementwise.sub)
    subtract = ops.elementwise.subtract
    subtract_ = inplace(ops.elementwise.subtract)
    true_divide = ops.elementwise.true_divide
    true_divide_ = inplace(ops.elementwise.true_divide)

    # -- erf.py: the bell curve's area, and ln Γ -------------------------------------------
    digamma = ops.erf.digamma
    digamma_ = inplace(ops.erf.digamma)
    erf = ops.erf.erf
    erf_ = inplace(ops.erf.erf)
    erfc = ops.erf.erfc
    erfc_ = inplace(ops.erf.erfc)
    erfinv = ops.erf.erfinv
    erfinv_ = inplace(ops.erf.erfinv)
    lgamma = ops.erf.lgamma
    lgamma_ = inplace(ops.erf.lgamma)

    # -- extrema.py: reductions that pick --------------------------------------------------
    amax = ops.extrema.amax
    amin = ops.extrema.amin
    aminmax = ops.extrema.aminmax
    argmax = ops.extrema.argmax
    argmin = ops.extrema.argmin
    max = ops.extrema.max
    median = ops.extrema.median
    min = ops.extrema.min
    mode = ops.extrema.mode
    nanmedian = ops.extrema.nanmedian

    # -- bessel.py, float_parts.py, gamma.py -----------------------------------------------
    frexp = ops.float_parts.frexp
    i0 = ops.bessel.i0
    i0_ = inplace(ops.bessel.i0)
    igamma = ops.gamma.igamma
    igamma_ = inplace(ops.gamma.igamma)
    igammac = ops.gamma.igammac
    igammac_ = inplace(ops.gamma.igammac)
    mvlgamma = ops.gamma.mvlgamma
    mvlgamma_ = inplace(ops.gamma.mvlgamma)
    nextafter = ops.float_parts.nextafter
    nextafter_ = ops.float_parts.nextafter_
    polygamma = ops.gamma.polygamma_of
    polygamma_ = ops.gamma.polygamma_

    # -- gather.py: single elements by an index along one dim ------------------------------
    gather = ops.gather.gather
    put = ops.gather.put
    put_ = inplace(ops.gather.put)
    scatter = ops.gather.scatter
    scatter_ = ops.gather.scatter_
    scatter_add = ops.gather.scatter_add
    scatter_add_ = inplace(ops.gather.scatter_add)
    scatter_reduce = ops.gather.scatter_reduce
    scatter_reduce_ = inplace(ops.gather.scatter_reduce)
    take = ops.gather.take
    take_along_dim = ops.gather.take_along_dim

    # -- index.py: x[…] in other words -----------------------------------------------------
    argwhere = ops.index.argwhere
    index_put = ops.index.index_put
    index_put_ = ops.index.index_put_
    nonzero = ops.index.nonzero

    # -- index_dim.py: whole slices along one dim ------------------------------------------
    index_add = ops.index_dim.index_add
    index_add_ = inplace(ops.index_dim.index_add)
    index_copy = ops.index_dim.index_copy
    index_copy_ = inplace(ops.index_dim.index_copy)
    index_fill = ops.index_dim.index_fill
    index_fill_ = inplace(ops.index_dim.index_fill)
    index_reduce = ops.index_dim.index_reduce
    index_reduce_ = inplace(ops.index_dim.index_reduce)
    index_select = ops.index_dim.index_select

    # -- joining.py: repeating and turning -------------------------------------------------
    flip = ops.joining.flip
    fliplr = ops.joining.fliplr
    flipud = ops.joining.flipud
    repeat = ops.joining.repeat
    repeat_interleave = ops.joining.repeat_interleave
    roll = ops.joining.roll
    rot90 = ops.joining.rot90
    tile = ops.joining.tile

    # -- linalg.py: matrix functions -------------------------------------------------------
    cholesky = ops.linalg.cholesky
    det = ops.linalg.det
    inverse = ops.linalg.inverse
    logdet = ops.linalg.logdet
    pinverse = ops.linalg.pinverse
    slogdet = ops.linalg.slogdet

    # -- lu.py, matrix_functions.py, solvers.py --------------------------------------------
    cholesky_inverse = ops.solvers.cholesky_inverse
    cholesky_solve = ops.solvers.cholesky_solve
    lu = ops.lu.torch_lu
    lu_solve = ops.lu.torch_lu_solve
    matrix_exp = ops.matrix_functions.matrix_exp
    qr = ops.matrix_functions.torch_qr
    svd = ops.matrix_functions.torch_svd
    triangular_solve = ops.solvers.triangular_solve

    # -- mask.py: choosing and filling by bools --------------------------------------------
    masked_fill = ops.mask.masked_fill
    masked_fill_ = inplace(ops.mask.masked_fill)
    masked_scatter = ops.mask.masked_scatter
    masked_scatter_ = inplace(ops.mask.masked_scatter)
    masked_select = ops.mask.masked_select

    # -- matmul.py: matrix products --------------------------------------------------------
    bmm = ops.matmul.bmm
    dot = ops.matmul.dot
    ger = ops.matmul.ger
    matmul = ops.matmul.matmul
    mm = ops.matmul.mm
    mv = ops.matmul.mv
    outer = ops.matmul.outer
    vdot = ops.matmul.vdot

    # -- positions.py, resize.py: places, layouts ------------------------------------------
    new_empty_strided = ops.resize.new_empty_strided
    nonzero_static = ops.positions.nonzero_static
    resize_ = ops.resize.resize_
    resize_as_ = ops.resize.resize_as_

    # -- products.py: built on matrix products ---------------------------------------------
    cross = ops.products.cross
    inner = ops.products.inner
    kron = ops.products.kron
    matrix_power = ops.products.matrix_power

    # -- reduce.py: reductions that add up -------------------------------------------------
    all = ops.reduce.all
    any = ops.reduce.any
    count_nonzero = ops.reduce.count_nonzero
    logsumexp = ops.reduce.logsumexp
    mean = ops.reduce.mean
    nanmean = ops.reduce.nanmean
    nansum = ops.reduce.nansum
    prod = ops.reduce.prod
    std = ops.reduce.std
    sum = ops.reduce.sum
    sum_to_size = ops.reduce.sum_to_size
    var = ops.reduce.var

    # -- scatter_views.py: one view replaced -----------------------------------------------
    diagonal_scatter = ops.scatter_views.diagonal_scatter
    select_scatter = ops.scatter_views.select_scatter
    slice_scatter = ops.scatter_views.slice_scatter

    # -- search.py: sets and bins ----------------------------------------------------------
    bincount = ops.search.bincount
    histc = ops.search.histc
    unique = ops.search.unique
    unique_consecutive = ops.search.unique_consecutive

    # -- shape.py: views: another shape on the same memory ---------------------------------
    adjoint = ops.shape.adjoint
    as_strided = ops.shape.as_strided
    as_strided_ = ops.shape.as_strided_
    broadcast_to = ops.shape.broadcast_to
    diagonal = ops.shape.diagonal
    expand = ops.shape.expand
    expand_as = ops.shape.expand_as
    flatten = ops.shape.flatten
    moveaxis = ops.shape.moveaxis
    movedim = ops.shape.movedim
    narrow = ops.shape.narrow
    permute = ops.shape.permute
    ravel = ops.shape.ravel
    reshape = ops.shape.reshape
    reshape_as = ops.shape.reshape_as
    select = ops.shape.select
    squeeze = ops.shape.squeeze
    squeeze_ = ops.shape.squeeze_
    swapaxes = ops.shape.swapaxes
    swapaxes_ = ops.shape.swapaxes_
    swapdims = ops.shape.swapdims
    swapdims_ = ops.shape.swapdims_
    t = ops.shape.t
    t_ = ops.shape.t_
    transpose = ops.shape.transpose
    transpose_ = ops.shape.transpose_
    unflatten = ops.shape.unflatten
    unfold = ops.shape.unfold
    unsqueeze = ops.shape.unsqueeze
    unsqueeze_ = ops.shape.unsqueeze_
    view = ops.shape.view
    view_as = ops.shape.view_as

    # -- softmax.py: scores become probabilities -------------------------------------------
    log_softmax = ops.softmax.log_softmax
    softmax = ops.softmax.softmax

    # -- sort.py: order and quantiles ------------------------------------------------------
    argsort = ops.sort.argsort
    kthvalue = ops.sort.kthvalue
    msort = ops.sort.msort
    nanquantile = ops.sort.nanquantile
    quantile = ops.sort.quantile
    sort = ops.sort.sort
    topk = ops.sort.topk

    # -- split.py: one tensor as several views ---------------------------------------------
    chunk = ops.split.chunk
    dsplit = ops.split.dsplit
    hsplit = ops.split.hsplit
    split = ops.split.split
    split_with_sizes = ops.split.split_with_sizes
    tensor_split = ops.split.tensor_split
    unbind = ops.split.unbind
    vsplit = ops.split.vsplit

    # -- triangle.py: triangles and diagonals ----------------------------------------------
    diag = ops.triangle.diag
    diag_embed = ops.triangle.diag_embed
    diagflat = ops.triangle.diagflat
    fill_diagonal_ = ops.triangle.fill_diagonal_
    trace = ops.triangle.trace
    tril = ops.triangle.tril
    tril_ = inplace(ops.triangle.tril)
    triu = ops.triangle.triu
    triu_ = inplace(ops.triangle.triu)

    # -- unary.py: functions of one number -------------------------------------------------
    abs = ops.unary.abs
    abs_ = inplace(ops.unary.abs)
    absolute = ops.unary.absolute
    absolute_ = inplace(ops.unary.absolute)
    acos = ops.unary.acos
    acos_ = inplace(ops.unary.acos)
    acosh = ops.unary.acosh
    acosh_ = inplace(ops.unary.acosh)
    arccos = ops.unary.arccos
    arccos_ = inplace(ops.unary.arccos)
    arccosh = ops.unary.arccosh
    arccosh_ = inplace(ops.unary.arccosh)
    arcsin = ops.unary.arcsin
    arcsin_ = inplace(ops.unary.arcsin)
    arcsinh = ops.unary.arcsinh
    arcsinh_ = inplace(ops.unary.arcsinh)
    arctan = ops.unary.arctan
    arctan_ = inplace(ops.unary.arctan)
    arctanh = ops.unary.arctanh
    arctanh_ = inplace(ops.unary.arctanh)
    asin = ops.unary.asin
    asin_ = inplace(ops.unary.asin)
    asinh = ops.unary.asinh
    asinh_ = inplace(ops.unary.asinh)
    atan = ops.unary.atan
    atan_ = inplace(ops.unary.atan)
    atanh = ops.unary.atanh
    atanh_ = inplace(ops.unary.atanh)
    ceil = ops.unary.ceil
    ceil_ = inplace(ops.unary.ceil)
    cos = ops.unary.cos
    cos_ = inplace(ops.unary.cos)
    cosh = ops.unary.cosh
    cosh_ = inplace(ops.unary.cosh)
    deg2rad = ops.unary.deg2rad
    deg2rad_ = inplace(ops.unary.deg2rad)
    exp = ops.unary.exp
    exp2 = ops.unary.exp2
    exp2_ = inplace(ops.unary.exp2)
    exp_ = inplace(ops.unary.exp)
    expm1 = ops.unary.expm1
    expm1_ = inplace(ops.unary.expm1)
    fix = ops.unary.fix
    fix_ = inplace(ops.unary.fix)
    floor = ops.unary.floor
    floor_ = inplace(ops.unary.floor)
    frac = ops.unary.frac
    frac_ = inplace(ops.unary.frac)
    log = ops.unary.log
    log10 = ops.unary.log10
    log10_ = inplace(ops.unary.log10)
    log1p = ops.unary.log1p
    log1p_ = inplace(ops.unary.log1p)
    log2 = ops.unary.log2
    log2_ = inplace(ops.unary.log2)
    log_ = inplace(ops.unary.log)
    logit = ops.unary.logit
    logit_ = inplace(ops.unary.logit)
    neg = ops.unary.neg
    neg_ = inplace(ops.unary.neg)
    negative = ops.unary.negative
    negative_ = inplace(ops.unary.negative)
    positive = ops.unary.positive
    rad2deg = ops.unary.rad2deg
    rad2deg_ = inplace(ops.unary.rad2deg)
    reciprocal = ops.unary.reciprocal
    reciprocal_ = inplace(ops.unary.reciprocal)
    round = ops.unary.round
    round_ = inplace(ops.unary.round)
    rsqrt = ops.unary.rsqrt
    rsqrt_ = inplace(ops.unary.rsqrt)
    sgn = ops.unary.sgn
    sgn_ = inplace(ops.unary.sgn)
    sigmoid = ops.unary.sigmoid
    sigmoid_ = inplace(ops.unary.sigmoid)
    sign = ops.unary.sign
    sign_ = inplace(ops.unary.sign)
    sin = ops.unary.sin
    sin_ = inplace(ops.unary.sin)
    sinc = ops.unary.sinc
    sinc_ = inplace(ops.unary.sinc)
    sinh = ops.unary.sinh
    sinh_ = inplace(ops.unary.sinh)
    sqrt = ops.unary.sqrt
    sqrt_ = inplace(ops.unary.sqrt)
    square = ops.unary.square
    square_ = inplace(ops.unary.square)
    tan = ops.unary.tan
    tan_ = inplace(ops.unary.tan)
    tanh = ops.unary.tanh
    tanh_ = inplace(ops.unary.tanh)
    trunc = ops.unary.trunc
    trunc_ = inplace(ops.unary.trunc)

    # -- vector_norm.py: how long a vector is ----------------------------------------------
    dist = ops.vector_norm.dist
    norm = ops.vector_norm.norm
    renorm = ops.vector_norm.renorm
    renorm_ = inplace(ops.vector_norm.renorm)
