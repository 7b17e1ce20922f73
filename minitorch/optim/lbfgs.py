"""L-BFGS: Newton's method with a curvature that is learned from the last few steps.

Of the last m steps, s = x₊ − x and y = g₊ − g are kept, ρ = 1/(y·s). They define an approximation
H of the inverse Hessian; d = −H·g is found without building it, in two loops over the pairs:

    q ← −g;    newest to oldest:  αᵢ = ρᵢ·sᵢ·q,   q ← q − αᵢ·yᵢ                                (1)
    r ← q · (s·y)/(y·y);  oldest to newest:  β = ρᵢ·yᵢ·r,   r ← r + (αᵢ − β)·sᵢ;   d = r       (2)

A line search finds the length t of the step x ← x + t·d that fulfils the strong Wolfe conditions

    f(t) ≤ f(0) + c₁·t·f′(0),    |f′(t)| ≤ c₂·|f′(0)|,     f(t) = loss(x + t·d)                 (3)

Source: Nocedal and Wright 2006, algorithms 7.4, 3.5 and 3.6.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..autograd.grad_mode import enable_grad, no_grad
from ..autograd.graph import wrap
from .optimizer import Optimizer, Params, check_lr, number

C1, C2 = 1e-4, 0.9  # of (3)


class LBFGS(Optimizer):
    """Equations (1)-(3) of this file. Each `step` makes several iterations, so it needs a closure.

    Args:
        params: parameters; one group only.
        lr: the step's length t, or where the line search starts (default 1).
        max_iter: iterations of one `step` (default 20).
        max_eval: evaluations of the loss in one `step` (default: max_iter · 5/4).
        tolerance_grad: stop when no gradient is larger (default 1e-7).
        tolerance_change: stop when no parameter, nor the loss, changes more (default 1e-9).
        history_size: m (default 100).
        line_search_fn: None (default: t = lr) or 'strong_wolfe'.
    Raises: ValueError for several groups or a negative lr.

    Example:
        >>> import minitorch as torch
        >>> x = torch.tensor([3.0, 1.0], requires_grad=True)
        >>> optimizer = torch.optim.LBFGS([x], line_search_fn="strong_wolfe")
        >>> def closure():
        ...     optimizer.zero_grad()
        ...     loss = (x[0] - 1) ** 2 + 10 * (x[1] - x[0] ** 2) ** 2
        ...     loss.backward()
        ...     return loss
        >>> _ = optimizer.step(closure)
        >>> x.detach().round(decimals=3)
        tensor([1., 1.])

    Source: PyTorch documentation, LBFGS.
    """

    def __init__(
        self,
        params: Params,
        lr: Any = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        check_lr(lr)
        defaults = {
            "lr": lr,
            "max_iter": max_iter,
            "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
            "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change,
            "history_size": history_size,
            "line_search_fn": line_search_fn,
        }
        super().__init__(params, defaults)
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")
        self._params = self.param_groups[0]["params"]

    def step(self, closure: Callable[[], Any]) -> Any:  # type: ignore[override]
        """Several iterations of x ← x + t·d; returns the loss before them.

        Args:
            closure: computes the loss again, with backward, and returns it.
        """
        group = self.param_groups[0]
        lr, few = number(group["lr"]), group["tolerance_change"]
        search = group["line_search_fn"]
        state = self.state[self._params[0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)
        with enable_grad():
            first_loss = closure()
        f, evaluations = float(first_loss), 1
        state["func_evals"] += 1
        with no_grad():
            g = self._gradient()
            if np.abs(g).max() <= group["tolerance_grad"]:
                return first_loss
            history = _History.load(state, group["history_size"])
            d, t, g_before = history.d, history.t, history.g
            f_before = history.f
            n = 0
            while n < group["max_iter"]:
                n += 1
                state["n_iter"] += 1
                if state["n_iter"] == 1:
                    d = -g
                    history.forget()
                else:
                    history.add(d * t, g - g_before)
                    d = history.direction(g)
                g_before, f_before = g, f
                t = min(1.0, 1.0 / float(np.abs(g).sum())) * lr if state["n_iter"] == 1 else lr
                slope = float(g @ d)
                if slope > -few:
                    break
                made = 0
                if search is None:
                    self._move(t, d)
                    if n != group["max_iter"]:  # the last evaluation would not be used
                        with enable_grad():
                            f = float(closure())
                        g, made = self._gradient(), 1
                elif search != "strong_wolfe":
                    raise RuntimeError("only 'strong_wolfe' is supported")
                else:
                    point, made = strong_wolfe(
                        self._along(closure, d), t, d, _Point(0.0, f, g, slope),
                        most=min(25, group["max_eval"] - evaluations),
                    )  # fmt: skip
                    f, g, t = point.f, point.g, point.t
                    self._move(t, d)
                evaluations += made
                state["func_evals"] += made
                if (
                    n == group["max_iter"]
                    or evaluations >= group["max_eval"]
                    or (made and np.abs(g).max() <= group["tolerance_grad"])
                    or np.abs(d * t).max() <= few
                    or abs(f - f_before) < few
                ):
                    break
            history.d, history.t, history.g, history.f = d, t, g_before, f_before
            history.save(state)
        return first_loss

    def _gradient(self) -> np.ndarray:
        """All gradients one after the other; zeros where there is none."""
        parts = [
            np.zeros(p._data.size, p._data.dtype) if p._grad is None else p._grad._data.reshape(-1)
            for p in self._params
        ]
        return np.concatenate(parts)

    def _move(self, t: float, d: np.ndarray) -> None:
        """x ← x + t·d."""
        at = 0
        for p in self._params:
            n = p._data.size
            p._data += d[at : at + n].reshape(p._data.shape) * p._data.dtype.type(t)
            p._changes[0] += 1
            at += n

    def _along(self, closure: Any, d: np.ndarray) -> Any:
        """t ↦ (loss, gradient) at x + t·d; the parameters are x again afterwards."""
        start = [p._data.copy() for p in self._params]

        def evaluate(t: float) -> Any:
            self._move(t, d)
            with enable_grad():
                f = float(closure())
            g = self._gradient()
            for p, numbers in zip(self._params, start):
                np.copyto(p._data, numbers)
            return f, g

        return evaluate


class _History:
    """The kept pairs (s, y), and what the next iteration needs of the last one."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.d: Any = None
        self.t: Any = None
        self.g: Any = None
        self.f: Any = None
        self.forget()

    def forget(self) -> None:
        """No pairs; H is 1."""
        self.y: list[Any] = []
        self.s: list[Any] = []
        self.rho: list[Any] = []
        self.scale: Any = 1

    def add(self, s: Any, y: Any) -> None:
        """Keep a pair, if the curvature along it is positive."""
        ys = y @ s
        if ys > 1e-10:
            if len(self.y) == self.size:
                for kept in (self.y, self.s, self.rho):
                    kept.pop(0)
            self.y.append(y)
            self.s.append(s)
            self.rho.append(1.0 / ys)
            self.scale = ys / (y @ y)

    def direction(self, g: Any) -> Any:
        """d = −H·g."""
        q, alphas = -g, []
        for s, y, rho in zip(self.s[::-1], self.y[::-1], self.rho[::-1]):
            alphas.append((s @ q) * rho)
            q = q - alphas[-1] * y  # (1)
        r = q * self.scale
        for s, y, rho, alpha in zip(self.s, self.y, self.rho, alphas[::-1]):
            r = r + (alpha - (y @ r) * rho) * s  # (2)
        return r

    def save(self, state: dict[str, Any]) -> None:
        """Into the optimizer's state, under PyTorch's names."""
        state["d"], state["t"] = wrap(self.d), self.t
        state["old_dirs"] = [wrap(y) for y in self.y]
        state["old_stps"] = [wrap(s) for s in self.s]
        state["ro"] = [wrap(np.asarray(rho)) for rho in self.rho]
        plain = isinstance(self.scale, int)
        state["H_diag"] = self.scale if plain else wrap(np.asarray(self.scale))
        state["prev_flat_grad"], state["prev_loss"] = wrap(self.g), self.f

    @classmethod
    def load(cls, state: dict[str, Any], size: int) -> _History:
        """What `save` stored; empty before the first step."""
        self = cls(size)
        if "d" in state:
            self.d, self.t = state["d"]._data, number(state["t"])  # PyTorch: a tensor at first
            self.y = [y._data for y in state["old_dirs"]]
            self.s = [s._data for s in state["old_stps"]]
            self.rho = [rho._data[()] for rho in state["ro"]]
            scale = state["H_diag"]
            self.scale = scale if isinstance(scale, int) else scale._data[()]
            self.g, self.f = state["prev_flat_grad"]._data, state["prev_loss"]
        return self


# -- line search ----------------------------------------------------------------------------------


class _Point(NamedTuple):
    """A step length with the loss, its gradient, and its slope along d."""

    t: float
    f: float
    g: Any
    slope: float


def strong_wolfe(
    evaluate: Any, t: float, d: Any, start: _Point, few: float = 1e-9, most: int = 25
) -> tuple[_Point, int]:
    """A step length that fulfils (3), and how often the loss was evaluated.

    First longer and longer steps, until a minimum lies between the last two (or (3) holds);
    then that bracket is narrowed, each time at the minimum of a cubic through its ends.

    Args:
        evaluate: t ↦ (loss, gradient).
        t: the first step length to try.
        few: stop when the bracket is narrower in every parameter.
        most: evaluations after the first, at most.
    """

    def at(t: float) -> _Point:
        f, g = evaluate(t)
        return _Point(t, f, g, float(g @ d))

    def too_high(p: _Point) -> bool:
        return p.f > start.f + C1 * p.t * start.slope

    def flat(p: _Point) -> bool:
        return abs(p.slope) <= -C2 * start.slope

    before, now, tries = start, at(t), 0
    while True:
        if tries == most:
            return (start if start.f <= now.f else now), tries + 1
        if too_high(now) or (tries > 1 and now.f >= before.f):
            break
        if flat(now):
            return now, tries + 1
        if now.slope >= 0:
            break
        longer = _cubic(before, now, (now.t + 0.01 * (now.t - before.t), now.t * 10))
        before, now, tries = now, at(longer), tries + 1

    ends = [before, now]
    low = 0 if before.f <= now.f else 1
    evaluations, stalled = tries + 1, False
    size = float(np.abs(d).max())
    while tries < most and abs(ends[1].t - ends[0].t) * size >= few:
        left, right = sorted((ends[0].t, ends[1].t))
        t = _cubic(ends[0], ends[1], (left, right))
        margin = 0.1 * (right - left)
        near_end = min(right - t, t - left) < margin
        if near_end and (stalled or t >= right or t <= left):
            t = right - margin if abs(t - right) < abs(t - left) else left + margin
            stalled = False
        else:
            stalled = near_end
        new = at(t)
        evaluations += 1
        tries += 1
        if too_high(new) or new.f >= ends[low].f:
            ends[1 - low] = new
            low = 0 if ends[0].f <= ends[1].f else 1
        else:
            done = flat(new)
            if not done and new.slope * (ends[1 - low].t - ends[low].t) >= 0:
                ends[1 - low] = ends[low]
            ends[low] = new
            if done:
                break
    return ends[low], evaluations


def _cubic(a: _Point, b: _Point, bounds: tuple[float, float]) -> float:
    """Where the cubic with the two points' losses and slopes is smallest, within the bounds."""
    left, right = bounds
    u = a.slope + b.slope - 3 * (a.f - b.f) / (a.t - b.t)
    square = u * u - a.slope * b.slope
    if not square >= 0:  # it has no minimum
        return (left + right) / 2
    v = math.sqrt(square)
    if a.t > b.t:
        a, b = b, a
    t = b.t - (b.t - a.t) * ((b.slope + v - u) / (b.slope - a.slope + 2 * v))
    return min(max(t, left), right)
