"""Walking JSON lines and JSON arrays, a batch of records at a time.

Keep out: what a single object looks like (json_machine.py), files and columns.
"""

from __future__ import annotations

from typing import NamedTuple

from ingestion.compiled import compiled
from ingestion.delimited.machine import END, MARKS, NEXT, NUMBER, START, Numbers
from ingestion.delimited.marks import BLANK, LINE_LIMIT, NOT_JSON, TOO_LONG, UNDECODABLE
from ingestion.documents.json_machine import Found, Keys, read_object
from ingestion.documents.json_text import Bytes, skip_space

ARRAY_BROKEN = -2


class Batch(NamedTuple):
    """How far a batch came: next offset, records so far, good rows, odd ones, an unknown key."""

    at: int
    records: int
    rows: int
    odd: int
    unknown: int


class Page(NamedTuple):
    """The bytes of a document, and the sorted offsets of those that cannot be decoded."""

    text: Bytes
    wrong: Numbers


class Sheet(NamedTuple):
    """What a batch fills: places of good records' values, and the odd records."""

    found: Found
    odd: Numbers


@compiled
def line_end(text: Bytes, at: int) -> int:
    """Return the offset of the next LF, or the end of the text."""
    while at < len(text) and text[at] != 10:
        at += 1
    return at


@compiled
def note_odd(odd: Numbers, row: int, place: tuple[int, int, int], found: tuple[int, int]) -> None:
    """Fill one odd record: place is start, end, next; found is number, marks."""
    odd[row, START], odd[row, END], odd[row, NEXT] = place
    odd[row, NUMBER], odd[row, MARKS] = found


@compiled
def undecodable(wrong: Numbers, start: int, stop: int) -> bool:
    """Tell whether one of the sorted offsets lies in [start, stop)."""
    low, high = 0, len(wrong)
    while low < high:
        middle = (low + high) // 2
        if wrong[middle] < start:
            low = middle + 1
        else:
            high = middle
    return low < len(wrong) and wrong[low] < stop


@compiled
def judge_line(
    text: Bytes, place: tuple[int, int], row: int, where: tuple[Keys, Found]
) -> tuple[int, int]:
    """Read the object that a line must be; return its marks and the first unknown key's offset."""
    at, end = place
    line = text[:end]
    first = skip_space(line, at)
    if first >= end:
        return BLANK, -1
    if end - at > LINE_LIMIT:
        return TOO_LONG, -1
    after, marks, unknown = read_object(line, first, row, where)
    if not marks & NOT_JSON and skip_space(line, after) < end:
        marks |= NOT_JSON
    return marks, unknown


@compiled
def lines(page: Page, start: Batch, keys: Keys, sheet: Sheet) -> Batch:
    """Read lines until the sheet is full, the text ends or a good record has an unknown key."""
    text = page.text
    at, records, rows, odd = start.at, start.records, 0, 0
    while at < len(text) and rows < len(sheet.found.numbers) and odd < len(sheet.odd):
        end = line_end(text, at)
        marks, unknown = judge_line(text, (at, end), rows, (keys, sheet.found))
        if undecodable(page.wrong, at, end):
            marks |= UNDECODABLE
        if unknown >= 0 and marks == 0:
            return Batch(at, records, rows, odd, unknown)
        if marks != BLANK:
            records += 1
        if marks == 0:
            sheet.found.numbers[rows] = records
            rows += 1
        elif marks != BLANK:
            note_odd(sheet.odd, odd, (at, end, end + 1), (records, marks))
            odd += 1
        at = end + 1
    return Batch(at, records, rows, odd, -1)


@compiled
def judge_element(
    text: Bytes, at: int, row: int, where: tuple[Keys, Found]
) -> tuple[tuple[int, int], int, int]:
    """Read an array's object; return its end and what follows it, its marks, an unknown key."""
    end, marks, unknown = read_object(text, at, row, where)
    after = skip_space(text, end)
    if after >= len(text) or (text[after] != 0x2C and text[after] != 0x5D):
        marks |= NOT_JSON
    if end - at > LINE_LIMIT:
        marks |= TOO_LONG
    return (end, after), marks, unknown


@compiled
def elements(page: Page, start: Batch, keys: Keys, sheet: Sheet) -> Batch:
    """Read an array's objects likewise; where the array itself breaks, `unknown` is ARRAY_BROKEN.

    A batch starts at an object or at the closing bracket; an object that ends breaks no array.
    """
    text = page.text
    at, records, rows, odd = skip_space(text, start.at), start.records, 0, 0
    while rows < len(sheet.found.numbers) and odd < len(sheet.odd):
        if at < len(text) and text[at] == 0x5D:
            after = skip_space(text, at + 1)
            return Batch(after, records, rows, odd, -1 if after >= len(text) else ARRAY_BROKEN)
        (end, after), marks, unknown = judge_element(text, at, rows, (keys, sheet.found))
        if marks & NOT_JSON:
            return Batch(at, records, rows, odd, ARRAY_BROKEN)
        if undecodable(page.wrong, at, end):
            marks |= UNDECODABLE
        if unknown >= 0 and marks == 0:
            return Batch(at, records, rows, odd, unknown)
        records += 1
        if marks == 0:
            sheet.found.numbers[rows] = records
            rows += 1
        else:
            note_odd(sheet.odd, odd, (at, end, after), (records, marks))
            odd += 1
        at = skip_space(text, after + 1) if text[after] == 0x2C else after
    return Batch(at, records, rows, odd, -1)
