"""Timings against PyTorch: ``python -m benchmarks``."""
