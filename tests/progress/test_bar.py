"""The bar as an object: what reaches the stream, byte for byte, on a clock that tests turn."""
from __future__ import annotations

import gc
import inspect
import io
import sys

import pytest

from minitorch import progress
from minitorch.progress import TqdmDeprecationWarning, TqdmKeyError, tqdm, trange
from tests.progress.scenarios import Stream

UP = '\x1b[A'


def drive(clock, out, n=4, step=0.5, **kwargs) -> str:
    """A loop of n iterations of `step` seconds."""
    for _ in tqdm(range(n), file=out, **kwargs):
        clock.now += step
    return out()


# ---- one test on bytes for each parameter ----
FIRST = {'desc': ('a', '\ra:   0%|          | 0/4 [00:00<?, ?it/s]'),
         'total': (8, '\r  0%|          | 0/8 [00:00<?, ?it/s]'),
         'ncols': (36, '\r  0%|         | 0/4 [00:00<?, ?it/s]'[:37]),
         'ascii': ('.o', '\r  0%|..........| 0/4 [00:00<?, ?it/s]'), 'disable': (True, ''),
         'unit': ('img', '\r  0%|          | 0/4 [00:00<?, ?img/s]'),
         'unit_scale': (True, '\r  0%|          | 0.00/4.00 [00:00<?, ?it/s]'),
         'bar_format': ('{n}/{total}', '\r0/4'),
         'initial': (2, '\r 50%|█████     | 2/4 [00:00<?, ?it/s]'),
         'position': (2, '\n\n\r  0%|          | 0/4 [00:00<?, ?it/s]' + UP * 2),
         'postfix': ({'b': 0.12345, 'a': 'x'},
                     '\r  0%|          | 0/4 [00:00<?, ?it/s, a=x, b=0.123]'),
         'nrows': (1, '\r ... (more hidden) ...'), 'delay': (1, ''), 'gui': (True, ''),
         'colour': ('green', '\r  0%|\x1b[32m          \x1b[0m| 0/4 [00:00<?, ?it/s]')}


@pytest.mark.parametrize('name', FIRST)
def test_parameter_on_the_first_drawing(name, out):
    value, text = FIRST[name]
    bar = tqdm(range(4), file=out, **{name: value})
    assert out() == text
    bar.close()


# What a whole loop writes: '{n}@{rate_fmt}' after 0.5, 0.5, 3, 0.5, 1.5, 0.1 seconds.
PLAIN = '\r0@?it/s\r1@ 2.00it/s\r2@ 2.00it/s\r3@ 1.64s/it\r4@ 1.19s/it\r5@ 1.30s/it\r6@ 1.02s/it\n'
LOOP = {
    'iterable': ({'iterable': 'abcdef'}, PLAIN),
    'file': ({}, PLAIN),
    'mininterval': ({'mininterval': 1},
                    '\r0@?it/s\r2@ 2.00it/s\r4@ 1.24s/it\r6@ 1.04s/it\r6@ 1.02s/it\n'),
    'maxinterval': ({'mininterval': 1, 'maxinterval': 2},   # a drawing sooner after the slow step
                    '\r0@?it/s\r2@ 2.00it/s\r4@ 1.24s/it\r5@ 1.31s/it\r6@ 1.02s/it\n'),
    'miniters': ({'miniters': 4}, '\r0@?it/s\r4@ 1.12s/it\r6@ 1.02s/it\n'),
    'smoothing': ({'smoothing': 1}, '\r0@?it/s\r1@ 2.00it/s\r2@ 2.00it/s\r3@ 3.00s/it\r4@ 2.00it/s'
                                    '\r5@ 1.50s/it\r6@ 1.02s/it\n'),
    'delay': ({'delay': 4.2}, '\r4@ 1.12s/it\r5@ 1.22s/it\r6@ 1.02s/it\n'),
    'leave': ({'leave': False}, PLAIN.replace('\r6@ 1.02s/it\n', '\r           \r')),
    'lock_args': ({'lock_args': [False]}, '\r6@ 1.02s/it\n'),    # the default lock: see docs
    'dynamic_ncols': ({'dynamic_ncols': True}, PLAIN),          # no terminal: test_streams has one
    'unit_divisor': ({'unit_divisor': 1024, 'unit_scale': True, 'initial': 1022,
                      'bar_format': '{n_fmt}'},
                     '\r1.00k\r1.00k\r1.00k\r1.00k\r1.00k\r1.00k\r1.00k\n'),
    'write_bytes': ({'write_bytes': True}, PLAIN.encode()),
}


@pytest.mark.parametrize('name', LOOP)
def test_parameter_in_a_whole_loop(name, m):
    options, text = LOOP[name]
    file = io.BytesIO() if name == 'write_bytes' else Stream('utf-8')
    options = {'iterable': range(6), 'bar_format': '{n}@{rate_fmt}', **options}
    for _, seconds in zip(m.tqdm(file=file, **options), (0.5, 0.5, 3, 0.5, 1.5, 0.1)):
        m.clock.now += seconds
    gc.collect()
    assert file.getvalue() == text


def test_every_parameter_has_its_bytes():
    parameters = set(inspect.signature(tqdm.__init__).parameters) - {'self', 'kwargs'}
    assert set(FIRST) | set(LOOP) == parameters and len(parameters) == 26


def test_loop(clock, out):
    assert drive(clock, out) == (
        '\r  0%|          | 0/4 [00:00<?, ?it/s]'
        '\r 25%|██▌       | 1/4 [00:00<00:01,  2.00it/s]'
        '\r 50%|█████     | 2/4 [00:01<00:01,  2.00it/s]'
        '\r 75%|███████▌  | 3/4 [00:01<00:00,  2.00it/s]'
        '\r100%|██████████| 4/4 [00:02<00:00,  2.00it/s]'
        '\r100%|██████████| 4/4 [00:02<00:00,  2.00it/s]\n')


@pytest.mark.parametrize('kwargs, drawn', [
    ({}, 3), ({'mininterval': 0.9}, 1), ({'mininterval': 2}, 0), ({'miniters': 2}, 1),
    ({'miniters': 9}, 0), ({'delay': 1.2}, 1), ({'mininterval': 0, 'miniters': 0}, 3)])
def test_mininterval_miniters_delay_choose_the_drawings(clock, out, kwargs, drawn):
    frames = drive(clock, out, n=3, **kwargs).split('\r')
    shown = [frame for frame in frames if '0/3' not in frame and frame][:-1]    # less the last line
    assert len(shown) == drawn


def test_maxinterval_corrects_a_learnt_miniters(clock, out):
    results = {}
    for maxinterval in (0, 5):
        bar = tqdm(total=100, file=out, maxinterval=maxinterval, smoothing=0, mininterval=0.5)
        for n, dt in ((50, 1), (60, 10)):
            clock.now += dt
            bar.update(n)
        results[maxinterval] = bar.miniters
        bar.close()
    assert results == {0: 60, 5: pytest.approx(60 * 0.5 / 10)}


def test_smoothing_weighs_the_latest_speed(clock, out):
    rates = {}
    for smoothing in (0, 0.3, 1):
        with tqdm(total=100, file=out, smoothing=smoothing) as bar:
            for n, dt in ((10, 1), (10, 4)):
                clock.now += dt
                bar.update(n)
            rates[smoothing] = out().split(', ')[-1]
    # 0.3: dn = 10 and dt = (0.3·4 + 0.7·0.3·1) / (1 − 0.7²) = 2.7647
    assert rates == {0: ' 4.00it/s]', 0.3: ' 3.62it/s]', 1: ' 2.50it/s]'}


def test_last_line_has_the_overall_mean(clock, out):
    bar = tqdm(total=20, file=out)
    for n, dt in ((10, 1), (10, 4)):
        clock.now += dt
        bar.update(n)
    assert out().endswith(' 3.62it/s]')
    bar.close()
    assert out() == '\r100%|██████████| 20/20 [00:05<00:00,  4.00it/s]\n'


@pytest.mark.parametrize('leave, position, end', [
    (True, None, '\r2it [00:00, ?it/s]\n'), (False, None, '\r                  \r'),
    (None, None, '\r2it [00:00, ?it/s]\n'), (True, 1, '\r2it [00:00, ?it/s]\n'),
    (False, 1, '\n\r                  ' + UP), (None, 1, '\n\r                  ' + UP)])
def test_leave(out, leave, position, end):
    bar = tqdm(initial=2, file=out, leave=leave, position=position)
    out()
    bar.close()
    assert out() == end


def test_unit_divisor(out):
    tqdm(initial=2048, file=out, unit='B', unit_scale=True, unit_divisor=1024).close()
    assert out().startswith('\r2.00kB [')


def test_disable_none_looks_at_the_terminal():
    for tty in (True, False):
        stream = Stream('utf-8', tty)
        tqdm(total=2, file=stream, disable=None).close()
        assert bool(stream.getvalue()) is tty


def test_gui_raises_at_the_first_drawing(out):
    bar = tqdm(total=2, file=out, gui=True, mininterval=0)
    with pytest.raises(TqdmDeprecationWarning, match='gui'):
        bar.update()
    assert out() == ('\nTqdmDeprecationWarning: Please use `tqdm.gui.tqdm(...)` instead of '
                     '`tqdm(..., gui=True)`\n')
    bar.clear()
    bar.close()
    assert out() == ''


# ---- what reimplementations miss ----
def test_unknown_keyword_leaves_no_bar(out):
    with pytest.raises(TqdmKeyError, match='Unknown argument.*colr') as caught:
        tqdm(total=2, file=out, colr='red')
    assert isinstance(caught.value, KeyError)
    with pytest.raises(TqdmDeprecationWarning, match='nested'):
        tqdm(total=2, file=out, nested=True)
    with pytest.raises(KeyError, match='oops'):
        tqdm(total=2, file=out, bar_format='{oops}')
    assert not tqdm._instances
    assert tqdm(total=2, file=out, colr='red', disable=True).total == 2


def test_plain_stringio_gets_ascii(clock):
    stream = io.StringIO()
    bar = tqdm(total=4, file=stream)
    bar.update(2)
    bar.close()
    assert stream.getvalue().endswith('\r 50%|#####     | 2/4 [00:00<?, ?it/s]\n')


def test_update_returns_true_or_none_and_takes_any_number(clock, out):
    bar = tqdm(total=10, file=out)
    assert bar.update() is None
    clock.now += 1
    assert bar.update(2.5) is True
    assert (bar.n, bar.last_print_n) == (3.5, 3.5)
    assert bar.update(-2) is None
    assert (bar.n, bar.last_print_n) == (1.5, 1.5)
    bar.close()
    assert bar.update() is None


def test_delayed_bar_that_was_never_shown_writes_nothing(clock, out):
    assert drive(clock, out, n=3, step=0.1, delay=1) == ''


def test_n_is_stale_while_iterating_and_break_closes(clock, out):
    bar = tqdm(range(9), file=out, miniters=5)
    seen = []
    for i in bar:
        seen.append(bar.n)
        if i == 3:
            break
    assert seen == [0, 0, 0, 0]
    assert bar.n == 3
    assert out().endswith('| 3/9 [00:00<?, ?it/s]\n')


def test_exception_in_the_loop_leaves_a_finished_line(out):
    with pytest.raises(ZeroDivisionError):
        for i in tqdm(range(3), file=out):
            1 // (i - 1)
    gc.collect()
    assert out().endswith('| 1/3 [00:00<?, ?it/s]\n')
    assert not tqdm._instances


def test_unreferenced_bar_closes_itself(out):
    bar = tqdm(total=3, file=out)
    del bar
    gc.collect()
    assert out().endswith('\n')


def test_positions_fill_gaps_and_fixed_ones_stay(out):
    a, b, c = (tqdm(file=out) for _ in range(3))
    d = tqdm(file=out, position=7)
    assert [x.pos for x in (a, b, c, d)] == [0, 1, 2, -7]
    b.close()
    e = tqdm(file=out)
    assert [x.pos for x in (a, c, d, e)] == [0, 2, -7, 1]
    for bar in (a, c, d, e):
        bar.close()


def test_rows_below_the_screen_are_hidden_until_there_is_room(out):
    bars = [tqdm(total=1, file=out, nrows=3, desc=str(i)) for i in range(4)]
    assert out() == ('\r0:   0%|          | 0/1 [00:00<?, ?it/s]'
                     f'\n\r1:   0%|          | 0/1 [00:00<?, ?it/s]{UP}'
                     f'\n\n\r ... (more hidden) ...{UP}{UP}')
    bars[0].close()
    assert out() == (f'\n\n\r                      \r{UP}{UP}'
                     '\r0:   0%|          | 0/1 [00:00<?, ?it/s]\n')
    assert [bar.pos for bar in bars] == [0, 1, 0, 3]
    for bar in bars[1:]:
        bar.close()


def test_disabled_bars_still_answer(out):
    bar = tqdm(range(5), file=out, disable=True)
    assert str(bar) == '  0%|          | 0/5 [00:00<?, ?it/s]'
    assert [i for i in bar] == [0, 1, 2, 3, 4]
    for call in (bar.update, bar.refresh, bar.clear, bar.reset, bar.unpause, bar.close):
        assert call() is None
    bar.set_postfix(a=1)
    assert (len(bar), bool(bar), 3 in bar, out()) == (5, True, True, '')


def test_disabled_loop_is_the_iterable_itself():
    seen = []
    items = iter([1, 2, 3])
    loop = iter(tqdm(items, disable=True))
    for i in loop:
        seen.append(i)
        if i == 2:
            loop.close()                        # as the generator of a bar that draws
            break
    assert (seen, list(items)) == ([1, 2], [3])
    assert next(iter(tqdm(iter([7]), disable=True))) == 7
    assert list(reversed(tqdm([1, 2], disable=True))) == [2, 1]
    loop = iter(tqdm(5, disable=True))          # the error comes with the first item, as there
    with pytest.raises(TypeError, match='not iterable'):
        next(loop)


def test_environment_disable_zero_still_disables(monkeypatch):
    def init(self, disable=False, ncols=None, desc=None, unit_divisor=1000):
        pass
    for name, text in {'DISABLE': '0', 'NCOLS': '40', 'DESC': '5', 'UNIT_DIVISOR': '1024'}.items():
        monkeypatch.setenv('TQDM_' + name, text)
    progress._read_environment(init)
    assert init.__defaults__ == (True, 40, '5', 1024)
    monkeypatch.setenv('TQDM_NCOLS', 'wide')
    with pytest.raises(ValueError, match='TQDM_NCOLS'):
        progress._read_environment(init)


def test_bool_and_len(out):
    with pytest.raises(TypeError, match='bool'):
        bool(tqdm(disable=True))
    with pytest.raises(TypeError):
        len(tqdm(disable=True))
    assert bool(tqdm(total=1, disable=True)) and not bool(tqdm([], disable=True))
    assert bool(tqdm(iter([]), disable=True))
    assert tqdm((i for i in 'ab'), disable=True).total is None
    assert tqdm(range(5), total=0, disable=True).total == 0
    assert tqdm(range(5), total=float('inf'), disable=True).total is None
    assert len(tqdm(iter([1, 2]), disable=True)) == 2
    assert len(tqdm(iter([]), disable=True)) == 0

    class Matrix:
        shape = (3, 7)
    assert len(tqdm(Matrix(), disable=True)) == 3


def test_object_whose_constructor_never_ran_is_collected_quietly(monkeypatch):
    failures = []
    monkeypatch.setattr(sys, 'unraisablehook', failures.append)
    tqdm.__new__(tqdm)
    gc.collect()
    assert not failures


def test_set_postfix_sorts_keywords_only(out):
    bar = tqdm(file=out)
    out()
    bar.set_postfix({'z': 1, 'b': ' s '}, y=0.5, a=1e-5, c=None)
    assert out() == '\r0it [00:00, ?it/s, z=1, b=s, a=1e-5, c=None, y=0.5]'
    bar.set_postfix_str('end', refresh=False)
    assert (out(), bar.postfix) == ('', 'end')
    bar.close()


def test_set_description(out):
    bar = tqdm(total=2, file=out)
    out()
    bar.set_description('训练')
    bar.set_description_str('训练')
    bar.set_description()
    line = '  0%|          | 0/2 [00:00<?, ?it/s]'
    assert out() == f'\r训练: {line}' * 2 + f'\r{line}      '       # six columns are wiped
    bar.close()


def test_reset_refresh_clear_unpause(clock, out):
    bar = tqdm(total=2, file=out)
    clock.now += 4
    bar.update()
    out()
    bar.clear()
    assert out() == '\r' + ' ' * 45 + '\r'
    clock.now += 100
    bar.unpause()
    assert bar.refresh() is True
    assert out() == '\r 50%|█████     | 1/2 [00:04<00:04,  4.00s/it]'
    bar.reset(total=5)
    assert out() == '\r  0%|          | 0/5 [00:00<?, ?it/s]        '
    bar.close()


def test_display_and_moveto(out):
    bar = tqdm(total=2, file=out, position=1)
    out()
    assert bar.display('text') is True
    assert out() == '\n\rtext' + ' ' * 33 + UP
    assert bar.display('', pos=0) is True
    assert bar.display('below', pos=20) is False
    out()
    bar.moveto(2)
    bar.moveto(-2)
    assert out() == '\n\n' + UP * 2
    bar.close()


def test_status_printer_wipes_what_was_longer(out):
    show = tqdm.status_printer(out)
    for text in ('训练中', 'ab', ''):
        show(text)
    assert out() == '\r训练中\rab    \r  '


def test_format_dict_is_what_the_line_is_made_of(out):
    bar = tqdm(total=2, file=out, desc='d', unit='u')
    assert str(bar) == tqdm.format_meter(**bar.format_dict)
    assert {k: bar.format_dict[k] for k in ('n', 'total', 'prefix', 'unit', 'rate', 'elapsed')} == {
        'n': 0, 'total': 2, 'prefix': 'd', 'unit': 'u', 'rate': None, 'elapsed': 0}
    bar.close()


def test_trange_reversed_contains_order(out):
    assert list(trange(3, file=out)) == [0, 1, 2]
    assert list(reversed(tqdm([1, 2, 3], file=out))) == [3, 2, 1]
    assert 2 in tqdm(iter([1, 2, 3]), file=out)
    gc.collect()
    a, b = tqdm(file=out, position=1), tqdm(file=out, position=2)
    assert a < b and b >= a and a != b and not a < a and len({a, b}) == 2
    a.close()
    b.close()
