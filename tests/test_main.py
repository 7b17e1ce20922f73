"""`python -m minitorch`: a few lines on what runs here and where to begin."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import minitorch as torch
from minitorch.__main__ import main


def test_it_says_what_runs_and_where_to_begin(capsys):
    main([])
    lines = capsys.readouterr().out.splitlines()
    assert 5 <= len(lines) <= 8 and max(map(len, lines)) < 100
    assert torch.__version__ in lines[0] and f"NumPy {np.__version__}," in lines[1]
    assert lines[1].endswith(f"threads: {torch.get_num_threads()}")
    home = Path(lines[2].removeprefix("source: "))
    files = [line.split()[0] for line in lines if line.startswith("  ")]
    assert len(files) == 3 and all((home / name).is_file() for name in files)


def test_an_argument_is_refused():
    with pytest.raises(SystemExit, match="takes no arguments, got 'help'"):
        main(["help"])
