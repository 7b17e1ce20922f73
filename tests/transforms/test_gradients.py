"""Transforms of tensors that require grad: finite differences, along one random direction."""

from __future__ import annotations

import numpy as np
import pytest

import minitorch as torch
from minitorch.autograd import graph
from minitorch.transforms import InterpolationMode as Mode, functional as F

QUAD = [[0, 0], [6, 0], [6, 4], [0, 4]]

CALLS = {
    "normalize": lambda x: F.normalize(x, [0.1, 0.2, 0.3], [0.5, 2.0, 3.0]),
    "resize": lambda x: F.resize(x, (3, 9)),
    "resize cubic": lambda x: F.resize(x, (8, 4), Mode.BICUBIC, antialias=False),
    "resize nearest": lambda x: F.resize(x, (8, 4), Mode.NEAREST),
    "rotate": lambda x: F.rotate(x, 33.0, Mode.BILINEAR, fill=0.5),
    "rotate nearest": lambda x: F.rotate(x, 33.0),
    "affine": lambda x: F.affine(x, 10, [1, 1], 1.3, [5.0, 3.0], Mode.BILINEAR),
    "perspective": lambda x: F.perspective(x, QUAD, [[1, 0], [5, 1], [6, 3], [0, 4]]),
    "blur": lambda x: F.gaussian_blur(x, 3, 0.8),
    "sharpness": lambda x: F.adjust_sharpness(x, 1.1),
    "brightness": lambda x: F.adjust_brightness(x, 0.7),
    "contrast": lambda x: F.adjust_contrast(x, 0.7),
    "saturation": lambda x: F.adjust_saturation(x, 0.7),
    "grey": lambda x: F.rgb_to_grayscale(x, 3),
    "invert": F.invert,
    "autocontrast": F.autocontrast,
    "solarize": lambda x: F.solarize(x, 0.5),
    "gamma": lambda x: F.adjust_gamma(x, 2.0),
    "flips": lambda x: F.hflip(F.vflip(x)),
    "crop": lambda x: F.crop(x, -1, 2, 4, 9),
    "pad edge": lambda x: F.pad(x, 2, 0, "edge"),
    "pad symmetric": lambda x: F.pad(x, 2, 0, "symmetric"),
}


def slopes(call):
    rng = np.random.default_rng(3)
    x, direction = rng.uniform(0.05, 0.95, (3, 5, 7)), rng.uniform(-1, 1, (3, 5, 7))
    weights = rng.uniform(-1, 1, call(torch.from_numpy(x)).shape)

    def loss(array):
        return (call(torch.from_numpy(array)) * torch.from_numpy(weights)).sum().item()

    leaf = torch.from_numpy(x.copy()).requires_grad_()
    (call(leaf) * torch.from_numpy(weights)).sum().backward()
    eps = 1e-6
    numeric = (loss(x + eps * direction) - loss(x - eps * direction)) / (2 * eps)
    return float((leaf.grad.numpy() * direction).sum()), numeric


@pytest.mark.parametrize("name", CALLS)
def test_gradient(name):
    analytic, numeric = slopes(CALLS[name])
    assert analytic == pytest.approx(numeric, rel=1e-5, abs=1e-7)
    assert abs(analytic) > 1e-4


def test_a_wrong_gradient_is_caught(monkeypatch):
    honest = graph._apply

    def mutant(node, gs):
        return tuple(None if d is None else np.asarray(d) * 1.01 for d in honest(node, gs))

    monkeypatch.setattr(graph, "_apply", mutant)
    for name in ("normalize", "resize", "rotate", "blur"):
        with pytest.raises(AssertionError):
            test_gradient(name)


def test_hue_live(real_torch, torchvision):
    from torchvision.transforms import functional as theirs

    x = np.random.default_rng(0).uniform(0, 1, (3, 4, 5)).astype(np.float32)
    grads = []
    for library, functions in ((torch, F), (real_torch, theirs)):
        leaf = library.from_numpy(x.copy()).requires_grad_()
        (functions.adjust_hue(leaf, 0.2) ** 2).sum().backward()
        grads.append(leaf.grad.numpy())
    np.testing.assert_allclose(grads[0], grads[1], rtol=1e-4, atol=1e-4)


def test_normalize_in_place_is_refused_on_a_leaf():
    leaf = torch.zeros(1, 2, 2, requires_grad=True)
    with pytest.raises(RuntimeError, match="leaf Variable"):
        F.normalize(leaf, [0.5], [0.5], inplace=True)
