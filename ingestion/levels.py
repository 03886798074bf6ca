"""Headers of several rows: merged cells are filled to the right, levels joined downward.

Keep out: matching titles to items (header.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import zip_longest

from ingestion.header import normal


def join_levels(levels: Sequence[Sequence[str]], known: Collection[str]) -> list[str]:
    """Return one title a column: the lowest level where it is a known title, else all joined."""
    filled = [_fill_right(level) for level in levels[:-1]]
    columns = zip_longest(*filled, levels[-1] if levels else (), fillvalue="")
    return [_title([part.strip() for part in parts], known) for parts in columns]


def _title(parts: Sequence[str], known: Collection[str]) -> str:
    """Return the first candidate that is known; a title merged downward is its own last level."""
    named = list(dict.fromkeys(part for part in parts if part))
    last = parts[-1] or (named[-1] if named else "")
    joined = ["".join(named), "-".join(named), "_".join(named), "/".join(named), "".join(parts)]
    for title in (last, *joined, *reversed(named)):
        if normal(title) in known:
            return title
    return joined[0]


def _fill_right(level: Sequence[str]) -> list[str]:
    """Return a row of a header with merged cells' titles in every column they cover."""
    filled: list[str] = []
    for title in level:
        filled.append(title if title.strip() or not filled else filled[-1])
    return filled
