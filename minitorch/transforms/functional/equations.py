"""Linear equations by Householder reflections: what `perspective` finds its coefficients with.

A reflection H = I − τ·v·vᵀ turns a column x into (β, 0, …, 0):

    β = −sign(x₀)·‖x‖,   τ = (β − x₀)/β,   v = (1, x₁/(x₀ − β), x₂/(x₀ − β), …)            (1)

One for each column makes A triangular, H₇⋯H₁H₀·A = R, and the same reflections of the right-hand
side leave R·x = H₇⋯H₁H₀·b, which is solved from the last row up.                         (2)

`numpy.linalg.solve` gives the same to 15 digits. But where a coefficient should be 0, what is left
of it is rounding, and its sign decides which pixel is read at a tie. So the sums are taken here in
the order in which PyTorch's `linalg.lstsq` takes them.

Source: Golub and Van Loan, "Matrix Computations", 5.1-5.2; orders measured against PyTorch 2.13.
"""

from __future__ import annotations

import math


def solve(matrix: list[list[float]], wanted: list[float]) -> list[float]:
    """x with matrix · x = wanted.

    Args:
        matrix: n rows of n numbers.
        wanted: n numbers.
    Raises:
        ZeroDivisionError: the matrix has no inverse, and no rounding hides it.
    """
    n = len(wanted)
    columns = [[float(row[j]) for row in matrix] for j in range(n)]
    x = [float(value) for value in wanted]
    for k in range(n):
        column = columns[k]
        tail = _norm(column[k + 1 :])
        if tail == 0.0:  # already (β, 0, …, 0)
            continue
        beta = -math.copysign(_hypotenuse(column[k], tail), column[k])  # (1)
        tau = (beta - column[k]) / beta
        factor = 1.0 / (column[k] - beta)
        v = [1.0, *(value * factor for value in column[k + 1 :])]
        for other in columns[k + 1 :]:
            _reflect(other, k, v, tau * _in_two_lanes(v, other[k:]))
        _reflect(x, k, v, tau * _first_term_last(v, x[k:]))
        column[k] = beta
    for k in reversed(range(n)):  # (2)
        x[k] /= columns[k][k]
        for i in range(k):
            x[i] -= x[k] * columns[k][i]
    return x


def _reflect(column: list[float], k: int, v: list[float], weight: float) -> None:
    """column −= weight·v from place k on, with weight = τ·(v · column)."""
    for i, value in enumerate(v, k):
        column[i] -= weight * value


def _norm(values: list[float]) -> float:
    """‖values‖, with the largest so far taken out of the sum of squares."""
    scale, squares = 0.0, 1.0
    for value in map(abs, values):
        if value > scale:
            squares = 1.0 + squares * (scale / value) ** 2
            scale = value
        elif value:
            squares += (value / scale) ** 2
    return scale * math.sqrt(squares)


def _hypotenuse(a: float, b: float) -> float:
    large, small = max(abs(a), abs(b)), min(abs(a), abs(b))
    return large * math.sqrt(1.0 + (small / large) ** 2)


def _in_two_lanes(a: list[float], b: list[float]) -> float:
    """a · b: the even places and the odd ones each on their own, then one last place if any."""
    pairs = len(a) - len(a) % 2
    even = odd = 0.0
    for i in range(0, pairs, 2):
        even += a[i] * b[i]
        odd += a[i + 1] * b[i + 1]
    total = even + odd
    return total + a[-1] * b[-1] if pairs < len(a) else total


def _first_term_last(a: list[float], b: list[float]) -> float:
    """a · b: the first place is added at the end."""
    total = 0.0
    for i in range(1, len(a)):
        total += a[i] * b[i]
    return total + a[0] * b[0]
