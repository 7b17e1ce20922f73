"""Fixtures: the oracles (skipped with a reason when they are not installed), real MNIST."""

from __future__ import annotations

import gc
import os
import sys
import types
from pathlib import Path

import pytest


def pytest_collection_finish():
    """Set the collected tests aside: a gc.collect() in a test walks through its own objects only."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def real_torch():
    """PyTorch itself, the oracle of the live tests."""
    torch = pytest.importorskip("torch", reason="needs torch: live comparison with PyTorch")
    torch.set_num_threads(1)  # for small tensors a second thread costs more than it brings
    return torch


@pytest.fixture(scope="session")
def torchvision(real_torch):
    """torchvision's pure Python parts; its C extension is not needed for transforms."""
    for name in ("torchvision._meta_registrations", "torchvision._autograd_registrations"):
        sys.modules.setdefault(name, types.ModuleType(name))
    return pytest.importorskip("torchvision", reason="needs torchvision: live comparison")


@pytest.fixture(scope="session")
def mnist_root():
    """A folder that holds MNIST/raw: $MINITORCH_MNIST, else ./data."""
    for root in (os.environ.get("MINITORCH_MNIST"), "data"):
        if root and (Path(root) / "MNIST" / "raw").is_dir():
            return root
    pytest.skip("needs MNIST: set MINITORCH_MNIST to the folder that holds MNIST/raw")
