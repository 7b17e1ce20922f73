"""Random numbers: PyTorch's CPU streams, bit for bit, in NumPy.

`manual_seed(s)` here and in PyTorch 2.13 (x86 with AVX2 or later) are followed by the same numbers
and the same generator states. Everything in this package works on NumPy arrays, of any layout:

    generator     Generator, the default generator, seeds and states
    uniform       uniform_
    normal        normal_, log_normal_, trunc_normal_ (box_muller: the vector kernel)
    discrete      bernoulli_, dropout masks, random_ (integers)
    inversion     exponential_, geometric_, cauchy_
    multinomial   multinomial
    permutation   randperm
    fill, rounding      order over memory; exact rounding (fused multiply-add)

A name with a trailing underscore fills its argument; `gen=None` means the default generator; an
empty array draws nothing. The Tensor functions (torch.rand, …) stand on these.

Where float64 results go through log, sin or cos (randn, exponential_, …), equality rests on Python
and PyTorch using the same C library. PyTorch on CPUs without AVX2 rounds float32 `randn` and
`uniform_(a, b)` differently, and builds before 2.13 draw `bernoulli_` and dropout from another
stream on Intel processors.
"""

from .discrete import bernoulli_, bernoulli_from, dropout_mask, random_
from .generator import (
    Generator,
    default_generator,
    fork_rng,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
    use_in_this_thread,
)  # fmt: skip
from .inversion import cauchy_, exponential_, geometric_
from .multinomial import multinomial
from .normal import log_normal_, normal_, trunc_normal_
from .permutation import randperm
from .uniform import uniform_

__all__ = [
    "Generator",
    "bernoulli_",
    "bernoulli_from",
    "cauchy_",
    "default_generator",
    "dropout_mask",
    "exponential_",
    "fork_rng",
    "geometric_",
    "get_rng_state",
    "initial_seed",
    "log_normal_",
    "manual_seed",
    "multinomial",
    "normal_",
    "random_",
    "randperm",
    "seed",
    "set_rng_state",
    "trunc_normal_",
    "uniform_",
    "use_in_this_thread",
]
