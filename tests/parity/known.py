"""What is known to differ from PyTorch in its test databases, and why: see docs/differences.md.

{entry: (the largest number of differing calls, the reason)}; test_databases.py reads it.
"""

TIES = "which of several equal elements is taken depends on PyTorch's selection algorithm"
SIGNS = "the sign of an eigenvector or singular vector depends on the LAPACK build"
OUT = "methods take out= here, PyTorch's do not: both refuse the call, with another error"
RESIZED = "PyTorch grows out= in its storage, over the input; here a larger result gets new memory"

OPERATORS = {
    "argsort": (4, TIES),
    "sort": (4, TIES),
    "kthvalue": (20, TIES),
    "topk": (28, TIES),
    "mode": (8, TIES),
    "linalg.eigh": (8, SIGNS),
    "bfloat16": (80, "NumPy has no bfloat16"),
    "nn.functional.layer_norm": (4, "rows of one element in float32: PyTorch's x̂ is not quite 0"),
    "logcumsumexp": (4, "float32 sums cancel: both are off by 3e-3, in different digits"),
    "round": (2, "PyTorch's special.round refuses the integers that its round takes"),
}

REFUSALS = {
    "kthvalue": (1, OUT),
    "masked_select": (3, OUT),
    "aminmax": (1, OUT),
    "amax": (1, OUT),
    "amin": (1, OUT),
    "gather": (5, f"{OUT}; once {RESIZED}"),
    "index_select": (1, OUT),
    "take": (3, OUT),
    "multinomial": (1, OUT),
    "bernoulli": (1, OUT),
    "cat": (1, RESIZED),
}

MODULES: dict[str, tuple[int, str]] = {}

OPTIMIZERS: dict[str, tuple[int, str]] = {}
