"""Cutting a JSON page into its rows without changing a byte of them: JSON lines.

Numbers stay as written, as everywhere in collection, and NaN is judged with its row.
Keep out: fetching pages, columns and types.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import numpy as np

from ingestion.compiled import compiled
from ingestion.delimited.marks import NOT_JSON
from ingestion.documents.json_machine import NESTED, Numbers, value
from ingestion.documents.json_text import QUOTE, Bytes, skip_space, string_end

ARRAY, OBJECT, COMMA, CLOSE, COLON = 0x5B, 0x7B, 0x2C, 0x5D, 0x3A
INTEGER = re.compile(r"-?\d{1,18}")
WORDS = {"true": True, "false": False, "null": None}


class NotAPageError(ValueError):
    """A document is broken off, is no JSON, or has no rows where they should be."""


@dataclass(frozen=True)
class Rows:
    """The rows of a page: their text, a line each, and how many they are."""

    lines: bytes
    count: int


@compiled
def elements(text: Bytes, at: int, commas: Numbers) -> tuple[int, int]:
    """Walk an array; fill in its commas as far as there is room; return its length and its end."""
    count, at = 0, skip_space(text, at + 1)
    if at < len(text) and text[at] == CLOSE:
        return 0, at
    while at < len(text):
        end, _, marks = value(text, at)
        at = skip_space(text, end)
        if marks & NOT_JSON or at >= len(text):
            return -1, at
        if text[at] == CLOSE:
            return count + 1, at
        if text[at] != COMMA:
            return -1, at
        if count < len(commas):
            commas[count] = at
        count += 1
        at = skip_space(text, at + 1)
    return -1, at


@compiled
def member(text: Bytes, at: int, key: Bytes) -> int:
    """Return where the value of an object's key begins; -1 when there is none."""
    at = skip_space(text, at + 1)
    while at < len(text) and text[at] == QUOTE:
        start = at + 1
        end, _, _ = string_end(text, start)
        colon = skip_space(text, min(end + 1, len(text)))
        if colon >= len(text) or text[colon] != COLON:
            return -1
        found = skip_space(text, colon + 1)
        if end - start == len(key) and np.array_equal(text[start:end], key):
            return found
        at, _, marks = value(text, found)
        at = skip_space(text, at)
        if marks & NOT_JSON or at >= len(text) or text[at] != COMMA:
            return -1
        at = skip_space(text, at + 1)
    return -1


def check_whole(page: bytes) -> None:
    """Raise NotAPageError unless the page is one JSON document from its first to its last byte."""
    text = np.frombuffer(page, np.uint8)
    start = skip_space(text, 0)
    end, _, marks = value(text, start)
    if start >= len(text) or marks & NOT_JSON or skip_space(text, end) < len(text):
        raise NotAPageError("is broken off, or no JSON")


def rows_of(page: bytes, path: str) -> Rows:
    """Return the rows of the array at a path (`data.items`, empty for the page itself)."""
    text = np.frombuffer(page, np.uint8)
    at = _place(text, path)
    if at < 0 or text[at] != ARRAY:
        raise NotAPageError(f"has no array of rows at '{path or 'its top'}'")
    count, end = elements(text, at, np.zeros(0, np.int64))
    if count < 0:
        raise NotAPageError("is broken off, or no JSON")
    if count == 0:
        return Rows(b"", 0)
    commas = np.zeros(count - 1, np.int64)
    elements(text, at, commas)
    lines = text[at + 1 : end].copy()
    # A line end inside a JSON string is written \n: those that stand there are only layout.
    lines[(lines == 10) | (lines == 13)] = 32
    lines[commas - at - 1] = 10
    return Rows(lines.tobytes() + b"\n", count)


def scalar(page: bytes, path: str) -> str | int | bool | None:
    """Return the plain value at a path; None where there is none, or null."""
    text = np.frombuffer(page, np.uint8)
    at = _place(text, path)
    if at < 0:
        return None
    end, kind, marks = value(text, at)
    # Not None: who asks for the next page would take it for the end of all pages.
    if marks or kind == NESTED:
        raise NotAPageError(f"says something at '{path}' that is no plain value")
    said = page[at:end].decode()
    if text[at] == QUOTE or INTEGER.fullmatch(said):
        return json.loads(said)  # type: ignore[no-any-return]
    # Other numbers stay as written: Python makes none of more than 4,300 digits.
    return WORDS.get(said, said)


def _place(text: Bytes, path: str) -> int:
    at = skip_space(text, 0)
    for key in filter(None, path.split(".")):
        if at < 0 or at >= len(text) or text[at] != OBJECT:
            return -1
        at = member(text, at, np.frombuffer(key.encode(), np.uint8))
    return at if at < len(text) else -1
