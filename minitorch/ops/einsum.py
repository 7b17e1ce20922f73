"""einsum: sums of products written with one letter for each axis.

    "bqd,bkd->bqk"      out[b, q, k] = Σ_d  x[b, q, d] · y[b, k, d]                           (1)

A letter that is missing on the right is summed over. Two operands at a time, every einsum is one
(batched) matrix product: letters that both have and the result keeps are its batch, letters that
both have and nobody needs again are summed by the product, the others are its rows and columns.
The gradient of an operand is the einsum of g with all the *other* operands:

    ∂x = einsum("bqk,bkd->bqd", g, y)                                                         (2)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from ..autograd.graph import TensorBase, memory
from ..autograd.rule import Array, Arrays, op
from .matmul import check_dtypes, product

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
Labels = tuple[Any, ...]


# -- reading the equation --------------------------------------------------------------------------


def _labels(text: str, which: str) -> list[Any]:
    """ "ab...c" as ["a", "b", ..., "c"]."""
    out: list[Any] = []
    rest = text.replace(" ", "")
    while rest:
        if rest.startswith("..."):
            if ... in out:
                raise RuntimeError(
                    f"einsum(): found '.' for {which} for which an ellipsis was already found"
                )
            out.append(...)
            rest = rest[3:]
            continue
        if rest[0] == ".":
            raise RuntimeError(f"einsum(): found '.' for {which} that is not part of any ellipsis")
        if rest[0] not in LETTERS:
            raise RuntimeError(
                f"einsum(): invalid subscript given at index {text.find(rest[0])} in the equation "
                "string, subscripts must be in [a-zA-Z]"
            )
        out.append(rest[0])
        rest = rest[1:]
    return out


def parse(equation: str, ndims: list[int]) -> tuple[list[Labels], Labels]:
    """Labels of each operand's axes and of the result's; an ellipsis becomes ints −1, −2, …"""
    left, arrow, right = equation.partition("->")
    parts = left.split(",")
    if len(parts) != len(ndims):
        more = "more" if len(parts) < len(ndims) else "fewer"
        raise RuntimeError(
            f"einsum(): {more} operands were provided than specified in the equation"
        )
    sides = [_labels(p, f"operand {i}") for i, p in enumerate(parts)]
    return resolve(sides, _labels(right, "the output") if arrow else None, ndims)


def resolve(sides: list[list[Any]], right: Any, ndims: list[int]) -> tuple[list[Labels], Labels]:
    """Replace every ellipsis by labels of its own, and find the result's labels if not given."""
    operands: list[Labels] = []
    widest = 0
    for i, (side, ndim) in enumerate(zip(sides, ndims)):
        named = len([x for x in side if x is not ...])
        if named > ndim or (... not in side and named != ndim):
            hint = " but no ellipsis was given" if named < ndim else ""
            raise RuntimeError(
                f"einsum(): the number of subscripts in the equation ({named}) does not match the "
                f"number of dimensions ({ndim}) for operand {i}{hint}"
            )
        covered = ndim - named
        widest = max(widest, covered if ... in side else 0)
        dots = tuple(range(-covered, 0))
        operands.append(tuple([y for x in side for y in (dots if x is ... else (x,))]))
    dots = tuple(range(-widest, 0))
    if right is None:  # letters that appear once, sorted, after the ellipsis
        every = [x for side in sides for x in side if x is not ...]
        order = sorted({x for x in every if every.count(x) == 1})
        return operands, (*dots, *order)
    result = tuple([y for x in right for y in (dots if x is ... else (x,))])
    for x in result:
        if result.count(x) > 1:
            raise RuntimeError(
                f"einsum(): output subscript {x} appears more than once in the output"
            )
        if x not in dots and not any(x in o for o in operands):
            raise RuntimeError(
                f"einsum(): output subscript {x} does not appear in the equation for any input "
                "operand"
            )
    return operands, result


def _sublists(args: Any) -> tuple[list[Any], list[list[Any]], Any]:
    """The form einsum(x, [0, 1], y, [1, 2], [0, 2]): labels as lists of ints in [0, 52)."""
    right = list(args[-1]) if len(args) % 2 else None
    lists = [list(s) for s in args[1::2]]
    for s in [*lists, *([right] if right is not None else [])]:
        for x in s:
            if x is not ... and not (isinstance(x, int) and 0 <= x < len(LETTERS)):
                raise RuntimeError(
                    f"einsum(): found subscript {x} in a sublist: subscripts must be within [0, 52)"
                )
    named = [[x if x is ... else LETTERS[x] for x in s] for s in lists]
    to = None if right is None else [x if x is ... else LETTERS[x] for x in right]
    return list(args[: 2 * len(lists) : 2]), named, to


# -- contracting arrays ----------------------------------------------------------------------------


def _diagonal(a: np.ndarray, labels: Labels) -> tuple[np.ndarray, Labels]:
    """Where one operand has a letter twice, take that diagonal."""
    while True:
        twice = next((x for x in labels if labels.count(x) > 1), None)
        if twice is None:
            return a, labels
        i = labels.index(twice)
        j = labels.index(twice, i + 1)
        a = a.diagonal(0, i, j)
        labels = (*labels[:i], *labels[i + 1 : j], *labels[j + 1 :], twice)


def _sum_to(a: np.ndarray, labels: Labels, keep: Any) -> tuple[np.ndarray, Labels]:
    """Sum over the axes whose letter is not in `keep`."""
    axes = tuple([i for i, x in enumerate(labels) if x not in keep])
    if not axes:
        return a, labels
    wide = a.dtype if a.dtype.kind == "f" else np.int64  # integers are summed as in `sum`
    return np.asarray(a.sum(axes, dtype=wide)), tuple([x for x in labels if x in keep])


def _pair(
    a: np.ndarray, la: Labels, b: np.ndarray, lb: Labels, keep: Any
) -> tuple[np.ndarray, Labels]:
    """Two operands as one batched matrix product; letters outside `keep` are summed."""
    a, la = _sum_to(a, la, {*lb, *keep})
    b, lb = _sum_to(b, lb, {*la, *keep})
    sizes = dict(zip(la, a.shape))
    for x, n in zip(lb, b.shape):
        if sizes.get(x, 1) == 1:
            sizes[x] = n
    batch = [x for x in la if x in lb and x in keep]
    summed = [x for x in la if x in lb and x not in keep]
    # a size-1 axis that meets a larger one to be summed: Σ over the other operand alone
    for x in [x for x in summed if a.shape[la.index(x)] != b.shape[lb.index(x)]]:
        if a.shape[la.index(x)] == 1:
            a, la = a.squeeze(la.index(x)), tuple([y for y in la if y != x])
            b, lb = _sum_to(b, lb, {y for y in lb if y != x})
        else:
            b, lb = b.squeeze(lb.index(x)), tuple([y for y in lb if y != x])
            a, la = _sum_to(a, la, {y for y in la if y != x})
        summed.remove(x)
    rows = [x for x in la if x not in lb]
    columns = [x for x in lb if x not in la]
    left = _as_matrices(a, la, batch, rows, summed)
    right = _as_matrices(b, lb, batch, summed, columns)
    out = product(left, right)
    shape = [sizes[x] for x in (*batch, *rows, *columns)]
    return out.reshape(shape), (*batch, *rows, *columns)


def _as_matrices(a: np.ndarray, labels: Labels, *groups: list[Any]) -> np.ndarray:
    """Axes in the order (batch…, first, second), the last two groups merged into one axis each."""
    batch, first, second = groups
    a = a.transpose([labels.index(x) for x in (*batch, *first, *second)])
    n, m = len(batch), len(batch) + len(first)
    return a.reshape(*a.shape[:n], int(np.prod(a.shape[n:m])), int(np.prod(a.shape[m:])))


def contract(arrays: list[np.ndarray], labels: list[Labels], result: Labels) -> np.ndarray:
    """Equation (1), two operands at a time from the left."""
    a, la = _diagonal(arrays[0], labels[0])
    for i in range(1, len(arrays)):
        b, lb = _diagonal(arrays[i], labels[i])
        later = {x for o in labels[i + 1 :] for x in o}
        a, la = _pair(a, la, b, lb, {*result, *later})
    a, la = _sum_to(a, la, set(result))
    return a.transpose([la.index(x) for x in result])


def _check_sizes(arrays: Any, labels: list[Labels]) -> dict[Any, int]:
    sizes: dict[Any, int] = {}
    for i, (a, names) in enumerate(zip(arrays, labels)):
        own: dict[Any, int] = {}
        for x, n in zip(names, a.shape):
            if own.setdefault(x, n) != n:
                raise RuntimeError(
                    f"einsum(): subscript {x} is repeated for operand {i} but the sizes don't "
                    f"match, {n} != {own[x]}"
                )
            if sizes.get(x, 1) == 1:
                sizes[x] = n
            elif n not in (1, sizes[x]):
                raise RuntimeError(
                    "einsum(): operands do not broadcast with remapped shapes "
                    f"[original->remapped]: subscript {x} has size {n} for operand {i} which "
                    "does not broadcast with "
                    f"previously seen size {sizes[x]}"
                )
    return sizes


@op(name="View")
def _einsum(operands: Arrays, labels: Any, result: Labels, *, need: Any = ()):
    for a in operands[1:]:
        check_dtypes(operands[0], a, "bmm")
    sizes = _check_sizes(operands, labels)
    out = contract(operands, labels, result)
    out_shape, count = out.shape, len(operands)
    shapes = [a.shape for a in operands]

    def gradient(g: Array, i: int) -> Array:
        """Equation (2); axes that only operand i has were summed: their gradient is spread."""
        own = tuple(dict.fromkeys(labels[i]))
        others = [operands[j] for j in range(count) if j != i]
        other_labels = [labels[j] for j in range(count) if j != i]
        known = {*result, *(x for o in other_labels for x in o)}
        d = contract([g, *others], [result, *other_labels], tuple([x for x in own if x in known]))
        spread = tuple([slice(None) if x in known else None for x in own])
        d = np.broadcast_to(d[spread], tuple([sizes[x] for x in own]))
        if len(own) == len(labels[i]):
            return d
        whole = np.zeros(shapes[i], g.dtype)  # a repeated letter: back onto the diagonal
        grid = np.meshgrid(*[np.arange(sizes[x]) for x in own], indexing="ij", sparse=True)
        whole[tuple([grid[own.index(x)] for x in labels[i]])] = d
        return whole

    def vjp(g: Array) -> Any:
        g = g.reshape(out_shape)
        return tuple([gradient(g, i) if need[i] else None for i in range(count)])

    fresh = all(memory(out) is not memory(a) for a in operands)
    return out if fresh else out.copy(), vjp


def einsum(*args: Any) -> Any:
    """Sum of products of the operands' elements, axes named by letters (equation (1)).

    ``einsum("ij,jk->ik", x, y)`` is the matrix product. Without "->" the result has the letters
    that appear once, sorted. "..." stands for leading axes that broadcast. Axes of size 1
    broadcast. ``einsum(x, [0, 1], y, [1, 2], [0, 2])`` names the axes by numbers.

    Raises: RuntimeError for an equation that does not fit the operands.

    >>> torch.einsum("ii->i", torch.arange(4).view(2, 2))
    tensor([0, 3])
    """
    if len(args) < 2:
        raise ValueError(
            "einsum(): must specify the equation string and at least one operand, or at least one "
            "operand and its subscripts list"
        )
    right: Any
    if isinstance(args[0], TensorBase):
        operands, sides, right = _sublists(args)
        labels, result = resolve(sides, right, [t._data.ndim for t in operands])
    else:
        operands = list(args[1:])
        if len(operands) == 1 and isinstance(operands[0], (tuple, list)):
            operands = list(operands[0])
        for i, t in enumerate(operands):
            if not isinstance(t, TensorBase):
                raise errors.not_a_tensor("einsum", f"operands[{i}]", i + 2, t)
        labels, result = parse(args[0], [t._data.ndim for t in operands])
    return _einsum(operands, labels, result)
