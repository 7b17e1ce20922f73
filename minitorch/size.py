"""torch.Size: what ``tensor.shape`` is."""

from __future__ import annotations

from typing import Any


class Size(tuple):
    """A shape: a tuple of ints that prints as ``torch.Size([2, 3])`` and counts elements."""

    def __new__(cls, sizes: Any = ()) -> Size:
        return super().__new__(cls, tuple(int(n) for n in sizes))

    def numel(self) -> int:
        """The number of elements in a tensor of this shape."""
        n = 1
        for size in self:
            n *= size
        return n

    def __repr__(self) -> str:
        return f"torch.Size([{', '.join(map(str, self))}])"

    def __getitem__(self, i: Any) -> Any:
        got = tuple.__getitem__(self, i)
        return Size(got) if isinstance(i, slice) else got

    def __add__(self, other: Any) -> Size:
        return Size(tuple(self) + tuple(other))

    def __radd__(self, other: Any) -> Size:
        return Size(tuple(other) + tuple(self))

    def __mul__(self, n: Any) -> Size:
        return Size(tuple(self) * n)

    __rmul__ = __mul__

    def __reduce__(self) -> Any:
        return (Size, (tuple(self),))
