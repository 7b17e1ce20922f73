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


def broadcast_shapes(*shapes: Any) -> Size:
    """The shape to which tensors of these shapes broadcast; RuntimeError where they don't.

    >>> broadcast_shapes((2, 1), (3,))
    torch.Size([2, 3])
    """
    listed = [(s,) if isinstance(s, int) else tuple(s) for s in shapes]
    result: list[int] = [1] * max((len(s) for s in listed), default=0)
    for shape in listed:
        for i in range(1, len(shape) + 1):
            if result[-i] == 1:
                result[-i] = shape[-i]
            elif shape[-i] not in (1, result[-i]):
                raise RuntimeError(
                    "Shape mismatch: objects cannot be broadcast to a single shape: "
                    + ", ".join(map(str, listed))
                )
    return Size(result)
