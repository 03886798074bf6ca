"""Delivered files read again by plain means, record by record: the oracle of the truth."""

import csv
import io
import json
from pathlib import Path

import polars as pl

from catalog.entry import Entry

FIELDS = "_fields"


def records(path: Path, entry: Entry) -> list[dict]:
    """Return every record as item name → text; a ragged one has only its fields."""
    readers = {"csv": _csv, "json": _json, "jsonl": _json_lines, "parquet": _parquet}
    return readers.get(entry.origin.format, _xlsx)(path, entry)


def names(entry: Entry, titles) -> list[str]:
    known = {title: i.name for i in entry.items for title in (*i.aliases, i.title)}
    return [known[title] for title in titles]


def _csv(path: Path, entry: Entry) -> list[dict]:
    codec = entry.origin.encoding.removesuffix("-sig")
    text = path.read_bytes().decode(codec, "replace").removeprefix("\ufeff")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    items = names(entry, header)
    return [
        {name: cell or None for name, cell in zip(items, row, strict=True)}
        if len(row) == len(items)
        else {FIELDS: row}
        for row in rows
    ]


def _json_lines(path: Path, entry: Entry) -> list[dict]:
    return [_named(json.loads(line), entry) for line in path.read_text("utf-8").splitlines()]


def _json(path: Path, entry: Entry) -> list[dict]:
    return [_named(row, entry) for row in json.loads(path.read_text("utf-8"))]


def _named(row: dict, entry: Entry) -> dict:
    items = names(entry, row)
    return {name: _text(value) for name, value in zip(items, row.values(), strict=True)}


def _text(value) -> str | None:
    return None if value is None else str(value)


def _parquet(path: Path, entry: Entry) -> list[dict]:
    frame = pl.read_parquet(path)
    return [_named(row, entry) for row in frame.iter_rows(named=True)]


def _xlsx(path: Path, entry: Entry) -> list[dict]:
    rows = pl.read_excel(path, has_header=False, infer_schema_length=0).rows()
    head, body = rows[: entry.origin.header_rows], rows[entry.origin.header_rows :]
    titles = [next(t for t in reversed(column) if t) for column in zip(*head, strict=True)]
    items = names(entry, titles)
    return [{name: cell or None for name, cell in zip(items, row, strict=True)} for row in body]
