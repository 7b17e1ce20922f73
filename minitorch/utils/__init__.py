"""utils.data: datasets, samplers and the DataLoader; utils.images: pictures of tensors."""

from importlib import import_module

from . import data

__all__ = ["data", "make_grid", "save_image"]  # noqa: F822


def __getattr__(name: str) -> object:
    """Import the picture functions when asked for: they need Pillow."""
    if name in ("make_grid", "save_image"):
        return getattr(import_module("minitorch.utils.images"), name)
    raise AttributeError(f"module 'minitorch.utils' has no attribute '{name}'")
