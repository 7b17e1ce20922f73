"""Programs for test_same_seed.py: draws of tensors, and generators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Found = dict[str, Any]
Program = Callable[[Any], Found]
EXACT: dict[str, Program] = {}

# -- draws of tensors -----------------------------------------------------------------------------

SHAPES = [(), (1,), (15,), (16,), (17,), (3, 5), (0, 4), (7, 31), (2, 3, 5)]
KINDS = ("float32", "float64", "float16")


def table(call: Callable[..., Any], *axes: Any, dtypes: Any = KINDS[:2]) -> Program:
    """A program: call(torch, dtype, …) for every dtype and every row of the axes' product."""

    def program(torch: Any) -> Found:
        rows: list[tuple[Any, ...]] = [()]
        for axis in axes:
            rows = [(*row, value) for row in rows for value in axis]
        return {
            f"{kind} {row}": call(torch, getattr(torch, kind), *row)
            for kind in dtypes
            for row in rows
        }

    return program


SHARED = ("expanded", "expanded and permuted", "windows")  # views with elements in one place


def views(torch: Any, dtype: Any) -> dict[str, Any]:
    """Tensors of the numbers from 1 that lie in memory in different ways."""
    numbers = torch.arange(1, 121).to(dtype)
    whole, images = numbers.reshape(4, 6, 5), numbers.reshape(2, 3, 4, 5)
    return {
        "whole": whole, "permuted": whole.permute(2, 0, 1), "transposed": whole[0].t(),
        "sliced": whole[1:, ::2, ::3], "sliced and permuted": whole.permute(1, 2, 0)[::2, 1:],
        "expanded": whole[:1].expand(4, 6, 5), "one column": whole[..., 1],
        "expanded and permuted": whole[:1].expand(4, 6, 5).permute(2, 1, 0),
        "sliced and transposed": whole[:, ::2, 2].t(), "one row of many": whole[:, :1].permute(2, 1, 0),
        "windows": numbers[:9].unfold(0, 6, 1),
        "channels last": images.contiguous(memory_format=torch.channels_last),
    }  # fmt: skip


def like(name: str, *args: Any, dtypes: Any = KINDS[:2]) -> Program:
    """A program: torch.name(view, *args) of every view, and how the result lies in memory.

    The stride of a dim of size 1 says nothing and is left out.
    """

    def program(torch: Any) -> Found:
        found: Found = {}
        for kind in dtypes:
            for layout, view in views(torch, getattr(torch, kind)).items():
                drawn = getattr(torch, name)(view, *args)
                steps = [s for s, n in zip(drawn.stride(), drawn.shape) if n > 1]
                found |= {f"{kind} {layout}": drawn, f"{kind} {layout} strides": steps}
        return found

    return program


def method(name: str, *several: tuple[Any, ...], dtypes: Any = KINDS) -> Program:
    """A program: the method, with every tuple of arguments, on every view and small size."""

    def program(torch: Any) -> Found:
        found: Found = {}
        for kind in dtypes:
            tensors = views(torch, getattr(torch, kind))
            for shared in SHARED:  # can't be filled
                del tensors[shared]
            tensors |= {str(s): torch.zeros(s, dtype=getattr(torch, kind)) for s in SHAPES}
            for args in several:
                for layout, view in tensors.items():
                    assert getattr(view, name)(*args) is view
                    found[f"{kind} {layout} {args}"] = view.clone()
        return found

    return program


def steps(dtype: Any, torch: Any, *shape: int) -> Any:
    """0 … 1 in equal steps, by division: equal to the bit in both."""
    n = int(np.prod(shape))
    return (torch.arange(n, dtype=torch.float64) / (n - 1)).reshape(shape).to(dtype)


BOUNDS = [(0, 10), (-5, 300), (0, 2**28 - 1), (0, 2**28), (-(2**40), 2**40), (-(2**63), 2**63 - 1)]
MEAN_AND_STD = {
    "tensor, number": lambda m, s: (m, 0.5), "number, tensor": lambda m, s: (1.5, s),
    "two tensors": lambda m, s: (m, s), "broadcast": lambda m, s: (m[:1], s),
    "transposed": lambda m, s: (m.t(), s.t()), "few": lambda m, s: (m[0, :3], s[0, :3]),
    "sliced": lambda m, s: (m[::2, 1:].t(), s[::2, 1:].t()), "column": lambda m, s: (m[:, :1], s),
    "mean sliced": lambda m, s: (m[:, ::2].t(), 2.0), "std sliced": lambda m, s: (0, s[:, ::2].t()),
}  # fmt: skip
PROBABILITIES = {
    "whole": lambda p: p, "transposed": lambda p: p.t(), "sliced": lambda p: p[::2, 1:],
    "one": lambda p: p[1, 1], "none": lambda p: p[:0], "sliced, transposed": lambda p: p[::2, 1:].t(),
    "expanded": lambda p: p[:1].expand(4, 11), "expanded, transposed": lambda p: p[:1].expand(4, 11).t(),
}  # fmt: skip

EXACT.update({
    "rand": table(lambda torch, d, s: torch.rand(s, dtype=d), SHAPES, dtypes=KINDS),
    "randn": table(lambda torch, d, s: torch.randn(s, dtype=d), SHAPES, dtypes=KINDS),
    "rand, many": lambda torch: {"rand": torch.rand(70_001), "randn": torch.randn(70_001)},
    "rand_like": like("rand_like", dtypes=KINDS),
    "randn_like": like("randn_like", dtypes=KINDS),
    "randint_like": like("randint_like", 3, 2**28 + 7, dtypes=("int64", "float64")),
    "randint_like, small": like("randint_like", 100, dtypes=("int64", "int32", "uint8", "float32")),
    "randint": table(lambda torch, d, b, s: torch.randint(*b, s), BOUNDS, SHAPES, dtypes=["int64"]),
    "randint of a dtype": table(
        lambda torch, d, s: torch.randint(0, 100, s, dtype=d), SHAPES,
        dtypes=("int64", "int32", "int16", "uint8", "float32", "float64"),
    ),
    "randperm": table(
        lambda torch, d, n: torch.randperm(n, dtype=d), (0, 1, 2, 100, 1500, 60_000),
        dtypes=("int64", "int32"),
    ),
    "normal of numbers": table(lambda torch, d, s: torch.normal(1.5, 0.3, s, dtype=d), SHAPES),
    "normal": table(
        lambda torch, d, k: torch.normal(
            *MEAN_AND_STD[k](10 * steps(d, torch, 5, 7), steps(d, torch, 5, 7) + 0.1)
        ),
        MEAN_AND_STD,
    ),
    "bernoulli": table(
        lambda torch, d, k: torch.bernoulli(PROBABILITIES[k](steps(d, torch, 6, 11))),
        PROBABILITIES, dtypes=KINDS,
    ),
    "bernoulli of a number": table(
        lambda torch, d, p: torch.bernoulli(torch.zeros(7, 31, dtype=d), p), (0.0, 0.3, 1.0)
    ),
    "bernoulli_ of a tensor": lambda torch: {
        f"{kind} {p}": torch.zeros(6, 11, dtype=getattr(torch, kind)).bernoulli_(
            steps(getattr(torch, p), torch, 6, 11)
        )
        for kind in ("float32", "uint8", "int64", "bool") for p in KINDS
    },
    "multinomial": table(
        lambda torch, d, n, again: torch.multinomial(
            torch.stack([steps(d, torch, 9), 1 - steps(d, torch, 9)]), n, again
        ),
        (1, 5, 8), (False, True),
    ),
    "multinomial of one row": table(
        lambda torch, d, n, again: torch.multinomial(steps(d, torch, 40) ** 2, n, again),
        (1, 30), (False, True), dtypes=KINDS,
    ),
    "uniform_": method("uniform_", (), (-0.3, 0.3), (-1.5, 2.7)),
    "normal_": method("normal_", (), (0.0, 0.02), (1.5, 2.7)),
    "random_": method("random_", (), (10,), (-5, 300)),
    "random_ of whole numbers": method(
        "random_", (), (100,), (3, 90), dtypes=("int64", "int32", "uint8")
    ),
    "exponential_": method("exponential_", (), (0.3,)),
    "geometric_": method("geometric_", (0.3,)),
    "cauchy_": method("cauchy_", (), (0.4, 2.2)),
    "log_normal_": method("log_normal_", (), (0.3, 1.2)),
    "bernoulli_": method("bernoulli_", (), (0.1,), dtypes=(*KINDS, "int64", "bool")),
})  # fmt: skip

# -- generators -----------------------------------------------------------------------------------


def with_generator(torch: Any) -> Found:
    """Every function that takes a generator, with one of its own."""
    g = torch.Generator().manual_seed(torch.initial_seed() % 1000)
    p = steps(torch.float32, torch, 5, 7)
    found = {
        "rand": torch.rand(5, generator=g), "randn": torch.randn(3, generator=g),
        "randn of 20": torch.randn(4, 5, generator=g), "randint": torch.randint(9, (5,), generator=g),
        "randperm": torch.randperm(30, generator=g), "bernoulli": torch.bernoulli(p, generator=g),
        "multinomial": torch.multinomial(p, 3, generator=g),
        "normal": torch.normal(p, 2.0, generator=g), "uniform_": p.clone().uniform_(generator=g),
        "normal_": p.clone().normal_(generator=g), "random_": p.clone().random_(generator=g),
        "bernoulli_": p.clone().bernoulli_(0.3, generator=g),
        "exponential_": p.clone().exponential_(generator=g),
        "geometric_": p.clone().geometric_(0.4, generator=g),
        "cauchy_": p.clone().cauchy_(generator=g), "log_normal_": p.clone().log_normal_(generator=g),
        "xavier_normal_": torch.nn.init.xavier_normal_(p.clone(), generator=g),
        "trunc_normal_": torch.nn.init.trunc_normal_(p.clone(), generator=g),
    }  # fmt: skip
    found |= {
        "its state": g.get_state(),
        "its seed": g.initial_seed(),
        "seed": torch.initial_seed(),
    }
    other = g.clone_state()
    return found | {"a clone": torch.rand(3, generator=other), "itself": torch.rand(3, generator=g)}


def set_back(torch: Any) -> Found:
    """The state is taken in the middle, where a normal waits for its second half, and put back."""
    found = {"before": torch.randn(3)}
    state = torch.get_rng_state()
    found |= {"first": torch.randn(5), "then": torch.randperm(7), "state": state}
    torch.set_rng_state(state)
    found |= {"again": torch.randn(5), "by random": torch.random.get_rng_state()}
    g = torch.Generator()
    g.set_state(state)
    return found | {
        "another": torch.randn(5, generator=g),
        "default": torch.Generator().initial_seed(),
    }


def forked(torch: Any) -> Found:
    """What happens inside fork_rng leaves no trace outside."""
    found = {"before": torch.rand(2)}
    with torch.random.fork_rng():
        torch.manual_seed(9)
        found |= {"inside": torch.rand(2), "seed": torch.initial_seed()}
    return found | {"outside": torch.rand(2), "seed outside": torch.initial_seed()}


def distributions(torch: Any) -> Found:
    """One sample, three, and ten of every distribution."""
    d, p = torch.distributions, steps(torch.float32, torch, 5, 7) + 0.1
    several = {
        "Normal": d.Normal(p, 2 * p), "Uniform": d.Uniform(p, 1 + 2 * p), "Bernoulli": d.Bernoulli(p / 2),
        "Categorical": d.Categorical(p), "of numbers": d.Normal(0.5, 2.0), "logits": d.Bernoulli(logits=p),
        "Independent": d.Independent(d.Normal(p, p), 1),
    }  # fmt: skip
    return {f"{k} {n}": v.sample(n) for k, v in several.items() for n in ((), (3,), (2, 5))}


EXACT.update({
    "generator=": with_generator, "set_rng_state": set_back, "fork_rng": forked,
    "distributions": distributions,
})  # fmt: skip
