"""utils.data: datasets, samplers and the DataLoader; utils.images: pictures of tensors."""

from . import data
from .images import make_grid, save_image

__all__ = ["data", "make_grid", "save_image"]
