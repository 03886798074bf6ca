"""The fast lane: the well-formed records of a text as a lazy frame, read stretch by stretch.

Each stretch is cut and read by a thread of its own, a few ahead of whoever consumes them.
Keep out: malformed records (scan.py, kept.py), and cells that are not plain (conform).
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import numpy as np
import polars as pl
from polars.io.plugins import register_io_source

from catalog.entry import Entry
from catalog.schema import ROW, polars_type
from ingestion.candidate import PLAIN
from ingestion.conform.columns import cells, reader_of_bytes
from ingestion.conform.plain import Column
from ingestion.delimited.cut import Fields, copied, cut, room
from ingestion.delimited.machine import START, Bytes, Stretch, Text
from ingestion.delimited.paired import decoded
from ingestion.delimited.scan import Scanned

THREADS = max(1, min(4, os.cpu_count() or 1) - 1)  # Polars has work for one core at least
AHEAD = THREADS + 1  # stretches in hand: 45 MB each
FIRST = AHEAD + 4  # in hand before anybody asks for them


@dataclass(frozen=True)
class Lane:
    """A scanned text: its entry, its columns by name, and what the scanner found."""

    entry: Entry
    text: Text
    names: Sequence[str]
    scanned: Scanned
    codec: str = "utf-8"
    begun: list[_Reading] = field(default_factory=list, compare=False, repr=False)

    @cached_property
    def plain(self) -> frozenset[str]:
        """Return the items whose plain cells are read at once."""
        items = {item.name: item for item in self.entry.items}
        return frozenset(n for n in self.names if n in items and reader_of_bytes(items[n]))

    def frame(self) -> pl.LazyFrame:
        """Return `_row`, the text of each column, and the plain values of items that have them."""
        typed = {PLAIN + n: polars_type(self.entry.item(n)) for n in self.names if n in self.plain}
        schema = {ROW: pl.Int64(), **dict.fromkeys(self.names, pl.String()), **typed}
        return register_io_source(self._batches, schema=schema, is_pure=True)

    def begin(self) -> None:
        """Begin to read the first stretches, before anybody asks for them."""
        self.begun.append(_Reading(self._read, self.scanned.stretches, FIRST))

    def stop(self) -> None:
        """Let go of what was begun and nobody asked for; return when none of it is being read."""
        while self.begun:
            self.begun.pop().stop()

    def _batches(
        self,
        columns: list[str] | None,
        predicate: pl.Expr | None,
        rows: int | None,
        _: int | None,
    ) -> Iterator[pl.DataFrame]:
        """Yield the records in order, as Polars asks for them."""
        wanted = columns or [ROW, *self.names, *(PLAIN + name for name in self.plain)]
        reading = self.begun.pop() if self.begun else _Reading(self._read, self.scanned.stretches)
        for whole in reading:
            batch = whole.select(wanted)
            shown = batch if rows is None else batch.head(rows)
            rows = None if rows is None else rows - shown.height
            yield shown if predicate is None else shown.filter(predicate)
            if rows == 0:
                return

    def _read(self, stretch: Stretch) -> pl.DataFrame:
        """Return one stretch's records."""
        odd = self.scanned.odd
        first, last = np.searchsorted(odd[:, START], [stretch.start, stretch.end])
        if self.codec == "utf-8":
            data, odd = copied(self.text.bytes, stretch), odd[first:last]
        else:
            data, stretch, odd = decoded(self.text.bytes, stretch, odd[first:last])
        found = room(stretch.records, len(self.names))
        count = cut(Text(data, self.text.classes), stretch, odd, found)
        return pl.DataFrame(list(self._columns(data, found, count)))

    def _columns(self, data: Bytes, found: Fields, count: int) -> Iterator[pl.Series]:
        yield pl.Series(ROW, found.numbers[:count])
        for place, name in enumerate(self.names):
            column = Column(data, found.starts[place, :count], found.ends[place, :count])
            read = reader_of_bytes(self.entry.item(name)) if name in self.plain else None
            if read is None:
                yield cells(column).alias(name)
                continue
            value, cell = read(column)
            yield cell.alias(name)
            yield value.alias(PLAIN + name)


class _Reading:
    """Stretches that threads read in order, a few ahead of whoever takes them."""

    def __init__(
        self,
        read: Callable[[Stretch], pl.DataFrame],
        stretches: Sequence[Stretch],
        ahead: int = AHEAD,
    ) -> None:
        self._read, self._waiting = read, iter(stretches)
        self._alone = len(stretches) == 1  # needs no thread
        self._pool = ThreadPoolExecutor(THREADS, "lane")
        self._hand: deque[Future[pl.DataFrame]] = deque()
        if not self._alone:
            self._fill(ahead)

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Yield the stretches' records."""
        if self._alone:
            yield from map(self._read, self._waiting)
            return
        try:
            while self._hand:
                batch = self._hand.popleft().result()
                self._fill(AHEAD)
                yield batch
        finally:  # not waited for: who asks no more may let go of this in one of the threads
            self._pool.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        """Read no more, and return when nothing is being read."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _fill(self, most: int) -> None:
        """Have so many stretches in hand."""
        more = islice(self._waiting, max(0, most - len(self._hand)))
        self._hand.extend(self._pool.submit(self._read, one) for one in more)
