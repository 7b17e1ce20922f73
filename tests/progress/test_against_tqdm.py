"""The same bytes as tqdm: scenarios on a fake clock, environments, pseudo-terminals, overhead.

The golden tests need no tqdm; the live ones run where it is installed.
"""
from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from minitorch import progress
from tests.progress.scenarios import make_meter, make_scenario, play, play_meter

ROOT = Path(__file__).parents[2]
GOLDEN = json.loads((ROOT / 'tests/goldens/progress.json').read_text(encoding='utf-8'))


# ---- golden ----
@pytest.mark.parametrize('index', range(len(GOLDEN['scenarios'])))
def test_golden_scenario(index):
    entry = GOLDEN['scenarios'][index]
    result = play(progress, entry['scenario'])
    assert json.loads(json.dumps(result)) == entry['result']


def test_golden_meters():
    assert len(GOLDEN['meters']) == 250
    for kwargs, line in GOLDEN['meters']:
        assert play_meter(progress, kwargs) == line, kwargs


# ---- live, fake clock ----
@pytest.mark.parametrize('block', range(10))
def test_scenarios_equal(oracle, block):
    for seed in range(block * 100, block * 100 + 100):
        scenario = make_scenario(seed)
        assert play(progress, scenario) == play(oracle, scenario), scenario


def test_meters_equal(oracle):
    for seed in range(10_000, 12_000):
        kwargs = make_meter(seed)
        assert play_meter(progress, kwargs) == play_meter(oracle, kwargs), kwargs


def test_signatures_equal(oracle):
    import inspect
    for name in ('__init__', 'format_meter', 'format_sizeof', 'format_interval', 'format_num',
                 'status_printer', 'update', 'close', 'clear', 'refresh', 'unpause', 'reset',
                 'set_description', 'set_description_str', 'set_postfix', 'set_postfix_str',
                 'display', 'moveto', 'write', 'external_write_mode', 'wrapattr', 'get_lock',
                 'set_lock'):
        ours, theirs = (inspect.signature(getattr(module.tqdm, name)).parameters
                        for module in (progress, oracle))
        assert [(p.name, p.default, p.kind) for p in ours.values()] == [
            (p.name, p.default, p.kind) for p in theirs.values()], name


# ---- live, own processes: the environment and terminals ----
PROBE = '''
import io, sys
kind, module = sys.argv[1], __import__(sys.argv[2], fromlist=['tqdm'])
clock = [1e9]
print('START')
module.time = lambda: clock[0]
tqdm = module.tqdm
tqdm.monitor_interval = 0
def tick(): clock[0] += 0.3
if kind == 'env':
    file = io.StringIO()
    bar = tqdm(range(6), file=file)
    for i in bar: tick()
    with tqdm(file=file, desc='two') as bar:
        for i in range(3): tick(); bar.update()
    sys.stdout.write(ascii(file.getvalue()))
else:
    for i in tqdm(range(4), desc='训练', leave=None): tick()
    with tqdm(total=9, disable=None) as a, tqdm(total=9, dynamic_ncols=True, colour='red') as b:
        for i in range(3):
            tick(); a.update(); b.update(3)
    for i in tqdm(range(3)): tick(); tqdm.write('line %d' % i)      # two bars: in any order
    bars = [tqdm(total=2, desc=str(i)) for i in range(6)]
    for bar in bars: tick(); bar.update()
    for bar in bars: bar.close()
    for i in tqdm(range(3), file=sys.stdout, ncols=30): tick()
'''


def run_probe(module: str, kind: str, extra: dict[str, str],
              size: tuple[int, int] | None = None) -> bytes:
    """Output of PROBE in a fresh process, on a pseudo-terminal of `size` (rows, columns)."""
    drop = ('TQDM_', 'COLUMNS', 'LINES')
    env = {k: v for k, v in os.environ.items() if not k.startswith(drop)}
    env.update(extra, PYTHONPATH=str(ROOT), PYTHONIOENCODING='utf-8')
    command = [sys.executable, '-c', PROBE, kind, module]
    if size is None:
        done = subprocess.run(command, env=env, capture_output=True)
        if done.returncode:                     # the error's type
            return done.stderr.strip().split(b'\n')[-1].split(b':')[0]
        return done.stdout.partition(b'START')[2]
    import fcntl
    import pty
    import struct
    import termios
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', *size, 0, 0))
    chunks = []

    def read() -> None:
        while True:
            try:
                chunk = os.read(master, 65536)
            except OSError:
                return
            if not chunk:
                return
            chunks.append(chunk)

    reader = threading.Thread(target=read)
    reader.start()
    process = subprocess.Popen(command, env=env, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    process.wait()
    reader.join()
    os.close(master)
    return b''.join(chunks).partition(b'START')[2]


ENVIRONMENTS = [
    {'TQDM_NCOLS': '50', 'TQDM_ASCII': '.o', 'TQDM_COLOUR': 'red'}, {'TQDM_DISABLE': '0'},
    {'TQDM_MININTERVAL': '1', 'TQDM_MINITERS': '2', 'TQDM_UNIT_SCALE': '0', 'TQDM_DISABLE': ''},
    {'TQDM_UNIT_DIVISOR': '10', 'TQDM_UNIT_SCALE': '1', 'TQDM_DELAY': '.5', 'TQDM_FOO': '1'},
    {'TQDM_NCOLS': 'many'}]


def both(kind: str, *args) -> tuple[bytes, bytes]:
    """PROBE on both modules, side by side."""
    results = {}
    threads = [threading.Thread(target=lambda m=m: results.update({m: run_probe(m, kind, *args)}))
               for m in ('minitorch.progress', 'tqdm.std')]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results['minitorch.progress'], results['tqdm.std']


@pytest.mark.parametrize('env', ENVIRONMENTS, ids=lambda env: ' '.join(env))
def test_environment_equal(oracle, env):
    ours, theirs = both('env', env)
    assert ours == theirs
    assert ours


@pytest.mark.skipif(sys.platform == 'win32', reason='needs pseudo-terminals')
@pytest.mark.parametrize('size', [(24, 80), (5, 40), (0, 0)])
def test_pseudo_terminal_equal(oracle, size):
    ours, theirs = both('pty', {}, size)
    assert ours == theirs
    assert '训练'.encode() in ours or size == (0, 0)
