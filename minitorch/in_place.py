"""In-place functions of the torch namespace: ``torch.exp_(t)`` is ``t.exp_()``.

The other in-place names (`relu_`, `celu_`, …) are in nn/functional.py.
"""

from .tensor import Tensor as T

# powers, exponentials, logarithms
exp_, exp2_, expm1_, ldexp_ = T.exp_, T.exp2_, T.expm1_, T.ldexp_
square_, sqrt_, rsqrt_ = T.square_, T.sqrt_, T.rsqrt_
log_, log2_, log10_, log1p_, xlogy_ = T.log_, T.log2_, T.log10_, T.log1p_, T.xlogy_

# angles
sin_, cos_, tan_, sinh_, cosh_, tanh_ = T.sin_, T.cos_, T.tan_, T.sinh_, T.cosh_, T.tanh_
asin_, acos_, atan_ = T.asin_, T.acos_, T.atan_
asinh_, acosh_, atanh_ = T.asinh_, T.acosh_, T.atanh_
arcsin_, arccos_, arctan_ = T.arcsin_, T.arccos_, T.arctan_
arcsinh_, arccosh_, arctanh_ = T.arcsinh_, T.arccosh_, T.arctanh_
deg2rad_, rad2deg_, sinc_ = T.deg2rad_, T.rad2deg_, T.sinc_

# signs, rounding, limits
abs_, neg_, negative_, reciprocal_ = T.abs_, T.neg_, T.negative_, T.reciprocal_
ceil_, floor_, round_, trunc_, fix_, frac_ = T.ceil_, T.floor_, T.round_, T.trunc_, T.fix_, T.frac_
clamp_, clamp_max_, clamp_min_, clip_ = T.clamp_, T.clamp_max_, T.clamp_min_, T.clip_
nan_to_num_, gcd_, lcm_ = T.nan_to_num_, T.gcd_, T.lcm_

# the bell curve, and curves shaped like an S
erf_, erfc_, sigmoid_, logit_ = T.erf_, T.erfc_, T.sigmoid_, T.logit_

# whole tensors
fill_, zero_, detach_, addmv_ = T.fill_, T.zero_, T.detach_, T.addmv_
