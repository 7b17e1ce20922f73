"""Names that no table of cases covers: settings that are remembered, and what is not supported."""

from __future__ import annotations

import subprocess
import sys

import pytest

import minitorch


@pytest.mark.parametrize("name", ["fft", "stft", "istft", "complex", "polar", "view_as_real"])
def test_what_needs_complex_numbers_says_so(name):
    with pytest.raises(AttributeError, match=f"{name}.*complex"):
        getattr(minitorch, name)


@pytest.mark.parametrize("name", ["eig", "eigvals"])
def test_complex_eigenvalues_are_not_supported(name):
    with pytest.raises(AttributeError, match="complex.*eigh"):
        getattr(minitorch.linalg, name)


def test_other_names_are_missing_as_in_any_module():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        minitorch.nonsense  # noqa: B018
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        minitorch.linalg.nonsense  # noqa: B018


def test_special_and_signal_are_imported_when_asked_for():
    code = (
        "import sys, minitorch as torch;"
        "assert not {'minitorch.special', 'minitorch.signal'} & set(sys.modules);"
        "torch.special.ndtr, torch.signal.windows.hann"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_settings_are_remembered():
    assert minitorch.get_float32_matmul_precision() == "highest"
    minitorch.set_float32_matmul_precision("high")
    assert minitorch.get_float32_matmul_precision() == "high"
    minitorch.set_float32_matmul_precision("highest")
    minitorch.use_deterministic_algorithms(True, warn_only=True)
    assert minitorch.are_deterministic_algorithms_enabled()
    assert minitorch.is_deterministic_algorithms_warn_only_enabled()
    minitorch.use_deterministic_algorithms(False)
    assert not minitorch.are_deterministic_algorithms_enabled()
    assert not minitorch.is_deterministic_algorithms_warn_only_enabled()


@pytest.mark.parametrize("kind", ["torch.DoubleTensor", minitorch.DoubleTensor])
def test_default_tensor_type(kind):
    minitorch.set_default_tensor_type(kind)
    try:
        assert minitorch.zeros(1).dtype is minitorch.float64
    finally:
        minitorch.set_default_tensor_type(minitorch.FloatTensor)
    assert minitorch.zeros(1).dtype is minitorch.float32
    for wrong in ("torch.LongTensor", "torch.cuda.FloatTensor"):
        with pytest.raises(TypeError):
            minitorch.set_default_tensor_type(wrong)


def test_questions_about_tensors():
    a, b = minitorch.ones(2, 3), minitorch.zeros(2, 3)
    assert minitorch.is_same_size(a, b)
    assert not minitorch.is_same_size(a, b.t())
    assert not minitorch.is_inference(a)
    assert minitorch.get_default_device() == a.device
    with pytest.raises(TypeError):
        minitorch.is_same_size(a, 3)


def test_resize_keeps_its_memory_where_it_fits():
    a = minitorch.arange(6)
    b = a.view(2, 3)
    b.resize_(2, 2)
    b[0, 0] = 9
    assert a.tolist() == [9, 1, 2, 3, 4, 5]
    assert b.resize_(3, 3).shape == (3, 3)
    assert b.flatten()[:6].tolist() == a.tolist()


def test_apply_and_map_count_as_in_place_changes():
    x = minitorch.ones(2, requires_grad=True)
    w = minitorch.tensor([2.0, 3.0])
    y = (x * w).sum()
    w.apply_(lambda v: v + 1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()
