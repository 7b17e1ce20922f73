"""Transforms: the image pipeline between a data set and a network (torchvision.transforms)."""

from . import functional
from .compose import Compose, Lambda, RandomApply, RandomChoice, RandomOrder, RandomTransforms
from .convert import ConvertImageDtype, Normalize, PILToTensor, ToPILImage, ToTensor
from .functional import InterpolationMode
from .warp import RandomRotation
