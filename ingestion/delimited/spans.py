"""Cutting a span of a text into records: plain ones in passing, others by the state machine.

Keep out: the state machine (machine.py), files and threads (scan.py).
"""

from __future__ import annotations

import numpy as np

from ingestion.compiled import compiled
from ingestion.delimited.machine import (
    CR,
    DELIMITER,
    END,
    LF,
    MARKS,
    NEXT,
    NUMBER,
    ORDINARY,
    START,
    Numbers,
    Task,
    Text,
    record,
    titled,
)
from ingestion.delimited.marks import BLANK, TITLED, TOO_LONG, UNDECODABLE


@compiled
def span(text: Text, task: Task, wrong: Numbers, odd: Numbers) -> tuple[int, int, int]:
    """Cut a span; fill `odd` with marked records; return its end, its records, the odd ones.

    `wrong` holds the sorted offsets of undecodable bytes. Blank lines and lines that seem
    to be the header again are odd but no records.
    """
    at, records, found, next_wrong = task.start, 0, 0, 0
    while at < task.stop:
        sound = wrong[next_wrong] if next_wrong < len(wrong) else len(text.bytes)
        at, passed = plain_run(text, Task(at, task.stop, task.width, task.limit), sound)
        records += passed
        if passed:
            continue
        end, after, marks = record(text, at, task.width)
        marks |= TOO_LONG * (end - at > task.limit)
        while next_wrong < len(wrong) and wrong[next_wrong] < after:
            marks |= UNDECODABLE
            next_wrong += 1
        if marks == 0 and titled(text.bytes, text.head, at):
            marks = TITLED
        after = past_blanks(text, after, marks)
        if not marks & (BLANK | TITLED):
            records += 1
        if marks:
            if found < len(odd):
                odd[found, NUMBER], odd[found, START], odd[found, END] = records, at, end
                odd[found, NEXT], odd[found, MARKS] = after, marks
            found += 1
        at = after
    return at, records, found


@compiled
def past_blanks(text: Text, at: int, marks: int) -> int:
    """Return the offset after the blank lines that follow a blank one: a run of them is as one."""
    data, size = text.bytes, len(text.bytes)
    while at < size and marks == BLANK:
        if data[at] == 10:
            at += 1
        elif data[at] == 13 and at + 1 < size and data[at + 1] == 10:
            at += 2
        else:
            break
    return at


@compiled
def plain_run(text: Text, task: Task, sound: int) -> tuple[int, int]:
    """Pass over plain records as long as all is well; return where it ends and how many they are.

    Nothing before `sound` is undecodable.
    """
    at, passed = task.start, 0
    while at < task.stop:
        end = plain_record(text, at, task.width)
        if end < 0 or end - at > task.limit or end + 2 > sound or titled(text.bytes, text.head, at):
            break
        at = end + 1 + (text.bytes[end] == 13)
        passed += 1
    return at, passed


@compiled
def plain_record(text: Text, start: int, width: int) -> int:
    """Return the end of a record without quotes, junk or a wrong width; -1 where it has any.

    Most records are such, and six times as fast to cut. Offsets without a sign need no check
    whether they count from the end: half of the time.
    """
    data, kinds, one = text.bytes, text.classes, np.uint64(1)
    at, size, count = np.uint64(start), np.uint64(len(data)), 1
    while at < size:
        kind = kinds[data[at]]
        if kind == ORDINARY:
            at += one
            continue
        if kind == LF or (kind == CR and at + one < size and data[at + one] == 10):
            return int(np.int64(at)) if count == width and at > np.uint64(start) else -1
        if kind != DELIMITER:
            return -1
        count += 1
        at += one
    return -1
