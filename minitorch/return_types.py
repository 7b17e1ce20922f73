"""Named results: what ``torch.max(x, dim)``, ``torch.sort(x)`` and their like return.

Each is a tuple whose items have names, and prints as PyTorch prints it:

>>> import minitorch as torch
>>> pair = torch.max(torch.tensor([3, 7, 5]), 0)
>>> pair
torch.return_types.max(
values=tensor(7),
indices=tensor(1))
>>> values, indices = pair
>>> bool(pair.values == values)
True
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any


class _Named(tuple):
    """A tuple with names; made of its items, or (as in PyTorch) of one sequence of them."""

    fields: tuple[str, ...] = ()

    def __new__(cls, *items: Any) -> Any:
        if len(items) == 1 and len(cls.fields) > 1:
            items = tuple(items[0])
        if len(items) != len(cls.fields):
            raise TypeError(
                f"torch.return_types.{cls.__name__}() takes a {len(cls.fields)}-sequence "
                f"({len(items)}-sequence given)"
            )
        return tuple.__new__(cls, items)

    def __repr__(self) -> str:
        items = ",\n".join(f"{name}={item!r}" for name, item in zip(self.fields, self))
        return f"torch.return_types.{type(self).__name__}(\n{items})"

    def __reduce__(self) -> Any:
        return (type(self), tuple(self))


def named(name: str, *fields: str) -> Any:
    """A new class of named results: ``named("max", "values", "indices")``."""
    members: dict[str, Any] = {f: property(itemgetter(i)) for i, f in enumerate(fields)}
    return type(name, (_Named,), {"fields": fields, "__module__": __name__, **members})


max = named("max", "values", "indices")
min = named("min", "values", "indices")
sort = named("sort", "values", "indices")
topk = named("topk", "values", "indices")
kthvalue = named("kthvalue", "values", "indices")
median = named("median", "values", "indices")
nanmedian = named("nanmedian", "values", "indices")
mode = named("mode", "values", "indices")
cummax = named("cummax", "values", "indices")
cummin = named("cummin", "values", "indices")
aminmax = named("aminmax", "min", "max")
