"""The one way in: a delivered file of any declared format becomes a candidate.

Keep out: what is particular to a format.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import ROW
from ingestion.candidate import Candidate, Cells, joined, no_malformed
from ingestion.conform.cells import conform
from ingestion.container import unpack
from ingestion.delivery import DeliveryRefused
from ingestion.drift import drifted, flagged, with_flags
from ingestion.encodings import with_encoding
from ingestion.source import Source

Reader = Callable[[Entry, Source], Cells]


def read(entry: Entry, path: Path, *, file_name: str, scratch: Path) -> Candidate:
    """Return the candidate that a delivered file holds; DeliveryRefused says why there is none."""
    reader = _reader(entry)
    contents = unpack(entry, Source(path, file_name, scratch))
    parts = [_cells(reader, entry, part) for part in contents.parts]
    cells = joined(parts, contents.notes)
    frame = conform(cells.frame, with_flags(entry), serials=cells.serials, plain=cells.plain)
    notes = cells.notes if cells.records else (*cells.notes, "header only: no records")
    return Candidate(
        frame, cells.malformed, cells.records, notes, drifted(cells), eager=cells.eager
    )


def _cells(reader: Reader, entry: Entry, part: Source) -> Cells:
    """Return a file's cells; one without a byte has none where the entry says `empty: accept`."""
    try:
        known, notes = with_encoding(entry, part)
        cells = flagged(known, reader(known, part))
        return replace(cells, notes=(*notes, *cells.notes))
    except DeliveryRefused as refusal:
        if refusal.kind != "empty" or entry.origin.empty == "refuse":
            raise
        schema = {ROW: pl.Int64(), **{item.name: pl.String() for item in entry.items}}
        cells = Cells(pl.LazyFrame(schema=schema), 0, no_malformed(), ("an empty file",))
        return flagged(entry, cells)


def _reader(entry: Entry) -> Reader:
    """Return the reader of the entry's format; imports are here since numba takes 0.6 s."""
    match entry.origin.format:
        case "csv" | "tsv":
            from ingestion.delimited.reader import read_delimited

            return read_delimited
        case "json" | "jsonl":
            from ingestion.documents.json_reader import read_json

            return read_json
        case "parquet":
            from ingestion.documents.parquet import read_parquet

            return read_parquet
        case "fixed":
            from ingestion.fixed import read_fixed

            return read_fixed
        case "xml":
            from ingestion.documents.xml_reader import read_xml

            return read_xml
        case "xlsx" | "xls":
            from ingestion.workbook import read_workbook

            return read_workbook
        case None:
            raise ValueError(f"{entry.name} is built by a model: it has no deliveries to read")
