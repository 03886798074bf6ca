"""The scanner's rules a second time, slowly and another way: regular expressions on one record."""

import re
from dataclasses import dataclass

from ingestion.delimited import marks

END = rb"(?=%s|\r?\n|\r?\Z)"
JUNK = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Record:
    raw: bytes
    marks: int
    fields: tuple[str | None, ...]


@dataclass(frozen=True)
class Dialect:
    delimiter: bytes = b","
    quote: bytes = b'"'
    width: int = 3
    limit: int = 1 << 20


def records(data: bytes, dialect: Dialect) -> list[Record]:
    """Return the records of a text, blank lines left out."""
    found, at = [], 0
    while at < len(data):
        record, at = _record(data, at, dialect)
        if record is not None:
            found.append(record)
    return found


def _record(data: bytes, start: int, dialect: Dialect) -> tuple[Record | None, int]:
    quote, end = re.escape(dialect.quote), END % re.escape(dialect.delimiter)
    inside = rb"%s((?:[^%s]|%s%s)*)%s" % ((quote,) * 5) if quote else rb"(?!)"
    quoted = re.compile(inside + end, re.DOTALL)
    plain = re.compile(rb"[^\n%s]*?" % re.escape(dialect.delimiter) + end)
    at, fields = start, []
    while True:
        is_quoted = data[at : at + 1] == dialect.quote != b""
        match = (quoted if is_quoted else plain).match(data, at)
        if match is None:
            return _broken(data, start, at, dialect)
        fields.append((match[1] if is_quoted else match[0], is_quoted))
        at = match.end()
        if data[at : at + 1] != dialect.delimiter:
            break
        at += 1
    line_end = re.compile(rb"\r?\n|\r?\Z").match(data, at)
    if at == start:
        return None, line_end.end()
    found = _marks(fields, dialect) | _common(data[start:at], len(data[start : line_end.end()]))
    if at - start > dialect.limit:
        found |= marks.TOO_LONG
    texts = tuple(_text(field, dialect, quoted=q) for field, q in fields) if not found else ()
    return Record(data[start:at], found, texts), line_end.end()


def _broken(data: bytes, start: int, at: int, dialect: Dialect) -> tuple[Record, int]:
    body = data[at + 1 :].replace(dialect.quote * 2, b"  ")
    closing = body.find(dialect.quote)
    kind = marks.UNCLOSED if closing < 0 else marks.AFTER_QUOTE
    after = data.find(b"\n", start)
    after = len(data) if after < 0 else after + 1
    raw = data[start:after]
    raw = re.sub(rb"\r?\n\Z", b"", raw)
    found = kind | _common(raw, after - start)
    if len(raw) > dialect.limit:
        found |= marks.TOO_LONG
    return Record(raw, found, ()), after


def _marks(fields: list[tuple[bytes, bool]], dialect: Dialect) -> int:
    found = 0
    if len(fields) != dialect.width:
        found |= marks.SHORT if len(fields) < dialect.width else marks.LONG
    for field, is_quoted in fields:
        if not is_quoted:
            found |= marks.BARE_QUOTE if dialect.quote and dialect.quote in field else 0
            found |= marks.LONE_CR if b"\r" in field else 0
    return found


def _common(raw: bytes, _: int) -> int:
    found = marks.CONTROL if JUNK.search(raw) else 0
    try:
        raw.decode()
    except UnicodeDecodeError:
        found |= marks.UNDECODABLE
    return found


def _text(field: bytes, dialect: Dialect, *, quoted: bool) -> str | None:
    if quoted:
        return field.replace(dialect.quote * 2, dialect.quote).decode()
    return field.decode() or None
