"""Numbers and lines as text: every expectation is a string written out here."""
from __future__ import annotations

import doctest
import warnings
from pathlib import Path

import pytest

from minitorch import progress
from minitorch.progress import EMA, Bar, TqdmWarning, display_width, tqdm, trim_width

meter = tqdm.format_meter


@pytest.mark.parametrize('value, text', [
    (0, '0.00'), (9.994, '9.99'), (9.995, '10.0'), (99.94, '99.9'), (99.95, '100'), (999.4, '999'),
    (999.5, '1.00k'), (9995, '10.0k'), (99950, '100k'), (999499, '999k'), (999500, '1.00M'),
    (-12345, '-12.3k'), (1e21, '1.00Z'), (1e24, '1.0Y'), (1e27, '1000.0Y')])
def test_sizeof_changes_digits_where_three_would_round_up(value, text):
    assert tqdm.format_sizeof(value) == text


def test_sizeof_suffix_and_divisor():
    assert tqdm.format_sizeof(1000, 'B', divisor=1024) == '0.98kB'
    assert tqdm.format_sizeof(2**20, 'B', 1024) == '1.00MB'


@pytest.mark.parametrize('seconds, text', [
    (0, '00:00'), (59.9, '00:59'), (60, '01:00'), (3599, '59:59'), (3600, '1:00:00'),
    (90061, '25:01:01'), (-1, '-00:01'), (-3661, '-1:01:01'), (1e8, '27777:46:40')])
def test_interval(seconds, text):
    assert tqdm.format_interval(seconds) == text


@pytest.mark.parametrize('number, text', [
    (0, '0'), (123456, '123456'), (1234567, '1234567'), (10**20, '1e+20'), (1e5, '1e+5'),
    (0.12345, '0.123'), (1e-5, '1e-5'), (1.23456e-7, '1.23e-7'), (1e100, '1e+100'), (100.0, '100'),
    (99999, '1e+5'), (True, '1'), (-0.0001, '-0.0001')])
def test_num_keeps_the_shorter_form(number, text):
    assert tqdm.format_num(number) == text


@pytest.mark.parametrize('text, width', [
    ('abc', 3), ('训练', 4), ('é', 1), ('e\u0301', 2), ('😀', 2), ('ａ', 2), ('ｱ', 1),
    ('\x1b[1;31mx\x1b[0m', 1), ('\x1b[?25l', 6), ('', 0)])
def test_display_width(text, width):
    assert display_width(text) == width


@pytest.mark.parametrize('text, width, result', [
    ('abcdef', 3, 'abc'), ('训练', 3, '训'), ('训练', 1, ''),
    ('\x1b[31mred\x1b[0m', 2, '\x1b[31mre\x1b[0m'),
    ('\x1b[31mred', 9, '\x1b[31mred\x1b[0m'), ('训练', -1, '')])
def test_trim_counts_wide_characters_and_ends_colours(text, width, result):
    assert trim_width(text, width) == result


@pytest.mark.parametrize('spec, text', [
    ('', '████▊     '), ('5', '██▍  '), ('-6', '█▉  '), ('-20', ''), ('0', ''), ('a', '####8     '),
    ('5A', '##4  '), ('4u', '█▉  '), ('3b', '   ')])
def test_bar_spec(spec, text):
    assert format(Bar(0.48), spec) == text


def test_bar_characters_and_colour():
    assert f'{Bar(0.5, 5, ".oO")}' == 'OOo..'
    assert f'{Bar(0.5, 4, colour="green")}' == '\x1b[32m██  \x1b[0m'
    assert f'{Bar(1, 2, colour="#10A0ff")}' == '\x1b[38;2;16;160;255m██\x1b[0m'
    with pytest.raises(ValueError, match='invalid literal'):
        format(Bar(0.5), '>20')


@pytest.mark.parametrize('colour', ['puce', '#12345', 5, b'red'])
def test_unknown_colours_warn_and_draw_without(colour):
    with pytest.warns(TqdmWarning, match='Unknown colour'):
        assert f'{Bar(0.5, 4, colour=colour)}' == '██  '


def test_bar_outside_0_to_1_is_clamped_with_a_warning():
    with pytest.warns(TqdmWarning, match='clamping'):
        assert f'{Bar(1.2, 3)}{Bar(-1, 3)}|' == '███   |'


def test_ema_is_bias_corrected():
    """m = 0.3·10, then 0.3·20 + 0.7·m = 8.1; corrected by 1 − 0.7 and 1 − 0.7²."""
    mean = EMA(0.3)
    assert mean() == 0
    assert mean(10) == pytest.approx(10)
    assert mean(20) == pytest.approx(8.1 / 0.51)
    assert mean() == mean()                     # reading changes nothing
    assert EMA(1)(7) == 7


@pytest.mark.parametrize('line, args, kwargs', [
    ('  0%|          | 0/1000 [00:13<?, ?it/s]', (0, 1000, 13), {}),
    (' 23%|██▎       | 231/1000 [06:32<21:44,  1.70s/it]', (231, 1000, 392), {}),
    ('5it [00:05,  1.00it/s]', (5, None, 5), {}),
    (' 50%|█████     | 5/10 [00:00<?, ?it/s]', (5, 10, 0), {}),
    (' 50%|█████     | 5/10 [00:02<00:01,  3.00it/s]', (5, 10, 2), {'rate': 3}),
    # initial stays out of the rate
    (' 50%|█████     | 5/10 [00:02<00:10,  2.00s/it]', (5, 10, 2), {'initial': 4}),
    # n ≥ total + 0.5: neither bar nor total
    ('104%|██████████| 10.4/10 [00:02<-00:00,  5.20it/s]', (10.4, 10, 2), {}),
    ('10.5it [00:02,  5.25it/s]', (10.5, 10, 2), {}),
    ('0it [00:02, ?it/s]', (0, 0, 2), {}), ('2it [00:02,  1.00it/s]', (2, float('inf'), 2), {}),
    # ': ' only where missing, but always in front of a line without total
    ('abc:  20%|██        | 2/10 [00:03<00:12,  1.50s/it]', (2, 10, 3), {'prefix': 'abc'}),
    ('abc:  20%|██        | 2/10 [00:03<00:12,  1.50s/it]', (2, 10, 3), {'prefix': 'abc: '}),
    ('abc: : 2it [00:03,  1.50s/it]', (2, None, 3), {'prefix': 'abc: '}),
    # width
    (' 20% 2/10 [00:03<00:12,  1.50s/it]', (2, 10, 3), {'ncols': 0}),
    (' 20%|▊   | 2/10 [00:03<00:12,  1.50s/it]', (2, 10, 3), {'ncols': 40}),
    (' 20%|▏| 2/', (2, 10, 3), {'ncols': 10}), (' ', (2, 10, 3), {'ncols': 1}),
    ('训练:  20%|█▌      | 2/10 [00:03<00:12,  1.50s/it]', (2, 10, 3),
     {'prefix': '训练', 'ncols': 50}),
    ('训练: 2it [00:03,  1', (2, None, 3), {'prefix': '训练', 'ncols': 20}),
    # characters
    (' 20%|####8                   | 2/10 [00:03<00:12,  1.50s/it]', (2, 10, 3),
     {'ascii': True, 'ncols': 60}),
    (' 20%|OOOOo...................| 2/10 [00:03<00:12,  1.50s/it]', (2, 10, 3),
     {'ascii': '.oO', 'ncols': 60}),
    # units: a number is not True, and initial is not scaled
    (' 20%|██        | 1.95k/9.77k [00:03<00:12, 667B/s]', (2000, 10000, 3),
     {'unit': 'B', 'unit_scale': True, 'unit_divisor': 1024}),
    (' 20%|██        | 2.00/10.0 [00:03<00:04, 2.00it/s]', (2, 10, 3),
     {'unit_scale': 1, 'rate': 2}),
    (' 20%|██        | 6/30 [00:03<00:14,  1.67it/s]', (2, 10, 3), {'unit_scale': 3, 'initial': 1}),
    ('2.00B [00:30, 15.0s/B]', (2, None, 30), {'unit': 'B', 'unit_scale': True}),
    # postfix
    (' 20%|██        | 2/10 [00:03<00:12,  1.50s/it, a=1]', (2, 10, 3), {'postfix': 'a=1'}),
    (" 20%|██        | 2/10 [00:03<00:12,  1.50s/it{'a': 1}]", (2, 10, 3), {'postfix': {'a': 1}}),
    # colour: the bar only, and the reset at the end because the line has codes
    (' 20%|\x1b[31m▊   \x1b[0m| 2/10 [00:03<00:12,  1.50s/it]\x1b[0m', (2, 10, 3),
     {'colour': 'red', 'ncols': 40}),
    # without total a bar is blank
    ('|          | 2/? [00:03<00:00,  1.50s/it]', (2, None, 3),
     {'bar_format': '{l_bar}{bar}{r_bar}'}),
])
def test_meter(line, args, kwargs):
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')         # 104 % clamps its bar
        assert meter(*args, **kwargs) == line


FIELDS = {
    'l_bar': 'd:  20%|', 'r_bar': '| 2/10 [00:03<00:12,  1.50s/it, p]', 'n': '2', 'n_fmt': '2',
    'total': '10', 'total_fmt': '10', 'percentage': '20.0', 'elapsed': '00:03', 'elapsed_s': '3',
    'ncols': '50', 'desc': 'd', 'unit': 'it', 'rate': '1.5', 'rate_fmt': ' 1.50s/it',
    'rate_noinv': '0.6666666666666666', 'rate_noinv_fmt': ' 0.67it/s', 'rate_inv': '1.5',
    'rate_inv_fmt': ' 1.50s/it', 'postfix': ', p', 'unit_divisor': '1000', 'remaining': '00:12',
    'remaining_s': '12.0', 'colour': 'None', 'nrows': '9', 'bar': '█████████▌' + ' ' * 38}


@pytest.mark.parametrize('field', FIELDS)
def test_every_field_of_bar_format(field):
    line = meter(2, 10, 3, ncols=50, prefix='d', postfix='p', bar_format=f'<{{{field}}}>', nrows=9)
    assert line == f'<{FIELDS[field]}>'[:50]


def test_eta_field():
    assert meter(2, None, 3, bar_format='{eta:%Y %H:%M}') == '1970 00:00'
    assert meter(2, 10, 3, rate=1e-300, bar_format='{eta:%Y}') == '9999'
    year = int(meter(2, 10, 3, bar_format='{eta:%Y}'))
    assert year >= 2024


@pytest.mark.parametrize('template, line', [
    ('{desc}: {n}', '4'), ('{bar}{bar}', '████████' + ' ' * 12), ('{{}}{n}', '{}4'),
    ('{l_bar}{bar:-10a}|', ' 40%|#6  |'), ('x{bar:3}y', 'x█▏ y'),
    ('进度{bar}完', '进度█████▌        完')])
def test_bar_format(template, line):
    assert meter(4, 10, 3, ncols=20, bar_format=template) == line


@pytest.mark.parametrize('template, error', [
    ('{missing}', KeyError), ('{bar', ValueError), ('{0}', IndexError), ('{bar:>9}', ValueError)])
def test_bad_bar_format_raises(template, error):
    with pytest.raises(error):
        meter(4, 10, 3, bar_format=template)


def test_doctests_of_module_and_page(monkeypatch):
    monkeypatch.setattr(progress, 'time', progress.time)            # the page turns its own clock
    monkeypatch.setattr(tqdm, 'monitor_interval', 0)
    page = Path(__file__).parents[2] / 'docs/progress.md'
    results = [doctest.testmod(progress), doctest.testfile(str(page), module_relative=False,
                                                           encoding='utf-8')]
    assert [result.failed for result in results] == [0, 0]


def test_no_warnings_in_ordinary_lines():
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        meter(10.2, 10.2, 3, colour='red')
