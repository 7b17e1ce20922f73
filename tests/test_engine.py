"""The engine: order, accumulation, leaves, hooks, freed graphs, versions, grad modes."""

from __future__ import annotations

import gc
import threading
import time
import weakref

import numpy as np
import pytest

import minitorch as torch


def leaf(*values: float):
    return torch.tensor(values if len(values) > 1 else values[0], requires_grad=True)


def test_shared_subexpression():
    a = leaf(3.0)
    b = a + a
    c = b + b
    c.backward()
    assert a.grad.item() == 4.0


def test_diamond_of_products():
    x = leaf(2.0)
    y = x * x
    z = y * y + y  # x⁴ + x²: 4x³ + 2x = 36
    z.backward()
    assert x.grad.item() == 36.0


def test_depth_20000_needs_no_recursion():
    x = leaf(1.0)
    y = x
    for _ in range(20_000):
        y = y + 1.0
    y.backward()
    assert x.grad.item() == 1.0
    del y
    gc.collect()


def test_fan_out_is_linear():
    def seconds(n):
        x = leaf(1.0)
        total = x * 0.0
        for _ in range(n):
            total = total + x
        start = time.perf_counter()
        total.backward()
        assert x.grad.item() == n
        return time.perf_counter() - start

    seconds(100)
    few, many = min(seconds(500) for _ in range(3)), min(seconds(4000) for _ in range(3))
    assert many < few * 8 * 4  # 8 times the work; quadratic would be 64 times


def test_grad_accumulates_and_zeroing():
    x = leaf(1.0, 2.0)
    (x * 2).sum().backward()
    first = x.grad
    (x * 3).sum().backward()
    assert x.grad is first and x.grad.tolist() == [5.0, 5.0]
    x.grad = None
    (x * 3).sum().backward()
    assert x.grad.tolist() == [3.0, 3.0]


def test_gradients_of_two_leaves_do_not_share_memory():
    a, b = leaf(1.0, 1.0), leaf(1.0, 1.0)
    (a + b).sum().backward()  # add's vjp hands the same array to both
    a.grad.zero_()
    assert b.grad.tolist() == [1.0, 1.0]


def test_gradient_argument_is_not_kept():
    a = leaf(1.0, 1.0)
    g = torch.ones(2)
    a.clone().backward(g)
    a.grad.zero_()
    assert g.tolist() == [1.0, 1.0]


def test_broadcast_is_summed():
    a = torch.ones(2, 3, requires_grad=True)
    b = torch.ones(3, requires_grad=True)
    c = torch.ones(2, 1, requires_grad=True)
    (a * b * c).sum().backward()
    assert b.grad.tolist() == [2.0] * 3 and c.grad.tolist() == [[3.0], [3.0]]


def test_gradient_has_the_dtype_of_its_leaf():
    a = torch.ones(2, dtype=torch.float32, requires_grad=True)
    b = torch.ones(2, dtype=torch.float64, requires_grad=True)
    (a * b).sum().backward()
    assert a.grad.dtype is torch.float32 and b.grad.dtype is torch.float64


def test_backward_needs_a_scalar_and_a_graph():
    with pytest.raises(RuntimeError, match="scalar outputs"):
        leaf(1.0, 2.0).backward()
    with pytest.raises(RuntimeError, match="does not require grad"):
        torch.ones(1).backward()
    with pytest.raises(RuntimeError, match="Mismatch in shape"):
        (leaf(1.0, 2.0) * 2).backward(torch.ones(3))
    with pytest.raises(NotImplementedError, match="create_graph"):
        (leaf(1.0) * 2).backward(create_graph=True)


def test_second_backward():
    x = leaf(2.0)
    y = x * x
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.item() == 8.0
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        y.backward()
    z = x + 1  # saves nothing: PyTorch lets it run again, too
    z.backward()
    z.backward()


def test_freed_graph_releases_its_arrays():
    x = torch.ones(1000, requires_grad=True)
    y = x.exp()
    saved = weakref.ref(y._data)
    z = y.sum()
    del y
    assert saved() is not None
    z.backward()
    gc.collect()
    assert saved() is None


def test_leaf_in_place_is_refused():
    x = leaf(1.0, 2.0)
    with pytest.raises(RuntimeError, match="leaf Variable that requires grad"):
        x.add_(1)
    with pytest.raises(RuntimeError, match="view of a leaf Variable"):
        x[0:1].zero_()
    with torch.no_grad():
        x.add_(1)
    assert x.tolist() == [2.0, 3.0]


def test_saved_tensor_changed_in_place():
    x = leaf(1.0, 2.0)
    y = x.exp()
    y.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


def test_saved_input_changed_through_a_view():
    w = torch.ones(2, 2)
    x = torch.ones(2, 2, requires_grad=True)
    y = x * w
    w.view(-1)[0] = 5.0
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


def test_change_of_what_is_not_saved_is_fine():
    w = torch.ones(2, requires_grad=True)
    x = torch.ones(2)
    y = (w * x).sum()  # ∂w needs x, not w
    with torch.no_grad():
        w.mul_(3)
    y.backward()
    assert w.grad.tolist() == [1.0, 1.0]


def test_in_place_on_a_result():
    x = leaf(1.0, 2.0)
    y = x * 3
    y.mul_(x)  # 3x²: the old y is remembered for ∂x
    y.sum().backward()
    assert x.grad.tolist() == [6.0, 12.0]


def test_in_place_through_views_reaches_the_base():
    x = torch.arange(6.0).reshape(2, 3).requires_grad_()
    w = leaf(10.0)
    y = x.clone()
    y[:, 1:].mul_(2)
    y[0] = w
    y.view(-1)[4:] += 1
    (y * y).sum().backward()
    expected = np.zeros((2, 3))
    values = np.array([[10, 10, 10], [3, 9, 11]], dtype=float)
    expected[1] = 2 * values[1] * [1, 2, 2]
    np.testing.assert_allclose(x.grad.numpy(), expected)
    assert w.grad.item() == 60.0


def test_a_view_made_before_sees_the_change():
    x = torch.ones(4, requires_grad=True)
    y = x * 1
    v = y[:2]
    y.mul_(3)
    v.sum().backward()
    assert x.grad.tolist() == [3.0, 3.0, 0.0, 0.0]


def test_hooks_see_and_replace_gradients():
    x = leaf(1.0, 2.0)
    y = x * 2
    seen = []
    y.register_hook(lambda g: seen.append(g.tolist()))
    handle = y.register_hook(lambda g: g * 10)
    x.register_hook(lambda g: g + 1)
    y.sum().backward()
    assert seen == [[1.0, 1.0]] and x.grad.tolist() == [21.0, 21.0]
    handle.remove()
    x.grad = None
    (x * 2).sum().backward()
    assert x.grad.tolist() == [3.0, 3.0]
    with pytest.raises(RuntimeError, match="doesn't require gradient"):
        torch.ones(1).register_hook(print)


def test_post_accumulate_hook():
    x = leaf(1.0)
    seen = []
    x.register_post_accumulate_grad_hook(lambda t: seen.append(t.grad.item()))
    (x * 4).backward()
    assert seen == [4.0]


def test_retain_grad():
    x = leaf(1.0, 2.0)
    y = x * 2
    y.retain_grad()
    (y * y).sum().backward()
    assert y.grad.tolist() == [4.0, 8.0] and y.retains_grad
    with pytest.raises(RuntimeError):
        torch.ones(1).retain_grad()


def test_autograd_grad():
    x, unused = leaf(3.0), leaf(1.0)
    y = x * x
    (g,) = torch.autograd.grad(y, x, retain_graph=True)
    assert g.item() == 6.0 and x.grad is None
    z = y * 2
    gy, gx = torch.autograd.grad(z, (y, x))
    assert gy.item() == 2.0 and gx.item() == 12.0
    with pytest.raises(RuntimeError, match="not have been used"):
        torch.autograd.grad(x * 2, unused)
    assert torch.autograd.grad(x * 2, unused, allow_unused=True) == (None,)
    (zero,) = torch.autograd.grad(x * 2, unused, materialize_grads=True)
    assert zero.item() == 0.0


def test_backward_inputs():
    a, b = leaf(1.0), leaf(2.0)
    y = a * b
    (y * 3).backward(inputs=[a])
    assert a.grad.item() == 6.0 and b.grad is None


def test_grad_modes():
    x = leaf(1.0)
    with torch.no_grad():
        assert not (x * 2).requires_grad
        with torch.enable_grad():
            assert (x * 2).requires_grad
    with torch.set_grad_enabled(False):
        assert not (x * 2).requires_grad
    assert (x * 2).requires_grad

    @torch.no_grad()
    def double(t):
        return t * 2

    @torch.no_grad
    def triple(t):
        return t * 3

    assert not double(x).requires_grad and not triple(x).requires_grad
    torch.set_grad_enabled(False)
    assert not torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    with torch.inference_mode():
        assert torch.is_inference_mode_enabled() and not (x * 2).requires_grad
    assert torch.is_grad_enabled()


def test_grad_mode_belongs_to_the_thread():
    seen = []
    with torch.no_grad():
        thread = threading.Thread(target=lambda: seen.append(torch.is_grad_enabled()))
        thread.start()
        thread.join()
    assert seen == [True]


def test_no_grad_is_restored_after_an_exception():
    with pytest.raises(ValueError), torch.no_grad():
        raise ValueError
    assert torch.is_grad_enabled()


def test_requires_grad_flags():
    with pytest.raises(RuntimeError, match="floating point"):
        torch.tensor([1]).requires_grad_()
    y = leaf(1.0) * 2
    assert y.requires_grad and not y.is_leaf
    with pytest.raises(RuntimeError, match="leaf variables"):
        y.requires_grad = False
    d = y.detach()
    assert not d.requires_grad and d.data_ptr() == y.data_ptr()


def test_integer_results_take_no_gradient():
    x = leaf(1.5, 2.5)
    for y in (x.int(), x.bool(), x > 2, x.argmax(), x.sort().indices):
        assert not y.requires_grad and y.grad_fn is None
    assert x.sort().values.requires_grad


def test_version_counts_in_place_changes():
    x = torch.zeros(3)
    view = x[1:]
    view.add_(1)
    x.mul_(2)
    assert x._version == view._version == 2


def test_grad_can_be_assigned_and_is_checked():
    x = leaf(1.0, 2.0)
    x.grad = torch.ones(2)
    assert x.grad.tolist() == [1.0, 1.0]
    with pytest.raises(RuntimeError, match="different size"):
        x.grad = torch.ones(3)
    with pytest.raises(TypeError):
        x.grad = 3.0


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, scale):
        ctx.save_for_backward(x)
        ctx.scale = scale
        return scale * x**3

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        assert ctx.needs_input_grad == (True, False)
        return g * ctx.scale * 3 * x**2, None


def test_function():
    x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    y = Cube.apply(x, 2.0)
    assert y.grad_fn.name() == "CubeBackward"
    y.sum().backward()
    assert x.grad.tolist() == [6.0, 24.0]
    with pytest.raises(RuntimeError, match="second time"):
        y.sum().backward()
    assert torch.autograd.gradcheck(lambda t: Cube.apply(t, 0.5), x)
    with pytest.raises(RuntimeError, match="apply"):
        Cube()


def test_gradcheck_finds_a_wrong_gradient():
    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2.1

    x = torch.ones(3, dtype=torch.float64, requires_grad=True)
    with pytest.raises(torch.autograd.GradcheckError, match="Jacobian mismatch"):
        torch.autograd.gradcheck(Wrong.apply, x)
    assert not torch.autograd.gradcheck(Wrong.apply, x, raise_exception=False)
    assert torch.autograd.gradcheck(lambda t: t.exp().sum(), x)


def test_anomaly_mode_names_the_forward_call():
    x = leaf(-1.0)
    with torch.autograd.detect_anomaly(), pytest.raises(RuntimeError, match="SqrtBackward0"):
        x.log().sqrt().backward()


def test_grad_fn_shows_what_is_saved():
    x = leaf(1.0, 2.0)
    y = x.exp()
    assert repr(y.grad_fn) == "<ExpBackward0 saves out (2,) float32 8 B>"
    node, nr = y.grad_fn.next_functions[0]
    assert nr == 0 and node.variable is x
    y.sum().backward()
    assert repr(y.grad_fn) == "<ExpBackward0 freed>"


def test_rules_may_be_tried_on_arrays():
    out, vjp = torch.exp.rule(np.zeros(2))
    assert out.tolist() == [1.0, 1.0] and vjp(np.ones(2)).tolist() == [1.0, 1.0]


def test_two_threads_do_not_disturb_each_other():
    results = {}

    def work(k):
        x = torch.full((50,), float(k), requires_grad=True)
        for _ in range(30):
            x.grad = None
            ((x * x).exp() * 1e-9).sum().backward()
        results[k] = x.grad.tolist()

    threads = [threading.Thread(target=work, args=(k,)) for k in (1, 2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for k in (1, 2):
        np.testing.assert_allclose(results[k], 1e-9 * 2 * k * np.exp(k * k), rtol=1e-5)
