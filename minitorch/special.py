"""torch.special: functions of mathematics beyond the elementary ones.

>>> import minitorch as torch
>>> torch.special.expit(torch.tensor([0., 2.]))
tensor([0.5000, 0.8808])
"""

from typing import Any

from .ops.bessel import i0, i0e, i1, i1e
from .ops.binary import xlogy
from .ops.erf import digamma, digamma as psi, erf, erfc, erfinv, lgamma as gammaln
from .ops.gamma import igamma as gammainc, igammac as gammaincc, mvlgamma, polygamma, zeta
from .ops.normal_curve import entr, erfcx, log_ndtr, ndtr, ndtri, xlog1py
from .ops.reduce import logsumexp
from .ops.softmax import log_softmax, softmax
from .ops.unary import exp2, expm1, log1p, logit, round, sigmoid as expit, sinc

__all__ = [
    "digamma", "entr", "erf", "erfc", "erfcx", "erfinv", "exp2", "expit", "expm1", "gammainc",
    "gammaincc", "gammaln", "i0", "i0e", "i1", "i1e", "log1p", "log_ndtr", "log_softmax", "logit",
    "logsumexp", "multigammaln", "ndtr", "ndtri", "polygamma", "psi", "round", "sinc", "softmax",
    "xlog1py", "xlogy", "zeta",
]  # fmt: skip


def multigammaln(a: Any, p: int) -> Any:
    """`torch.mvlgamma` under SciPy's name."""
    return mvlgamma(a, p)
