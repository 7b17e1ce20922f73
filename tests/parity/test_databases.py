"""PyTorch's own test databases: each operator, module and optimizer that minitorch has.

One test an entry: float64, float32, int64 and bool samples in every form (function, method,
in-place, operator), and the bad arguments. What is known to differ stands in known.py, with the
reason; a test fails when more differs than that, and when nothing does any more.
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs torch: live comparison with PyTorch")
pytest.importorskip("expecttest", reason="needs torch's test databases, which import expecttest")

from . import known, module_db, op_db, optim_db  # noqa: E402

LIMIT = 16  # samples of each dtype and form; `python -m tests.parity.op_db` runs all 100,000
NOTHING_REAL = ("imag", "nn.functional.silu complex", "nn.functional.batch_norm without_cudnn")
MODULES = [m for m in module_db.module_db if module_db.ours_of(m) is not None]


def title(op):
    return f"{op.name} {op.variant_test_name}".strip()


OPS = [  # NOTHING_REAL has samples of complex numbers or for CUDA only
    o for o in op_db.op_db if title(o) not in NOTHING_REAL and next(op_db.forms(o), None) is not None
]


@pytest.fixture(autouse=True)
def quiet():
    """The databases' samples warn and overflow on purpose."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def check(entry, table, problems):
    """At most as many differences as the table says, and none that it says too much."""
    limit, reason = table.get(entry, (0, ""))
    shown = "\n".join(p[:300] for p in problems[:5])
    assert len(problems) <= limit, f"{len(problems)} differ, {limit} known:\n{shown}"
    assert problems or not limit, f"known.py has {entry} ({reason}), but nothing differs any more"


@pytest.mark.parametrize("op", OPS, ids=title)
def test_operator(op):
    count, problems = op_db.run(op, limit=LIMIT)
    assert count, "the database has no sample for it"
    check(title(op), known.OPERATORS, problems)


@pytest.mark.parametrize("op", [o for o in OPS if o.error_inputs_func is not None], ids=title)
def test_operator_refuses(op):
    check(title(op), known.REFUSALS, op_db.run_errors(op)[1])


@pytest.mark.parametrize("info", MODULES, ids=lambda m: m.module_cls.__name__)
def test_module(info):
    (count, problems), (_, wrong) = module_db.run(info), module_db.run_errors(info)
    assert count, "the database has no sample for it"
    check(info.module_cls.__name__, known.MODULES, problems + wrong)


@pytest.mark.parametrize("info", optim_db.exposed(), ids=lambda i: i.optim_cls.__name__)
def test_optimizer(info):
    (count, problems), (_, wrong) = optim_db.run(info), optim_db.run_errors(info)
    assert count, "the database has no sample for it"
    check(info.optim_cls.__name__, known.OPTIMIZERS, problems + wrong)


def test_known_names_exist():
    """A row of known.py for an entry that is not run would hide nothing and mean nothing."""
    names = {title(o) for o in OPS}
    assert set(known.OPERATORS) | set(known.REFUSALS) <= names
    assert set(known.MODULES) <= {m.module_cls.__name__ for m in MODULES}
    assert set(known.OPTIMIZERS) <= {i.optim_cls.__name__ for i in optim_db.exposed()}
