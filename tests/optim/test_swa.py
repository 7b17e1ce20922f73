"""swa_utils: averages of weights, BatchNorm's statistics anew, the schedule to a constant rate."""

from __future__ import annotations

import numpy as np
import pytest

import minitorch

FUNCTIONS = {
    "default": lambda u: {},
    "buffers": lambda u: {"use_buffers": True},
    "swa": lambda u: {"avg_fn": u.get_swa_avg_fn()},
    "swa, all": lambda u: {"multi_avg_fn": u.get_swa_multi_avg_fn()},
    "ema": lambda u: {"avg_fn": u.get_ema_avg_fn(0.7)},
    "ema, all": lambda u: {"multi_avg_fn": u.get_ema_multi_avg_fn(0.7), "use_buffers": True},
}
SCHEDULES = [
    {"swa_lr": 0.05},
    {"swa_lr": 0.05, "anneal_epochs": 4, "anneal_strategy": "linear"},
    {"swa_lr": [0.05, 0.9], "anneal_epochs": 3},
    {"swa_lr": 0.05, "anneal_epochs": 0},
]


def averaged(torch, kind):
    """Repr and state of an average over five changes of a model, before and after update_bn."""
    utils = torch.optim.swa_utils
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3)).double()
    average = utils.AveragedModel(model, **FUNCTIONS[kind](utils))
    rng = np.random.default_rng(5)
    data = [torch.tensor(rng.normal(size=(7, 2))) for _ in range(3)]
    for batch in (*data, *data[:2]):
        with torch.no_grad():
            for p in model.parameters():
                p.add_(torch.tensor(rng.normal(size=tuple(p.shape))))
        model(batch)
        average.update_parameters(model)
    states = [{k: v.numpy().copy() for k, v in average.state_dict().items()}]
    average.eval()
    utils.update_bn([(batch, None) for batch in data], average)
    states.append({k: v.numpy().copy() for k, v in average.state_dict().items()})
    return repr(average), average.training, states, average(data[0]).detach().numpy()


def rates(torch, options):
    w = [torch.ones(2, requires_grad=True) for _ in range(2)]
    groups = [{"params": [w[0]]}, {"params": [w[1]], "lr": 0.3}]
    optimizer = torch.optim.SGD(groups, lr=0.1)
    schedule = torch.optim.swa_utils.SWALR(optimizer, **options)
    rows = []
    for _ in range(12):
        rows.append([g["lr"] for g in optimizer.param_groups])
        optimizer.step()
        schedule.step()
    return np.array(rows), sorted(schedule.state_dict())


@pytest.mark.parametrize("kind", FUNCTIONS)
def test_live(kind, real_torch):
    got, wanted = averaged(minitorch, kind), averaged(real_torch, kind)
    assert got[:2] == wanted[:2]
    for a, b in zip(got[2], wanted[2]):
        assert list(a) == list(b)
        for name, array in b.items():
            np.testing.assert_allclose(a[name], array, rtol=1e-9, err_msg=name)
    np.testing.assert_allclose(got[3], wanted[3], rtol=1e-9)


@pytest.mark.parametrize("options", SCHEDULES, ids=range(len(SCHEDULES)))
def test_schedule_live(options, real_torch):
    (got, names), (wanted, wanted_names) = rates(minitorch, options), rates(real_torch, options)
    np.testing.assert_allclose(got, wanted, rtol=1e-12)
    assert names == wanted_names


def test_averages_are_averages():
    utils = minitorch.optim.swa_utils
    model = minitorch.nn.Linear(1, 1)
    plain, moving = utils.AveragedModel(model), utils.AveragedModel(
        model, multi_avg_fn=utils.get_ema_multi_avg_fn(0.5)
    )
    for value in (1.0, 2.0, 6.0):
        minitorch.nn.init.constant_(model.weight, value)
        plain.update_parameters(model)
        moving.update_parameters(model)
    assert plain.module.weight.item() == pytest.approx(3)  # (1 + 2 + 6) / 3
    assert moving.module.weight.item() == pytest.approx(3.75)  # 1 → 1.5 → 3.75
    assert plain.n_averaged == 3 and plain.module.weight.requires_grad


def test_schedule_ends_at_the_constant_rate():
    got, _ = rates(minitorch, {"swa_lr": 0.05, "anneal_epochs": 4})
    np.testing.assert_allclose(got[4:], 0.05)
    assert (np.diff(got[:5, 0]) < 0).all() and got[0, 1] == 0.3


def _sgd(torch):
    return torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=0.1)


ERRORS = [
    (lambda t: t.optim.swa_utils.AveragedModel(t.nn.ReLU(), avg_fn=1, multi_avg_fn=2), AssertionError),
    (lambda t: t.optim.swa_utils.SWALR(_sgd(t), 0.1, anneal_strategy="steep"), ValueError),
    (lambda t: t.optim.swa_utils.SWALR(_sgd(t), 0.1, anneal_epochs=-1), ValueError),
    (lambda t: t.optim.swa_utils.SWALR(_sgd(t), [0.1, 0.2]), ValueError),
    (lambda t: t.optim.swa_utils.get_ema_avg_fn(2.0), ValueError),
    (lambda t: t.optim.swa_utils.get_ema_multi_avg_fn(-0.1), ValueError),
]  # fmt: skip


@pytest.mark.parametrize("row", ERRORS, ids=range(len(ERRORS)))
def test_errors(row):
    with pytest.raises(row[1]):
        row[0](minitorch)


@pytest.mark.parametrize("row", ERRORS, ids=range(len(ERRORS)))
def test_errors_live(row, real_torch):
    with pytest.raises(row[1]):
        row[0](real_torch)
