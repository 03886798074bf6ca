"""The one way in which a damaged record makes sense, when there is one.

Every way to cut the record into the declared number of cells is weighed by what it supposes to
have gone wrong; a reading counts only where no other one is about as good. Keep out: what columns
look like (columns.py) and whole files (repair.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from ingestion.delimited.dialect import Dialect, escaped

STRAY, EMPTY, LOST, JOINED, FUSED = 2, 3, 3, 3, 4  # weights of what may have gone wrong
FOREIGN = 3  # weight of another delimiter than the file's
DELIMITERS = (",", ";", "\t", "|", " ", ", ", "; ")  # with which a record may have been written
SLACK = 1  # two readings this close are both possible
FAR = 1000
LONGEST = 8192  # characters of a record that is tried
JOINS = 6  # delimiters that a text may have held unquoted
END = -1


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


class _Piece(NamedTuple):
    value: str
    after: int  # where the next field begins; END at the record's end
    weight: int
    quoted: bool = False


def ways_of(record: str, own: Dialect, *, short: bool) -> list[Way]:
    """Return how a record may have been written: in the file's dialect, or another delimiter."""
    ways = [Way(own, short)]
    for sign in DELIMITERS:
        if sign in record and sign not in (own.delimiter, own.quote):
            ways.append(Way(Dialect(sign, own.quote), short=False, weight=FOREIGN))
    return ways


def only_reading(
    record: str, ways: Iterable[Way], columns: Columns, width: int
) -> tuple[str, ...] | None:
    """Return the cells of the one reading that makes sense, whatever way the record was written."""
    if len(record) > LONGEST:
        return None
    found = [
        Reading(way.weight + reading.weight, reading.cells)
        for way in ways
        for reading in _Search(_Pieces(record, way.dialect), columns, width, short=way.short).all()
    ]
    best = _best(found)
    return best[0].cells if len(best) == 1 else None


class _Search:
    """The readings of one record, each rest of it read once."""

    def __init__(self, pieces: _Pieces, columns: Columns, width: int, *, short: bool) -> None:
        self.pieces, self.columns, self.width, self.short = pieces, columns, width, short
        self.known: dict[tuple[int, int], tuple[Reading, ...]] = {}

    def all(self) -> tuple[Reading, ...]:
        """Return the best readings of the whole record."""
        return self.readings(0, 0)

    def readings(self, at: int, column: int) -> tuple[Reading, ...]:
        """Return the best readings of the record from a place on as the columns from here on."""
        if at == END:
            return self._missing(column) if self.short or column == self.width else ()
        if (at, column) not in self.known:
            self.known[at, column] = _best([*self._found(at, column)])
        return self.known[at, column]

    def _found(self, at: int, column: int) -> Iterator[Reading]:
        """Yield all readings from here on."""
        after = self.pieces.empty(at)
        if after is not None:
            for rest in self.readings(after, column):
                yield Reading(rest.weight + EMPTY, rest.cells)
        if column == self.width:
            return
        for piece in self.pieces.at(at):
            weight = piece.weight + self.columns.weight(column, piece.value)
            if weight < FAR:
                for rest in self.readings(piece.after, column + 1):
                    yield Reading(weight + rest.weight, (piece.value, *rest.cells))
            if not piece.quoted and not piece.weight and column + 1 < self.width:
                yield from self._fused(piece, column)

    def _fused(self, piece: _Piece, column: int) -> Iterator[Reading]:
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


class _Pieces:
    """The fields that may begin at a place of one record."""

    def __init__(self, record: str, dialect: Dialect) -> None:
        self.record, self.dialect, self.size = record, dialect, len(record)
        self.step = len(dialect.delimiter)

    def empty(self, at: int) -> int | None:
        """Return what follows an empty field here; None where the field is not empty."""
        if at == self.size:
            return END
        return at + self.step if self.record.startswith(self.dialect.delimiter, at) else None

    def at(self, at: int) -> Iterator[_Piece]:
        """Yield the fields that may begin here."""
        if self.dialect.quote and self.record.startswith(self.dialect.quote, at):
            yield from self._quoted(at)
        yield from self._unquoted(at)

    def _quoted(self, at: int) -> Iterator[_Piece]:
        """Yield the fields that the quote here may open: any later quote may close it."""
        record, quote = self.record, self.dialect.quote
        text: list[str] = []
        weight, at = 0, at + 1
        while at < self.size:
            if sign := escaped(record, at, self.dialect):
                text.append(sign)
                at += len(self.dialect.escape) + len(sign)
                continue
            if record[at] != quote:
                text.append(record[at])
                at += 1
                continue
            doubled = record.startswith(quote, at + 1)
            yield from self._closed("".join(text), at, weight, doubled=doubled)
            weight += 0 if doubled else STRAY
            text.append(quote)
            at += 2 if doubled else 1

    def _closed(self, text: str, at: int, weight: int, *, doubled: bool) -> Iterator[_Piece]:
        """Yield the fields that the quote here, or the second of two, may close."""
        after = self._after(at + 1)
        if after is None:
            yield _Piece(text, at + 1, weight + LOST, quoted=True)
        else:
            yield _Piece(text, after, weight, quoted=True)
        later = self._after(at + 2) if doubled else None
        if later is not None:
            yield _Piece(text + self.dialect.quote, later, weight + STRAY, quoted=True)

    def _after(self, at: int) -> int | None:
        """Return where the next field begins when this one ends here; None when it cannot."""
        if at == self.size:
            return END
        return at + self.step if self.record.startswith(self.dialect.delimiter, at) else None

    def _unquoted(self, start: int) -> Iterator[_Piece]:
        """Yield the unquoted fields that may begin here: up to a delimiter, past it, to a quote."""
        quote, text, weight, joins, at = self.dialect.quote, [""], 0, 0, start
        while True:
            after = self._after(at)
            value = "".join(text)
            if after is not None:
                if not joins or not value.endswith(self.dialect.delimiter):
                    yield _Piece(value, after, weight + joins * JOINED)
                if after == END or joins == JOINS or not value or self._opens(after):
                    return
                text.append(self.dialect.delimiter)
                at, joins = after, joins + 1
                continue
            if sign := escaped(self.record, at, self.dialect):
                text.append(sign)
                at += len(self.dialect.escape) + len(sign)
                continue
            if self.record[at] == quote:
                if at > start:
                    yield _Piece(value, at, weight + joins * JOINED + LOST)
                weight += STRAY
            text.append(self.record[at])
            at += 1

    def _opens(self, at: int) -> bool:
        return bool(self.dialect.quote) and self.record.startswith(self.dialect.quote, at)
