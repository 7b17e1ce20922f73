"""Image data sets with torchvision's names: digits, clothes, photographs, your own folders.

idx.py reads MNIST's file format, download.py fetches files, vision.py is the base class.
"""

from .cifar import CIFAR10, CIFAR100
from .fakedata import FakeData
from .folder import DatasetFolder, ImageFolder
from .mnist import MNIST, FashionMNIST
from .synthetic import SyntheticDigits
from .vision import VisionDataset

__all__ = [
    "CIFAR10",
    "CIFAR100",
    "MNIST",
    "DatasetFolder",
    "FakeData",
    "FashionMNIST",
    "ImageFolder",
    "SyntheticDigits",
    "VisionDataset",
]
