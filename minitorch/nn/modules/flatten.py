"""Flatten and Unflatten: several dimensions into one, and back."""

from __future__ import annotations

from typing import Any

from .module import Module


class Flatten(Module):
    """Join the dimensions start_dim … end_dim into one.

    Shape: (N, C, H, W) → (N, C·H·W) by default; with start_dim=2 → (N, C, H·W): the dimensions
    before start_dim stay.

    Args:
        start_dim  the first dimension to join (default 1: keep the batch)
        end_dim    the last one (default -1)

    >>> import minitorch as torch
    >>> torch.nn.Flatten(2)(torch.zeros(2, 3, 5, 7)).shape
    torch.Size([2, 3, 35])

    Source: notes, "nn.Flatten".
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, input: Any) -> Any:
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """Split dimension `dim` into the dimensions `unflattened_size` (-1: what is left).

    >>> import minitorch as torch
    >>> torch.nn.Unflatten(1, (3, 5))(torch.zeros(2, 15)).shape
    torch.Size([2, 3, 5])
    """

    def __init__(self, dim: int, unflattened_size: Any) -> None:
        super().__init__()
        if not isinstance(unflattened_size, (tuple, list)):
            raise TypeError(
                "unflattened_size must be a tuple of ints, but found type "
                f"{type(unflattened_size).__name__}"
            )
        for i, size in enumerate(unflattened_size):
            if not isinstance(size, int):
                raise TypeError(
                    "unflattened_size must be tuple of ints, but found element of type "
                    f"{type(size).__name__} at pos {i}"
                )
        if not isinstance(dim, int):
            raise TypeError("invalid argument type for dim parameter")
        self.dim = dim
        self.unflattened_size = unflattened_size

    def forward(self, input: Any) -> Any:
        return input.unflatten(self.dim, self.unflattened_size)

    def extra_repr(self) -> str:
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
