"""Runs PyTorch's module database against minitorch.

    python -m tests.parity.module_db [name ...] [--show N]

Each module of the database that minitorch has: built from the same seed with the database's
arguments; repr, state_dict (names and numbers), results in train and eval mode, gradients of
inputs and parameters; and the exception types of bad constructor and forward arguments.
"""

from __future__ import annotations

import argparse
import warnings
from typing import Any

import torch
from torch.testing._internal.common_modules import ModuleErrorEnum, module_db

import minitorch

from .sides import (
    CannotMove,
    attempt,
    gradients,
    same_error,
    same_result,
    tensors,
    to_ours,
)  # fmt: skip


def ours_of(info: Any) -> Any:
    """minitorch's class of that name, or None."""
    where = minitorch.nn if info.module_cls.__module__.startswith("torch.nn") else None
    return getattr(where, info.module_cls.__name__, None)


def built(info: Any, given: Any, dtype: torch.dtype) -> tuple[Any, Any, str]:
    """The module on both sides, or what differs."""
    args, kwargs = to_ours((tuple(given.args), dict(given.kwargs)), {})
    torch.manual_seed(4)
    theirs, error2 = attempt(lambda: info.module_cls(*given.args, **given.kwargs))
    minitorch.manual_seed(4)
    ours, error = attempt(lambda: ours_of(info)(*args, **kwargs))
    if error or error2:
        return None, None, same_error(error, error2)
    return ours.to(to_ours(dtype, {})), theirs.to(dtype), ""


def compare(info: Any, sample: Any, training: bool, dtype: torch.dtype) -> str:
    """One module with one input; what differs, or ""."""
    ours, theirs, problem = built(info, sample.constructor_input, dtype)
    if problem or ours is None:
        return problem
    ours.train(training)
    theirs.train(training)
    if repr(ours) != repr(theirs):
        return f"repr {ours!r}, expected {theirs!r}"
    state, state2 = ours.state_dict(), theirs.state_dict()
    if list(state) != list(state2):
        return f"state_dict {list(state)}, expected {list(state2)}"
    problem = same_result(list(state.values()), list(state2.values()))
    if problem:
        return f"state: {problem}"
    given = (tuple(sample.forward_input.args), dict(sample.forward_input.kwargs))
    seen: dict[int, Any] = {}
    mine = to_ours(given, seen)
    torch.manual_seed(5)
    out2, error2 = attempt(lambda: theirs(*given[0], **given[1]))
    minitorch.manual_seed(5)
    out, error = attempt(lambda: ours(*mine[0], **mine[1]))
    if error or error2:
        return same_error(error, error2)
    problem = same_result(out, out2)
    if problem:
        return problem
    leaves = [s[0] for s in seen.values()] + list(ours.parameters())
    leaves2 = [s[1] for s in seen.values()] + list(theirs.parameters())
    outs, outs2 = tensors(out, minitorch.Tensor), tensors(out2, torch.Tensor)
    g, error = attempt(lambda: gradients(minitorch, outs, leaves, 6))
    g2, error2 = attempt(lambda: gradients(torch, outs2, leaves2, 6))
    problem = same_error(error, error2) if error or error2 else same_result(g, g2)
    if problem:
        return f"gradient: {problem}"
    problem = same_result(list(ours.state_dict().values()), list(theirs.state_dict().values()))
    return f"state afterwards: {problem}" if problem else ""


def run(info: Any, dtypes: tuple[str, ...] = ("float64", "float32")) -> tuple[int, list[str]]:
    """How many calls were compared, and what differed, one line each."""
    count, problems = 0, []
    for name in dtypes:
        dtype = getattr(torch, name)
        if dtype not in info.dtypes:
            continue
        for training in (True, False):
            torch.manual_seed(2)
            inputs = info.module_inputs_func(
                info, device="cpu", dtype=dtype, requires_grad=True, training=training
            )
            for i, sample in enumerate(inputs):
                if sample.forward_input is None:
                    continue
                try:
                    problem = compare(info, sample, training, dtype)
                except CannotMove:
                    continue
                count += 1
                if problem:
                    told = f"{sample.constructor_input.args} {sample.constructor_input.kwargs}"
                    problems.append(f"{name} train={training} #{i} {told[:200]}: {problem}")
    return count, problems


def run_errors(info: Any) -> tuple[int, list[str]]:
    """The database's bad arguments: is PyTorch's exception type raised?"""
    count, problems = 0, []
    if info.module_error_inputs_func is None:
        return 0, []
    bad_inputs = info.module_error_inputs_func(
        info, device="cpu", dtype=torch.float64, requires_grad=False, training=True
    )
    for i, bad in enumerate(bad_inputs):
        given = bad.module_error_input
        try:
            ours, theirs, problem = built(info, given.constructor_input, torch.float64)
            if bad.error_on is not ModuleErrorEnum.CONSTRUCTION_ERROR and not problem:
                forward = given.forward_input
                args, kwargs = to_ours((tuple(forward.args), dict(forward.kwargs)), {})
                _, wanted = attempt(lambda m=theirs, f=forward: m(*f.args, **f.kwargs))
                _, got = attempt(lambda m=ours, a=args, k=kwargs: m(*a, **k))
                problem = same_error(got, wanted)
        except CannotMove:
            continue
        count += 1
        if problem:
            problems.append(f"error #{i}: {problem}")
    return count, problems


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--show", type=int, default=3)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    total = failed = 0
    missing = []
    for info in module_db:
        name = info.module_cls.__name__
        if options.names and name not in options.names:
            continue
        if ours_of(info) is None:
            missing.append(name)
            continue
        (count, problems), (errors, wrong) = run(info), run_errors(info)
        total += count + errors
        failed += len(problems) + len(wrong)
        if problems or wrong:
            print(f"{name}: {len(problems)} of {count}, errors {len(wrong)} of {errors} differ")
            for line in (problems + wrong)[: options.show]:
                print(f"    {line[:600]}")
    print(f"{total} compared, {failed} differ ({1 - failed / max(total, 1):.2%} equal)")
    print(f"not in minitorch: {', '.join(missing)}")


if __name__ == "__main__":
    main()
