"""Transforms made of transforms: Compose, Lambda, RandomApply, RandomChoice, RandomOrder."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from ..autograd.graph import TensorBase
from ..nn.modules.module import Module
from ..ops.joining import stack
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

    def batch(self, images: Any) -> Any:
        """N images → one tensor, the same as one by one but faster; torchvision has no such method.

        compose.batch(images) = stack([compose(image) for image in images])            (1)

        to the bit, and with the same random numbers. ToPILImage, RandomRotation, ToTensor and
        Normalize take all images at once (`forward_batch`). From the first transform on that can't
        (any other class, or parameters for which there is no quick way), the images go one by one.
        A transform of your own may have a `forward_batch` as well; None means: one by one.

        Args:
            images: uint8 arrays (N, H, W) or (N, H, W, C), tensors (N, H, W) or (N, C, H, W); or
                any sequence of images that the first transform takes.
        Raises:
            TypeError: the last transform does not give tensors.
            RuntimeError: results of unequal size.
        >>> import numpy as np
        >>> from minitorch import transforms
        >>> to_tensor = transforms.Compose([transforms.ToPILImage(), transforms.ToTensor()])
        >>> to_tensor.batch(np.zeros((128, 28, 28), np.uint8)).shape
        torch.Size([128, 1, 28, 28])
        """
        if type(self).__call__ is not Compose.__call__:  # a subclass that goes its own way
            return stack([self(image) for image in images])
        rest = list(self.transforms)
        while rest and _takes_batches(rest[0], rest[1:]):
            result = rest[0].forward_batch(images)  # type: ignore[attr-defined]
            if result is None:
                break
            images = result
            rest.pop(0)
        if not rest and isinstance(images, TensorBase):
            return images
        one_by_one = Compose(rest)
        return stack([one_by_one(image) for image in images])  # (1)

    def __repr__(self) -> str:
        return _listing(type(self).__name__, [str(t) for t in self.transforms])


def _takes_batches(transform: Any, rest: list[Any]) -> bool:
    """Whether `transform` may take all images at once when those of `rest` come after it.

    One by one, the first image draws all its random numbers before the second draws any. So a
    transform that draws (it has `get_params`) must be the last one that does.
    """
    if not _stands_for_call(transform):
        return False
    return not _draws(transform) or not any(_draws(t) or not _stands_for_call(t) for t in rest)


def _draws(transform: Any) -> bool:
    return hasattr(transform, "get_params")


def _stands_for_call(transform: Any) -> bool:
    """Whether the transform has a `forward_batch` that does what calling it does.

    It does not in a subclass that defines a `forward` of its own, nor where hooks look on.
    """
    if getattr(transform, "_forward_hooks", None) or getattr(transform, "_forward_pre_hooks", None):
        return False
    for place in (transform, *type(transform).__mro__):
        names = getattr(place, "__dict__", {})
        if "forward" in names or "__call__" in names:
            return "forward_batch" in names
    return False


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
