"""Convolution: slide a small window over an image and take a weighted sum at every place.

    out[n, o, y, x] = b[o] + Σ_c Σ_i Σ_j  w[o, c, i, j] · in[n, c, y·s + i·d − p, x·s + j·d − p]   (1)

(s stride, d dilation, p padding: zeros outside the image.) Written as a matrix product: copy
every window into a row of a matrix, *columns* X (the trick is called im2col), so that

    out = X·Wᵀ      ∂W = gᵀ·X      ∂X = g·W,  and ∂in adds ∂X back to where it was copied from   (2)

The three lines of (2) are `correlate`, `weight_gradient` and `input_gradient`. A transposed
convolution is ∂in of a convolution, so it is made of the same three.

Two things make it fast. Images are worked on in blocks whose X fits the cache, on all threads.
And X holds the window's *row* only where that is enough: rows of neighbouring windows overlap, so
with the image laid out as (H, N, W, C) the window's row i is X shifted by i lines, and
out = Σᵢ X[i:]·Wᵢᵀ needs X to be k times as large as the image instead of k².
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .. import errors, parallel
from ..autograd.rule import Array, op
from .operands import dtype_title, not_implemented

# Elements of X in a block.
BLOCK = 1 << 17
# A window's row of at least this many elements is worth a matrix product of its own.
LONG_ROW = 48


class Geometry(NamedTuple):
    """How windows lie over an image of H × W."""

    size: tuple[int, int]  # H, W
    kernel: tuple[int, int]
    stride: tuple[int, int]
    pads: tuple[tuple[int, int], tuple[int, int]]  # (top, bottom), (left, right)
    dilation: tuple[int, int]
    groups: int

    @property
    def padded(self) -> tuple[int, int]:
        (H, W), ((t, b), (l, r)) = self.size, self.pads
        return H + t + b, W + l + r

    @property
    def out(self) -> tuple[int, int]:
        """Windows that fit: ⌊(H + padding − d·(k − 1) − 1) / s⌋ + 1 in each direction."""
        h, w = (
            (n - d * (k - 1) - 1) // s + 1
            for n, k, s, d in zip(self.padded, self.kernel, self.stride, self.dilation)
        )
        return h, w

    def rows(self, channels: int) -> int:
        """Lines of the window that one row of X holds: all kh of them, or 1."""
        (kh, kw), s = self.kernel, self.stride[0]
        return 1 if kw * channels >= LONG_ROW and s < kh else kh


# -- X, and its way back --------------------------------------------------------------------------


def _lines(x: Any, geo: Geometry) -> Any:
    """(n, G·C, H, W) -> (G, H, n, W, C) with the padding added."""
    n, channels, H, W = x.shape
    (t, _), (l, _) = geo.pads
    split = x.reshape(n, geo.groups, -1, H, W).transpose(1, 3, 0, 4, 2)
    if geo.padded == (H, W):
        return np.ascontiguousarray(split)
    G, C = geo.groups, channels // geo.groups
    lines = np.zeros((G, geo.padded[0], n, geo.padded[1], C), x.dtype)
    lines[:, t : t + H, :, l : l + W] = split
    return lines


def _columns(lines: Any, geo: Geometry) -> Any:
    """X: (G, lines or OH, n·OW, rows·kw·C), every window('s row) in a row of its own."""
    G, H, n, W, C = lines.shape
    (kh, kw), (sh, sw), (dh, dw), (OH, OW) = geo.kernel, geo.stride, geo.dilation, geo.out
    rows = geo.rows(C)
    g, h, b, w, c = lines.strides
    count, step = (OH, sh) if rows == kh else (H, 1)
    windows = np.lib.stride_tricks.as_strided(
        lines, (G, count, n, OW, rows, kw, C), (g, h * step, b, w * sw, h * dh, w * dw, c), writeable=False
    )
    return np.ascontiguousarray(windows).reshape(G, count, n * OW, rows * kw * C)


def _shifted(X: Any, i: int, geo: Geometry, rows: int) -> Any:
    """The rows of X that meet line(s) i of the kernel: (G, OH, n·OW, ·)."""
    if rows == geo.kernel[0]:
        return X
    start, s, OH = i * geo.dilation[0], geo.stride[0], geo.out[0]
    return X[:, start : start + (OH - 1) * s + 1 : s]


def _matrix(w: Any, geo: Geometry) -> Any:
    """(O, C, kh, kw) -> (kh/rows, G, rows·kw·C, O/G): Wᵢᵀ of every group."""
    O, C, kh, kw = w.shape
    G, rows = geo.groups, geo.rows(C)
    split = w.reshape(G, O // G, C, kh // rows, rows * kw).transpose(3, 0, 4, 2, 1)
    return np.ascontiguousarray(split).reshape(kh // rows, G, rows * kw * C, O // G)


def _product(a: Any, b: Any) -> Any:
    """a (G, L, M, K) · b (G, K, J); one BLAS call a group where a is contiguous."""
    G, L, M, K = a.shape
    if a.flags.c_contiguous or G == 1 and a[0].flags.c_contiguous:
        return (a.reshape(G, L * M, K) @ b).reshape(G, L, M, b.shape[-1])
    return a @ b[:, None]


def _image_blocks(n: int, geo: Geometry, channels: int, work: Any) -> int:
    """Run work(start, stop) over blocks of images; returns the images in a block."""
    C = channels // geo.groups
    rows = geo.rows(C)
    height = geo.out[0] if rows == geo.kernel[0] else geo.padded[0]
    each = geo.groups * height * geo.out[1] * rows * geo.kernel[1] * C
    size = parallel.rows(each, BLOCK)
    parallel.blocks(n, size, work)
    return size


def correlate(x: Any, w: Any, bias: Any, geo: Geometry) -> Any:
    """out = X·Wᵀ + b: (N, C, H, W) and (O, C/G, kh, kw) -> (N, O, OH, OW)."""
    N, O, (OH, OW), G = len(x), len(w), geo.out, geo.groups
    out = np.empty((N, O, OH, OW), x.dtype)
    W = _matrix(w, geo)
    rows = geo.kernel[0] // len(W)
    shift = None if bias is None else bias.reshape(G, O // G, 1, 1)

    def work(start, stop):
        X = _columns(_lines(x[start:stop], geo), geo)
        y = _product(_shifted(X, 0, geo, rows), W[0])
        for i in range(1, len(W)):
            y += _product(_shifted(X, i, geo, rows), W[i])  # (2)
        y = y.reshape(G, OH, stop - start, OW, O // G).transpose(2, 0, 4, 1, 3)
        into = out[start:stop].reshape(stop - start, G, O // G, OH, OW)
        if shift is None:
            into[...] = y
        else:
            np.add(y, shift, out=into)

    _image_blocks(N, geo, x.shape[1], work)
    return out


def _gradient_lines(g: Any, G: int) -> Any:
    """(n, O, OH, OW) -> (G, OH, n·OW, O/G), as the product above makes them."""
    n, O, OH, OW = g.shape
    split = g.reshape(n, G, O // G, OH, OW).transpose(1, 3, 0, 4, 2)
    return np.ascontiguousarray(split).reshape(G, OH, n * OW, O // G)


def weight_gradient(x: Any, g: Any, geo: Geometry) -> Any:
    """∂W = gᵀ·X: (N, C, H, W) and (N, O, OH, OW) -> (O, C/G, kh, kw)."""
    G, C, O, (kh, kw) = geo.groups, x.shape[1] // geo.groups, g.shape[1], geo.kernel
    rows = geo.rows(C)
    parts = {}

    def work(start, stop):
        X = _columns(_lines(x[start:stop], geo), geo)
        y = _gradient_lines(g[start:stop], G).reshape(G, -1, O // G)
        part = np.empty((kh // rows, G, rows * kw * C, O // G), x.dtype)
        for i in range(len(part)):
            shifted = _shifted(X, i, geo, rows)
            np.matmul(shifted.reshape(G, -1, shifted.shape[-1]).transpose(0, 2, 1), y, out=part[i])
        parts[start] = part

    _image_blocks(len(x), geo, x.shape[1], work)
    d = sum(parts[start] for start in sorted(parts))  # in the blocks' order, whoever made them
    d = np.zeros((kh // rows, G, rows * kw * C, O // G), x.dtype) if len(x) == 0 else d
    d = d.reshape(kh // rows, G, rows * kw, C, O // G).transpose(1, 4, 3, 0, 2)
    return np.ascontiguousarray(d).reshape(O, C, kh, kw)


def input_gradient(g: Any, w: Any, geo: Geometry) -> Any:
    """∂in from ∂X = g·W: (N, O, OH, OW) and (O, C/G, kh, kw) -> (N, C, H, W)."""
    (N, O, OH, OW), (_, C, kh, kw), G = g.shape, w.shape, geo.groups
    (H, Wd), (PH, PW), ((t, _), (l, _)) = geo.size, geo.padded, geo.pads
    (sh, sw), (dh, dw) = geo.stride, geo.dilation
    W = _matrix(w, geo).transpose(0, 1, 3, 2)
    rows = kh // len(W)
    out = np.empty((N, G * C, H, Wd), g.dtype)

    def work(start, stop):
        n = stop - start
        y = _gradient_lines(g[start:stop], G)
        if rows == kh:
            X = _product(y, W[0])  # (2)
        else:
            X = np.zeros((G, PH, n * OW, kw * C), g.dtype)
            for i in range(kh):
                part = _shifted(X, i, geo, rows)
                part += _product(y, W[i])
        X = X.reshape(G, -1, n, OW, rows, kw, C)
        lines = np.zeros((G, PH, n, PW, C), g.dtype)
        for i in range(rows):
            at = slice(None) if rows < kh else slice(i * dh, i * dh + (OH - 1) * sh + 1, sh)
            for j in range(kw):
                lines[:, at, :, j * dw : j * dw + (OW - 1) * sw + 1 : sw] += X[:, :, :, :, i, j]
        back = lines[:, t : t + H, :, l : l + Wd].transpose(2, 0, 4, 1, 3)
        out[start:stop].reshape(n, G, C, H, Wd)[...] = back

    _image_blocks(N, geo, G * C, work)
    return out
