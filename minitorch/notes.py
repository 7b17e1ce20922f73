"""The reader of docs/notes.md and its Chinese twin: entries by name, laid out for a terminal.

The text has one home, docs/; an installed package carries a copy in minitorch/docs. Only
`python -m minitorch notes` imports this file.
"""

from __future__ import annotations

import inspect
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import minitorch as torch

from .progress import display_width

HERE = Path(__file__).resolve().parent
NAMES = {"model.parameters": "nn.Module.parameters", "tqdm": "progress.tqdm"}  # no torch.<heading>
WIDE = "[\u2e80-\uffef]"  # Chinese characters and punctuation: a line may end after any


def entries(chinese: bool = False) -> dict[str, str]:
    """Heading → the markdown below it, in the page's order."""
    name = "notes.zh-CN.md" if chinese else "notes.md"
    places = [HERE / "docs" / name, HERE.parent / "docs" / name]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise FileNotFoundError(f"{name} is in none of {[str(p.parent) for p in places]}")
    parts = re.split(r"^## (.+)\n", path.read_text(encoding="utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def find(name: str, headings: list[str]) -> str:
    """The heading of a name in any case, with or without what stands before its last dot.

    Raises LookupError that names the nearest heading, if one is near.
    >>> find('torch.nn.conv2d', ['nn.Conv2d', 'nn.Linear'])
    'nn.Conv2d'
    """
    by_name = {last_part(heading): heading for heading in headings}
    asked = last_part(name)
    if asked in by_name:
        return by_name[asked]
    near = get_close_matches(asked, by_name, n=1)
    hint = f"did you mean {by_name[near[0]]}?" if near else "`python -m minitorch notes` lists all"
    raise LookupError(f"the notes have no entry {name!r}: {hint}")


def last_part(name: str) -> str:
    """What an entry is looked up by: 'conv2d' of 'nn.Conv2d'."""
    return name.strip().lower().rpartition(".")[2]


def subject(heading: str) -> Any:
    """The object that an entry is about.

    >>> subject('torch.randn') is torch.randn
    True
    """
    found = torch
    for part in NAMES.get(heading, heading.removeprefix("torch.")).split("."):
        found = getattr(found, part)
    return found


def signature(heading: str) -> str:
    """The signature that Python sees, without annotations.

    >>> signature('nn.Flatten')
    'nn.Flatten(start_dim=1, end_dim=-1)'
    """
    seen = inspect.signature(subject(heading))
    parameters = [p.replace(annotation=p.empty) for p in seen.parameters.values()]
    shown = [p for p in parameters if p.name != "self"]
    text = str(seen.replace(parameters=shown, return_annotation=seen.empty))
    # <function relu at 0x7f…> → relu, <InterpolationMode.NEAREST: 'nearest'> → its name
    return heading + re.sub(r"<(?:function )?([\w.]+)[^>]*>", r"\1", text)


def source(heading: str) -> str:
    """The file in which the object is written."""
    return str(inspect.getsourcefile(inspect.unwrap(subject(heading))))


def show(heading: str, markdown: str, width: int) -> str:
    """The whole entry: the signature, the file, and the text."""
    head = wrap(signature(heading), width, "    ")
    return "\n".join([*head, source(heading), "", layout(markdown, width)])


# -- from markdown to a terminal -------------------------------------------------------------------


def layout(markdown: str, width: int) -> str:
    """Paragraphs and lists wrapped, tables aligned, links without targets, code indented."""
    blocks = []
    for i, part in enumerate(re.split(r"```\w*\n(.*?)\n*```", markdown, flags=re.S)):
        if i % 2:
            blocks.append("\n".join(f"    {line}".rstrip() for line in part.splitlines()))
            continue
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)|\*\*(.+?)\*\*|^#+ (.*)", r"\1\2\3", part, flags=re.M)
        for block in re.split(r"\n{2,}", plain.strip()):
            if block.startswith("|"):
                blocks.append(table(block, width))
            elif block:
                items = map(joined, re.split(r"\n(?=- )", block))
                lines = [wrap(item, width, "  " if item[:2] == "- " else "") for item in items]
                blocks.append("\n".join(sum(lines, [])))
    return "\n\n".join(blocks)


def joined(text: str) -> str:
    """One line of several; no space between Chinese characters."""
    text = re.sub(rf"(?<={WIDE})\n\s*(?={WIDE})|(?<=[，。；：、])\n\s*", "", text)
    return re.sub(r"\n\s*", " ", text)


def table(block: str, width: int) -> str:
    """Columns as wide as their widest cell; the last one is wrapped."""
    rows = [[c.strip() for c in row.strip("|").split("|")] for row in block.splitlines()]
    del rows[1]  # |---|---|
    sizes = [max(map(display_width, column)) + 2 for column in zip(*rows)][:-1]
    lines = []
    for row in rows:
        start = "".join(c + " " * (size - display_width(c)) for c, size in zip(row, sizes))
        lines += wrap(start + row[-1], width, " " * sum(sizes))
    return "\n".join(lines)


def wrap(text: str, width: int, indent: str) -> list[str]:
    """Lines of at most `width` columns; all but the first are indented."""
    lines, line = [], ""
    for word in re.findall(rf"\s*(?:{WIDE}|(?:(?!{WIDE})\S)+)[，。；：、？！）]*", text):
        if line.strip() and display_width(line + word) > width:
            lines.append(line)
            line, word = indent, word.lstrip()
        line += word
    return [*lines, line]
