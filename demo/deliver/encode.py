"""Sheets as bytes: CSV in its encodings, JSON, JSON lines and Parquet.

Damaged records are encoded on their own, so that an edit of bytes hits exactly its record.
Keep out: workbooks (workbook.py).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from catalog.entry import Entry, Item
from catalog.schema import polars_type
from demo.deliver.sheet import Sheet

BATCH = 200_000


@dataclass(frozen=True)
class Layout:
    """How a unit's export lays a file out; each of these is accepted."""

    alias_header: bool = False
    reordered_columns: bool = False
    bom: bool = False
    crlf: bool = False

    def kinds(self) -> list[str]:
        """Return the names of what is odd."""
        return [name for name, odd in vars(self).items() if odd]


def encode(sheet: Sheet, path: Path, layout: Layout) -> None:
    """Write the sheet in its entry's format."""
    writers = {"csv": _csv, "json": _json, "jsonl": _json_lines, "parquet": _parquet}
    writers[sheet.entry.origin.format or "csv"](sheet, path, layout)


def titles(entry: Entry, layout: Layout) -> dict[str, str]:
    """Return the header for each item, in the order of the file."""
    items = list(entry.items)
    if layout.reordered_columns:
        items = items[1:] + items[:1]
    return {
        item.name: item.aliases[0] if layout.alias_header and item.aliases else item.title
        for item in items
    }


def _csv(sheet: Sheet, path: Path, layout: Layout) -> None:
    header = titles(sheet.entry, layout)
    codec = sheet.entry.origin.encoding.removesuffix("-sig")
    end = "\r\n" if layout.crlf else "\n"
    frame = sheet.cells.select(pl.col(name).alias(title) for name, title in header.items())
    with path.open("wb") as file:
        if layout.bom or sheet.entry.origin.encoding.endswith("-sig"):
            file.write("\ufeff".encode(codec))
        file.write(_lines(frame.head(0), end, header=True).encode(codec))
        for part, edit in _slices(frame, sheet.marks):
            data = _lines(part, end).encode(codec)
            file.write(damage(data, edit, end.encode()) if edit else data)


def _lines(frame: pl.DataFrame, end: str, *, header: bool = False) -> str:
    return frame.write_csv(include_header=header, line_terminator=end)


def _slices(frame: pl.DataFrame, marks: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, str | None]]:
    """Return batches of rows, each damaged record on its own with the name of its damage."""
    start = 0
    damaged = marks.filter(pl.col("bytes").is_not_null()).select("record", "bytes")
    for record, edit in [*damaged.iter_rows(), (frame.height + 1, None)]:
        for batch in range(start, record - 1, BATCH):
            yield frame.slice(batch, min(BATCH, record - 1 - batch)), None
        if edit is not None:
            yield frame.slice(record - 1, 1), edit
        start = record


def damage(line: bytes, edit: str, end: bytes) -> bytes:
    """Return an encoded record damaged: too few or many fields, or bytes of no character."""
    body = line.removesuffix(end)
    damages = {
        "short": body.rpartition(b",")[0],
        "long": body + b",1,2",
        "undecodable": b"\xff\xff".join(body.partition(b",")[i] for i in (0, 2)),
    }
    if edit == "undecodable":  # inside the second cell, which keeps its number of fields
        head, _, tail = body.partition(b",")
        damages[edit] = head + b",\xff\xff" + tail
    return damages[edit] + end


def _json_lines(sheet: Sheet, path: Path, layout: Layout) -> None:
    end = "\r\n" if layout.crlf else "\n"
    path.write_bytes(("".join(line + end for line in _documents(sheet, layout))).encode())


def _json(sheet: Sheet, path: Path, layout: Layout) -> None:
    path.write_bytes(("[\n" + ",\n".join(_documents(sheet, layout)) + "\n]\n").encode())


def _documents(sheet: Sheet, layout: Layout) -> list[str]:
    """Return a JSON object for each record; numbers that are written right are JSON numbers."""
    header = titles(sheet.entry, layout)
    numbers = [
        header[item.name] for item in sheet.entry.items if item.type in ("decimal", "integer")
    ]
    objects = sheet.cells.select(
        pl.struct(pl.col(name).alias(title) for name, title in header.items())
        .struct.json_encode()
        .alias("json")
    )
    if numbers:
        shape = rf'"({"|".join(numbers)})":"(-?[0-9]+(?:\.[0-9]+)?)"'
        objects = objects.with_columns(pl.col("json").str.replace_all(shape, '"${1}":${2}'))
    return objects["json"].to_list()


def _parquet(sheet: Sheet, path: Path, layout: Layout) -> None:
    header = titles(sheet.entry, layout)
    typed = [_typed(sheet.entry.item(name)).alias(title) for name, title in header.items()]
    buffer = io.BytesIO()
    sheet.cells.select(typed).write_parquet(buffer, compression="zstd")
    path.write_bytes(buffer.getvalue())


def _typed(item: Item) -> pl.Expr:
    """Return a column of its declared type; a unit's export of moments has no zone."""
    dtype = polars_type(item)
    if dtype == pl.Date:
        return pl.col(item.name).str.to_date(strict=False)
    if isinstance(dtype, pl.Datetime):
        return pl.col(item.name).str.to_datetime(time_unit="us", strict=False)
    return pl.col(item.name).cast(dtype, strict=False)
