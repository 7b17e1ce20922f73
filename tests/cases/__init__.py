"""The table of cases: one file per topic, gathered here. See spec.py for what a row says."""

from __future__ import annotations

import importlib
import pkgutil

from .spec import Case

CASES: list[Case] = []
ERRORS: list[tuple] = []
for module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
    if module == "spec":
        continue
    topic = importlib.import_module(f"{__name__}.{module}")
    CASES += getattr(topic, "CASES", [])
    ERRORS += getattr(topic, "ERRORS", [])
