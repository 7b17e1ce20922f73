"""What is timed: a table of small pieces of work, written once for minitorch and PyTorch.

A case's `make(torch)` prepares the work (weights, inputs) and returns the function to time. The
goal is the ratio of times, minitorch / PyTorch, that the project set itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .vit import PRESETS, Training

Run = Callable[[], Any]


@dataclass
class Case:
    """One row of the table."""

    group: str
    make: Callable[[Any], Run]
    goal: float | None = None


CASES: dict[str, Case] = {}


def add(group: str, name: str, make: Callable[[Any], Run], goal: float | None = None) -> None:
    CASES[name] = Case(group, make, goal)


# ---- whole steps of the notes' model -------------------------------------------------------------

STEP_GOALS = {"default": 0.8, "patch 4": 0.8, "wide": 0.9, "notes": 0.45}

for preset in PRESETS:
    add("ViT", f"step, {preset}", lambda t, p=preset: Training(t, p).step, STEP_GOALS[preset])
    add("ViT", f"eval, {preset}", lambda t, p=preset: Training(t, p).evaluate, 0.8)


# ---- single operations, forward and backward -----------------------------------------------------


def both_ways(
    call: Callable[..., Any], *shape: int, leaves: Callable[[Any], list[Any]] | None = None
) -> Callable[[Any], Run]:
    """Time y = call(torch, x) and its backward from a ready cotangent, all gradients anew."""

    def make(torch: Any) -> Run:
        torch.manual_seed(0)
        x = torch.randn(*shape, requires_grad=True)
        others = leaves(torch) if leaves else []
        seed = torch.ones_like(call(torch, x, *others).detach())

        def run() -> None:
            for leaf in (x, *others):
                leaf.grad = None
            call(torch, x, *others).backward(seed)

        return run

    return make


def of(*shapes: tuple[int, ...]) -> Callable[[Any], list[Any]]:
    """Leaves of these shapes."""
    return lambda torch: [torch.randn(*s, requires_grad=True) for s in shapes]


def layer_norm(torch: Any, x: Any, weight: Any, bias: Any) -> Any:
    return torch.nn.functional.layer_norm(x, (x.shape[-1],), weight, bias)


def cross_entropy(torch: Any) -> Run:
    torch.manual_seed(0)
    labels = torch.randint(0, 10, (512,))
    return both_ways(lambda t, x: t.nn.functional.cross_entropy(x, labels), 512, 10)(torch)


def adam(torch: Any) -> Run:
    """50 tensors with a million numbers together."""
    torch.manual_seed(0)
    parameters = [torch.nn.Parameter(torch.randn(200, 100)) for _ in range(50)]
    for p in parameters:
        p.grad = torch.randn(200, 100)
    return torch.optim.Adam(parameters).step


def conv2d(torch: Any, x: Any, weight: Any, bias: Any) -> Any:
    return torch.nn.functional.conv2d(x, weight, bias)


OPS = "forward and backward"
add(OPS, "layer_norm (3200, 128)", both_ways(layer_norm, 3200, 128, leaves=of((128,), (128,))), 1.0)
add(OPS, "softmax (64, 4, 50, 50)", both_ways(lambda t, x: x.softmax(-1), 64, 4, 50, 50), 1.0)
add(OPS, "gelu 6.5 M", both_ways(lambda t, x: t.nn.functional.gelu(x), 3200, 2048), 1.0)
add(OPS, "cross_entropy (512, 10)", cross_entropy, 1.0)
add(OPS, "conv2d 64×1×28×28 → 20, k 5",
    both_ways(conv2d, 64, 1, 28, 28, leaves=of((20, 1, 5, 5), (20,))), 1.5)  # fmt: skip
add(OPS, "conv2d 64×20×12×12 → 64, k 5",
    both_ways(conv2d, 64, 20, 12, 12, leaves=of((64, 20, 5, 5), (64,))), 1.5)  # fmt: skip
add(OPS, "x · 2, 10 elements", both_ways(lambda t, x: x * 2.0, 10), 1.2)
add("optimizer", "Adam, 1 M in 50 tensors", adam, 1.0)


# ---- random streams ------------------------------------------------------------------------------


def draws(method: str, *args: float) -> Callable[[int], Callable[[Any], Run]]:
    """Fill a float32 tensor in place."""

    def sized(n: int) -> Callable[[Any], Run]:
        def make(torch: Any) -> Run:
            torch.manual_seed(0)
            x = torch.empty(n)
            return lambda: getattr(x, method)(*args)

        return make

    return sized


def dropped(n: int) -> Callable[[Any], Run]:
    def make(torch: Any) -> Run:
        torch.manual_seed(0)
        x = torch.ones(n)
        return lambda: torch.nn.functional.dropout(x, 0.1)

    return make


def called(call: Callable[[Any, int], Any]) -> Callable[[int], Callable[[Any], Run]]:
    return lambda n: lambda torch: lambda: call(torch, n)


STREAMS = {
    "rand": (called(lambda t, n: t.rand(n)), 1.1),
    "uniform_(-a, a)": (draws("uniform_", -0.3, 0.3), 1.1),
    "uniform_(a, b)": (draws("uniform_", -1.5, 2.7), 1.1),
    "bernoulli_": (draws("bernoulli_", 0.9), 1.1),
    "dropout": (dropped, 1.1),
    "randint": (called(lambda t, n: t.randint(0, 10, (n,))), 1.5),
    "randn": (called(lambda t, n: t.randn(n)), 3.0),
    "randperm": (called(lambda t, n: t.randperm(n)), 6.0),
}
for size, label in ((10**6, "1e6"), (5 * 10**7, "5e7")):
    for name, (stream, goal) in STREAMS.items():
        if name != "randperm" or size < 10**7:
            add("streams", f"{name}, {label}", stream(size), goal)
for small, call in (
    ("rand(1)", lambda t: t.rand(1)), ("randn(10)", lambda t: t.randn(10)),
):  # fmt: skip
    add("streams", small, lambda t, c=call: lambda: c(t))


# ---- scaling -------------------------------------------------------------------------------------


def step_of(batch: int, embed: int) -> Callable[[Any], Run]:
    """A training step of the default model with another batch or width."""
    model = {**PRESETS["default"][0], "embed": embed, "ff": 2 * embed}
    return lambda torch: Training(torch, (model, batch)).step


def encoder_step(length: int) -> Callable[[Any], Run]:
    """A training step of four encoder layers on 16 sequences of 64 numbers a token."""

    def make(torch: Any) -> Run:
        torch.manual_seed(0)
        layer = torch.nn.TransformerEncoderLayer(64, 4, 128, 0.1, batch_first=True)
        model = torch.nn.TransformerEncoder(layer, 4)
        optimizer = torch.optim.Adam(model.parameters())
        x = torch.randn(16, length, 64)

        def run() -> None:
            optimizer.zero_grad()
            (model(x) ** 2).mean().backward()
            optimizer.step()

        return run

    return make


CURVES: dict[str, list[tuple[int, str]]] = {}  # title → (size, case)


def curve(title: str, make: Callable[[int], Callable[[Any], Run]], sizes: list[int]) -> None:
    CURVES[title] = [(size, f"{title} {size}") for size in sizes]
    for size, name in CURVES[title]:
        add("scaling", name, make(size))


curve("batch", lambda n: step_of(n, 64), [1, 4, 16, 64, 256, 1024])
curve("sequence", encoder_step, [16, 32, 64, 128, 256, 512])
curve("width", lambda n: step_of(64, n), [16, 32, 64, 128, 256, 512])
