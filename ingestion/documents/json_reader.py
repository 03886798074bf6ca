"""Reading a JSON delivery: one object a record, as an array or a line each.

Good records go to a scratch table of text columns, batch by batch; a malformed line costs itself
alone, while an array that breaks cannot be read past the break and is refused. Keep out: types.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from catalog.entry import Entry
from catalog.schema import ROW, RULES
from ingestion.candidate import Cells, no_malformed
from ingestion.delimited.kept import malformed_rows
from ingestion.delivery import DeliveryRefused
from ingestion.documents.json_columns import column
from ingestion.documents.json_keys import KeysMet, check_present
from ingestion.documents.json_machine import ABSENT, NESTED, Found
from ingestion.documents.json_spans import ARRAY_BROKEN, Batch, Page, Sheet, elements, lines
from ingestion.documents.json_text import Bytes, skip_space
from ingestion.documents.scratch_table import ScratchTable
from ingestion.encodings import as_utf8
from ingestion.flood import check_kept
from ingestion.mapped import after_mark, empty, mapped
from ingestion.source import Source
from ingestion.utf8 import wrong_bytes

ROWS = 1 << 14  # records in a batch
OBJECT, ARRAY, CLOSE = 0x7B, 0x5B, 0x5D
STRANGE = "malformed_json"  # as marks.py calls what is no object


@dataclass(frozen=True)
class _Part:
    """What one batch gave: good records as text columns, malformed ones, records so far."""

    good: pl.DataFrame
    malformed: pl.DataFrame
    records: int


def read_json(entry: Entry, source: Source) -> Cells:
    """Return the text cells of a JSON delivery; DeliveryRefused when it cannot be read."""
    text = mapped(as_utf8(entry, source), source.name)
    start = skip_space(text, after_mark(text))
    if start >= len(text):
        raise empty(source.name)
    keys = KeysMet(entry, source.name)
    malformed, records = [no_malformed()], 0
    with ScratchTable(source.scratch_file(".parquet"), entry, keys.strangers) as table:
        for part in _parts(text, start, keys):
            table.append(part.good)
            malformed.append(part.malformed)
            check_kept(malformed, source.name)
            records = part.records
    bad = pl.concat(malformed)
    strange = bad[RULES].list.contains(STRANGE).sum()
    if strange == records and (records > 1 or not _begins(text, start)):
        raise _not_json(entry, source.name)
    notes = check_present(keys, records - len(bad))
    return Cells(keys.titled(table.scan()), records, bad, notes)


def _not_json(entry: Entry, file_name: str) -> DeliveryRefused:
    return DeliveryRefused(
        "unreadable",
        f"{file_name}: not one record of it is a JSON object — deliver {entry.name} as one "
        "array of objects, or as one object a line",
    )


def _parts(text: Bytes, start: int, keys: KeysMet) -> Iterator[_Part]:
    """Walk the records batch by batch, learning keys where they are first met."""
    array = _is_array(text, start)
    walk = elements if array else lines
    page = Page(text, wrong_bytes(text, 0, len(text)))
    check_kept([page.wrong], keys.file_name)
    sheet = _sheet(len(keys.seen))
    batch = Batch(start + 1 if array else start, 0, 0, 0, -1)
    while batch.at < len(text):
        batch = walk(page, batch, keys.table(), sheet)
        if batch.unknown == ARRAY_BROKEN:
            raise DeliveryRefused(
                "unreadable",
                f"{keys.file_name}: the JSON array breaks in record {batch.records + 1} (byte "
                f"{batch.at}) and cannot be read on — deliver it again, complete",
            )
        yield _part(text, sheet, batch, keys)
        if batch.unknown >= 0:
            keys.learn(text, batch)


def _begins(text: Bytes, start: int) -> bool:
    """Tell whether a document of records begins here."""
    return bool(text[start] == OBJECT) or _is_array(text, start)


def _is_array(text: Bytes, start: int) -> bool:
    """Tell whether the document is one array of objects; else its first line may be a bad one."""
    first = skip_space(text, start + 1)
    return bool(text[start] == ARRAY) and (first >= len(text) or text[first] in (OBJECT, CLOSE))


def _sheet(items: int) -> Sheet:
    """Return room for a batch."""
    spans: NDArray[np.int64] = np.zeros((ROWS, items, 2), np.int64)
    found = Found(spans, np.zeros((ROWS, items), np.uint8), np.zeros(ROWS, np.int64))
    return Sheet(found, np.zeros((ROWS, 5), np.int64))


def _part(text: Bytes, sheet: Sheet, batch: Batch, keys: KeysMet) -> _Part:
    """Turn a filled sheet into frames."""
    kinds = sheet.found.kinds[: batch.rows]
    for place, item in enumerate(keys.entry.items):
        if item.type != "json" and (kinds[:, place] == NESTED).any():
            row = int((kinds[:, place] == NESTED).argmax())
            raise keys.nested(item, int(sheet.found.numbers[row]))
    keys.seen |= (kinds != ABSENT).any(axis=0)
    names = [*(item.name for item in keys.entry.items), *keys.strangers]
    columns = {n: column(text, sheet.found, batch.rows, place) for place, n in enumerate(names)}
    numbers = pl.Series(sheet.found.numbers[: batch.rows].copy(), dtype=pl.Int64)
    malformed = malformed_rows(text, sheet.odd[: batch.odd]) if batch.odd else no_malformed()
    return _Part(pl.DataFrame({ROW: numbers, **columns}), malformed, batch.records)
