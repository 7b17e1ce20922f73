"""What each parameter of tqdm does, in the characters of the bar.

`play(r)` loops over the bar, one second a step on a clock of its own (or the seconds given), and
returns what was written to `screen`, which stands for stderr.
"""

from __future__ import annotations

from .running import Group, Row

BUSY = "lock = Lock(); tqdm.set_lock(lock)"
TQDM = Group("tqdm", given={"iterable": "range(4)"}, show="play(r)", rows=(
    Row("iterable", "range(3)"),
    Row("iterable", "['a', 'b']", "list(r), screen.getvalue()"),
    Row("iterable", "(i for i in range(2))"),
    Row("iterable", "3"),
    Row("desc", "'train'"),
    Row("desc", "'训练'", given={"ncols": "40"}),
    Row("total", "8"),
    Row("total", "8", given={"iterable": "iter(range(4))"}),
    Row("total", "3"),  # one too few: no bar any more
    Row("total", "float('inf')"),
    Row("leave", "False"),
    Row("leave", "None", given={"position": "1"}),
    Row("file", "f", "play(r), f.getvalue()", "f = Stream('utf-8')"),
    Row("file", "io.StringIO()", "list(r), r.fp.getvalue()"),
    Row("file", "3"),
    Row("ncols", "60"),
    Row("ncols", "20"),
    Row("ncols", "0"),
    Row("mininterval", "2.5"),
    Row("mininterval", "0", "play(r, 0.01, 0.01)"),
    Row("maxinterval", "1.5", "play(r, 3, 0.2, 0.2), r.miniters", given={"iterable": "range(20)"}),
    Row("maxinterval", "0", "play(r, 4, 11, 0.2), r.miniters", given={"mininterval": "3"}),
    Row("miniters", "3"),
    Row("miniters", "2", "play(r, 0.2, 5)"),
    Row("ascii", "True"),
    Row("ascii", "' .oO'"),
    Row("ascii", "False", "[*r], f.getvalue()", "f = Stream()", {"file": "f"}),  # of no encoding
    Row("disable", "True", "list(r), screen.getvalue()"),
    Row("disable", "None", "list(r), screen.getvalue()"),
    Row("unit", "'batch'"),
    Row("unit", "'B'", given={"total": "None", "iterable": "iter(range(3))"}),
    Row("unit_scale", "True", given={"initial": "1200", "total": "1204"}),
    Row("unit_scale", "64"),
    Row("dynamic_ncols", "True", "[(screen.resize(40 + 9 * i, 9)) for i in r], screen.getvalue()",
        "screen = Terminal(50, 9)", given={"file": "screen", "mininterval": "0"}),
    Row("dynamic_ncols", "True", given={"ncols": "30"}),
    Row("smoothing", "0", "play(r, 1, 5, 1, 1)"),
    Row("smoothing", "1", "play(r, 1, 5, 1, 1)"),
    Row("bar_format", "'{desc}{n_fmt}/{total_fmt} {bar:4}|{percentage:.1f}%'"),
    Row("bar_format", "'{elapsed}<{remaining} {rate_fmt}{postfix}'"),
    Row("bar_format", "'{nonsense}'"),
    Row("initial", "2", given={"total": "6"}),
    Row("position", "2"),
    Row("position", "-1"),
    Row("postfix", "{'loss': 0.123456, 'epoch': 3}"),
    Row("postfix", "'hello'"),
    Row("unit_divisor", "1024", given={"unit_scale": "True", "initial": "2040", "total": "2044"}),
    Row("write_bytes", "True", "[*r], f.getvalue()", "f = io.BytesIO()", {"file": "f"}),
    Row("lock_args", "(False,)", "play(r), (False,) in lock.asked", BUSY),
    Row("nrows", "3", given={"position": "2"}),
    Row("nrows", "2", given={"position": "4"}),
    Row("colour", "'red'"),
    Row("colour", "'#00ff7f'"),
    Row("colour", "'nonsense'"),
    Row("delay", "2.5"),
    Row("delay", "9"),
    Row("gui", "True"),
    Row("**kwargs", "{'nonsense': 1}"),
    Row("**kwargs", "{'nested': True}"),
))  # fmt: skip

GROUPS = [TQDM]
