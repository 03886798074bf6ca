"""Scanning a whole file in parallel spans: how many records, and which are malformed or blank.

A span is guessed to start after the first LF past its cut. Each span runs until its own last
record ends; where that is not the next span's start, the next is scanned again from there. So
the result is exact, since a span depends on its start alone. Keep out: reading the good records.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ingestion.delimited.machine import (
    MARKS,
    NEXT,
    NUMBER,
    START,
    Bytes,
    Numbers,
    Stretch,
    Task,
    Text,
)
from ingestion.delimited.marks import BLANK, TITLED
from ingestion.delimited.spans import span
from ingestion.flood import Tally
from ingestion.mapped import release
from ingestion.utf8 import wrong_bytes

SPAN = 6 << 20  # bytes: large enough to hide the hand-over, small enough to share out


@dataclass(frozen=True)
class Shape:
    """What a well-formed record looks like: its fields, and the most bytes that it may take."""

    width: int
    limit: int
    sound: bool = False  # whether the text is known to have no byte that cannot be decoded


@dataclass(frozen=True)
class Scanned:
    """The records of a text: how many, and the odd ones (number, start, end, next, marks).

    The stretches hold all records, but for odd ones at their ends.
    """

    records: int
    odd: Numbers
    stretches: tuple[Stretch, ...]

    @property
    def malformed(self) -> Numbers:
        """Return the malformed records."""
        malformed: Numbers = self.odd[(self.odd[:, MARKS] & (BLANK | TITLED)) == 0]
        return malformed


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    records: int
    odd: Numbers


def scan(text: Text, body: int, shape: Shape, size: int = SPAN) -> Scanned:
    """Return the account of the records from offset `body` to the end."""
    tally, spans = Tally(), pairwise(cuts(text.bytes, body, size))
    tasks = [Task(a, b, shape.width, shape.limit) for a, b in spans]
    if len(tasks) == 1:  # no thread need be started
        return _join(text, shape, [(tasks[0], _tallied(text, tasks[0], tally, sound=shape.sound))])
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
        scan_one = partial(_tallied, text, tally=tally, sound=shape.sound)
        return _join(text, shape, zip(tasks, pool.map(scan_one, tasks), strict=True))


def cuts(text: Bytes, body: int, size: int) -> list[int]:
    """Return where spans are guessed to start, and the end of the text."""
    starts = [body]
    while (found := _after_line(text, starts[-1] + size)) < len(text):
        release(text, starts[-1], found)  # of each place looked at the system maps up to 2 MB
        starts.append(found)
    return [*starts, len(text)]


def _after_line(text: Bytes, at: int) -> int:
    """Return the offset after the first LF from here on, looked for in growing windows."""
    window = 1 << 16
    while at < len(text):
        hits = np.flatnonzero(text[at : at + window] == 10)
        if len(hits):
            return at + int(hits[0]) + 1
        at, window = at + window, window * 2
    return len(text)


def _tallied(text: Text, task: Task, tally: Tally, *, sound: bool) -> _Span:
    """Scan one span; Flood when all of them hold more odd records than is kept."""
    tally.add(0)
    done = _scan_span(text, task, sound=sound)
    tally.add(len(done.odd))
    return done


def _scan_span(text: Text, task: Task, *, sound: bool) -> _Span:
    """Scan one span; scan it again when it holds undecodable bytes or many odd records."""
    room, wrong = 1024, np.zeros(0, np.int64)
    end, records, odd = _run(text, task, wrong, room)
    if not sound:
        wrong = wrong_bytes(text.bytes, task.start, end)
    if len(wrong):
        end, records, odd = _run(text, task, wrong, room)
    release(text.bytes, task.start, end)
    return _Span(task.start, end, records, odd)


def _run(text: Text, task: Task, wrong: Numbers, room: int) -> tuple[int, int, Numbers]:
    """Run the machine with room for as many odd records as there turn out to be."""
    while True:
        odd: NDArray[np.int64] = np.empty((room, 5), np.int64)
        end, records, found = span(text, task, wrong, odd)
        if found <= room:
            return end, records, odd[:found].copy()
        room = found


def _join(text: Text, shape: Shape, spans: Iterable[tuple[Task, _Span]]) -> Scanned:
    """Put spans together, scanning again those that did not start at a record."""
    at, records, parts = -1, 0, [np.zeros((0, 5), np.int64)]
    stretches = []
    for task, guess in spans:
        at = task.start if at < 0 else at
        if at >= task.stop:  # the record before ran over this whole span
            continue
        done = (
            guess
            if guess.start == at
            else _scan_span(text, task._replace(start=at), sound=shape.sound)
        )
        done.odd[:, NUMBER] += records
        parts.append(done.odd)
        stretches.append(Stretch(at, _last(done), records + 1, done.records))
        at, records = done.end, records + done.records
    return Scanned(records, np.concatenate(parts), tuple(stretches))


def _last(done: _Span) -> int:
    """Return where a span ends without an odd last record, which alone may be of any size."""
    ends_odd = len(done.odd) > 0 and done.odd[-1, NEXT] == done.end
    return int(done.odd[-1, START]) if ends_odd else done.end
