"""The pool: every block once, in order where asked; exceptions, nesting, forks, two users."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
import warnings

import numpy as np
import pytest

import minitorch as torch
from minitorch import parallel
from minitorch.ops.activation import gelu


@pytest.fixture(params=[1, 2, 4], ids=["1 thread", "2 threads", "4 threads"])
def threads(request):
    before = parallel.get_num_threads()
    parallel.set_num_threads(request.param)
    yield request.param
    parallel.set_num_threads(before)


@pytest.mark.parametrize("n, size", [(0, 3), (1, 3), (3, 3), (10, 3), (1000, 1), (7, 100)])
def test_every_row_once(threads, n, size):
    seen = np.zeros(n, int)

    def work(start, stop):
        assert 0 < stop - start <= size and start % size == 0
        seen[start:stop] += 1

    parallel.blocks(n, size, work)
    assert (seen == 1).all()


def test_first_runs_in_order_and_reaches_its_block(threads):
    order, results = [], np.zeros(50, int)

    def first(start, stop):
        order.append(start)
        return start + 1

    def work(start, stop, ready):
        time.sleep(0.0005)
        results[start:stop] = ready

    parallel.blocks(50, 2, work, first)
    assert order == list(range(0, 50, 2))
    assert (results == np.repeat(np.arange(0, 50, 2) + 1, 2)).all()


def test_blocks_run_at_the_same_time():
    """Two blocks wait for each other: only two threads can pass."""
    before = parallel.get_num_threads()
    parallel.set_num_threads(2)
    barrier = threading.Barrier(2, timeout=20)
    try:
        parallel.blocks(2, 1, lambda start, stop: barrier.wait())
    finally:
        parallel.set_num_threads(before)


@pytest.mark.parametrize("place", ["work", "first"])
def test_exceptions_reach_the_caller_and_stop_the_rest(threads, place):
    done = []

    def fail(start, stop, *ready):
        if start == 3:
            raise KeyError("block 3")
        done.append(start)

    with pytest.raises(KeyError, match="block 3"):
        if place == "work":
            parallel.blocks(10000, 1, fail)
        else:
            parallel.blocks(10000, 1, lambda a, b, r: None, fail)
    assert len(done) < 10000
    total = []
    parallel.blocks(5, 1, lambda a, b: total.append(a))  # the pool still works
    assert sorted(total) == [0, 1, 2, 3, 4]


def test_nested_calls_run_in_their_block(threads):
    table = np.zeros((6, 8))

    def outer(a, b):
        me = threading.get_ident()

        def inner(c, d):
            assert threading.get_ident() == me
            table[a:b, c:d] += 1

        parallel.blocks(8, 3, inner)

    parallel.blocks(6, 1, outer)
    assert (table == 1).all()


def test_scratch_belongs_to_the_thread(threads):
    failures = []

    def work(start, stop):
        mine = parallel.scratch("test", (100, 7), np.float64)
        mine[...] = start
        time.sleep(0.001)
        if not (mine == start).all():
            failures.append(start)

    parallel.blocks(20, 1, work)
    assert not failures
    small = parallel.scratch("test", (3,), np.float64)
    assert small.shape == (3,) and parallel.scratch("test", (3,), np.float32).dtype == np.float32


def test_no_warnings_from_helpers(threads):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        x = torch.tensor([float("inf"), -1e30, 1e30] * 40000)
        gelu(x)


def test_openblas_has_one_thread():
    """Where its library is known. Products are shared between our own threads."""
    for path in parallel._blas_libraries():
        library = ctypes.CDLL(path)
        for name in ("scipy_openblas_get_num_threads64_", "openblas_get_num_threads"):
            if hasattr(library, name):
                assert getattr(library, name)() == 1
                return
    pytest.skip("NumPy has another BLAS here, whose threads are its own")


def test_works_without_a_known_blas(monkeypatch):
    monkeypatch.setattr(parallel, "_blas_libraries", list)
    assert not parallel._one_blas_thread()
    monkeypatch.setattr(parallel, "_blas_libraries", lambda: ["/nowhere/libopenblas.so"])
    assert not parallel._one_blas_thread()


PRODUCTS = {  # shapes of a and b, and the number of blocks
    "rows": ((3000, 70), (70, 64), 2),
    "columns": ((64, 70), (70, 3000), 2),
    "eight at most": ((700, 500), (500, 600), 8),
    "odd": ((1001, 130), (130, 129), 4),
    "batch": ((30, 100, 64), (30, 64, 100), 4),
    "small": ((100, 70), (70, 64), 1),
    "broadcast": ((30, 100, 64), (1, 64, 100), 1),
    "one of many": ((30, 100, 64), (64, 100), 1),
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_large_products_are_shared(name, threads, monkeypatch):
    shape_a, shape_b, count = PRODUCTS[name]
    rng, seen, blocks = np.random.default_rng(0), [], parallel.blocks
    a, b = (rng.standard_normal(s).astype(np.float32) for s in (shape_a, shape_b))
    monkeypatch.setattr(
        parallel, "blocks", lambda n, size, work: (seen.append(-(-n // size)), blocks(n, size, work))
    )
    out = parallel.matmul(a, b)
    assert sum(seen) == (count if count > 1 else 0)
    np.testing.assert_allclose(out, np.matmul(a.astype(float), b), rtol=1e-4, atol=1e-3)
    turned = parallel.matmul(np.asfortranarray(a), b[..., ::-1])
    np.testing.assert_allclose(turned, out[..., ::-1], rtol=1e-4, atol=1e-3)


def test_rows_are_cut_evenly():
    assert parallel.rows(5000, 64) == 2500  # two blocks alike, not 4096 and 904
    assert parallel.rows(100, 64) >= 100  # one block
    for n in (0, 1, 7, 262143, 262145, 10**6):
        size = parallel.rows(n, 1, step=8)
        assert size % 8 == 0 and size <= parallel.BLOCK
        assert -(-n // size) in (0, 1) or -(-n // size) % 2 == 0


def test_set_num_threads():
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        assert torch.get_num_threads() == 3
        for bad in (0, -1, 1.5, "2", None, True):
            with pytest.raises(RuntimeError, match="set_num_threads expects"):
                torch.set_num_threads(bad)
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def train(seed, steps=3):
    """A few steps of a small network on every fused kernel; returns its last gradients."""
    from minitorch.ops.attention import scaled_dot_product_attention
    from minitorch.ops.feed_forward import feed_forward
    from minitorch.ops.norm import layer_norm

    rng = np.random.default_rng(seed)
    new = lambda *s: torch.from_numpy(rng.standard_normal(s).astype(np.float32)).requires_grad_()
    x, w1, b1, w2, b2 = new(8, 60, 32), new(300, 32), new(300), new(32, 300), new(32)
    gamma, beta = new(32), new(32)
    for _ in range(steps):
        h = layer_norm(x, (32,), gamma, beta)
        heads = h.reshape(8, 60, 4, 8).transpose(1, 2)
        h = scaled_dot_product_attention(heads, heads, heads).transpose(1, 2).reshape(8, 60, 32)
        feed_forward(h, w1, b1, w2, b2, "gelu", 0.0).pow(2).mean().backward()
    return [t.grad.numpy() for t in (x, w1, b1, w2, b2, gamma, beta)]


def test_two_threads_train_two_models(threads):
    alone = [train(0), train(1)]
    together = [None, None]

    def run(i):
        together[i] = train(i)

    users = [threading.Thread(target=run, args=(i,)) for i in range(2)]
    for u in users:
        u.start()
    for u in users:
        u.join(60)
    for a, b in zip(alone, together):
        for x, y in zip(a, b, strict=True):
            np.testing.assert_array_equal(x, y)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_has_a_pool_of_its_own(threads):
    wanted = train(2)  # the parent's helpers exist now
    pid = os.fork()
    if pid == 0:
        try:
            same = all(np.array_equal(a, b) for a, b in zip(wanted, train(2)))
            os._exit(0 if same else 1)
        except BaseException:
            os._exit(2)
    deadline = time.time() + 60
    while time.time() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            assert os.waitstatus_to_exitcode(status) == 0
            return
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    pytest.fail("the forked child hangs")


SLOW = """
import sys, threading, time
from minitorch import parallel
parallel.set_num_threads(2)
def work(start, stop):
    if threading.current_thread() is not threading.main_thread() or {main}:
        time.sleep(0.05)
print("ready", flush=True)
try:
    parallel.blocks(1000, 1, work)
except KeyboardInterrupt:
    print("stopped", flush=True)
    total = []
    parallel.blocks(3, 1, lambda a, b: total.append(a))
    sys.exit(0 if sorted(total) == [0, 1, 2] else 3)
sys.exit(4)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_ctrl_c_stops_the_work():
    child = subprocess.Popen(
        [sys.executable, "-c", SLOW.format(main=True)], stdout=subprocess.PIPE, text=True
    )
    assert "ready" in iter_until(child, "ready")
    time.sleep(0.3)
    started = time.time()
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=20)
    assert child.returncode == 0 and "stopped" in out
    assert time.time() - started < 5  # all blocks would take 25 s


def iter_until(child, word):
    line = ""
    while word not in line:
        line = child.stdout.readline()
        if not line:
            pytest.fail("the child ended early")
    return line
