"""Functions on images: what the transforms do, with every parameter given (transforms.functional).

Each takes a PIL image or a tensor (…, C, H, W) and returns the same kind.
"""

from .convert import convert_image_dtype, normalize, pil_to_tensor, to_pil_image, to_tensor
from .images import get_dimensions, get_image_num_channels, get_image_size
from .interpolation import InterpolationMode
from .warp import affine, perspective, rotate
