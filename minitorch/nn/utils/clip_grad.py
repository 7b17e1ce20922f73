"""Keep gradients from exploding: scale them down together, or cut each number.

    total = ‖(‖g₁‖_p, ‖g₂‖_p, …)‖_p                the norm of all gradients as one vector       (1)
    g ← g · min(1, max_norm / (total + 1e-6))                                                  (2)
    g ← min(max(g, −clip_value), clip_value)                                                   (3)

Source: Pascanu, Mikolov, Bengio 2013, arXiv:1211.5063.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from warnings import warn

from ...autograd.grad_mode import no_grad
from ...ops.create import tensor
from ...ops.joining import stack
from ...tensor import Tensor


def _listed(parameters: Any) -> list[Any]:
    """One tensor, or several, as a list; warns when a generator has nothing left."""
    if isinstance(parameters, Tensor):
        return [parameters]
    is_generator = not hasattr(parameters, "__len__") and hasattr(parameters, "__next__")
    tensors = list(parameters)
    if is_generator and not tensors:
        warn(
            "`parameters` is an empty generator, no gradient clipping will occur.", stacklevel=3
        )
    return tensors


def _grads(parameters: list[Any]) -> list[Any]:
    return [p.grad for p in parameters if p.grad is not None]


@no_grad()
def get_total_norm(
    tensors: Any,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Any:
    """The norm (1) of several tensors as if they were one vector.

    Args:
        norm_type           p; inf for the largest absolute value (default 2.0)
        error_if_nonfinite  raise RuntimeError when the norm is nan or inf (default False)
        foreach             accepted as PyTorch accepts it; there is one implementation here
    """
    tensors = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    norm_type = float(norm_type)
    if not tensors:
        return tensor(0.0)
    norms = stack([t.norm(norm_type) for t in tensors])
    total = norms.norm(norm_type)  # (1)
    if error_if_nonfinite and bool((total.isnan() | total.isinf()).item()):
        raise RuntimeError(
            f"The total norm of order {norm_type} for gradients from `parameters` is non-finite, "
            "so it cannot be clipped. To disable this error and scale the gradients by the "
            "non-finite norm anyway, set `error_if_nonfinite=False`"
        )
    return total


@no_grad()
def clip_grads_with_norm_(
    parameters: Any, max_norm: float, total_norm: Any, foreach: bool | None = None
) -> None:
    """Scale the gradients in place by (2), with a total norm that is known already."""
    factor = (float(max_norm) / (total_norm + 1e-6)).clamp(max=1.0)
    for g in _grads(_listed(parameters)):
        g.mul_(factor)  # (2)


def clip_grad_norm_(
    parameters: Any,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Any:
    """Scale all gradients in place so that their norm is at most max_norm; returns the old norm.

    Args:
        parameters  a tensor or an iterable of tensors; those without .grad are skipped
        others      as in `get_total_norm`

    >>> import minitorch as torch
    >>> p = torch.nn.Parameter(torch.zeros(2))
    >>> p.grad = torch.tensor([3., 4.])
    >>> torch.nn.utils.clip_grad_norm_([p], max_norm=1.0)
    tensor(5.)
    >>> p.grad
    tensor([0.6000, 0.8000])
    """
    tensors = _listed(parameters)
    total = get_total_norm(_grads(tensors), norm_type, error_if_nonfinite, foreach)
    clip_grads_with_norm_(tensors, max_norm, total, foreach)
    return total


def clip_grad_norm(
    parameters: Any,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Any:
    """Deprecated name of `clip_grad_norm_`."""
    warn(
        "`torch.nn.utils.clip_grad_norm` is now deprecated in favor of "
        "`torch.nn.utils.clip_grad_norm_`.",
        FutureWarning,
        stacklevel=2,
    )
    return clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite, foreach)


@no_grad()
def clip_grad_value_(
    parameters: Iterable[Any] | Any, clip_value: float, foreach: bool | None = None
) -> None:
    """Cut every number of every gradient to [−clip_value, clip_value], in place: (3)."""
    limit = float(clip_value)
    for g in _grads(_listed(parameters)):
        g.clamp_(-limit, limit)  # (3)
