"""The same bytes as tqdm on pseudo-terminals and under TQDM_* environments: stored ones and live.

test_against_tqdm.py does the same for plain streams, and for whole processes.
"""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from minitorch import progress
from tests.progress.scenarios import play
from tests.progress.terminals import (
    make_environment,
    make_terminal,
    play_environment,
    play_terminal,
    pty,
)

GOLDEN = json.loads((Path(__file__).parents[1] / 'goldens/progress.json').read_text(encoding='utf-8'))
terminals = pytest.mark.skipif(pty is None, reason='needs pseudo-terminals')


def text(result) -> str:
    """Comparable where there is a nan."""
    return json.dumps(result, sort_keys=True)


@terminals
def test_golden_terminals():
    assert len(GOLDEN['terminals']) == 60
    for entry in GOLDEN['terminals']:
        assert text(play_terminal(progress, entry['scenario'])) == text(entry['result']), entry


def test_golden_environments():
    assert len(GOLDEN['environments']) == 80
    for entry in GOLDEN['environments']:
        result = play_environment('minitorch.progress', entry['scenario'])
        assert text(result) == text(entry['result']), entry


@terminals
@pytest.mark.parametrize('block', range(4))
def test_terminals_equal(oracle, block):
    for seed in range(block * 100, block * 100 + 100):
        scenario = make_terminal(seed)
        assert text(play_terminal(progress, scenario)) == text(play_terminal(oracle, scenario)), scenario


@pytest.mark.parametrize('block', range(4))
def test_environments_equal(oracle, block):
    for seed in range(block * 50, block * 50 + 50):
        scenario = make_environment(seed)
        ours, theirs = (play_environment(name, scenario) for name in ('minitorch.progress', 'tqdm.std'))
        assert text(ours) == text(theirs), scenario


@terminals
def test_each_thing_that_terminals_can_do_happens():
    """The scenarios resize, hang up, hide bars, move between rows and write in between."""
    seen = [make_terminal(seed) for seed in range(100)]
    names = {op[0] for scenario in seen for op in scenario['ops']}
    assert {'resize', 'hang_up', 'write', 'external', 'clear', 'close', 'next', 'update'} <= names
    outputs = [play_terminal(progress, scenario)['out'][0] for scenario in seen]
    for part in ('more hidden', '\x1b[A', '█', '#', '\x1b[32m', '训练', '\r\n'):
        assert any(part in output for output in outputs), part


def test_a_number_that_is_none_never_draws():
    """TQDM_MINITERS=nan: no count is ever enough, in a loop as with update."""
    scenario = {'stream': 'plain', 'lock': True, 'step': 0, 'bars': [{'items': 9, 'miniters': float('nan')}],
                'ops': [['tick', 0, 5], ['next', 0, 5], ['tick', 0, 5], ['next', 0, 9]]}
    result = play(progress, scenario)
    assert result['error'] is None and result['out'][0].count('\r') == 2
