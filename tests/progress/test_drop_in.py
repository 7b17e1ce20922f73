"""What programs do with a bar, each check on ours and, where it is installed, on tqdm itself.

So the expectations are known to be tqdm's. Here are uses; bytes are in test_bar.py.
"""
from __future__ import annotations

import csv
import io
import re
import sys
import warnings

import pytest

from tests.progress.scenarios import Clock, Stream


def rates(text: str) -> list[float]:
    return [float(rate) for rate in re.findall(r'([\d.]+)it/s', text)]


def frames(text: str) -> list[str]:
    return [frame.strip() for frame in re.split(r'[\r\n]', text) if frame.strip()]


# ---- what is looped over ----
@pytest.mark.parametrize('make, total', [
    (lambda: [1, 2, 3], 3), (lambda: (i for i in (1, 2, 3)), None), (lambda: {1: 'a', 2: 'b', 3: 'c'}, 3),
    (lambda: map(int, '123'), None), (lambda: iter([1, 2, 3]), None)])
def test_iterables(m, make, total):
    out = io.StringIO()
    bar = m.tqdm(make(), file=out)
    assert bar.total == total
    assert list(bar) == [1, 2, 3]
    assert frames(out.getvalue())[-1].startswith('100%|##########| 3/3 [' if total else '3it [')


def test_rows_of_a_file(m, tmp_path):
    path = tmp_path / 'rows.csv'
    path.write_text('a,b\n1,2\n3,4\n')
    out = io.StringIO()
    with path.open(newline='') as lines, m.tqdm(lines, file=out) as bar:
        assert [row for row in csv.reader(bar)] == [['a', 'b'], ['1', '2'], ['3', '4']]
    assert '3it' in out.getvalue()


def test_nested_loops(m):
    out = io.StringIO()
    for _ in m.trange(2, file=out, desc='outer', mininterval=0):
        for _ in m.trange(2, file=out, desc='inner', leave=False, mininterval=0):
            pass
    text = out.getvalue()
    assert text.count('\n\rinner:   0%') == 2 and text.count('\n') - text.count('\x1b[A') == 1
    assert frames(text)[-1].startswith('outer: 100%')


def test_zip_of_two_bars_and_a_loop_that_was_never_begun(m):
    out = io.StringIO()
    assert list(zip(m.tqdm('ab', file=out), m.tqdm('xyz', file=out))) == [('a', 'x'), ('b', 'y')]
    unused = m.tqdm('ab', file=out)
    assert unused.n == 0
    unused.close()


# ---- when it draws ----
def test_draws_by_count_by_time_and_by_what_was_learnt(m):
    outs = [io.StringIO() for _ in range(3)]
    bars = [m.tqdm(total=60, file=outs[0], miniters=10, mininterval=0),
            m.tqdm(total=60, file=outs[1], miniters=0, mininterval=2),
            m.tqdm(total=60, file=outs[2], mininterval=0.1, smoothing=0)]
    for i in range(60):
        m.clock.now += 0.01 if i < 30 else 0.1
        for bar in bars:
            bar.update()
    drawn = [[int(re.findall(r'(\d+)/60', frame)[0]) for frame in frames(out.getvalue())] for out in outs]
    assert drawn[0] == [0, 10, 20, 30, 40, 50, 60] and len(drawn[1]) == 2
    assert drawn[2][:3] in ([0, 10, 20], [0, 11, 22])       # 0.1 s of 0.01 each, as floats add up
    assert len(drawn[2]) <= 7                               # the slow half keeps the learnt number
    assert [bar.dynamic_miniters for bar in bars] == [False, False, True]
    assert [bar.miniters for bar in bars[:2]] == [10, 0] and 10 <= bars[2].miniters <= 11
    for bar in bars:
        bar.close()


@pytest.mark.parametrize('smoothing, learnt', [
    (0, 100), (1, 1), (0.3, (0.3 * 1 + 0.7 * 0.3 * 100) / (1 - 0.7**2))])
def test_learnt_miniters(m, smoothing, learnt):
    bar = m.tqdm(total=1000, file=io.StringIO(), mininterval=1, smoothing=smoothing, maxinterval=0)
    m.clock.now += 1
    bar.update(100)
    assert bar.miniters == pytest.approx(100)
    m.clock.now += 100
    assert bar.update(100) is True
    assert bar.miniters == pytest.approx(learnt)
    bar.close()


def test_big_mininterval_draws_the_ends_only(m):
    out = io.StringIO()
    for _ in m.trange(50, file=out, mininterval=1e9):
        m.clock.now += 1
    assert [frame.split('|')[0] for frame in frames(out.getvalue())] == ['0%', '100%']


def test_rate_after_unpause_reset_and_initial(m):
    out = io.StringIO()
    bar = m.tqdm(total=40, file=out, initial=10, mininterval=0, miniters=0, smoothing=0)
    m.clock.now += 1
    bar.update(5)
    m.clock.now += 50                           # a break that does not count
    bar.unpause()
    m.clock.now += 1
    bar.update(5)
    assert rates(out.getvalue())[-2:] == [5, 5]
    bar.reset(total=8)
    assert (bar.n, bar.total, bar.initial) == (0, 8, 10)
    bar.close()


# ---- the bar as an object ----
def test_attributes_that_programs_read_and_set(m):
    out = io.StringIO()
    bar = m.tqdm(range(10), desc='d', file=out, miniters=3)
    state = {'n': 0, 'total': 10, 'pos': 0, 'desc': 'd', 'leave': True, 'disable': False, 'miniters': 3,
             'dynamic_miniters': False, 'mininterval': 0.1, 'maxinterval': 10, 'last_print_n': 0,
             'last_print_t': m.clock.now, 'start_t': m.clock.now, 'ascii': True, 'unit': 'it',
             'unit_scale': False, 'unit_divisor': 1000, 'initial': 0, 'postfix': None, 'ncols': None,
             'nrows': None, 'smoothing': 0.3, 'bar_format': None, 'colour': None, 'delay': 0,
             'lock_args': None, 'gui': False}
    assert {name: getattr(bar, name) for name in state} == state
    assert bar.iterable == range(10) and bar.fp == out and bar.fp.getvalue() == out.getvalue()
    assert bar.fp.write('') == 0
    bar.n, bar.total, bar.unit, bar.desc, bar.colour = 5, 20, 'x', 'e', 'red'
    bar.refresh()
    assert frames(out.getvalue())[-1] == 'e:  25%|\x1b[31m##5       \x1b[0m| 5/20 [00:00<?, ?x/s]'
    bar.sp('text')
    assert frames(out.getvalue())[-1] == 'text'
    bar.close()


def test_a_clock_of_its_own(m):
    clock = Clock(0)
    out = io.StringIO()
    bar = m.tqdm(range(3), file=out, mininterval=0, miniters=1)
    bar._time = clock
    bar.start_t = bar.last_print_t = clock()
    for _ in bar:
        clock.now += 2
    assert '3/3 [00:06<00:00,  2.00s/it]' in out.getvalue()


def test_order_and_equality_are_those_of_the_rows(m):
    out = io.StringIO()
    a, b, c, d = (m.tqdm(total=1, file=out) for _ in range(4))
    assert a < b < c < d and d >= c and a <= a and a != b and not b < a
    d.close()
    e = m.tqdm(total=1, file=out)
    assert d == e and len({d, e}) == 2          # the same row, two bars
    assert [bar.pos for bar in (a, b, c, d, e)] == [0, 1, 2, 3, 3]
    for bar in (e, c, b, a):
        bar.close()


def test_truth_length_and_contents(m):
    def bar(*args, **kwargs):
        return m.tqdm(*args, file=io.StringIO(), **kwargs)
    assert bool(bar(total=1)) and not bool(bar(total=0)) and not bool(bar([])) and bool(bar([0]))
    assert bool(bar(iter([]))) and not bool(bar((i for i in 'a'), total=0))
    assert len(bar([1, 2])) == 2 and len(bar(total=4)) == 4 and len(bar(iter([1, 2]))) == 2
    for question in (bool, len):
        with pytest.raises(TypeError):
            question(bar())
    assert 2 in bar([1, 2]) and 3 not in bar([1, 2]) and 2 in bar(iter([1, 2]))


def test_subclass_with_a_field_of_its_own(m):
    class Total(m.tqdm):
        @property
        def format_dict(self):
            fields = super().format_dict
            whole = fields['elapsed'] * (fields['total'] or 0) / max(fields['n'], 1)
            fields.update(whole=self.format_interval(whole) + ' in all')
            return fields
    out = io.StringIO()
    for _ in Total(range(4), file=out, bar_format='{whole}|{percentage:.0f}%|{bar:4}|{n_fmt}'):
        m.clock.now += 30
    assert frames(out.getvalue()) == ['00:00 in all|0%|    |0', '02:00 in all|25%|#   |1',
                                      '02:00 in all|50%|##  |2', '02:00 in all|75%|### |3',
                                      '02:00 in all|100%|####|4', '02:00 in all|100%|####|4']


def test_postfix_that_is_changed_in_place(m):
    out = io.StringIO()
    with m.tqdm(total=2, file=out, mininterval=0, miniters=1, postfix=[{'name': 'a'}, 1],
                bar_format='{postfix[0][name]} {postfix[1]:>5.2f}') as bar:
        bar.postfix[0]['name'] = 'b'
        bar.update()
        bar.postfix[1] = 2.5
        bar.update()
    assert frames(out.getvalue()) == ['a  1.00', 'b  1.00', 'b  2.50', 'b  2.50']


def test_keyword_errors_and_gui(m):
    out = io.StringIO()
    with pytest.raises(m.TqdmKeyError, match='Unknown argument.*does_not_exist'):
        m.tqdm(total=1, file=out, does_not_exist=1)
    with pytest.raises(m.TqdmDeprecationWarning):
        m.tqdm(total=1, file=out, nested=True)
    assert ('`nested` is deprecated and automated.\nUse `position` instead for manual control.\n'
            in out.getvalue())
    for loop in (False, True):
        bar = m.tqdm(range(2), file=out, gui=True, mininterval=0, miniters=1)
        assert not hasattr(bar, 'sp')
        with pytest.raises(m.TqdmDeprecationWarning):
            list(bar) if loop else bar.update()
        assert 'Please use `tqdm.gui.tqdm(...)` instead of `tqdm(..., gui=True)`' in out.getvalue()
        m.tqdm._instances.clear()
        bar.disable = True
    with pytest.raises(m.TqdmDeprecationWarning, match='text'):
        raise m.TqdmDeprecationWarning('text', fp_write=out.write)
    assert out.getvalue().endswith('\nTqdmDeprecationWarning: text\n')


def test_colours(m):
    out = io.StringIO()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        for colour in ('#beefed', 'Blue', 'charm', None):
            m.tqdm(total=1, file=out, colour=colour).close()
    assert '\x1b[38;2;190;239;237m' in out.getvalue() and '\x1b[34m' in out.getvalue()
    assert {(w.category.__name__, str(w.message)[:22]) for w in caught} == {
        ('TqdmWarning', 'Unknown colour (charm)')}


# ---- text between the bars ----
def test_write_as_method_with_end_and_without_the_lock(m):
    out, other = io.StringIO(), io.StringIO()
    bar = m.tqdm(total=1, file=out, bar_format='bar')
    bar.write('one', file=out)
    m.tqdm.write('two', file=out, end='!\n')
    with m.tqdm.get_lock():
        m.tqdm.write('three', file=out, nolock=True)
    m.tqdm.write('four', file=other)
    with m.tqdm.external_write_mode(file=out, nolock=True):
        print('five', file=out)
    assert frames(out.getvalue()) == ['bar', 'one', 'bar', 'two!', 'bar', 'three', 'bar', 'five', 'bar']
    assert other.getvalue() == 'four\n'
    bar.close()


def test_nrows_hides_and_brings_back(m):
    out = io.StringIO()
    options = {'file': out, 'ncols': 40, 'nrows': 2, 'miniters': 0}
    with (m.trange(2, desc='one', **options) as one, m.trange(2, desc='two', **options) as two,
          m.trange(2, desc='three', **options) as three):
        for bar in (three, two, one):
            list(bar)
    text = out.getvalue()
    assert '... (more hidden) ...' in text and 'one' in text and '\n\n' not in text
    bars = [frame for frame in re.split(r'[\r\n]|\x1b\[A', text) if '|' in frame]
    assert bars and all(len(frame) == 40 for frame in bars)


def test_prints_inside_the_loop(m, monkeypatch):
    """print() goes through tqdm.write, as tqdm's documentation shows."""
    out = io.StringIO()

    class Printer:
        def write(self, text):
            if text.rstrip():
                m.tqdm.write(text.rstrip(), file=out)
    monkeypatch.setattr(sys, 'stdout', Printer())
    for i in m.trange(2, file=out, bar_format='bar {n}'):
        m.clock.now += 1
        print(f'line {i}')
    assert frames(out.getvalue()) == ['bar 0', 'line 0', 'bar 0', 'bar 1', 'line 1', 'bar 1', 'bar 2', 'bar 2']


# ---- streams ----
def test_wrapattr_and_the_wrapper_itself(m, tmp_path):
    out = io.StringIO()
    path = tmp_path / 'data'
    with path.open('wb') as file, m.tqdm.wrapattr(file, 'write', total=3000, file=out, mininterval=0) as f:
        for _ in range(3):
            f.write(b'x' * 1000)
        assert f.name == str(path) and not f.closed
    assert '2.93k/2.93k [' in out.getvalue() and 'B/s' in out.getvalue()
    source = io.BytesIO(b'x' * 1000)
    with m.tqdm(total=1000, file=out) as bar:
        wrapped = m.CallbackIOWrapper(bar.update, source)
        assert wrapped.read(700) == b'x' * 700 and wrapped.tell() == bar.n == 700
    with pytest.raises(KeyError, match='Can only wrap read/write methods'):
        m.CallbackIOWrapper(print, source, 'seek')


def test_types_that_reach_the_stream(m, monkeypatch):
    class Typed(io.BytesIO):
        def __init__(self, expected):
            super().__init__()
            self.expected = expected

        def write(self, data):
            assert type(data) is self.expected
            return super().write(data if isinstance(data, bytes) else data.encode())
    monkeypatch.setattr(sys, 'stderr', Typed(str))
    assert list(m.trange(3)) == [0, 1, 2]
    assert list(m.trange(3, file=Typed(str))) == [0, 1, 2]
    assert list(m.trange(3, file=Typed(bytes), write_bytes=True)) == [0, 1, 2]


def test_file_that_closes_in_the_loop(m):
    out = io.StringIO()
    done = []
    for i in m.trange(9, file=out, miniters=1, mininterval=0):
        if i == 5:
            out.close()
        done.append(i)
    assert done == list(range(9))


@pytest.mark.parametrize('tty', [True, False])
def test_disable_none_and_work_of_a_disabled_bar(m, tty):
    stream = Stream('utf-8', tty)
    with m.tqdm(total=10, disable=None, file=stream) as bar:
        bar.update(3)
    assert (stream.getvalue() != '', bar.n) == (tty, 3 * tty)
    bar = m.tqdm(total=10, disable=True, file=stream, unknown=1)
    assert str(bar).startswith('  0%|          | 0/10 [')
    bar.reset(total=5)
    for call in (bar.refresh, bar.unpause, bar.clear, bar.close, bar.update):
        assert call() is None
    assert (bar.n, bar.total) == (0, 5)
