"""A dialect: the signs by which a delimited text is written, and cutting one record by them.

Keep out: whole files (scan.py, spelled_scan.py) and damaged records (readings.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.entry import Origin


@dataclass(frozen=True)
class Dialect:
    """Signs of a delimited text; an empty sign is not used."""

    delimiter: str
    quote: str
    escape: str = ""
    comment: str = ""
    any_end: bool = False  # a lone CR ends a record, as LF and CRLF do

    @property
    def plain(self) -> bool:
        """Tell whether the fast lane reads it: single bytes, doubled quotes, LF or CRLF."""
        signs = len(self.delimiter.encode()) == 1 and len(self.quote.encode()) <= 1
        return signs and not (self.escape or self.comment or self.any_end)


CANONICAL = Dialect(",", '"')  # what other dialects are rewritten to for the fast lane


def dialect_of(origin: Origin) -> Dialect:
    """Return the dialect that an entry declares; doubled quotes need no escape of their own."""
    escape = origin.escape or ""
    return Dialect(
        delimiter=origin.delimiter,
        quote=origin.quote,
        escape="" if escape == origin.quote else escape,
        comment=origin.comment or "",
        any_end=origin.record_end == "any",
    )


def cells(record: str, dialect: Dialect) -> list[str] | None:
    """Return the cells of a well-formed record; None when its quotes are broken."""
    found, at = [], 0
    while True:
        quoted = bool(dialect.quote) and record.startswith(dialect.quote, at)
        cell = _quoted(record, at, dialect) if quoted else _unquoted(record, at, dialect)
        if cell is None:
            return None
        found.append(cell[0])
        at = cell[1]
        if at >= len(record):
            return found
        if not record.startswith(dialect.delimiter, at):
            return None
        at += len(dialect.delimiter)


def escaped(record: str, at: int, dialect: Dialect) -> str:
    """Return the sign that an escape here makes a text; nothing when there is no such escape."""
    if not dialect.escape or not record.startswith(dialect.escape, at):
        return ""
    after = at + len(dialect.escape)
    for sign in (dialect.quote, dialect.escape, dialect.delimiter):
        if sign and record.startswith(sign, after):
            return sign
    return ""


def spell(values: Iterable[str], dialect: Dialect) -> str | None:
    """Return the record that holds these values; None where the dialect cannot write them."""
    fields = [_field(value, dialect) for value in values]
    written = [field for field in fields if field is not None]
    return dialect.delimiter.join(written) if len(written) == len(fields) else None


def _field(value: str, dialect: Dialect) -> str | None:
    quote = dialect.quote
    text = value.replace(dialect.escape, dialect.escape * 2) if dialect.escape else value
    special = (dialect.delimiter, quote, "\n", "\r")
    if not any(sign and sign in value for sign in special):
        return text
    return quote + text.replace(quote, quote * 2) + quote if quote else None


def _quoted(record: str, at: int, dialect: Dialect) -> tuple[str, int] | None:
    """Return the quoted cell that opens here and where it ends; None when it never closes."""
    text, at, quote = [], at + 1, dialect.quote
    while at < len(record):
        if sign := escaped(record, at, dialect):
            text.append(sign)
            at += len(dialect.escape) + len(sign)
        elif record.startswith(quote * 2, at):
            text.append(quote)
            at += 2
        elif record[at] == quote:
            return "".join(text), at + 1
        else:
            text.append(record[at])
            at += 1
    return None


def _unquoted(record: str, at: int, dialect: Dialect) -> tuple[str, int]:
    """Return the unquoted cell that begins here and where it ends."""
    if not dialect.escape:
        end = record.find(dialect.delimiter, at)
        end = len(record) if end < 0 else end
        return record[at:end], end
    text = []
    while at < len(record) and not (
        record.startswith(dialect.delimiter, at) and not escaped(record, at, dialect)
    ):
        sign = escaped(record, at, dialect)
        text.append(sign or record[at])
        at += len(dialect.escape) + len(sign) if sign else 1
    return "".join(text), at
