"""Transforms made of transforms: Compose, Lambda, RandomApply, RandomChoice, RandomOrder."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from ..nn.modules.module import Module
from .draw import chance


def _listing(name: str, lines: list[str]) -> str:
    return "\n".join([f"{name}(", *(f"    {line}" for line in lines), ")"])


class Compose:
    """One transform that applies several, the first first: t = [f, g] → g(f(img)).

    Args:
        transforms: a list of callables; each takes what the one before returns.
    Source: notes, transforms.Compose.
    >>> from minitorch import transforms
    >>> transforms.Compose([transforms.ToPILImage(), transforms.RandomRotation(degrees=15)])
    Compose(
        ToPILImage()
        RandomRotation(degrees=[-15.0, 15.0], interpolation=nearest, expand=False, fill=0)
    )
    """

    def __init__(self, transforms: Sequence[Callable[[Any], Any]]) -> None:
        self.transforms = transforms

    def __call__(self, img: Any) -> Any:
        for transform in self.transforms:
            img = transform(img)
        return img

    def __repr__(self) -> str:
        return _listing(type(self).__name__, [str(t) for t in self.transforms])


class Lambda:
    """A function of one argument as a transform.

    Args:
        lambd: called with the image; what it returns is the result.
    Raises:
        TypeError: `lambd` cannot be called.
    """

    def __init__(self, lambd: Callable[[Any], Any]) -> None:
        if not callable(lambd):
            raise TypeError(f"Argument lambd should be callable, got {type(lambd).__name__!r}")
        self.lambd = lambd

    def __call__(self, img: Any) -> Any:
        return self.lambd(img)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class RandomApply(Module):
    """All of the transforms, in order, with probability p; else none of them.

    Args:
        transforms: a list, or a ModuleList.
        p: 0-1, default 0.5.
    """

    def __init__(self, transforms: Any, p: float = 0.5) -> None:
        super().__init__()
        self.transforms = transforms
        self.p = p

    def forward(self, img: Any) -> Any:
        if self.p < chance():
            return img
        for transform in self.transforms:
            img = transform(img)
        return img

    def __repr__(self) -> str:
        return _listing(type(self).__name__, [f"p={self.p}", *(str(t) for t in self.transforms)])


class RandomTransforms:
    """Base class of transforms that choose among several.

    Args:
        transforms: a list or tuple.
    Raises:
        TypeError: not a sequence.
    """

    def __init__(self, transforms: Sequence[Callable[[Any], Any]]) -> None:
        if not isinstance(transforms, Sequence):
            raise TypeError(f"Argument transforms should be a sequence, but got {transforms!r}")
        self.transforms = transforms

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} does not define __call__")

    def __repr__(self) -> str:
        return _listing(type(self).__name__, [str(t) for t in self.transforms])


class RandomOrder(RandomTransforms):
    """All of the transforms, in an order drawn by Python's `random`."""

    def __call__(self, img: Any) -> Any:
        order = list(range(len(self.transforms)))
        random.shuffle(order)
        for i in order:
            img = self.transforms[i](img)
        return img


class RandomChoice(RandomTransforms):
    """One of the transforms, drawn by Python's `random`.

    Args:
        transforms: a list or tuple.
        p: their weights, which need not add up to 1. None (default): all alike.
    """

    def __init__(self, transforms: Sequence[Callable[[Any], Any]], p: Any = None) -> None:
        super().__init__(transforms)
        if p is not None and not isinstance(p, Sequence):
            raise TypeError(f"Argument p should be a sequence, but got {p!r}")
        self.p = p

    def __call__(self, *args: Any) -> Any:
        return random.choices(self.transforms, weights=self.p)[0](*args)

    def __repr__(self) -> str:
        return f"{super().__repr__()}(p={self.p})"
