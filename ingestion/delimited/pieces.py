"""The fields that may begin at a place of a damaged record.

A quote may open a field or be a text, any later one may close it; a delimiter may be a text, or
lost before a quote. Keep out: which of them make sense together (readings.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ingestion.delimited.dialect import Dialect, escaped

STRAY, LOST, JOINED = 2, 3, 3  # weights of what may have gone wrong
JOINS = 6  # delimiters that a text may have held unquoted
END = -1


class Piece(NamedTuple):
    """A field as it may have been meant, and the weight of what must have gone wrong."""

    value: str
    after: int  # where the next field begins; END at the record's end
    weight: int
    quoted: bool = False


class Pieces:
    """The fields that may begin at a place of one record."""

    def __init__(self, record: str, dialect: Dialect) -> None:
        self.record, self.dialect, self.size = record, dialect, len(record)
        self.step = len(dialect.delimiter)

    def empty(self, at: int) -> int | None:
        """Return what follows an empty field here; None where the field is not empty."""
        if at == self.size:
            return END
        return at + self.step if self.record.startswith(self.dialect.delimiter, at) else None

    def at(self, at: int) -> Iterator[Piece]:
        """Yield the fields that may begin here."""
        if self.dialect.quote and self.record.startswith(self.dialect.quote, at):
            yield from self._quoted(at)
        yield from self._unquoted(at)

    def _quoted(self, at: int) -> Iterator[Piece]:
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

    def _closed(self, text: str, at: int, weight: int, *, doubled: bool) -> Iterator[Piece]:
        """Yield the fields that the quote here, or the second of two, may close."""
        after = self._after(at + 1)
        if after is None:
            yield Piece(text, at + 1, weight + LOST, quoted=True)
        else:
            yield Piece(text, after, weight, quoted=True)
        later = self._after(at + 2) if doubled else None
        if later is not None:
            yield Piece(text + self.dialect.quote, later, weight + STRAY, quoted=True)

    def _after(self, at: int) -> int | None:
        """Return where the next field begins when this one ends here; None when it cannot."""
        if at == self.size:
            return END
        return at + self.step if self.record.startswith(self.dialect.delimiter, at) else None

    def _unquoted(self, start: int) -> Iterator[Piece]:
        """Yield the unquoted fields that may begin here: up to a delimiter, past it, to a quote."""
        quote, text, weight, joins, at = self.dialect.quote, [""], 0, 0, start
        while True:
            after = self._after(at)
            value = "".join(text)
            if after is not None:
                if not joins or not value.endswith(self.dialect.delimiter):
                    yield Piece(value, after, weight + joins * JOINED)
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
                    yield Piece(value, at, weight + joins * JOINED + LOST)
                weight += STRAY
            text.append(self.record[at])
            at += 1

    def _opens(self, at: int) -> bool:
        return bool(self.dialect.quote) and self.record.startswith(self.dialect.quote, at)
