"""Packing: the real tokens of a padded batch as one matrix, so that padding is never computed.

    src (N, S, E), N = 3, S = 5               packed (ΣL, E), ΣL = 2 + 4 + 5 = 11

    a: [a₁ a₂ ·  ·  · ]        pack
    b: [b₁ b₂ b₃ b₄ b₅]      ───────→        [a₁ a₂ c₁ c₂ c₃ c₄ b₁ b₂ b₃ b₄ b₅]
    c: [c₁ c₂ c₃ c₄ · ]      ←───────         └ run ┘└── run ──┘└──── run ────┘
                              unpack           L = 2    L = 4        L = 5

Linear layers, norms and the feed-forward block treat each token alone, y_t = f(x_t): they take the
matrix as it is, ΣL rows instead of N·S. Only attention looks at other tokens, those of the same
sequence. Sequences are packed from short to long, so that those of one length lie side by side, as
a *run*: n sequences of length L are the batch (n, L, E), a view without padding.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from ...ops.joining import cat
from ...ops.ranges import arange


class Packing:
    """Where the tokens of a batch with these lengths (N), padded to S, go.

    >>> import minitorch as torch
    >>> packing = Packing(torch.tensor([2, 5, 4]), 5)
    >>> packing.runs                                        # (first row, n sequences, length)
    [(0, 1, 2), (2, 1, 4), (6, 1, 5)]
    >>> src = torch.arange(15.0).view(3, 5, 1)
    >>> packing.pack(src).flatten().int().tolist()
    [0, 1, 10, 11, 12, 13, 5, 6, 7, 8, 9]
    >>> packing.unpack(packing.pack(src)).squeeze(2).int().tolist()
    [[0, 1, 0, 0, 0], [5, 6, 7, 8, 9], [10, 11, 12, 13, 0]]
    """

    def __init__(self, lengths: Any, S: int) -> None:
        self.shape = len(lengths), S
        lengths, order = lengths.sort(stable=True)
        real = arange(S) < lengths.unsqueeze(1)  # (N, S)
        self.rows = (order.unsqueeze(1) * S + arange(S))[real]  # of src as (N·S, E)
        self.runs: list[tuple[int, int, int]] = []
        start = 0
        for length, same in groupby(lengths.tolist()):
            n = len(list(same))
            if length:
                self.runs.append((start, n, length))
            start += n * length

    def pack(self, src: Any) -> Any:
        """(N, S, E) → (ΣL, E)"""
        return src.flatten(0, 1).index_select(0, self.rows)

    def unpack(self, x: Any) -> Any:
        """(ΣL, E) → (N, S, E), zeros where padding was"""
        N, S = self.shape
        return x.new_zeros(N * S, x.size(1)).index_copy(0, self.rows, x).view(N, S, x.size(1))

    def run_by_run(self, layer: Any, x: Any) -> Any:
        """Any layer, applied to one batch (n, L, E) after the other: (ΣL, E) → (ΣL, E)."""
        batches = (x[start : start + n * L].view(n, L, -1) for start, n, L in self.runs)
        return cat([layer(batch).flatten(0, 1) for batch in batches])
