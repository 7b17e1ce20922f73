"""Write random.json: digests of PyTorch's random draws, case by case. Needs PyTorch.

Run `python tests/goldens/make_random.py`. Each case names an in-place operation (or a function), a
dtype, a shape with a layout, arguments and a seed; the digests are of the values and of the
generator's state afterwards.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import pathlib

FLOATS = ("float32", "float64", "float16")
SIZES = (0, 1, 15, 16, 17, 31, 1000)
LAYOUTS = {"transposed": (5, 7, 4), "sliced": (8, 12)}


def specs():
    """Every case, without its digests."""

    def case(op, dtype, shape, args=(), seed=0, layout="contiguous"):
        return dict(op=op, dtype=dtype, shape=shape, args=args, seed=seed, layout=layout)

    fills = {
        "uniform_": [(0, 1), (-0.3, 0.3), (-1.5, 2.7)],
        "normal_": [(0, 1), (0, 0.02), (1.5, 2.7)],
        "exponential_": [(1.0,), (0.3,)],
        "bernoulli_": [(0.5,), (0.1,)],
        "geometric_": [(0.3,)],
        "cauchy_": [(0.4, 2.2)],
        "log_normal_": [(0.3, 1.2)],
        "trunc_normal_": [(0, 1, -2, 2), (0, 1, 1, 3)],
        "random_": [(), (0, 10), (-5, 300)],
    }
    for (op, several), dtype in itertools.product(fills.items(), FLOATS):
        for args, n in itertools.product(several, SIZES):
            yield case(op, dtype, [n], args, seed=n)
        for layout, shape in LAYOUTS.items():
            yield case(op, dtype, shape, several[0], 7, layout)
    for seed in (1, -1, 2**40 + 5, 2**64 - 1):
        for op in ("uniform_", "normal_"):
            for dtype in FLOATS:
                yield case(op, dtype, [100], (), seed)
                yield case(op, dtype, [7], (), seed)
    for op in ("uniform_", "normal_", "bernoulli_", "exponential_"):
        yield case(op, "float32", [10**6])
    for dtype in ("uint8", "int8", "int16", "int32", "int64", "bool"):
        for args in ((), (0, 2), (0, None)):
            yield case("random_", dtype, [31], args)
        yield case("bernoulli_", dtype, [31], (0.3,))
    for args in ((0, 2**28 - 1), (0, 2**28), (-(2**40), 2**40), (-(2**63), None), (5, None)):
        yield case("random_", "int64", [1000], args)
    yield case("random_", "float16", [1000], (0, 65504))
    yield case("random_", "int64", [10**6], (0, 10))
    for n in (0, 1, 2, 100, 1499, 1500, 1501, 5000, 60000, 10**6):
        yield case("randperm", "int64", [n])
    for dtype in FLOATS:
        for args in ((1, False), (5, False), (5, True), (50, True)):
            yield case("multinomial", dtype, [6], args)
            yield case("multinomial", dtype, [4, 7], args)


def digest(array):
    """sha256 of the values in logical order."""
    import numpy as np

    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def torch_draw(spec):
    """(values, state) of a case in PyTorch, as NumPy arrays."""
    import torch

    torch.manual_seed(spec["seed"])
    op, args, shape, dtype = spec["op"], spec["args"], spec["shape"], getattr(torch, spec["dtype"])
    if op == "randperm":
        out = torch.randperm(shape[0])
    elif op == "multinomial":
        weights = torch.arange(1, 1 + torch.Size(shape).numel()).reshape(shape).to(dtype)
        out = torch.multinomial(weights, *args)
    else:
        x = torch.zeros(shape, dtype=dtype)
        view = {
            "contiguous": lambda: x,
            "transposed": lambda: x.permute(*reversed(range(x.ndim))),
            "sliced": lambda: x[1::2, ::3],
        }[spec["layout"]]()
        if op == "trunc_normal_":
            torch.nn.init.trunc_normal_(view, *args)
        else:
            getattr(view, op)(*args)
        out = x
    return out.numpy(), torch.get_rng_state().numpy()


def main():
    import torch

    cases = []
    for spec in specs():
        values, state = torch_draw(spec)
        cases.append({**spec, "values": digest(values)[:16], "state": digest(state)[:16]})
    lines = ",\n".join(json.dumps(case) for case in cases)
    path = pathlib.Path(__file__).with_name("random.json")
    path.write_text(f'{{"torch": "{torch.__version__}", "cases": [\n{lines}\n]}}\n')
    print(len(cases), "cases")


if __name__ == "__main__":
    main()
