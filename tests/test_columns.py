"""The two layouts behind convolution against the textbook sum, and against each other."""

from __future__ import annotations

import numpy as np
import pytest

import minitorch as torch
from minitorch.ops import columns
from minitorch.ops.columns import Geometry, windows_that_fit

ROWS = [
    # size, kernel, stride, pads, dilation, groups
    ((7, 8), (3, 2), (1, 1), ((0, 0), (0, 0)), (1, 1), 1),
    ((7, 8), (3, 2), (2, 3), ((1, 2), (0, 1)), (1, 2), 1),
    ((9, 5), (4, 3), (3, 1), ((2, 2), (1, 1)), (2, 1), 2),
    ((5, 6), (5, 1), (1, 1), ((0, 0), (0, 0)), (1, 1), 3),
    ((6, 6), (2, 2), (2, 2), ((0, 0), (0, 0)), (1, 1), 6),
]


def textbook(x, w, geo):
    """Equation (1) of conv.py, a sum for every output number."""
    (OH, OW), G = geo.out, geo.groups
    (sh, sw), (dh, dw), (kh, kw) = geo.stride, geo.dilation, geo.kernel
    x = np.pad(x, ((0, 0), (0, 0), *geo.pads))
    N, O, C = len(x), len(w), w.shape[1]
    out = np.zeros((N, O, OH, OW))
    for n, o, y, z in np.ndindex(out.shape):
        c = o // (O // G) * C
        rows, places = y * sh + np.arange(kh) * dh, z * sw + np.arange(kw) * dw
        out[n, o, y, z] = (x[n, c : c + C][:, rows][:, :, places] * w[o]).sum()
    return out


@pytest.fixture(params=["lines", "windows"])
def layout(request, monkeypatch):
    monkeypatch.setattr(columns, "LONG_LINE", 1 if request.param == "lines" else 10**9)
    return request.param


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
@pytest.mark.parametrize("block", [1, 1 << 17])
def test_both_layouts(row, layout, block, monkeypatch):
    """⟨g, W ⋆ x⟩ gives all three products: its derivatives are the two gradients."""
    monkeypatch.setattr(columns, "BLOCK", block)  # one image at a time, or all at once
    size, kernel, stride, pads, dilation, groups = row
    out = windows_that_fit(size, pads, kernel, stride, dilation)
    geo = Geometry(size, kernel, stride, pads, dilation, out, groups)
    rng = np.random.default_rng(3)
    x = rng.normal(size=(3, 6, *size))
    w = rng.normal(size=(12, 6 // groups, *kernel))
    g = rng.normal(size=(3, 12, *out))
    for a in (x, w, g):
        a.flags.writeable = False
    wanted = textbook(x, w, geo)
    np.testing.assert_allclose(columns.correlate(x, w, None, geo), wanted, atol=1e-12)
    bias = rng.normal(size=12)
    shifted = wanted + bias[:, None, None]
    np.testing.assert_allclose(columns.correlate(x, w, bias, geo), shifted, atol=1e-12)
    dx, dw = columns.input_gradient(g, w, geo), columns.weight_gradient(x, g, geo)
    assert dx.shape == x.shape and dw.shape == w.shape
    u, v = rng.normal(size=x.shape), rng.normal(size=w.shape)
    assert (dx * u).sum() == pytest.approx((g * textbook(u, w, geo)).sum(), rel=1e-10)
    assert (dw * v).sum() == pytest.approx((g * textbook(x, v, geo)).sum(), rel=1e-10)


def test_the_layout_that_is_chosen():
    """Long lines that windows share are worked on line by line; patches and 1 × 1 are not."""
    geo = Geometry((12, 12), (5, 5), (1, 1), ((0, 0), (0, 0)), (1, 1), (8, 8))
    assert geo.by_lines(20) and not geo.by_lines(1)
    assert not geo._replace(stride=(5, 5)).by_lines(20)
    assert not geo._replace(kernel=(1, 1)).by_lines(200)


def test_same_bits_for_any_number_of_threads():
    """Blocks are cut alike and added in their order, whoever computes them."""
    rng = np.random.default_rng(4)
    x, w = rng.normal(size=(64, 20, 12, 12)), rng.normal(size=(16, 20, 5, 5))
    x, w = x.astype(np.float32), w.astype(np.float32)
    geo = Geometry((12, 12), (5, 5), (1, 1), ((0, 0), (0, 0)), (1, 1), (8, 8))
    before = torch.get_num_threads()
    results = []
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            y = columns.correlate(x, w, None, geo)
            results.append(
                (y, columns.weight_gradient(x, y, geo), columns.input_gradient(y, w, geo))
            )
    finally:
        torch.set_num_threads(before)
    for other in results[1:]:
        for a, b in zip(results[0], other):
            np.testing.assert_array_equal(a, b)
