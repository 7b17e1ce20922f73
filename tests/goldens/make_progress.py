"""Writes progress.json: what tqdm itself prints for some scenarios of tests/progress.

Run: python -m tests.goldens.make_progress        (needs tqdm and pseudo-terminals)
"""
from __future__ import annotations

import json
from pathlib import Path

import tqdm
import tqdm.std

from tests.progress.scenarios import make_meter, make_scenario, play, play_meter
from tests.progress.terminals import (
    make_environment,
    make_terminal,
    play_environment,
    play_terminal,
)

FIRST = 10**6                                   # other seeds than those of the live tests


def short(make, count: int) -> list:
    """The first scenarios with few operations."""
    scenarios = (make(seed) for seed in range(FIRST, FIRST + 10 * count))
    return [scenario for scenario in scenarios if len(scenario['ops']) <= 30][:count]


def main() -> None:
    golden = {
        'tqdm': tqdm.__version__,
        'meters': [[kwargs := make_meter(seed), play_meter(tqdm.std, kwargs)] for seed in range(250)],
        'scenarios': [{'scenario': s, 'result': play(tqdm.std, s)} for s in short(make_scenario, 120)],
        'terminals': [{'scenario': s, 'result': play_terminal(tqdm.std, s)}
                      for s in short(make_terminal, 60)],
        'environments': [{'scenario': s, 'result': play_environment('tqdm.std', s)}
                         for s in short(make_environment, 80)]}
    text = json.dumps(golden, ensure_ascii=False, separators=(',', ':'))
    text = text.replace('},{"scenario"', '},\n{"scenario"') + '\n'
    Path(__file__).with_name('progress.json').write_text(text, encoding='utf-8')


if __name__ == '__main__':
    main()
