"""Whether the first row of a sample is a header or a row like the others.

A person's data taken for titles would stand in the proposal, and in every message of its entry.
Keep out: reading deliveries, whose entry says whether they have a header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from catalog.people import is_name
from catalog.profile import SHAPES

# A title may well be a number, such as a year, or a unit's word; it is none of these.
TELLING = ("citizen_id", "uscc", "mobile", "plate", "bank_card", "date", "datetime", "padded")
SHAPED = [re.compile(SHAPES[name]) for name in TELLING] + [re.compile(r"[+-]?\d+\.\d+")]
FIGURE = re.compile(r"[\d.,%+-]+")
JUDGED = 500  # rows
MOST, OFTEN = 0.9, 2
Cells = Sequence[str | None]


def is_row(first: Cells, others: Sequence[Cells]) -> bool:
    """Tell whether the first row is of the kind of the others."""
    body = [row for row in others[:JUDGED] if list(row) != list(first)]  # no repeated header
    return any(
        _is_value((cell or "").strip(), [(row[place] or "").strip() for row in body])
        for place, cell in enumerate(first)
    )


def numbered(titles: Sequence[str]) -> list[str]:
    """Return titles of which no two are the same and none is blank, by their places."""
    own = [title.strip() for title in titles]
    return [
        title if title and own.index(title) == place else f"{title}#{place + 1}"
        for place, title in enumerate(own)
    ]


def _is_value(cell: str, column: Sequence[str]) -> bool:
    known = [value for value in column if value]
    if not cell or not known:
        return False
    for shape in SHAPED:
        if shape.fullmatch(cell):
            return sum(map(bool, map(shape.fullmatch, known))) >= MOST * len(known)
    if is_name(cell) and sum(map(is_name, known)) >= MOST * len(known):
        return True
    return not FIGURE.fullmatch(cell) and known.count(cell) >= OFTEN
