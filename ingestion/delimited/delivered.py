"""A delivered text in its dialect: cutting one record, and the account of all of them.

Plain dialects go to the quick machine, others to the general one. Keep out: what records mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from catalog.entry import Origin
from ingestion.delimited.dialect import Dialect, cells, dialect_of
from ingestion.delimited.machine import NO_HEAD, Bytes, Task, Text, classes, record
from ingestion.delimited.marks import LINE_LIMIT
from ingestion.delimited.scan import Scanned, Shape, scan
from ingestion.delimited.signs import Spelled, spelled
from ingestion.delimited.spelled import cut, cut_all
from ingestion.flood import Tally
from ingestion.mapped import after_mark
from ingestion.utf8 import wrong_bytes

LOOKED = 1 << 20  # bytes in which a text of lone CRs shows


@dataclass(frozen=True)
class Delivered:
    """The bytes of a delivery, without its footer, their dialect and encoding."""

    bytes: Bytes
    dialect: Dialect
    head: Bytes  # beginnings of header rows, each after its length
    codec: str = "utf-8"  # or GB18030, where all of it can be decoded

    @property
    def limit(self) -> int:
        """Return the most bytes of a record; those of GB may become half as many again."""
        return LINE_LIMIT if self.codec == "utf-8" else LINE_LIMIT * 2 // 3

    @cached_property
    def text(self) -> Text:
        """Return the text for the quick machine."""
        return Text(self.bytes, classes(self.dialect.delimiter, self.dialect.quote), self.head)

    @cached_property
    def spelled(self) -> Spelled:
        """Return the text for the general machine."""
        return spelled(self.bytes, self.dialect, self.head)

    def cut(self, at: int, width: int) -> tuple[int, int, int]:
        """Return the end of the record here, the next one's start and the record's marks."""
        if self.dialect.plain:
            end, after, marks = record(self.text, at, width)
        else:
            end, after, marks = cut(self.spelled, at, width)
        return int(end), int(after), int(marks)

    def scan(self, start: int, shape: Shape) -> Scanned:
        """Return the account of the records from here on."""
        if self.dialect.plain:
            return scan(self.text, start, replace(shape, sound=self.codec != "utf-8"))
        task = Task(start, len(self.bytes), shape.width, shape.limit)
        wrong, room = wrong_bytes(self.bytes, task.start, task.stop), 1024
        while True:
            odd = np.empty((room, 5), np.int64)
            _, records, found = cut_all(self.spelled, task, wrong, odd)
            Tally().add(found)
            if found <= room:
                return Scanned(records, odd[:found].copy(), ())
            room = found

    def line(self, start: int, end: int) -> str:
        """Return a record's text, as much of it as a record may have."""
        return (
            self.bytes[start : min(end, start + LINE_LIMIT)].tobytes().decode(self.codec, "replace")
        )

    def cells(self, start: int, end: int) -> list[str] | None:
        """Return a record's cells; None when its quotes are broken."""
        return cells(self.line(start, end), self.dialect)

    def after_lines(self, count: int) -> int:
        """Return the offset after so many lines."""
        at = 0
        for _ in range(count):
            at = _after_line(self.bytes, at, any_end=self.dialect.any_end)
        return at

    def expecting(self, rows: Iterable[list[str]]) -> Delivered:
        """Return the text in which repeats of these header rows are looked for."""
        dialect, known = self.dialect, b""
        mark = "\ufeff" if after_mark(self.bytes) else ""  # as of a file that was put behind it
        for row in rows:
            ends = (dialect.delimiter,) if len(row) > 1 else ("\n", "\r")
            title = row[0].removeprefix("\ufeff")
            firsts = {row[0], title, mark + title, f"{dialect.quote}{title}{dialect.quote}"}
            begins = [(first + end).encode(self.codec) for first in firsts for end in ends]
            known += b"".join(bytes([len(b)]) + b for b in begins if row[0] and len(b) < 256)
        return replace(self, head=np.frombuffer(known, np.uint8))


def delivered(origin: Origin, text: Bytes, codec: str = "utf-8") -> Delivered:
    """Return a text in the dialect that the entry declares; lone CRs alone are seen as such."""
    dialect = dialect_of(origin)
    if only_lone_cr(text):
        dialect = replace(dialect, any_end=True)
    if origin.skip_footer:
        text = text[: _before_footer(text, origin.skip_footer, any_end=dialect.any_end)]
    return Delivered(text, dialect, NO_HEAD, codec)


def only_lone_cr(text: Bytes) -> bool:
    """Tell whether lines end in CR and never in LF."""
    first = text[:LOOKED]
    return bool((first == 13).any()) and not (first == 10).any() and not (text == 10).any()


def _after_line(text: Bytes, at: int, *, any_end: bool) -> int:
    """Return the offset after the line here."""
    window = text[at : at + LINE_LIMIT]
    hits = np.flatnonzero((window == 10) | (window == 13) if any_end else window == 10)
    if not len(hits):
        return len(text)
    end = at + int(hits[0])
    crlf = text[end] == 13 and end + 1 < len(text) and text[end + 1] == 10
    return end + 2 if crlf else end + 1


def _before_footer(text: Bytes, lines: int, *, any_end: bool) -> int:
    """Return the offset at which the last lines begin, blank ones not counted."""
    end, window = len(text), LINE_LIMIT
    for _ in range(lines):
        while end and text[end - 1] in (10, 13):
            end -= 1
        tail = text[max(0, end - window) : end]
        hits = np.flatnonzero((tail == 10) | (tail == 13) if any_end else tail == 10)
        end = max(0, end - window) + int(hits[-1]) + 1 if len(hits) else 0
    return end
