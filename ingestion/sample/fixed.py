"""A text without delimiters as a sample: which places each item takes, read off its lines.

An item ends where all lines have a blank, or where letters turn into digits in all of them.
Keep out: reading deliveries, whose entry says the places (fixed.py of the room).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ingestion.sample.found import Sample, frame_of, sample
from ingestion.source import Source

JUDGED = 500  # lines by which the places are judged
FEWEST = 3
NEARLY = 0.98  # of the lines: a sample has defects too
BLANKS = " \t\u3000"
FILLER = "\0"  # the further places of a wide character


@dataclass(frozen=True)
class _Field:
    """Places that an item takes, from 0."""

    start: int
    end: int


def sample_fixed(source: Source, text: str, encoding: str) -> Sample | None:
    """Return the sample of a text whose lines are alike in their places; None where none are."""
    wide = encoding == "gb18030"
    lines = [_spread(line, wide=wide) for line in text.replace("\r\n", "\n").split("\n") if line]
    body = lines[1:] if len(lines) > 1 and _is_header(lines[0], lines[1:JUDGED]) else lines
    if len(body) < FEWEST:
        return None
    fields = list(_fields(body[:JUDGED]))
    if len(fields) < 2:
        return None
    head = [_cell(lines[0], one) for one in fields] if body is not lines else []
    titles = [title or f"第{n}列" for n, title in enumerate(head or [None] * len(fields), start=1)]
    frame = frame_of(titles, [[_cell(line, one) for one in fields] for line in body])
    widths = {
        name: (one.start + 1, one.end - one.start)
        for name, one in zip(frame.columns, fields, strict=True)
    }
    words: dict[str, Any] = {"encoding": encoding, "skip_rows": len(lines) - len(body)}
    return sample(source, frame, "fixed", widths=widths, **words)


def _spread(line: str, *, wide: bool) -> str:
    """Let every character take the places that it has: in GB encodings as many as bytes."""
    if not wide or line.isascii():
        return line
    return "".join(c + FILLER * (len(c.encode("gb18030", "replace")) - 1) for c in line)


def _is_header(first: str, others: Sequence[str]) -> bool:
    """Tell whether a line names the items: it has no digit where nearly all others have one."""
    digits = [any(c.isdigit() for c in line) for line in others]
    return not any(c.isdigit() for c in first) and sum(digits) >= NEARLY * len(digits) > 0


def _fields(lines: Sequence[str]) -> Iterator[_Field]:
    """Yield the places of each item; blanks between two belong to the one that runs into them."""
    size = max(map(len, lines))
    signs = np.array([list(line.ljust(size)) for line in lines])
    blank = np.isin(signs, list(BLANKS))
    figure = np.char.isdigit(signs) | np.isin(signs, list(".,:/+-"))  # dates and decimals
    gap = blank.mean(axis=0) >= NEARLY
    starts = [at for at in range(size) if not gap[at] and (at == 0 or gap[at - 1])]
    starts += [
        at for at in range(1, size) if not (gap[at] or gap[at - 1]) and _turns(figure, blank, at)
    ]
    starts.sort()
    begins = [_begin(blank, gap, at) for at in starts]
    for number, begin in enumerate(begins):
        yield _Field(
            begin if number else 0, begins[number + 1] if number + 1 < len(begins) else size
        )


def _turns(figure: np.ndarray, blank: np.ndarray, at: int) -> bool:
    """Tell whether text ends before a place where in all lines a figure begins, or the reverse."""
    before, here = figure[:, at - 1], figure[:, at]
    text_before = (~before).mean() >= NEARLY
    into = text_before and here.mean() >= NEARLY and blank[:, at - 1].mean() > 1 - NEARLY
    out = before.mean() >= NEARLY and (~here & ~blank[:, at]).mean() >= NEARLY
    return bool(into or (out and at > 1))


def _begin(blank: np.ndarray, gap: np.ndarray, at: int) -> int:
    """Return where an item begins: before its blanks, if it is written to the right."""
    ragged_left = blank[:, at].mean() > 1 - NEARLY
    while ragged_left and at > 0 and gap[at - 1]:
        at -= 1
    return at


def _cell(line: str, places: _Field) -> str | None:
    text = line[places.start : places.end].replace(FILLER, "").strip(BLANKS)
    return text or None
