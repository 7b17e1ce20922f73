"""Runs PyTorch's operator database against minitorch.

    python -m tests.parity.op_db [name ...] [--dtypes float64,int64] [--show N] [--limit N]
                                 [--errors] [--reference]

Every operator of the database that minitorch exposes, in each form that it has there (function,
aliases, method, in-place, operator), over the database's own sample inputs and strided copies of
them: values, dtypes, shapes, views, requires_grad and the gradients of a random cotangent.
"""

from __future__ import annotations

import argparse
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_utils import set_rng_seed

import minitorch

from .sides import (
    CannotMove,
    attempt,
    gradients,
    rebound,
    same_error,
    same_result,
    shared,
    tensors,
    to_ours,
)  # fmt: skip

UNSET = (  # their numbers mean nothing
    "empty", "empty_like", "new_empty", "empty_strided", "new_empty_strided", "empty_permuted",
)  # fmt: skip
DTYPE_NAMES = ("float64", "float32", "int64", "bool")


def lookup(name: str) -> Any:
    """`minitorch.linalg.norm` for "linalg.norm"; None if it isn't there."""
    thing: Any = minitorch
    for part in name.split("."):
        thing = getattr(thing, part, None)
    return thing


def forms(op: Any) -> Iterator[tuple[str, Callable[..., Any], Callable[..., Any]]]:
    """(form, PyTorch's callable, minitorch's): those that both have."""
    theirs = op.get_op()
    ours = lookup(op.name)
    wrapped = hasattr(theirs, "__code__") and "torch/testing" in theirs.__code__.co_filename
    if wrapped:  # a helper of the database around one or several calls
        has = ours is not None or hasattr(minitorch.Tensor, op.name) or op.name.startswith("__")
        if has:
            yield "function", theirs, rebound(theirs, {})
    elif ours is not None:
        yield "function", theirs, ours
    for alias in op.aliases:
        if lookup(alias.name) is not None:
            yield f"alias {alias.name}", alias.op, lookup(alias.name)
    for form, method in (("method", op.get_method()), ("inplace", op.get_inplace())):
        name = getattr(method, "__name__", None)
        if method is None:
            continue
        if hasattr(method, "__code__") and "torch/testing" in method.__code__.co_filename:
            yield form, method, rebound(method, {})
        elif name and hasattr(minitorch.Tensor, name):
            yield form, method, getattr(minitorch.Tensor, name)
    for form, method in (("operator", op.operator_variant), ("iop", op.inplace_operator_variant)):
        if method is not None:
            yield form, method, method


def compare(theirs: Any, ours: Any, sample: Any, inplace: bool, name: str) -> str:
    """One call on both sides; what differs, or ""."""
    given = (sample.input, tuple(sample.args), dict(sample.kwargs))
    seen: dict[int, Any] = {}
    moved = to_ours(given, seen)
    if inplace:  # a leaf that requires grad can't be changed: work on a copy that is no leaf
        given = (_unleaf(given[0], torch), *given[1:])
        moved = (_unleaf(moved[0], minitorch), *moved[1:])
    torch.manual_seed(0)
    wanted, wanted_error = attempt(lambda: theirs(given[0], *given[1], **given[2]))
    minitorch.manual_seed(0)
    got, got_error = attempt(lambda: ours(moved[0], *moved[1], **moved[2]))
    if wanted_error is not None or got_error is not None:
        return same_error(got_error, wanted_error)
    if inplace and isinstance(given[0], torch.Tensor) and overlaps(given[0]):
        raise CannotMove("what is written twice depends on the order")
    if name in UNSET:
        got, wanted = minitorch.zeros_like(got), torch.zeros_like(wanted)
    problem = same_result(got, wanted)
    if problem:
        return problem
    outs, outs2 = tensors(got, minitorch.Tensor), tensors(wanted, torch.Tensor)
    ins, ins2 = tensors(moved, minitorch.Tensor), tensors(given, torch.Tensor)
    if shared(outs, ins) != shared(outs2, ins2):
        return f"views {shared(outs, ins)}, expected {shared(outs2, ins2)}"
    for a, b in zip(ins, ins2):  # what an op does to its inputs
        problem = same_result(a.detach(), b.detach())
        if problem:
            return f"input changed: {problem}"
    leaves2 = [s[1] for s in seen.values()]
    leaves = [s[0] for s in seen.values()]
    g2, error2 = attempt(lambda: gradients(torch, outs2, leaves2, 3))
    g, error = attempt(lambda: gradients(minitorch, outs, leaves, 3))
    if error or error2:
        problem = same_error(error, error2)
    else:
        problem = same_result(g, g2)
    return f"gradient: {problem}" if problem else ""


def overlaps(t: torch.Tensor) -> bool:
    """Whether two elements of a tensor are one place in memory."""
    places = np.zeros((), np.int64)
    for n, step in zip(t.shape, t.stride()):
        places = places[..., None] + np.arange(n) * step
    return len(np.unique(places)) < t.numel()


def _unleaf(t: Any, lib: Any) -> Any:
    if isinstance(t, lib.Tensor):
        return t.clone() if t.requires_grad else t
    return [_unleaf(x, lib) for x in t] if isinstance(t, (list, tuple)) else t


def samples(op: Any, dtype: torch.dtype, reference: bool, graded: bool) -> Iterator[Any]:
    """The database's inputs, as they are and as every second element of wider tensors."""
    wants = dtype.is_floating_point and graded
    # not op.sample_inputs(): it looks up its caller's source for each call, which takes 50 ms
    make = (op.reference_inputs_func if reference else None) or op.sample_inputs_func
    made = iter(make(op, "cpu", dtype, wants))
    while True:
        set_rng_seed()
        try:
            sample = next(made)
        except (StopIteration, ValueError):  # ValueError: the database wants gradients of integers
            return
        yield sample.transform(_own_leaf)
        strided, error = attempt(sample.noncontiguous)
        if error is None:
            yield strided.transform(_own_leaf)


def _own_leaf(x: Any) -> Any:
    """A view that the database made without recording it can't get a gradient: make it a leaf."""
    lost = isinstance(x, torch.Tensor) and x.is_leaf and x.requires_grad and x._base is not None
    return x.detach().requires_grad_() if lost else x


def run(
    op: Any, dtypes: tuple[str, ...] = DTYPE_NAMES, reference: bool = False, limit: int | None = None
) -> tuple[int, list[str]]:
    """How many calls were compared, and what differed, one line each.

    limit: the first samples of each dtype and form alone (default: all)
    """
    count, problems = 0, []
    for name in dtypes:
        dtype = getattr(torch, name)
        if dtype not in op.supported_dtypes("cpu"):
            continue
        for form, theirs, ours in forms(op):
            torch.manual_seed(1)
            inplace = form in ("inplace", "iop")
            graded = op.supports_inplace_autograd if inplace else op.supports_autograd
            for i, sample in enumerate(islice(samples(op, dtype, reference, graded), limit)):
                if inplace and sample.broadcasts_input:
                    continue
                if not_a_method(form, sample):
                    continue
                try:
                    problem = compare(theirs, ours, sample, inplace, op.name)
                except CannotMove:
                    continue
                except Exception as error:
                    problem = f"harness: {type(error).__name__}: {error}"
                count += 1
                if problem:
                    problems.append(f"{name} {form} #{i} {_told(sample)}: {problem}")
    return count, problems


def not_a_method(form: str, sample: Any) -> bool:
    """A number where a method has its tensor: ``(2).add(t)`` is no call of a Tensor's method."""
    return form in ("method", "inplace") and isinstance(sample.input, (bool, int, float, complex))


def run_errors(op: Any) -> tuple[int, list[str]]:
    """The database's bad inputs: is PyTorch's exception type raised?"""
    count, problems = 0, []
    if op.error_inputs_func is None:
        return 0, []
    for i, bad in enumerate(op.error_inputs_func(op, "cpu")):
        s = bad.sample_input
        for form, theirs, ours in forms(op):
            if form in ("inplace", "iop", "operator") or not_a_method(form, s):
                continue
            try:
                moved = to_ours((s.input, tuple(s.args), dict(s.kwargs)), {})
            except CannotMove:
                continue
            _, wanted = attempt(lambda f=theirs, s=s: f(s.input, *s.args, **s.kwargs))
            if wanted is None or form.startswith("alias"):
                continue
            count += 1
            _, got = attempt(lambda f=ours, m=moved: f(m[0], *m[1], **m[2]))
            problem = same_error(got, wanted)
            if problem:
                problems.append(f"error {form} #{i} {_told(s)}: {problem}")
    return count, problems


def _told(sample: Any) -> str:
    def one(v: Any) -> str:
        if isinstance(v, torch.Tensor):
            return f"{str(v.dtype)[6:]}{list(v.shape)}"
        if isinstance(v, (list, tuple)):
            return "[" + ", ".join(one(x) for x in v) + "]"
        return repr(v)

    args = [one(sample.input), *(one(a) for a in sample.args)]
    args += [f"{k}={one(v)}" for k, v in sample.kwargs.items()]
    return f"({', '.join(args)})"[:300]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--dtypes", default=",".join(DTYPE_NAMES))
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--reference", action="store_true")
    parser.add_argument("--limit", type=int, help="samples of each dtype and form (default: all)")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    total = failed = 0
    missing, low = [], []
    for op in op_db:
        if options.names and op.name not in options.names:
            continue
        if not list(forms(op)):
            missing.append(op.name)
            continue
        if options.errors:
            count, problems = run_errors(op)
        else:
            dtypes = tuple(options.dtypes.split(","))
            count, problems = run(op, dtypes, options.reference, options.limit)
        total += count
        failed += len(problems)
        share = 1 - len(problems) / count if count else 1
        title = f"{op.name} {op.variant_test_name}".strip()
        if share < 0.98:
            low.append(title)
        if problems:
            print(f"{title}: {len(problems)} of {count} differ ({share:.1%})", flush=True)
            kinds: dict[str, list[str]] = defaultdict(list)
            for p in problems:
                kinds[p.split(": ", 1)[-1][:24]].append(p)
            for _, lines in list(kinds.items())[: options.show]:
                print(f"    {len(lines)}x {lines[0][:500]}", flush=True)
    print(f"{total} compared, {failed} differ ({1 - failed / max(total, 1):.2%} equal)")
    print(f"below 98 %: {len(low)}: {', '.join(low)}")
    print(f"not in minitorch: {len(Counter(missing))}: {', '.join(sorted(set(missing)))}")


if __name__ == "__main__":
    main()
