"""Image data sets with torchvision's names: real digits, clothes, and drawn digits.

idx.py reads the file format, download.py fetches files, vision.py is the base class.
"""

from .mnist import MNIST, FashionMNIST
from .synthetic import SyntheticDigits
from .vision import VisionDataset

__all__ = ["MNIST", "FashionMNIST", "SyntheticDigits", "VisionDataset"]
