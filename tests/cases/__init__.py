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
    for row in getattr(topic, "CASES", []):
        row.id = f"{module}.{row.id}"  # conv.unfold/0 and shape.unfold/0 are different functions
        CASES.append(row)
    ERRORS += getattr(topic, "ERRORS", [])
