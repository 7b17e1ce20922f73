"""Sequences of different lengths in one tensor, without padding: token by token.

Of sequences a (4 tokens), b (2), c (1), sorted by length, the packed rows are

    a₀ b₀ c₀   a₁ b₁   a₂   a₃         batch_sizes = 3, 2, 1, 1

so that a recurrent layer takes the first batch_sizes[t] states through step t. Row r is token t_r
of sequence b_r:

    packed[r] = padded[t_r, b_r]                                                              (1)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..autograd.rule import Array, op


def _places(batch_sizes: Any) -> tuple[Any, Any]:
    """t_r and b_r of every packed row."""
    starts = np.cumsum(batch_sizes) - batch_sizes
    t = np.repeat(np.arange(len(batch_sizes)), batch_sizes)
    return t, np.arange(len(t)) - np.repeat(starts, batch_sizes)


@op(name="PackPaddedSequence")
def pack_padded(input: Array, batch_sizes: Array):
    """The rows of padded sequences without the padding.

    out[r] = input[t_r, b_r],   ∂input[t_r, b_r] = g[r], 0 where it is padding               (2)

    Shape: input (T, N, …), batch_sizes (T) → (Σ batch_sizes, …).
    See: nn.utils.rnn.pack_padded_sequence.
    """
    at, shape = _places(batch_sizes), input.shape

    def vjp(g: Array) -> Any:
        d = np.zeros(shape, g.dtype)
        d[at] = g  # (2)
        return d, None

    return input[at], vjp  # (2)


def _copied(*args: Any, **options: Any) -> str:
    return "CopySlices"


@op(name=_copied)
def pad_packed(data: Array, batch_sizes: Array, padding_value=0.0, total_length=None):
    """The way back: rows to their places, `padding_value` elsewhere.

    out[t_r, b_r] = data[r],   ∂data[r] = g[t_r, b_r]                                         (3)

    Shape: data (Σ batch_sizes, …), batch_sizes (T) → (T or total_length, N, …).
    See: nn.utils.rnn.pad_packed_sequence.
    """
    at, T = _places(batch_sizes), total_length or len(batch_sizes)
    out = np.full((T, batch_sizes[0], *data.shape[1:]), padding_value, data.dtype)
    out[at] = data  # (3)
    return out, lambda g: (g[at], None)  # (3)
