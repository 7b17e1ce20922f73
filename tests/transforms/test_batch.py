"""Compose.batch: the pixels, the random numbers and the fallbacks are those of one by one."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import minitorch as torch
from minitorch import transforms as T
from minitorch.transforms.functional.pictures import Pictures, rotate_pictures

SIZES = ((1, 1), (2, 2), (3, 3), (1, 9), (9, 1), (5, 8), (7, 5), (28, 28), (33, 64))
ANGLES = (0, 90, 180, 270, 360, -90, -180, 720, 45, 30, 1e-3, 1e-8, 1e-13, -1e-14, 5e-15, -1e-15,
          1e-18, 90 + 1e-13, 180 - 1e-13, 359.9999999, -15, 15.0, 1e9)  # fmt: skip


def pixels(*shape, seed=0):
    return np.random.default_rng([seed, *shape]).integers(0, 256, shape, np.uint8)


def notes(*, degrees=15, **options):
    return [T.ToPILImage(), T.RandomRotation(degrees, **options), T.ToTensor(),
            T.Normalize([0.5], [0.5])]  # fmt: skip


def check(steps, images, seed=0):
    """batch() against one by one: every bit, the layout, and what the generator gives next."""
    compose = T.Compose(steps)
    torch.manual_seed(seed)
    wanted, then = torch.stack([compose(image) for image in images]), torch.rand(2).tolist()
    torch.manual_seed(seed)
    got = compose.batch(images)
    assert torch.rand(2).tolist() == then
    assert (got.dtype, got.shape, got.stride()) == (wanted.dtype, wanted.shape, wanted.stride())
    np.testing.assert_array_equal(got.numpy().view(np.uint8), wanted.numpy().view(np.uint8))


def at_once(steps, monkeypatch):
    """Make sure that no image goes through `steps` by itself."""
    for step in steps:
        monkeypatch.setattr(type(step), "__call__", None)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_turned_pixels_are_pillows(size, channels):
    rng = np.random.default_rng([*size, channels])
    angles = [*ANGLES, *rng.uniform(-15, 15, 40), *rng.uniform(-400, 400, 40)]
    batch = pixels(len(angles), *size, channels)
    got = rotate_pictures(Pictures(batch), angles, 7).pixels
    for one, angle, image in zip(got, angles, Pictures(batch)):
        fill = 7 if channels == 1 else (7,) * channels
        wanted = np.asarray(image.rotate(angle, fillcolor=fill)).reshape(one.shape)
        np.testing.assert_array_equal(one, wanted, err_msg=f"{angle}")


def test_a_quarter_turn_by_hand():
    got = rotate_pictures(Pictures(np.array([[1, 2], [3, 4]], np.uint8).reshape(1, 2, 2, 1)), [90], 0)
    assert got.pixels.reshape(2, 2).tolist() == [[2, 4], [1, 3]]


@pytest.mark.parametrize("n", [1, 31, 32, 33, 100])
def test_the_notes_pipeline(n, monkeypatch):
    check(notes(), pixels(n, 28, 28))
    check(notes(), torch.tensor(pixels(n, 28, 28)), seed=1)
    at_once(notes(), monkeypatch)
    assert T.Compose(notes()).batch(pixels(n, 28, 28)).shape == (n, 1, 28, 28)


@pytest.mark.parametrize("shape", [(5, 9, 6), (5, 9, 6, 1), (5, 9, 6, 2), (5, 9, 6, 3), (5, 9, 6, 4)])
def test_images_of_other_shapes(shape, monkeypatch):
    steps = notes(degrees=(-170, 200), fill=200.9)
    steps[3] = T.Normalize([0.1] * (shape[3:] or (1,))[0], [0.3] * (shape[3:] or (1,))[0])
    check(steps, pixels(*shape))
    if len(shape) == 4:  # tensors are (N, C, H, W)
        check(steps, torch.tensor(pixels(*shape).transpose(0, 3, 1, 2)))
    at_once(steps, monkeypatch)
    T.Compose(steps).batch(pixels(*shape))


def test_other_lists_of_the_four():
    check([T.ToTensor()], pixels(3, 4, 5))
    check([T.ToTensor()], pixels(3, 4, 5, 2))
    check([T.ToTensor(), T.Normalize((0.1, 0.2), (1, 2), inplace=True)], pixels(3, 4, 5, 2))
    check([T.Normalize([0.5], [2.0])], torch.rand(3, 2, 4, 5))
    check([T.ToPILImage(), T.RandomRotation(30), T.ToTensor()], pixels(3, 6, 6))
    check([T.ToTensor()], pixels(3, 4, 5)[:, ::-1, ::2])
    check([T.ToPILImage(), T.ToTensor()], pixels(4, 4, 6)[::-1, :, ::2])


@pytest.mark.parametrize("options", [
    {"interpolation": T.InterpolationMode.BILINEAR}, {"center": (1, 2)}, {"fill": (3,)},
    {"fill": 300}, {"fill": -1}, {"degrees": (90, 90), "expand": True},
], ids=str)  # fmt: skip
def test_rotations_without_a_quick_way(options):
    check(notes(**options), pixels(6, 9, 9))


def test_one_by_one_from_the_first_that_has_no_quick_way_on():
    flip = T.RandomHorizontalFlip()
    to_tensor = [T.ToTensor(), T.Normalize([0.5], [0.5])]
    check([T.ToPILImage(), flip, T.RandomRotation(15), *to_tensor], pixels(40, 9, 9))
    check([T.ToPILImage(), T.RandomRotation(15), flip, *to_tensor], pixels(40, 9, 9))
    check([T.ToPILImage(), T.RandomRotation(15), *to_tensor, flip], pixels(40, 9, 9))
    check([T.ToPILImage(), T.RandomRotation(15), T.RandomRotation(15), *to_tensor], pixels(40, 9, 9))
    check([T.ToPILImage(), T.RandomRotation(15), T.Compose(to_tensor), T.RandomErasing()], pixels(9, 9, 9))
    check([T.ToPILImage("L"), *notes()[1:]], pixels(4, 9, 9))
    check([*notes()[:3], T.Normalize(torch.tensor([0.5]), torch.tensor([0.5]))], pixels(4, 9, 9))
    check([T.ToTensor()], pixels(4, 9, 9).astype(np.float32))
    check([T.RandomRotation(15)], torch.tensor(pixels(4, 1, 9, 9)))
    check([], torch.rand(2, 3))


def test_lists_of_images():
    images = [Image.fromarray(p) for p in pixels(5, 9, 9)]
    check(notes()[1:], images)
    check(notes(), list(pixels(5, 9, 9)))
    with pytest.raises(RuntimeError):  # nothing to stack
        T.Compose(notes()).batch([])
    with pytest.raises(RuntimeError):
        T.Compose(notes()).batch(pixels(0, 9, 9))


def test_what_fails_for_one_image_fails_for_many():
    for steps in ([T.RandomRotation(15), T.ToTensor()], [T.ToPILImage()], [T.ToTensor(), T.ToTensor()],
                  [T.ToPILImage(), T.ToPILImage()], [T.ToPILImage(), T.Normalize([0.5], [0.5])]):  # fmt: skip
        with pytest.raises(TypeError):
            T.Compose(steps).batch(pixels(3, 4, 4))
    with pytest.raises(ValueError, match="std evaluated to zero"):
        T.Compose([T.ToTensor(), T.Normalize([0.5], [0.0])]).batch(pixels(3, 4, 4))
    with pytest.raises(RuntimeError):
        T.Compose([T.ToTensor(), T.Normalize([0.5] * 2, [1.0] * 2)]).batch(pixels(3, 4, 4))


def test_angles_can_be_forced(monkeypatch):
    monkeypatch.setattr(T.RandomRotation, "get_params", staticmethod(lambda degrees: 180.0))
    out = T.Compose(notes()[:3]).batch(pixels(3, 5, 6))
    np.testing.assert_array_equal((out.numpy()[:, 0] * 255).round(), pixels(3, 5, 6)[:, ::-1, ::-1])


def test_subclasses_and_hooks_are_heard():
    class Still(T.RandomRotation):
        def forward(self, img):
            return img

    class Doubled(T.Compose):
        def __call__(self, img):
            return super().__call__(img) * 2

    plain = T.Compose([T.ToTensor()]).batch(pixels(3, 5, 5))
    still = T.Compose([T.ToPILImage(), Still(90), T.ToTensor()]).batch(pixels(3, 5, 5))
    assert torch.equal(still, plain)
    assert torch.equal(Doubled([T.ToTensor()]).batch(pixels(3, 5, 5)), plain * 2)
    normalize = T.Normalize([0.0], [1.0])
    normalize.register_forward_hook(lambda module, args, out: out + 1)
    assert torch.equal(T.Compose([T.ToTensor(), normalize]).batch(pixels(3, 5, 5)), plain + 1)
    normalize = T.Normalize([0.0], [1.0])
    normalize.forward = lambda x: x + 2
    assert torch.equal(T.Compose([T.ToTensor(), normalize]).batch(pixels(3, 5, 5)), plain + 2)


def test_a_transform_of_ones_own():
    class Negative:
        def __call__(self, img):
            return -img

        def forward_batch(self, images):
            return -images if images.ndim == 4 else None

    check([T.ToTensor(), Negative()], pixels(3, 5, 5))


def test_float64_is_the_default_dtype():
    torch.set_default_dtype(torch.float64)
    try:
        check(notes(), pixels(9, 28, 28))
    finally:
        torch.set_default_dtype(torch.float32)


def test_against_torchvision(real_torch, torchvision):
    from torchvision import transforms as theirs

    images = pixels(200, 28, 28)
    for degrees, fill in ((15, 0), ((-15, 15), 9), ((20, 300), 255)):
        compose = theirs.Compose([
            theirs.ToPILImage(), theirs.RandomRotation(degrees, fill=fill), theirs.ToTensor(),
            theirs.Normalize([0.5], [0.5]),
        ])  # fmt: skip
        real_torch.manual_seed(7)
        wanted = real_torch.stack([compose(image) for image in images]).numpy()
        then = real_torch.rand(3).tolist()
        torch.manual_seed(7)
        got = T.Compose(notes(degrees=degrees, fill=fill)).batch(images).numpy()
        assert torch.rand(3).tolist() == then
        np.testing.assert_array_equal(got.view(np.uint32), wanted.view(np.uint32))
