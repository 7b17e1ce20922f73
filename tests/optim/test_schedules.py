"""Learning rate schedules: 30 epochs against stored numbers and PyTorch, saving, warnings, errors."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

import minitorch as torch

from ..goldens.store import read
from . import table

schedules = torch.optim.lr_scheduler
GOLDENS = Path(__file__).parent.parent / "goldens"
by_row = pytest.mark.parametrize(
    ("name", "options"), table.SCHEDULES, ids=[table.schedule_id(*row) for row in table.SCHEDULES]
)
by_plateau = pytest.mark.parametrize(
    "options", table.PLATEAUS, ids=[table.identity("plateau", o) for o in table.PLATEAUS]
)


@pytest.fixture(scope="module")
def goldens():
    return read(GOLDENS / "optim.npz")


def close(got, wanted):
    np.testing.assert_allclose(np.array(got), np.array(wanted), rtol=1e-12, atol=1e-16)


@by_row
def test_golden(name, options, goldens):
    close(table.schedule(torch, name, options), goldens[table.schedule_id(name, options)])


@by_plateau
def test_plateau_golden(options, goldens):
    close(table.plateau(torch, options), goldens[table.identity("plateau", options)])


@pytest.mark.parametrize("name", ["sequential", "chained"])
def test_combined_golden(name, goldens):
    close(getattr(table, name)(torch), goldens[name])


@by_row
def test_live(name, options, real_torch):
    close(table.schedule(torch, name, options), table.schedule(real_torch, name, options))


@by_row
def test_state_dict(name, options):
    """Saved at epoch 5 and loaded elsewhere, a schedule goes on as if nothing had happened."""
    optimizer, other = table.optimizer_of(torch), table.optimizer_of(torch)
    first = getattr(schedules, name)(optimizer, **options)
    for _ in range(5):
        optimizer.step()
        first.step()
    second = getattr(schedules, name)(other, **options)
    other.load_state_dict(optimizer.state_dict())
    second.load_state_dict(first.state_dict())
    for _ in range(5):
        for o, s in ((optimizer, first), (other, second)):
            o.step()
            s.step()
        assert first.get_last_lr() == second.get_last_lr()


@by_row
def test_state_dict_keys_live(name, options, real_torch):
    ours, theirs = (
        getattr(t.optim.lr_scheduler, name)(table.optimizer_of(t), **options).state_dict()
        for t in (torch, real_torch)
    )
    assert list(ours) == list(theirs)


@by_row
@pytest.mark.filterwarnings("ignore:The epoch parameter")
def test_jump_to_an_epoch_live(name, options, real_torch):
    """step(epoch) uses the closed form."""
    rows = []
    for t in (torch, real_torch):
        optimizer = table.optimizer_of(t)
        scheduler = getattr(t.optim.lr_scheduler, name)(optimizer, **options)
        rows.append([])
        for epoch in (3, 7, 2):
            optimizer.step()
            scheduler.step(epoch)
            rows[-1].append(table.row(optimizer))
    close(*rows)


@by_row
def test_resume_with_last_epoch_live(name, options, real_torch):
    rows = []
    for t in (torch, real_torch):
        optimizer = table.optimizer_of(t)
        scheduler = getattr(t.optim.lr_scheduler, name)
        more = {"max_lr": 1.0, "min_lr": 0.001, "max_momentum": 0.95, "base_momentum": 0.85}
        for group in optimizer.param_groups:
            group.update(initial_lr=group["lr"], **more)
        scheduler = scheduler(optimizer, **options, last_epoch=4)
        rows.append([table.row(optimizer)])
        for _ in range(5):
            optimizer.step()
            scheduler.step()
            rows[-1].append(table.row(optimizer))
    close(*rows)


@by_row
def test_resume_needs_the_initial_lr(name, options):
    with pytest.raises(KeyError, match="initial_lr"):
        getattr(schedules, name)(table.optimizer_of(torch), **options, last_epoch=3)


def test_cosine_by_hand():
    optimizer = table.optimizer_of(torch)
    scheduler = schedules.CosineAnnealingLR(optimizer, T_max=4, eta_min=0.1)
    for t in range(5):
        wanted = 0.1 + 0.5 * (0.5 - 0.1) * (1 + np.cos(np.pi * t / 4))
        assert scheduler.get_last_lr()[0] == pytest.approx(wanted, rel=1e-12)
        optimizer.step()
        scheduler.step()


def test_warm_restarts_by_fractions_live(real_torch):
    rows = []
    for t in (torch, real_torch):
        optimizer = table.optimizer_of(t)
        scheduler = t.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, 3, 2)
        rows.append([])
        for epoch in (0.5, 1.2, 3.1, 3.9, 8.5, 9.2, 0.1):
            scheduler.step(epoch)
            rows[-1].append([*table.row(optimizer), scheduler.T_cur, scheduler.T_i])
    close(*rows)


def test_one_cycle_with_adam_cycles_beta1(real_torch):
    rows = []
    for t in (torch, real_torch):
        optimizer = table.optimizer_of(t, "Adam", 1)
        scheduler = t.optim.lr_scheduler.OneCycleLR(optimizer, 1.0, 10)
        rows.append([])
        for _ in range(9):
            optimizer.step()
            scheduler.step()
            group = optimizer.param_groups[0]
            rows[-1].append([group["lr"], *group["betas"]])
    close(*rows)


def test_lr_that_is_a_tensor_is_filled_in_place():
    lr = torch.tensor(0.5)
    w = torch.ones(2, requires_grad=True)
    w.grad = torch.ones(2)
    optimizer = torch.optim.SGD([w], lr=lr)
    scheduler = schedules.StepLR(optimizer, 1)
    optimizer.step()
    scheduler.step()
    assert optimizer.param_groups[0]["lr"] is lr
    assert lr.item() == pytest.approx(0.05)
    assert optimizer.param_groups[0]["initial_lr"].item() == 0.5


def test_a_custom_schedule():
    class Harmonic(schedules.LRScheduler):
        def get_lr(self):
            return [base / (self.last_epoch + 1) for base in self.base_lrs]

    optimizer = table.optimizer_of(torch)
    scheduler = Harmonic(optimizer)
    assert scheduler.get_last_lr() == [0.5, 1.0]
    optimizer.step()
    scheduler.step()
    assert scheduler.get_last_lr() == [0.25, 0.5]
    with pytest.raises(NotImplementedError):
        schedules.LRScheduler(optimizer)


# -- warnings -------------------------------------------------------------------------------------


def test_warns_when_called_before_the_optimizer():
    scheduler = schedules.StepLR(table.optimizer_of(torch), 2)
    with pytest.warns(UserWarning, match="before `optimizer.step\\(\\)`"):
        scheduler.step()


def test_does_not_warn_in_the_right_order():
    optimizer = table.optimizer_of(torch)
    scheduler = schedules.StepLR(optimizer, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(3):
            optimizer.step()
            scheduler.step()


def test_warns_when_step_was_replaced():
    optimizer = table.optimizer_of(torch)
    scheduler = schedules.StepLR(optimizer, 2)
    optimizer.step = lambda: None
    with pytest.warns(UserWarning, match="has been overridden"):
        scheduler.step()


def test_warns_of_get_lr_and_of_epochs():
    optimizer = table.optimizer_of(torch)
    scheduler = schedules.StepLR(optimizer, 2)
    with pytest.warns(UserWarning, match="get_last_lr"):
        scheduler.get_lr()
    optimizer.step()
    with pytest.warns(UserWarning, match="epoch parameter"):
        scheduler.step(3)


# -- bad input ------------------------------------------------------------------------------------


def sgd(t, groups=1, **options):
    return table.optimizer_of(t, "SGD", groups, **options)


def lr(t):
    return t.optim.lr_scheduler


ERRORS = [
    (lambda t: lr(t).StepLR(3, 2), TypeError, "not an Optimizer"),
    (lambda t: lr(t).LambdaLR(sgd(t, 2), [table.halves]), ValueError, "Expected 2 lr_lambdas"),
    (lambda t: lr(t).MultiplicativeLR(sgd(t, 2), [table.halves, 3]), TypeError, "a function"),
    (lambda t: lr(t).ConstantLR(sgd(t), factor=2), ValueError, "between 0 and 1"),
    (lambda t: lr(t).LinearLR(sgd(t), 0), ValueError, "greater than 0"),
    (lambda t: lr(t).LinearLR(sgd(t), 0.5, 2), ValueError, "Ending"),
    (lambda t: lr(t).CosineAnnealingWarmRestarts(sgd(t), 0), ValueError, "positive integer T_0"),
    (lambda t: lr(t).CosineAnnealingWarmRestarts(sgd(t), 2, 1.5), ValueError, "T_mult >= 1"),
    (lambda t: lr(t).CosineAnnealingWarmRestarts(sgd(t), 2, 1, "a"), ValueError, "eta_min"),
    (lambda t: lr(t).CosineAnnealingWarmRestarts(sgd(t), 2).step(-1), ValueError, "non-negative"),
    (lambda t: lr(t).CyclicLR(sgd(t), 0.1, 1, mode="x"), ValueError, "mode is invalid"),
    (lambda t: lr(t).CyclicLR(sgd(t), [0.1, 0.2], 1), ValueError, "same length"),
    (
        lambda t: lr(t).CyclicLR(table.optimizer_of(t, "Adagrad", 1), 0.1, 1),
        ValueError,
        "must support momentum",
    ),
    (lambda t: lr(t).OneCycleLR(sgd(t), 1.0), ValueError, "either total_steps OR"),
    (lambda t: lr(t).OneCycleLR(sgd(t), 1.0, 0), ValueError, "positive integer total_steps"),
    (lambda t: lr(t).OneCycleLR(sgd(t), 1.0, epochs=0, steps_per_epoch=1), ValueError, "epochs"),
    (lambda t: lr(t).OneCycleLR(sgd(t), 1.0, 10, pct_start=2.0), ValueError, "pct_start"),
    (lambda t: lr(t).OneCycleLR(sgd(t), 1.0, 10, anneal_strategy="x"), ValueError, "one of 'cos'"),
    (lambda t: lr(t).ReduceLROnPlateau(sgd(t), factor=1.0), ValueError, "Factor"),
    (lambda t: lr(t).ReduceLROnPlateau(sgd(t), mode="x"), ValueError, "mode x is unknown"),
    (lambda t: lr(t).ReduceLROnPlateau(sgd(t), threshold_mode="x"), ValueError, "threshold mode"),
    (lambda t: lr(t).ReduceLROnPlateau(sgd(t), min_lr=[1, 2]), ValueError, "expected 1 min_lrs"),
    (lambda t: lr(t).ChainedScheduler([]), ValueError, "at least one scheduler"),
    (lambda t: lr(t).SequentialLR(sgd(t), [], []), ValueError, "at least one scheduler"),
    (
        lambda t: lr(t).ChainedScheduler([lr(t).StepLR(sgd(t), 2), lr(t).StepLR(sgd(t), 2)]),
        ValueError,
        "same optimizer",
    ),
    (
        lambda t: (lambda o: lr(t).SequentialLR(o, [lr(t).StepLR(o, 2)], [3]))(sgd(t)),
        ValueError,
        "one more than the number of milestone",
    ),
    (
        lambda t: (lambda o: lr(t).ChainedScheduler([lr(t).ReduceLROnPlateau(o)]))(sgd(t)),
        ValueError,
        "does not support `ReduceLROnPlateau`",
    ),
]


@pytest.mark.parametrize("row", ERRORS, ids=range(len(ERRORS)))
def test_errors(row):
    with pytest.raises(row[1], match=row[2]) as caught:
        row[0](torch)
    assert type(caught.value) is row[1]


@pytest.mark.parametrize("row", ERRORS, ids=range(len(ERRORS)))
def test_errors_live(row, real_torch):
    with pytest.raises(row[1], match=row[2]):
        row[0](real_torch)


def test_one_cycle_ends():
    optimizer = sgd(torch)
    scheduler = schedules.OneCycleLR(optimizer, 1.0, 10)
    with pytest.raises(ValueError, match="total steps is 10"):
        for _ in range(12):
            optimizer.step()
            scheduler.step()
