"""A candidate: what was read from a delivery, typed and lazy, with every record accounted for.

Keep out: reading (delimited, documents, workbook) and judging (quality).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import polars as pl

from catalog.schema import ROW, RULES, SOURCE

NEW = "_new_"  # before a new column's title: its text, which no item has
PLAIN = "_plain_"  # before an item's name: its value, where it was read with its text
MALFORMED = {ROW: pl.Int64(), SOURCE: pl.String(), RULES: pl.List(pl.String())}


class Eager(Protocol):
    """Rows that can be read before anybody asks for them."""

    def begin(self) -> None:
        """Begin to read the first of them."""

    def stop(self) -> None:
        """Let go of what nobody asked for; return when none of it is being read."""


@dataclass(frozen=True)
class Drifted:
    """Where a delivery's columns were not the entry's, and it was read all the same."""

    new: pl.DataFrame  # the first values of each new column, as text under its title
    missing: tuple[str, ...]  # items without a column


@dataclass(frozen=True)
class Candidate:
    """The rows of a delivery: those with declared columns, and those that have none."""

    frame: pl.LazyFrame  # `_row`, each item typed, and its cell: the text as delivered
    malformed: pl.DataFrame  # `_row`, `_source`, `_rules`; `_proposal` where there is any
    records: int  # source records: rows of the frame and malformed ones
    notes: tuple[str, ...] = ()  # oddities that were accepted
    drifted: Drifted | None = None
    eager: Eager | None = None  # None where its rows are read when they are asked for


@dataclass(frozen=True)
class Cells:
    """The text of a delivery's fields before types: a column an item, null where none came."""

    frame: pl.LazyFrame  # `_row` and a String column an item
    records: int
    malformed: pl.DataFrame
    notes: tuple[str, ...] = ()
    plain: frozenset[str] = frozenset()  # items whose values stand beside their text
    missing: tuple[str, ...] = ()  # items without a column, where the entry lets them be missing
    serials: bool = False  # whether numbers may be Excel's days, counted from 1900
    eager: Eager | None = None  # of a delivery of one file


def no_malformed() -> pl.DataFrame:
    """Return the empty frame of malformed records."""
    return pl.DataFrame(schema=MALFORMED)


def joined(parts: Sequence[Cells], notes: Sequence[str] = ()) -> Cells:
    """Return the cells of files that make up one delivery; records are numbered through."""
    said = tuple(dict.fromkeys((*notes, *(note for part in parts for note in part.notes))))
    if len(parts) == 1:
        return replace(parts[0], notes=said)
    frames, malformed, records = [], [], 0
    for part in parts:
        frames.append(part.frame.with_columns(pl.col(ROW) + records))
        malformed.append(part.malformed.with_columns(pl.col(ROW) + records))
        records += part.records
    plain = frozenset.intersection(*(part.plain for part in parts))
    frame = pl.concat(frames, how="diagonal")
    bad = pl.concat(malformed, how="diagonal")
    missing = tuple(dict.fromkeys(name for part in parts for name in part.missing))
    serials = all(part.serials for part in parts)
    return Cells(frame, records, bad, said, plain, missing, serials)
