"""The one way in which a damaged record makes sense, when there is one.

Every way to cut the record into the declared number of cells is weighed by what it supposes to
have gone wrong; a reading counts only where no other one is about as good. Keep out: what columns
look like (columns.py), cutting it (pieces.py) and whole files (repair.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ingestion.delimited.dialect import Dialect
from ingestion.delimited.pieces import END, LOST, Piece, Pieces

EMPTY, FUSED = 3, 4  # weights of what may have gone wrong
FOREIGN = 3  # weight of another delimiter than the file's
DELIMITERS = (",", ";", "\t", "|", " ", ", ", "; ")  # with which a record may have been written
SLACK = 1  # two readings this close are both possible
FAR = 1000
LONGEST = 8192  # characters of a record that is tried
TRIED = 5000  # fields of one record that are tried: forty times what most need
COUNTED = 64  # characters of a field that count as one more field: long ones take as much longer
DEEPEST = 200  # fields that follow one another: Python's stack is no deeper


class Columns(Protocol):
    """What cells look like."""

    def weight(self, column: int, value: str) -> int:
        """Return how odd the value is in its column; FAR when it cannot stand there."""

    def breaks(self, column: int, value: str) -> Sequence[int]:
        """Return where two columns' values may have been run together."""


class Way(NamedTuple):
    """How a record may have been written: its dialect, and whether last fields may be missing."""

    dialect: Dialect
    short: bool
    weight: int = 0


class Reading(NamedTuple):
    """The cells of a record and the weight of what must have gone wrong."""

    weight: int
    cells: tuple[str, ...]


def ways_of(record: str, own: Dialect, *, short: bool) -> list[Way]:
    """Return how a record may have been written: in the file's dialect, or another delimiter."""
    ways = [Way(own, short)]
    for sign in DELIMITERS:
        if sign in record and sign not in (own.delimiter, own.quote):
            ways.append(Way(Dialect(sign, own.quote), short=False, weight=FOREIGN))
    return ways


def only_reading(
    record: str, ways: Iterable[Way], columns: Columns, *, width: int, effort: Effort
) -> tuple[str, ...] | None:
    """Return the cells of the one reading that makes sense, whatever way the record was written."""
    if len(record) > LONGEST:
        return None
    found: list[Reading] = []
    for way in ways:
        search = _Search(Pieces(record, way.dialect), columns, width, short=way.short)
        search.left = min(TRIED, effort.left)
        readings = search.readings(0, 0)
        effort.left -= min(TRIED, effort.left) - search.left
        if search.left <= 0:
            return None
        found += [Reading(way.weight + reading.weight, reading.cells) for reading in readings]
    best = _best(found)
    return best[0].cells if len(best) == 1 else None


@dataclass
class Effort:
    """How many fields may still be tried, so that time is bounded whatever is delivered."""

    left: int


class _Search:
    """The readings of one record, each rest of it read once; none left when it took too long."""

    def __init__(self, pieces: Pieces, columns: Columns, width: int, *, short: bool) -> None:
        self.pieces, self.columns, self.width, self.short = pieces, columns, width, short
        self.known: dict[tuple[int, int], tuple[Reading, ...]] = {}
        self.left, self.depth = 0, 0

    def readings(self, at: int, column: int) -> tuple[Reading, ...]:
        """Return the best readings of the record from a place on as the columns from here on."""
        if at == END:
            return self._missing(column) if self.short or column == self.width else ()
        if (at, column) not in self.known:
            self.depth += 1
            self.left = self.left if self.depth < DEEPEST else 0
            self.known[at, column] = _best([*self._found(at, column)])
            self.depth -= 1
        return self.known[at, column]

    def _found(self, at: int, column: int) -> Iterator[Reading]:
        """Yield all readings from here on."""
        after = self.pieces.empty(at)
        if after is not None and self.left > 0:
            for rest in self.readings(after, column):
                yield Reading(rest.weight + EMPTY, rest.cells)
        for piece in self.pieces.at(at) if column < self.width else ():
            self.left = max(self.left - 1 - len(piece.value) // COUNTED, 0)
            if self.left == 0:
                return
            yield from self._taken(piece, column)

    def _taken(self, piece: Piece, column: int) -> Iterator[Reading]:
        """Yield readings in which a piece is this column's cell, or this one's and the next's."""
        weight = piece.weight + self.columns.weight(column, piece.value)
        if weight < FAR:
            for rest in self.readings(piece.after, column + 1):
                yield Reading(weight + rest.weight, (piece.value, *rest.cells))
        if not piece.quoted and not piece.weight and column + 1 < self.width:
            yield from self._fused(piece, column)

    def _fused(self, piece: Piece, column: int) -> Iterator[Reading]:
        """Yield readings in which a piece is the cells of two columns, the delimiter lost."""
        for cut in self.columns.breaks(column, piece.value):
            for rest in self.readings(piece.after, column + 2):
                cells = (piece.value[:cut], piece.value[cut:], *rest.cells)
                yield Reading(FUSED + rest.weight, cells)

    def _missing(self, column: int) -> tuple[Reading, ...]:
        """Return the reading in which the last fields are missing."""
        later = range(column, self.width)
        if 2 * len(later) > self.width:
            return ()
        weights = [LOST + self.columns.weight(lost, "") for lost in later]
        return (Reading(sum(weights), ("",) * len(weights)),) if sum(weights) < FAR else ()


def _best(found: list[Reading]) -> tuple[Reading, ...]:
    """Return the lightest reading, and one that differs where it is about as good."""
    found.sort(key=lambda one: one.weight)
    for other in found:
        if other.weight > found[0].weight + SLACK:
            break
        if other.cells != found[0].cells:
            return found[0], other
    return tuple(found[:1])
