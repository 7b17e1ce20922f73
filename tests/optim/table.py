"""The runs that are compared: every optimizer and schedule with its options changed one by one.

`train` and `schedule` run on minitorch and on PyTorch alike; the first argument is the module.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

STEPS = 50
SHAPES = [(5, 3), (7,), (), (2, 3, 4)]

COMMON: list[dict[str, Any]] = [{}, {"weight_decay": 0.1}, {"maximize": True, "weight_decay": 0.1}]
OPTIMIZERS: list[tuple[str, dict[str, Any]]] = [
    *(
        (name, {**options})
        for name in ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax")
        for options in COMMON
    ),
    *((name, {**options}) for name in ("NAdam", "RAdam", "ASGD") for options in COMMON),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.5}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("SGD", {"foreach": True}),
    ("SGD", {"fused": True}),
    ("Adam", {"lr": 0.1, "betas": (0.5, 0.9), "eps": 1e-3}),
    ("Adam", {"amsgrad": True}),
    ("Adam", {"weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("Adam", {"foreach": True}),
    ("Adam", {"fused": True}),
    ("AdamW", {"amsgrad": True, "lr": 0.01}),
    ("RMSprop", {"alpha": 0.5, "eps": 1e-3}),
    ("RMSprop", {"momentum": 0.9}),
    ("RMSprop", {"centered": True}),
    ("RMSprop", {"momentum": 0.9, "centered": True}),
    ("Adagrad", {"lr_decay": 0.1, "initial_accumulator_value": 0.5}),
    ("Adagrad", {"eps": 0.1}),
    ("Adadelta", {"rho": 0.5, "eps": 1e-3, "lr": 0.5}),
    ("Adamax", {"betas": (0.5, 0.9), "eps": 1e-3, "lr": 0.1}),
    ("NAdam", {"momentum_decay": 0.1, "betas": (0.5, 0.9)}),
    ("NAdam", {"decoupled_weight_decay": True, "weight_decay": 0.1, "eps": 1e-3}),
    ("RAdam", {"betas": (0.9, 0.9)}),
    ("RAdam", {"decoupled_weight_decay": True, "weight_decay": 0.1, "eps": 1e-3}),
    ("Adafactor", {}),
    ("Adafactor", {"weight_decay": 0.1, "lr": 0.1, "maximize": True}),
    ("Adafactor", {"beta2_decay": -0.5, "eps": (1e-3, 0.1), "d": 2.0}),
    ("ASGD", {"t0": 10, "lambd": 0.1, "alpha": 0.5}),
    ("Rprop", {}),
    ("Rprop", {"lr": 0.1, "etas": (0.3, 1.5), "step_sizes": (1e-3, 0.5), "maximize": True}),
]


def identity(name: str, options: dict[str, Any]) -> str:
    """A row's id."""
    return "-".join([name, *(f"{k}={v}" for k, v in options.items())]).replace(" ", "")


def data(row: str, dtype: Any) -> tuple[list[np.ndarray], list[list[np.ndarray]]]:
    """First parameters, and the gradients of every step."""
    rng = np.random.default_rng(zlib.crc32(row.encode()))
    params = [rng.normal(size=s).astype(dtype) for s in SHAPES]
    return params, [[rng.normal(size=s).astype(dtype) for s in SHAPES] for _ in range(STEPS)]


def make(torch: Any, name: str, options: dict[str, Any], dtype: Any) -> Any:
    """(optimizer, parameters, gradients): two groups, the second with its own learning rate."""
    values, gradients = data(identity(name, options), dtype)
    params = [torch.tensor(v).requires_grad_() for v in values]
    groups = [{"params": params[:2]}, {"params": params[2:], "lr": 0.02}]
    return getattr(torch.optim, name)(groups, **options), params, gradients


def train(torch: Any, name: str, options: dict[str, Any], dtype: Any = np.float64) -> Any:
    """(optimizer, parameters) after STEPS steps; one gradient is missing now and then."""
    optimizer, params, gradients = make(torch, name, options, dtype)
    steps(torch, optimizer, params, gradients)
    return optimizer, params


def steps(torch: Any, optimizer: Any, params: Any, gradients: Any) -> None:
    for t, row in enumerate(gradients):
        for i, (p, g) in enumerate(zip(params, row)):
            p.grad = None if i == 1 and t % 5 == 3 else torch.tensor(g)
        optimizer.step()


def numbers(optimizer: Any, params: Any) -> dict[str, np.ndarray]:
    """Parameters and state by name."""
    found = {f"p{i}": p.detach().numpy() for i, p in enumerate(params)}
    for i, state in optimizer.state_dict()["state"].items():
        for key, value in state.items():
            found[f"{key}{i}"] = value.numpy()
    return found


def halves(epoch: int) -> float:
    """For LambdaLR and MultiplicativeLR."""
    return 0.5 ** (epoch / 4)


SCHEDULES: list[tuple[str, dict[str, Any]]] = [
    ("StepLR", {"step_size": 3}),
    ("StepLR", {"step_size": 2, "gamma": 0.5}),
    ("MultiStepLR", {"milestones": [2, 5, 5, 9], "gamma": 0.3}),
    ("MultiStepLR", {"milestones": [0, 3]}),
    ("ConstantLR", {}),
    ("ConstantLR", {"factor": 0.5, "total_iters": 3}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.1, "end_factor": 0.7, "total_iters": 9}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("LambdaLR", {"lr_lambda": halves}),
    ("LambdaLR", {"lr_lambda": [halves, halves]}),
    ("MultiplicativeLR", {"lr_lambda": halves}),
    ("PolynomialLR", {}),
    ("PolynomialLR", {"total_iters": 10, "power": 2.0}),
    ("CosineAnnealingLR", {"T_max": 10}),
    ("CosineAnnealingLR", {"T_max": 7, "eta_min": 0.01}),
    ("CosineAnnealingWarmRestarts", {"T_0": 4}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2, "eta_min": 0.01}),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 1.0, "step_size_up": 4}),
    (
        "CyclicLR",
        {
            "base_lr": [0.1, 0.2],
            "max_lr": [1.0, 2.0],
            "step_size_up": 4,
            "step_size_down": 3,
            "mode": "triangular2",
            "cycle_momentum": False,
        },
    ),
    (
        "CyclicLR",
        {
            "base_lr": 0.1,
            "max_lr": 1.0,
            "step_size_up": 3,
            "mode": "exp_range",
            "gamma": 0.9,
            "base_momentum": 0.5,
            "max_momentum": 0.99,
        },
    ),
    (
        "CyclicLR",
        {
            "base_lr": 0.1,
            "max_lr": 1.0,
            "step_size_up": 3,
            "scale_fn": halves,
            "scale_mode": "iterations",
        },
    ),
    ("OneCycleLR", {"max_lr": 1.0, "total_steps": 31}),
    (
        "OneCycleLR",
        {"max_lr": [1.0, 2.0], "epochs": 4, "steps_per_epoch": 10, "anneal_strategy": "linear"},
    ),
    (
        "OneCycleLR",
        {
            "max_lr": 1.0,
            "total_steps": 40,
            "three_phase": True,
            "pct_start": 0.2,
            "div_factor": 5,
            "final_div_factor": 10,
            "base_momentum": 0.5,
            "max_momentum": 0.99,
        },
    ),
    ("OneCycleLR", {"max_lr": 1.0, "total_steps": 40, "cycle_momentum": False}),
]
METRICS = [
    1,
    0.9,
    0.95,
    0.91,
    0.92,
    0.90001,
    0.89999,
    0.93,
    0.94,
    0.95,
    0.96,
    0.97,
    0.5,
    *[0.6] * 9,
]
PLATEAUS: list[dict[str, Any]] = [
    {"patience": 2},
    {"patience": 1, "mode": "max", "factor": 0.5},
    {"patience": 1, "cooldown": 3, "min_lr": 0.01},
    {"patience": 1, "threshold_mode": "abs", "threshold": 0.05},
    {"patience": 1, "min_lr": [0.1, 0.2]},
    {"patience": 1, "mode": "max", "threshold_mode": "abs"},
    {"patience": 0, "eps": 0.01},
]


def schedule_id(name: str, options: dict[str, Any]) -> str:
    plain = {k: "f" if callable(v) else v for k, v in options.items()}
    return identity(
        name, {k: "ff" if k == "lr_lambda" and v != "f" else v for k, v in plain.items()}
    )


def optimizer_of(torch: Any, name: str = "SGD", groups: int = 2, **options: Any) -> Any:
    """An optimizer whose parameters have gradients; learning rates 0.5, 1.0, …"""
    params = [torch.ones(2, requires_grad=True) for _ in range(groups)]
    for p in params:
        p.grad = torch.ones(2)
    if name == "SGD":
        options.setdefault("momentum", 0.9)
    rows = [{"params": [p], "lr": 0.5 * (i + 1)} for i, p in enumerate(params)]
    return getattr(torch.optim, name)(rows, **options)


def schedule(torch: Any, name: str, options: dict[str, Any], epochs: Any = range(30)) -> Any:
    """Learning rates (and momenta) of 30 epochs: rows of [lr, lr, momentum]."""
    optimizer = optimizer_of(torch)
    scheduler = getattr(torch.optim.lr_scheduler, name)(optimizer, **options)
    rows = [row(optimizer)]
    for _ in epochs:
        optimizer.step()
        scheduler.step()
        assert [g["lr"] for g in optimizer.param_groups] == scheduler.get_last_lr()
        rows.append(row(optimizer))
    return rows


def plateau(torch: Any, options: dict[str, Any]) -> Any:
    optimizer = optimizer_of(torch)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **options)
    rows = []
    for metric in METRICS:
        optimizer.step()
        scheduler.step(metric)
        rows.append(row(optimizer))
    return rows


def sequential(torch: Any) -> Any:
    """Warm-up, cosine, decay."""
    schedules = torch.optim.lr_scheduler
    optimizer = optimizer_of(torch)
    scheduler = schedules.SequentialLR(
        optimizer,
        [
            schedules.LinearLR(optimizer, 0.1, total_iters=4),
            schedules.CosineAnnealingLR(optimizer, T_max=10),
            schedules.ExponentialLR(optimizer, 0.9),
        ],
        milestones=[4, 12],
    )
    return _follow(optimizer, scheduler)


def chained(torch: Any) -> Any:
    schedules = torch.optim.lr_scheduler
    optimizer = optimizer_of(torch)
    first, second = schedules.ConstantLR(optimizer, 0.1, 3), schedules.ExponentialLR(optimizer, 0.9)
    return _follow(optimizer, schedules.ChainedScheduler([first, second], optimizer=optimizer))


def _follow(optimizer: Any, scheduler: Any) -> Any:
    rows = [row(optimizer)]
    for _ in range(25):
        optimizer.step()
        scheduler.step()
        rows.append(row(optimizer))
    return rows


def row(optimizer: Any) -> list[float]:
    groups = optimizer.param_groups
    return [float(groups[0]["lr"]), float(groups[1]["lr"]), float(groups[0]["momentum"])]
