"""Modules that hold modules: Sequential runs them in order, ModuleList and ModuleDict store them.

The children live in `_modules` as those of any module do, in a list under the names "0", "1", …
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from operator import index
from typing import Any

from .module import Module


def position(i: Any, n: int) -> int:
    """A list index in [−n, n) as one in [0, n)."""
    i = index(i)
    if not -n <= i < n:
        raise IndexError(f"index {i} is out of range")
    return i % n if n else 0


def pairs(kind: str, given: Any) -> Iterator[tuple[Any, Any]]:
    """The (key, value) pairs of a mapping or of a sequence of pairs."""
    if isinstance(given, Mapping) or hasattr(given, "items"):
        yield from given.items()
        return
    if not isinstance(given, Iterable):
        raise TypeError(
            f"{kind}.update should be called with an iterable of key/value pairs, "
            f"but got {type(given).__name__}"
        )
    for i, pair in enumerate(given):
        if not isinstance(pair, Iterable):
            raise TypeError(
                f"{kind} update sequence element #{i} should be Iterable; "
                f"is {type(pair).__name__}"
            )
        pair = tuple(pair)
        if len(pair) != 2:
            raise ValueError(
                f"{kind} update sequence element #{i} has length {len(pair)}; 2 is required"
            )
        yield pair


class Sequential(Module):
    """y = fₙ(… f₂(f₁(x))): each module's output is the next one's input.

    Three ways to build one:

        Sequential(Conv2d(1, 20, 5), ReLU())                       named "0", "1", …
        Sequential(OrderedDict([("conv", Conv2d(1, 20, 5)), …]))   named by the dict
        model = Sequential(); model.add_module("conv", Conv2d(1, 20, 5)); …

    >>> import minitorch as torch
    >>> torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU())
    Sequential(
      (0): Linear(in_features=2, out_features=3, bias=True)
      (1): ReLU()
    )

    Source: notes, "nn.Sequential".
    """

    def __init__(self, *args: Any) -> None:
        super().__init__()
        if len(args) == 1 and isinstance(args[0], OrderedDict):
            for name, module in args[0].items():
                self.add_module(name, module)
        else:
            for i, module in enumerate(args):
                self.add_module(str(i), module)

    def forward(self, input: Any) -> Any:
        for module in self._modules.values():
            input = module(input)
        return input

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())

    def _name(self, i: Any) -> str:
        return list(self._modules)[position(i, len(self))]

    def __getitem__(self, idx: Any) -> Any:
        """One module, or for a slice a Sequential of the same modules under the same names."""
        if isinstance(idx, slice):
            return type(self)(OrderedDict(list(self._modules.items())[idx]))
        return self._modules[self._name(idx)]

    def __setitem__(self, idx: int, module: Module) -> None:
        setattr(self, self._name(idx), module)

    def __delitem__(self, idx: Any) -> None:
        """Remove one module or a slice; the rest is renamed "0", "1", …"""
        if isinstance(idx, slice):
            for name in list(self._modules)[idx]:
                delattr(self, name)
        else:
            delattr(self, self._name(idx))
        self._modules = {str(i): m for i, m in enumerate(self._modules.values())}

    def pop(self, key: Any) -> Module:
        """Remove the module at a position and return it."""
        module = self[key]
        del self[key]
        return module

    def append(self, module: Module) -> Sequential:
        """Add a module at the end."""
        self.add_module(str(len(self)), module)
        return self

    def insert(self, index: int, module: Module) -> Sequential:
        """Put a module before position `index`; those from there on move up by one."""
        if not isinstance(module, Module):
            raise AssertionError(f"module should be of type: {Module}")
        n = len(self)
        if not -n <= index <= n:
            raise IndexError(f"Index out of range: {index}")
        if list(self._modules) != [str(i) for i in range(n)]:
            raise KeyError(
                f"insert needs the modules to be named '0', '1', …, got {list(self._modules)}"
            )
        index = index + n if index < 0 else index
        for i in range(n, index, -1):
            self._modules[str(i)] = self._modules[str(i - 1)]
        self._modules[str(index)] = module
        return self

    def extend(self, sequential: Iterable[Module]) -> Sequential:
        """Append each module of an iterable."""
        for module in sequential:
            self.append(module)
        return self

    def __add__(self, other: Any) -> Sequential:
        if not isinstance(other, Sequential):
            raise _not_sequential(other)
        return Sequential(*self, *other)

    def __iadd__(self, other: Any) -> Sequential:
        if not isinstance(other, Sequential):
            raise _not_sequential(other)
        return self.extend(list(other))

    def __mul__(self, other: int) -> Sequential:
        """The modules `other` times over; the same modules, so that weights are shared."""
        self._check_factor(other)
        return Sequential(*(list(self) * other))

    __rmul__ = __mul__

    def __imul__(self, other: int) -> Sequential:
        self._check_factor(other)
        return self.extend(list(self) * (other - 1))

    def _check_factor(self, other: Any) -> None:
        if not isinstance(other, int):
            raise TypeError(f"unsupported operand type(s) for *: {type(self)} and {type(other)}")
        if other <= 0:
            raise ValueError(f"Non-positive multiplication factor {other} for {type(self)}")


def _not_sequential(other: Any) -> ValueError:
    return ValueError(
        "add operator supports only objects of Sequential class, "
        f"but {str(type(other))} is given."
    )


class ModuleList(Module):
    """A list of modules that registers them: for a model whose forward loops over its layers.

    >>> import minitorch as torch
    >>> layers = torch.nn.ModuleList([torch.nn.Linear(3, 3) for _ in range(2)])
    >>> layers
    ModuleList(
      (0-1): 2 x Linear(in_features=3, out_features=3, bias=True)
    )
    """

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        if modules is not None:
            self.extend(modules)

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())

    def __getitem__(self, idx: Any) -> Any:
        """One module, or for a slice a ModuleList of the same modules."""
        if isinstance(idx, slice):
            return type(self)(list(self._modules.values())[idx])
        return self._modules[str(position(idx, len(self)))]

    def __setitem__(self, idx: int, module: Module) -> None:
        setattr(self, str(position(idx, len(self))), module)

    def __delitem__(self, idx: Any) -> None:
        if isinstance(idx, slice):
            for i in range(len(self))[idx]:
                delattr(self, str(i))
        else:
            delattr(self, str(position(idx, len(self))))
        self._modules = {str(i): m for i, m in enumerate(self._modules.values())}

    def append(self, module: Module) -> ModuleList:
        """Add a module at the end."""
        self.add_module(str(len(self)), module)
        return self

    def insert(self, index: int, module: Module) -> None:
        """Put a module before position `index`, with a list's rules for any integer."""
        modules = list(self._modules.values())
        modules.insert(index, module)
        for i, m in enumerate(modules):
            self.add_module(str(i), m)

    def pop(self, key: Any) -> Module:
        """Remove the module at a position and return it."""
        module = self[key]
        del self[key]
        return module

    def extend(self, modules: Iterable[Module]) -> ModuleList:
        """Append each module of an iterable."""
        if not isinstance(modules, Iterable):
            raise TypeError(
                "ModuleList.extend should be called with an iterable, "
                f"but got {type(modules).__name__}"
            )
        for module in list(modules):
            self.append(module)
        return self

    def __iadd__(self, modules: Iterable[Module]) -> ModuleList:
        return self.extend(modules)

    def __add__(self, other: Iterable[Module]) -> ModuleList:
        return ModuleList(chain(self, other))

    def __repr__(self) -> str:
        """Neighbours that print the same are shown once: ``(0-3): 4 x Linear(…)``."""
        runs: list[list[Any]] = []  # [first, last, text]
        for i, module in enumerate(self):
            text = repr(module)
            if runs and runs[-1][2] == text:
                runs[-1][1] = i
            else:
                runs.append([i, i, text])
        if not runs:
            return f"{self._get_name()}()"
        lines = ""
        for first, last, text in runs:
            times = f"({first}): " if first == last else f"({first}-{last}): {last - first + 1} x "
            lines += "\n  " + times + text.replace("\n", "\n  ")
        return f"{self._get_name()}({lines}\n)"


class ModuleDict(Module):
    """A dict of modules that registers them, in the order in which they were added.

    >>> import minitorch as torch
    >>> choices = torch.nn.ModuleDict({"relu": torch.nn.ReLU(), "tanh": torch.nn.Tanh()})
    >>> choices["tanh"]
    Tanh()
    """

    def __init__(self, modules: Any = None) -> None:
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __getitem__(self, key: str) -> Module:
        return self._modules[key]

    def __setitem__(self, key: str, module: Module) -> None:
        self.add_module(key, module)

    def __delitem__(self, key: str) -> None:
        del self._modules[key]

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, key: object) -> bool:
        return key in self._modules

    def clear(self) -> None:
        """Remove all modules."""
        self._modules.clear()

    def pop(self, key: str) -> Module:
        """Remove the module of this name and return it; KeyError if there is none."""
        return self._modules.pop(key)

    def keys(self) -> Any:
        """The names."""
        return self._modules.keys()

    def items(self) -> Any:
        """(name, module) pairs."""
        return self._modules.items()

    def values(self) -> Any:
        """The modules."""
        return self._modules.values()

    def update(self, modules: Any) -> None:
        """Add the modules of a mapping or of a sequence of (name, module) pairs."""
        for name, module in pairs("ModuleDict", modules):
            self[name] = module
