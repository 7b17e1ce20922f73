"""The tests. Where they ask PyTorch, they ask it in a mode that every x86 processor answers alike."""

import os

# MKL rounds matrix products as the processor suits it (once or twice a term), but not in this mode.
os.environ["MKL_CBWR"] = "COMPATIBLE"  # MKL reads it at its first product
