"""What the cells of each column look like: by the items' types, and by the file's good records.

Keep out: damaged records (readings.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.entry import Item
from ingestion.delimited.readings import FAR
from ingestion.header import normal

NEVER_BLANK = 4  # weight of a blank in a column that has none so far
LEARNT = 20  # good records from which on a column's shapes are trusted
SHAPES = 12  # a column with more shapes is free text
NUMBER = re.compile(r"[^0-9]{0,6}[0-9][0-9,，.]*\D{0,6}")
MOMENT = re.compile(r"(?=(?:.*?[\d〇零一二三四五六七八九十]){4})[^A-SU-Ya-z]*")
KINDS = str.maketrans(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "9" * 10 + "A" * 26 + "a" * 26
)


def shape(value: str) -> str:
    """Return a value with its digits, letters and other scripts' letters made alike."""
    plain = value.translate(KINDS)
    if plain.isascii():
        return plain
    return "".join("文" if not sign.isascii() and sign.isalpha() else sign for sign in plain)


@dataclass(frozen=True)
class Column:
    """One column: its item, its shapes where they are few, and its blanks."""

    item: Item
    shapes: frozenset[str] | None  # None: free text
    first: frozenset[str]  # kinds of first signs of free text; empty when not known
    blank: bool | None  # None: too few records to say

    def weight(self, value: str, quote: str) -> int:
        """Return how odd a value is here; a stray quote in it is no part of its shape."""
        bare = value.replace(quote, "") if quote else value
        if not bare.strip():
            return FAR if self.item.key or self.item.required else self._blank_weight()
        if not self._typed(bare.strip()):
            return FAR
        if self.shapes is not None:
            return 0 if shape(bare) in self.shapes else FAR
        return 0 if not self.first or shape(bare[0]) in self.first else FAR

    def _blank_weight(self) -> int:
        return 0 if self.blank else NEVER_BLANK

    def _typed(self, value: str) -> bool:
        """Tell whether a value may be of the item's type; the gate judges more closely."""
        item = self.item
        if item.type in ("integer", "decimal"):
            return NUMBER.fullmatch(value) is not None
        if item.type in ("date", "datetime", "month"):
            return MOMENT.fullmatch(value) is not None
        if item.values:
            return value in item.values
        return item.pattern is None or re.fullmatch(item.pattern, value) is not None


@dataclass(frozen=True)
class Learnt:
    """The columns of a file."""

    columns: tuple[Column, ...]
    quote: str

    def weight(self, column: int, value: str) -> int:
        """Return how odd a value is in a column."""
        return self.columns[column].weight(value, self.quote)

    def breaks(self, column: int, value: str) -> Sequence[int]:
        """Return where a value falls into this column's and the next one's, if shapes say so."""
        here, there = self.columns[column], self.columns[column + 1]
        if here.shapes is not None:
            cuts = sorted({len(known) for known in here.shapes})
        elif there.shapes is not None:
            cuts = sorted({len(value) - len(known) for known in there.shapes})
        else:
            return ()
        return [
            cut
            for cut in cuts
            if 0 < cut < len(value)
            and here.weight(value[:cut], "") == there.weight(value[cut:], "") == 0
        ]


def learn(items: Sequence[Item], rows: Sequence[Sequence[str]], quote: str) -> Learnt:
    """Return what the columns of these items look like in good records."""
    by_column = zip(*rows, strict=True) if rows else [()] * len(items)
    columns = (_column(item, values) for item, values in zip(items, by_column, strict=True))
    return Learnt(tuple(columns), quote)


def _column(item: Item, values: Sequence[str]) -> Column:
    told = [value for value in values if value.strip()]
    if len(values) < LEARNT:
        return Column(item, None, frozenset(), blank=None if len(told) == len(values) else True)
    shapes = frozenset(shape(value) for value in told)
    few = len(shapes) <= min(SHAPES, max(1, len(told) // 4))
    first = frozenset(shape(value[0]) for value in told)
    return Column(item, shapes if few else None, first, blank=len(told) < len(values))


@dataclass(frozen=True)
class Titles:
    """The cells of a header: declared titles, each anywhere; a stray quote is no part of one."""

    known: frozenset[str]
    quote: str

    def weight(self, _: int, value: str) -> int:
        """Return that a declared title is not odd and anything else cannot be."""
        return 0 if normal(self.title(value)) in self.known else FAR

    def breaks(self, _: int, value: str) -> Sequence[int]:
        """Return where two titles were run together."""
        cuts = range(1, len(value))
        return [c for c in cuts if {normal(value[:c]), normal(value[c:])} <= self.known]

    def title(self, value: str) -> str:
        """Return the declared title that a cell holds."""
        return value if normal(value) in self.known or not self.quote else value.strip(self.quote)
