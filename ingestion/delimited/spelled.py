"""The state machine of machine.py for any dialect: signs of several bytes, escapes, lone CR.

Slower, and used only where a dialect needs it. It also rewrites good records for the fast lane.
Keep out: files, Python's own strings.
"""

from __future__ import annotations

from ingestion.compiled import compiled
from ingestion.delimited.machine import (
    DELIMITER,
    END,
    JUNK,
    MARKS,
    NEXT,
    NUMBER,
    QUOTE,
    START,
    STRAY,
    Numbers,
    Task,
    titled,
)  # fmt: skip
from ingestion.delimited.marks import (
    AFTER_QUOTE,
    BLANK,
    BROKEN,
    COMMENT,
    CONTROL,
    LONG,
    SHORT,
    TITLED,
    TOO_LONG,
    UNCLOSED,
    UNDECODABLE,
)
from ingestion.delimited.signs import (
    CLASS,
    LINE,
    LOOK,
    Spelled,
    line_end,
    passed,
    sign_at,
    stands,
)


@compiled
def closing(text: Spelled, at: int) -> tuple[int, int, int]:
    """Return where the quoted field that opened just before ends, its marks, its first line end."""
    size, marks, first = len(text.bytes), 0, -1
    data, told = text.bytes, text.told
    while at < size:
        code = told[data[at]]
        if code == 0:
            at += 1
            continue
        kind, length = (code - CLASS, 1) if code > LOOK else sign_at(text, at)
        if kind == QUOTE:
            after = at + length
            next_kind, more = sign_at(text, after) if after < size else (LINE, 0)
            if next_kind in (DELIMITER, LINE):
                return after, marks, first
            if next_kind != QUOTE:
                return at, marks | AFTER_QUOTE, first
            length += more
        elif kind == LINE and first < 0 and line_end(text, at):
            first = at
        elif kind == JUNK:
            marks |= CONTROL
        at += length
    return size, marks | UNCLOSED, first


@compiled
def broken(text: Spelled, start: int, at: int, marks: int) -> tuple[int, int, int]:
    """Return a broken record's end, the next one's start and the marks of its one line."""
    end, size = at, len(text.bytes)
    while end < size and line_end(text, end) == 0:
        end = passed(text, end + 1)
    after = end + line_end(text, end) if end < size else size
    step = passed(text, start)
    while step < end:
        if sign_at(text, step)[0] == JUNK:
            marks |= CONTROL
        step = passed(text, step + 1)
    return end, after, marks


@compiled
def fields(text: Spelled, start: int) -> tuple[int, int, int, int]:
    """Return where the fields of a record end, how many, their marks, the first line end inside."""
    at, count, marks, first, opening, size = start, 1, 0, -1, True, len(text.bytes)
    data, told = text.bytes, text.told
    while at < size:
        code = told[data[at]]
        if code == 0:
            opening = False
            at += 1
            continue
        kind, length = (code - CLASS, 1) if code > LOOK else sign_at(text, at)
        if kind == LINE:
            break
        if kind == QUOTE and opening:
            at, more, line = closing(text, at + length)
            marks |= more
            first = line if first < 0 else first
            if more & BROKEN:
                break
            opening = False
            continue
        count += kind == DELIMITER
        marks |= STRAY[kind]
        opening = bool(kind == DELIMITER)
        at += length
    return at, count, marks, first


@compiled
def cut(text: Spelled, start: int, width: int) -> tuple[int, int, int]:
    """Return one record's end, the next record's start and the record's marks."""
    if len(text.comment) and stands(text.bytes, text.comment, start):
        end, after, _ = broken(text, start, start, 0)
        return end, after, BLANK | COMMENT
    at, count, marks, first = fields(text, start)
    if marks & BROKEN:
        return broken(text, start, first if first >= 0 else at, marks & BROKEN)
    after = at + line_end(text, at) if at < len(text.bytes) else at
    after += after == at and at < len(text.bytes)  # a lone CR at the very end
    if at == start:
        return at, after, BLANK
    if count != width:
        marks |= SHORT if count < width else LONG
    return at, after, marks


@compiled
def cut_all(text: Spelled, task: Task, wrong: Numbers, odd: Numbers) -> tuple[int, int, int]:
    """Cut a span; fill `odd` with marked records; return its end, its records, the odd ones."""
    at, records, found, next_wrong = task.start, 0, 0, 0
    while at < task.stop:
        end, after, marks = cut(text, at, task.width)
        if end - at > task.limit:
            marks |= TOO_LONG
        while next_wrong < len(wrong) and wrong[next_wrong] < after:
            marks |= UNDECODABLE
            next_wrong += 1
        if marks == 0 and titled(text.bytes, text.head, at):
            marks = TITLED
        if not marks & (BLANK | TITLED):
            records += 1
        if marks:
            if found < len(odd):
                odd[found, NUMBER], odd[found, START], odd[found, END] = records, at, end
                odd[found, NEXT], odd[found, MARKS] = after, marks
            found += 1
        at = after
    return at, records, found
