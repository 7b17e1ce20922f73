"""Writes progress.json: what tqdm itself prints for some scenarios of tests/progress.

Run: python -m tests.goldens.make_progress        (needs tqdm)
"""
from __future__ import annotations

import json
from pathlib import Path

import tqdm
import tqdm.std

from tests.progress.scenarios import make_meter, make_scenario, play, play_meter


def main() -> None:
    scenarios = []
    for seed in range(10**6, 10**6 + 400):
        scenario = make_scenario(seed)
        if len(scenario['ops']) <= 30 and len(scenarios) < 120:
            scenarios.append({'scenario': scenario, 'result': play(tqdm.std, scenario)})
    meters = [[kwargs := make_meter(seed), play_meter(tqdm.std, kwargs)] for seed in range(250)]
    golden = {'tqdm': tqdm.__version__, 'meters': meters, 'scenarios': scenarios}
    text = json.dumps(golden, ensure_ascii=False, separators=(',', ':'))
    text = text.replace('},{"scenario"', '},\n{"scenario"') + '\n'
    Path(__file__).with_name('progress.json').write_text(text, encoding='utf-8')


if __name__ == '__main__':
    main()
