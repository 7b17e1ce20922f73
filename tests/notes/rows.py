"""All rows: for each parameter of the notes' table, what changing it alone shows."""

from __future__ import annotations

from . import rows_images, rows_layers, rows_tensors, rows_tqdm, rows_training, rows_transformer

FILES = (rows_layers, rows_tensors, rows_transformer, rows_training, rows_images, rows_tqdm)
GROUPS = [group for file in FILES for group in file.GROUPS]
ROWS = {group.title(row): (group, row) for group in GROUPS for row in group.rows}
