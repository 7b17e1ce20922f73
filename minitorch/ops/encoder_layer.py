"""One encoder layer as one operation, with its derivative: some sequences through all its steps.

    norm_first=False      y = x + drop(attention(x)),  z = norm₁(y)
                          out = norm₂(z + drop(ff(z)))                                    (1)
    norm_first=True       y = x + drop(attention(norm₁(x)))
                          out = y + drop(ff(norm₂(y)))                                    (2)
    drop(x) = x∘m/(1 − p)                                                                 (3)

The steps are the operations of this folder, their rules called on a part's arrays. Backward goes
through them in reverse, the chain rule by hand: in (2), with ĝ = ∂y,

    ĝ = g + ∂norm₂(∂ff(∂drop(g))),   ∂x = ĝ + ∂norm₁(∂attention(∂drop(ĝ)))                 (4)

and in (1) in the same way; the parameters' gradients are sums over the parts. Sequences know
nothing of each other, so the threads meet once forward and once backward, not at each step; what
a part needs is small and stays in cache. Only the masks m are drawn before, for all sequences:
PyTorch's order is that of the steps.

Letters: N sequences of L tokens with E features, h heads, F hidden features.
"""

from __future__ import annotations

from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from .. import parallel, random
from ..autograd.rule import Array, op
from .attention import _attention
from .dropout import apply_mask
from .feed_forward import feed_forward
from .matmul import linear
from .norm import layer_norm

# Tokens in a part, about. A training step of the example's default preset, ms: 512: 100, 1024: 88,
# 2048: 76, one part: 96; step by step: 90 (PyTorch 85).
TOKENS = 2048

# Scores and hidden elements up to which the layer should come here. Median time of a training step
# as a ratio to step by step: 5·10⁴ to 4·10⁵ of them 0.69-0.86, 10⁶ 1.0, 5·10⁶ 1.07.
MOST = 1 << 19


class How(NamedTuple):
    """What is not an array: the layer's shape, and its four dropout probabilities."""

    heads: int
    eps: float
    activation: str
    norm_first: bool
    p_attention: float
    p_hidden: float
    p1: float
    p2: float


class _Masks(NamedTuple):
    """m of (3) in attention's softmax, after attention, in ff and after ff; None for p = 0."""

    attention: Any  # (N, h, L, L)
    first: Any  # (N, L, E)
    hidden: Any  # (N, L, F)
    second: Any  # (N, L, E)

    def part(self, a: int, b: int) -> _Masks:
        return _Masks(*(None if m is None else m[a:b] for m in self))


def _draw(n: int, length: int, e: int, f: int, how: How) -> _Masks:
    """All masks in PyTorch's order; there attention's output lies in memory as (L, N, E)."""

    def mask(p: float, *shape: int) -> Any:
        return random.dropout_mask(shape, 1 - p) if p > 0 else None

    attention = mask(how.p_attention, n, how.heads, length, length)
    first = mask(how.p1, length, n, e)
    first = None if first is None else first.swapaxes(0, 1)
    return _Masks(attention, first, mask(how.p_hidden, n, length, f), mask(how.p2, n, length, e))


@op(name=lambda *a, **k: "AddBackward0" if a[13].norm_first else "NativeLayerNormBackward0")
def encoder_layer(
    input: Array,
    w_in: Array,
    b_in: Array,
    w_out: Array,
    b_out: Array,
    w1: Array,
    b1: Array,
    w2: Array,
    b2: Array,
    gamma1: Array,
    beta1: Array,
    gamma2: Array,
    beta2: Array,
    how,
    *,
    need,
):
    """Equation (1) or (2).

    Shape: input (N, L, E), contiguous; w_in (3E, E), w_out (E, E), w1 (F, E), w2 (E, F); result
        as input.
    Args:
        how: heads, ε, activation, norm_first and the dropout probabilities, each below 1.
    Cost: saves some 11 E + 2 F + h·L numbers a token.
    Source: Vaswani et al. 2017, section 3; Xiong et al. 2020 (norm_first).
    """
    n, length, e = input.shape
    weights = [w_in, b_in, w_out, b_out, w1, b1, w2, b2, gamma1, beta1, gamma2, beta2]
    masks = _draw(n, length, e, len(w1), how)
    recorded = any(need[i] for i in range(13))
    size = parallel.rows(n, length, TOKENS)
    backs: list[Any] = [None] * -(-n // size)
    out = np.empty_like(input)

    def forward(a: int, b: int) -> None:
        part = _Part(weights, how, masks.part(a, b), (b - a, length, e), recorded)
        y, back = part.layer(input[a:b].reshape(-1, e))
        out[a:b] = y.reshape(b - a, length, e)
        backs[a // size] = back if recorded else None

    parallel.blocks(n, size, forward)

    def vjp(g: Array) -> Any:
        g = np.ascontiguousarray(g)
        dx = np.empty_like(input)
        grads: list[Any] = [[None] * len(weights) for _ in backs]

        def backward(a: int, b: int) -> None:
            i = a // size
            dx[a:b] = backs[i](g[a:b].reshape(-1, e), grads[i]).reshape(b - a, length, e)

        parallel.blocks(n, size, backward)
        return (dx, *(_sum([part[i] for part in grads]) for i in range(len(weights))))

    return out, vjp


def _sum(parts: list[Array]) -> Array:
    """Added in order: the same bits for any number of threads."""
    total = parts[0]
    for p in parts[1:]:
        total = np.add(total, p, total)
    return total


class _Part:
    """The layer on some sequences; every step returns its result and its back.

    A back takes the gradient g of the result and a list for the parameters' gradients, and
    returns the gradient of the step's input.
    """

    def __init__(self, weights: Any, how: How, masks: _Masks, shape: Any, recorded: bool) -> None:
        self.weights, self.how, self.masks, self.shape = weights, how, masks, shape
        self.need = (recorded,) * 5  # every rule's inputs

    def layer(self, x: Array) -> Any:
        """Equation (1) or (2)."""
        if self.how.norm_first:
            n1, back_norm1 = self.norm(x, 8)
            a, back_attention = self.attention(n1)
            y = x + a
            n2, back_norm2 = self.norm(y, 10)
            f, back_ff = self.ff(n2)

            def back_pre(g: Array, grads: Any) -> Array:  # (4)
                g = g + back_norm2(back_ff(g, grads), grads)
                return g + back_norm1(back_attention(g, grads), grads)

            return y + f, back_pre  # (2)
        a, back_attention = self.attention(x)
        z, back_norm1 = self.norm(x + a, 8)
        f, back_ff = self.ff(z)
        out, back_norm2 = self.norm(z + f, 10)  # (1)

        def back_post(g: Array, grads: Any) -> Array:
            g = back_norm2(g, grads)
            g = back_norm1(g + back_ff(g, grads), grads)
            return g + back_attention(g, grads)

        return out, back_post

    def norm(self, x: Array, i: int) -> Any:
        """Weights i and i + 1."""
        gamma, beta = self.weights[i : i + 2]
        y, vjp = layer_norm.rule(x, gamma.shape, gamma, beta, self.how.eps, need=self.need)

        def back(g: Array, grads: Any) -> Array:
            dx, grads[i], grads[i + 1] = vjp(g)
            return dx

        return y, back

    def linear(self, x: Array, i: int) -> Any:
        """Weights i and i + 1."""
        y, vjp = linear.rule(x, *self.weights[i : i + 2], need=self.need)

        def back(g: Array, grads: Any) -> Array:
            dx, grads[i], _ = vjp(g)
            grads[i + 1] = np.ones(len(g), g.dtype) @ g
            return dx

        return y, back

    def drop(self, y: Array, mask: Any, p: float) -> Any:
        """Equation (3), in place."""
        if mask is None:
            return lambda g: g
        mask = mask.reshape(y.shape)
        apply_mask(y, mask, p, y)
        return lambda g: apply_mask(g, mask, p, np.empty_like(g))

    def attention(self, x: Array) -> Any:
        """drop(attention(x)): weights 0 to 3."""
        n, length, e = self.shape
        h, p = self.how.heads, self.how.p_attention
        qkv, back_in = self.linear(x, 0)
        q, k, v = qkv.reshape(n, length, 3, h, e // h).transpose(2, 0, 3, 1, 4)
        heads, vjp = _attention.rule(
            q, k, v, None, p, False, 1 / sqrt(e // h), self.masks.attention,
            need=(*self.need[:3], False),
        )  # fmt: skip
        y, back_out = self.linear(heads.swapaxes(1, 2).reshape(x.shape), 2)
        back_drop = self.drop(y, self.masks.first, self.how.p1)

        def back(g: Array, grads: Any) -> Array:
            g = back_out(back_drop(g), grads).reshape(n, length, h, e // h).swapaxes(1, 2)
            d = np.empty((n, length, 3, h, e // h), g.dtype)
            for i, part in enumerate(vjp(g)[:3]):
                d[:, :, i] = part.swapaxes(1, 2)
            return back_in(d.reshape(-1, 3 * e), grads)

        return y, back

    def ff(self, x: Array) -> Any:
        """drop(ff(x)): weights 4 to 7."""
        mask = self.masks.hidden
        y, vjp = feed_forward.rule(
            x,
            *self.weights[4:8],
            self.how.activation,
            self.how.p_hidden,
            None if mask is None else mask.reshape(len(x), -1),
            need=self.need,
        )
        back_drop = self.drop(y, self.masks.second, self.how.p2)

        def back(g: Array, grads: Any) -> Array:
            dx, *grads[4:8] = vjp(back_drop(g))
            return dx

        return y, back
