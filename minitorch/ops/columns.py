"""The three products behind every convolution, on plain arrays.

Copy every window of an image into a column of a matrix X (the trick is called im2col). Then

    out = W·X      ∂W = g·Xᵀ      ∂X = Wᵀ·g,  and ∂in adds ∂X back to where it was copied from   (1)

`correlate`, `weight_gradient` and `input_gradient` are these three. Blocks of images are worked
on by all threads, each block's X in cache. There are two ways to lay X out:

    windows    X (n, G, C·kh·kw, OH·OW): out comes as PyTorch stores it, nothing is transposed.
               The same for volumes: X (n, G, C·kd·kh·kw, OD·OH·OW).
    lines      (images only) with the image as (G, H, n, W, C), a window's *line* i is
               X (G, H, n·OW, kw·C)
               shifted down by i lines, so out = Σᵢ X[i:]·Wᵢᵀ and X is kw times the image
               instead of kh·kw times.                                                        (2)

Measured, 1 thread, forward / ∂W / ∂in in ms, PyTorch (1 thread) last:
    64×1×28×28 → 20, k 5      windows 0.8 / 0.7 / 1.6    lines 2.3 / 2.1 / 2.7    1.1 / 0.9 / 9.6
    64×20×12×12 → 64, k 5     windows 4.3 / 5.6 / 7.5    lines 3.6 / 3.5 / 4.3    4.0 / 4.9 / 4.1
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np

from .. import parallel

as_strided = np.lib.stride_tricks.as_strided

# A window's line of at least this many elements (kw·C) makes `lines` worth its transposes.
LONG_LINE = 48
# Elements of X in a block: 512 KB of float32 leave room for the other arrays in a 1 MB L2.
BLOCK = 1 << 17


class Geometry(NamedTuple):
    """How windows lie over an image of H × W, or a volume of D × H × W."""

    size: tuple[int, ...]  # H, W
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    pads: tuple[tuple[int, int], ...]  # (top, bottom), (left, right)
    dilation: tuple[int, ...]
    out: tuple[int, ...]  # OH, OW: how many windows there are
    groups: int = 1

    @property
    def padded(self) -> tuple[int, ...]:
        return tuple([n + a + b for n, (a, b) in zip(self.size, self.pads)])

    def by_lines(self, channels: int) -> bool:
        """Which layout: lines pay when they are long and neighbouring windows share them."""
        if len(self.size) > 2:
            return False
        (kh, kw), s = self.kernel, self.stride[0]
        return kh > 1 and s < kh and kw * channels >= LONG_LINE

    def along(self, axis: int, i: int) -> slice:
        """Along one direction, the pixels that meet element i of the kernel."""
        d, s, n = self.dilation[axis], self.stride[axis], self.out[axis]
        return slice(i * d, i * d + (n - 1) * s + 1, s)

    def at(self, *place: int) -> Any:
        """The pixels that meet element (i, j) of the kernel, one for each window."""
        return tuple([self.along(axis, i) for axis, i in enumerate(place)])

    def elements(self) -> Any:
        """(i, j) of every element of the kernel, in reading order."""
        return product(*map(range, self.kernel))

    def inside(self) -> Any:
        """The image within the padded image."""
        return tuple([slice(a, a + n) for n, (a, _) in zip(self.size, self.pads)])


def windows_that_fit(size: Any, pads: Any, kernel: Any, stride: Any, dilation: Any) -> Any:
    """⌊(H + padding − d·(k − 1) − 1) / s⌋ + 1 in each direction; 0 or less if k is too big."""
    return tuple(
        (n + a + b - d * (k - 1) - 1) // s + 1
        for n, (a, b), k, s, d in zip(size, pads, kernel, stride, dilation)
    )


def correlate(x: Any, w: Any, bias: Any, geo: Geometry) -> Any:
    """out = W·X + b: (N, C, H, W) and (O, C/G, kh, kw) -> (N, O, OH, OW)."""
    out = np.empty((len(x), len(w), *geo.out), x.dtype)
    product = _lines_product if geo.by_lines(w.shape[1]) else _windows_product
    _image_blocks(geo, x.shape[1], len(x), product(x, w, bias, geo, out))
    return out


def weight_gradient(x: Any, g: Any, geo: Geometry) -> Any:
    """∂W = g·Xᵀ: (N, C, H, W) and (N, O, OH, OW) -> (O, C/G, kh, kw)."""
    parts: dict[int, Any] = {}
    C, O = x.shape[1] // geo.groups, g.shape[1]
    gradient = _lines_weight if geo.by_lines(C) else _windows_weight
    _image_blocks(geo, x.shape[1], len(x), gradient(x, g, geo, parts))
    if not parts:
        return np.zeros((O, C, *geo.kernel), x.dtype)
    d = parts[0]
    for start in sorted(parts)[1:]:  # in the blocks' order, whoever made them
        d = d + parts[start]
    if geo.by_lines(C):  # (kh, G, kw·C, O/G)
        kh, kw = geo.kernel
        d = d.reshape(kh, geo.groups, kw, C, O // geo.groups).transpose(1, 4, 3, 0, 2)
    return np.ascontiguousarray(d).reshape(O, C, *geo.kernel)


def input_gradient(g: Any, w: Any, geo: Geometry) -> Any:
    """∂in from ∂X = Wᵀ·g: (N, O, OH, OW) and (O, C/G, kh, kw) -> (N, C, H, W)."""
    channels = w.shape[1] * geo.groups
    out = np.empty((len(g), channels, *geo.size), g.dtype)
    gradient = _lines_input if geo.by_lines(w.shape[1]) else _windows_input
    _image_blocks(geo, channels, len(g), gradient(g, w, geo, out))
    return out


def _image_blocks(geo: Geometry, channels: int, n: int, work: Any) -> None:
    """Run work(start, stop) over blocks of images that fill the cache."""
    if geo.by_lines(channels // geo.groups):
        row = geo.padded[0] * geo.kernel[1] * geo.out[1]
    else:
        row = prod(geo.kernel) * prod(geo.out)
    parallel.blocks(n, parallel.rows(n, channels * row, BLOCK), work)


# -- windows: X (n, G, C·kh·kw, OH·OW) ------------------------------------------------------------


def pad_image(x: Any, geo: Geometry) -> Any:
    """x with its zeros around it; x itself where there are none."""
    if geo.padded == x.shape[2:]:
        return x
    padded = np.zeros((*x.shape[:2], *geo.padded), x.dtype)
    padded[(..., *geo.inside())] = x
    return padded


def windows(x: Any, geo: Geometry) -> Any:
    """X: column p of image n holds window p, channel by channel."""
    n, channels = x.shape[:2]
    x = pad_image(x, geo)
    b, c, *steps = x.strides
    inner = [step * d for step, d in zip(steps, geo.dilation)]
    outer = [step * s for step, s in zip(steps, geo.stride)]
    shape = (n, channels, *geo.kernel, *geo.out)
    X = as_strided(x, shape, (b, c, *inner, *outer), writeable=False)
    K = channels // geo.groups * prod(geo.kernel)
    return np.ascontiguousarray(X).reshape(n, geo.groups, K, prod(geo.out))


def add_windows(X: Any, geo: Geometry, out: Any) -> None:
    """The way back: out (n, C, H, W) becomes the sum over every place its pixels were copied to."""
    n, channels = out.shape[:2]
    X = X.reshape(n, channels, *geo.kernel, *geo.out)
    padded = np.zeros((n, channels, *geo.padded), out.dtype)
    for place in geo.elements():
        padded[(..., *geo.at(*place))] += X[(slice(None), slice(None), *place)]
    out[...] = padded[(..., *geo.inside())]


def _windows_product(x: Any, w: Any, bias: Any, geo: Geometry, out: Any) -> Any:
    N, O = out.shape[:2]
    W = w.reshape(geo.groups, O // geo.groups, -1)
    by_group = out.reshape(N, geo.groups, O // geo.groups, prod(geo.out))
    shift = None if bias is None else bias.reshape(geo.groups, -1, 1)

    def work(start, stop):
        y = by_group[start:stop]
        np.matmul(W, windows(x[start:stop], geo), out=y)  # (1)
        if shift is not None:
            y += shift

    return work


def _windows_weight(x: Any, g: Any, geo: Geometry, parts: Any) -> Any:
    N, O = g.shape[:2]
    by_group = g.reshape(N, geo.groups, O // geo.groups, prod(geo.out))

    def work(start, stop):
        X = windows(x[start:stop], geo)
        parts[start] = (by_group[start:stop] @ X.swapaxes(2, 3)).sum(0)  # (1)

    return work


def _windows_input(g: Any, w: Any, geo: Geometry, out: Any) -> Any:
    N, O = g.shape[:2]
    by_group = g.reshape(N, geo.groups, O // geo.groups, prod(geo.out))
    W = w.reshape(geo.groups, O // geo.groups, -1).swapaxes(1, 2)

    def work(start, stop):
        add_windows(W @ by_group[start:stop], geo, out[start:stop])  # (1)

    return work


# -- lines: X (G, H, n·OW, kw·C), shifted for every line of the kernel ----------------------------


def _lines(x: Any, geo: Geometry) -> Any:
    """X: for every line of the padded image, the kw pixels that each window sees of it."""
    n, channels, H, W = x.shape
    G, C, (PH, PW) = geo.groups, channels // geo.groups, geo.padded
    kw, sw, dw, OW = geo.kernel[1], geo.stride[1], geo.dilation[1], geo.out[1]
    image = np.zeros((G, PH, n, PW, C), x.dtype)
    inside_h, inside_w = geo.inside()
    image[:, inside_h, :, inside_w] = x.reshape(n, G, C, H, W).transpose(1, 3, 0, 4, 2)
    a, h, b, w, c = image.strides
    X = as_strided(image, (G, PH, n, OW, kw, C), (a, h, b, w * sw, w * dw, c), writeable=False)
    return np.ascontiguousarray(X).reshape(G, PH, n * OW, kw * C)


def _shifted(X: Any, i: int, geo: Geometry) -> Any:
    """The lines that meet line i of the kernel: (G, OH, n·OW, kw·C)."""
    return X[:, geo.along(0, i)]


def _line_matrices(w: Any, geo: Geometry) -> Any:
    """(O, C, kh, kw) -> (kh, G, kw·C, O/G): Wᵢᵀ for line i."""
    O, C, kh, kw = w.shape
    split = w.reshape(geo.groups, O // geo.groups, C, kh, kw).transpose(3, 0, 4, 2, 1)
    return np.ascontiguousarray(split).reshape(kh, geo.groups, kw * C, -1)


def _gradient_lines(g: Any, geo: Geometry) -> Any:
    """(n, O, OH, OW) -> (G, OH, n·OW, O/G)."""
    n, O, OH, OW = g.shape
    split = g.reshape(n, geo.groups, O // geo.groups, OH, OW).transpose(1, 3, 0, 4, 2)
    return np.ascontiguousarray(split).reshape(geo.groups, OH, n * OW, -1)


def _product(a: Any, b: Any) -> Any:
    """a (G, L, M, K) · b (G, K, J), in one matrix product where a's lines follow each other."""
    G, L, M, K = a.shape
    if G == 1 and a.strides[1] == M * a.strides[2]:
        return (a.reshape(L * M, K) @ b[0]).reshape(1, L, M, -1)
    return a @ b[:, None]


def _lines_product(x: Any, w: Any, bias: Any, geo: Geometry, out: Any) -> Any:
    G, (OH, OW), O = geo.groups, geo.out, len(w)
    W = _line_matrices(w, geo)
    shift = None if bias is None else bias.reshape(G, -1, 1, 1)

    def work(start, stop):
        X, n = _lines(x[start:stop], geo), stop - start
        y = _product(_shifted(X, 0, geo), W[0])
        for i in range(1, len(W)):
            y += _product(_shifted(X, i, geo), W[i])  # (2)
        y = y.reshape(G, OH, n, OW, O // G).transpose(2, 0, 4, 1, 3)
        into = out[start:stop].reshape(n, G, O // G, OH, OW)
        np.add(y, 0 if shift is None else shift, out=into)

    return work


def _lines_weight(x: Any, g: Any, geo: Geometry, parts: Any) -> Any:
    G, (kh, kw) = geo.groups, geo.kernel
    C, O = x.shape[1] // G, g.shape[1]

    def work(start, stop):
        X = _lines(x[start:stop], geo)
        y = _gradient_lines(g[start:stop], geo).reshape(G, -1, O // G)
        part = parts[start] = np.empty((kh, G, kw * C, O // G), x.dtype)
        for i in range(kh):
            rows = _shifted(X, i, geo).reshape(G, -1, kw * C)
            np.matmul(rows.swapaxes(1, 2), y, out=part[i])  # (1), line by line

    return work


def _lines_input(g: Any, w: Any, geo: Geometry, out: Any) -> Any:
    G, C, (kh, kw), (PH, PW) = geo.groups, w.shape[1], geo.kernel, geo.padded
    W = _line_matrices(w, geo).swapaxes(2, 3)
    inside_h, inside_w = geo.inside()

    def work(start, stop):
        n, OW = stop - start, geo.out[1]
        y = _gradient_lines(g[start:stop], geo)
        X = np.zeros((G, PH, n * OW, kw * C), g.dtype)
        for i in range(kh):
            met = _shifted(X, i, geo)
            met += _product(y, W[i])  # (2)
        X = X.reshape(G, PH, n, OW, kw, C)
        image = np.zeros((G, PH, n, PW, C), g.dtype)
        for j in range(kw):
            image[:, :, :, geo.along(1, j)] += X[:, :, :, :, j]
        into = out[start:stop].reshape(n, G, C, *geo.size)
        into[...] = image[:, inside_h, :, inside_w].transpose(2, 0, 4, 1, 3)

    return work
