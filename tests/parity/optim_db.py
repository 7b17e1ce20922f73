"""Runs PyTorch's optimizer database against minitorch.

    python -m tests.parity.optim_db [name ...] [--show N]

Each optimizer of the database that minitorch has, with each set of the database's arguments:
parameters, state and param_groups after five steps, repr, the state_dict loaded into a new
optimizer and three more steps; and the exception types of bad arguments.
"""

from __future__ import annotations

import argparse
import copy
import warnings
from typing import Any

import numpy as np
import torch
from torch.testing._internal.common_optimizers import optim_db

import minitorch

from .sides import CannotMove, attempt, same_error, same_result, to_ours

SHAPES = ((3, 5), (7,), ())
NOT_HERE = ("differentiable", "capturable")  # they say so: docs/differences.md


def trained(lib: Any, kind: Any, kwargs: dict[str, Any], dtype: str) -> list[Any]:
    """All that a short training shows: parameters, state, groups, repr, and after reloading."""
    rng = np.random.default_rng(11)
    start = [rng.standard_normal(shape).astype(dtype) for shape in SHAPES]
    params = [lib.nn.Parameter(lib.tensor(a)) for a in start]
    optimizer = kind(params, **kwargs)
    shown: list[Any] = [repr(optimizer)]

    def steps(n: int) -> None:
        for _ in range(n):
            optimizer.zero_grad()
            total = sum(((p * lib.tensor(rng.standard_normal(p.shape).astype(dtype))) ** 2 / 2 + p).sum() for p in params)
            total.backward()
            optimizer.step()

    steps(5)
    shown += [p.detach().clone() for p in params]
    state = optimizer.state_dict()
    for number in sorted(state["state"]):
        shown += [list(state["state"][number]), *copy.deepcopy(list(state["state"][number].values()))]
    shown += [sorted(g) for g in state["param_groups"]]
    optimizer = kind(params, **kwargs)
    optimizer.load_state_dict(state)
    steps(3)
    return shown + [p.detach().clone() for p in params]


def groups_of(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {k: to_ours(v, {}) for k, v in kwargs.items()}


def run(info: Any) -> tuple[int, list[str]]:
    """How many trainings were compared, and what differed, one line each."""
    ours = getattr(minitorch.optim, info.optim_cls.__name__)
    count, problems = 0, []
    for dtype in ("float64", "float32"):
        for sample in info.optim_inputs_func(device="cpu"):
            if any(sample.kwargs.get(k) for k in NOT_HERE):
                continue
            try:
                kwargs = groups_of(sample.kwargs)
            except CannotMove:
                continue
            wanted, error2 = attempt(lambda s=sample, d=dtype: trained(torch, info.optim_cls, dict(s.kwargs), d))
            got, error = attempt(lambda k=kwargs, d=dtype: trained(minitorch, ours, k, d))
            count += 1
            rtol = 1e-9 if dtype == "float64" else 5e-5
            problem = same_error(error, error2) if error or error2 else same_result(got, wanted, rtol)
            if problem:
                problems.append(f"{dtype} {sample.kwargs} {sample.desc}: {problem}")
    return count, problems


def run_errors(info: Any) -> tuple[int, list[str]]:
    """The database's bad arguments: is PyTorch's exception type raised?"""
    ours = getattr(minitorch.optim, info.optim_cls.__name__)
    count, problems = 0, []
    for bad in info.optim_error_inputs_func(device="cpu", dtype=torch.float64):
        given = bad.optimizer_error_input
        try:
            params, kwargs = to_ours((given.params, dict(given.kwargs)), {})
        except CannotMove:
            continue
        _, wanted = attempt(lambda g=given: info.optim_cls(g.params, **g.kwargs))
        _, got = attempt(lambda p=params, k=kwargs: ours(p, **k))
        count += 1
        problem = same_error(got, wanted)
        if problem:
            problems.append(f"error {given.desc}: {problem}")
    return count, problems


def exposed() -> list[Any]:
    """The database's optimizers that minitorch has."""
    return [info for info in optim_db if hasattr(minitorch.optim, info.optim_cls.__name__)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--show", type=int, default=3)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    total = failed = 0
    for info in exposed():
        name = info.optim_cls.__name__
        if options.names and name not in options.names:
            continue
        (count, problems), (errors, wrong) = run(info), run_errors(info)
        total += count + errors
        failed += len(problems) + len(wrong)
        if problems or wrong:
            print(f"{name}: {len(problems)} of {count}, errors {len(wrong)} of {errors} differ")
            for line in (problems + wrong)[: options.show]:
                print(f"    {line[:400]}")
    missing = {i.optim_cls.__name__ for i in optim_db} - {i.optim_cls.__name__ for i in exposed()}
    print(f"{total} compared, {failed} differ ({1 - failed / max(total, 1):.2%} equal)")
    print(f"not in minitorch: {', '.join(sorted(missing))}")


if __name__ == "__main__":
    main()
