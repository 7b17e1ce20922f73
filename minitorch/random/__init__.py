from .generator import *
from .generator import default_generator
from .uniform import uniform_
