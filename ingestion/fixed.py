"""Reading a fixed-width delivery: a record a line, every item at its declared places.

In GB encodings a 汉字 takes two places, as their record layouts count bytes; in Unicode ones a
character is a place. Lines are cut in batches, as columns. Keep out: types of items (conform).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa

from catalog.entry import Entry, Item
from catalog.schema import ROW, RULES, SOURCE
from ingestion.candidate import Cells, no_malformed
from ingestion.delimited.marks import LINE_LIMIT
from ingestion.delivery import DeliveryRefused
from ingestion.documents.scratch_table import ScratchTable
from ingestion.encodings import as_utf8, codec_of
from ingestion.flood import check_kept
from ingestion.mapped import empty
from ingestion.source import Source

CHUNK = 8 << 20  # bytes that are cut at a time
BLANKS = " \t\u3000"
FILLER = "\0"  # stands after a wide character for the places that it takes besides its own
CONTROL = r"[\x00-\x08\x0b-\x1f\x7f]"
LINE, BYTES = "_line", "_bytes"


def read_fixed(entry: Entry, source: Source) -> Cells:
    """Return the text cells of a fixed-width delivery; DeliveryRefused when it cannot be read."""
    path = as_utf8(entry, source)
    if path.stat().st_size == 0:
        raise empty(source.name)
    wide = codec_of(entry) == "gb18030"
    malformed, records = [no_malformed()], 0
    with ScratchTable(source.scratch_file(".parquet"), entry) as table:
        for lines in _lines(path, source.name, skip=entry.origin.skip_rows):
            read = lines.filter(pl.col(BYTES).bin.size() > 0).with_row_index(ROW, records + 1)
            records += len(read)
            good, bad = _cut(entry, read.with_columns(pl.col(ROW).cast(pl.Int64)), wide=wide)
            table.append(good)
            malformed.append(bad)
            check_kept(malformed, source.name)
    return Cells(table.scan(), records, pl.concat(malformed))


def _lines(path: Path, file_name: str, *, skip: int) -> Iterator[pl.DataFrame]:
    """Walk the lines in batches, as bytes, without their ends."""
    left = b""
    with path.open("rb") as file:
        file.seek(len(codecs.BOM_UTF8) if file.read(3) == codecs.BOM_UTF8 else 0)
        while chunk := file.read(CHUNK):
            text = left + chunk
            end = text.rfind(b"\n") + 1
            left = text[end:]
            if len(left) > LINE_LIMIT:
                raise DeliveryRefused(
                    "line_too_long",
                    f"{file_name}: a line has more than {LINE_LIMIT >> 20} MiB — deliver one "
                    "record a line",
                )
            if end:
                lines = _frame(text[:end])
                yield lines.slice(skip)
                skip = max(0, skip - len(lines))
    if left:
        yield _frame(left + b"\n").slice(skip)


def _frame(text: bytes) -> pl.DataFrame:
    """Return the lines of a text that ends with a line end: one buffer, cut by offsets."""
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == 0x0A) + 1
    offsets = pa.py_buffer(np.concatenate(([0], ends)).astype(np.int64))
    buffers = [None, offsets, pa.py_buffer(text)]
    lines = pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(ends), buffers)
    whole = pl.Series(BYTES, lines).to_frame()
    size = pl.col(BYTES).bin.size()
    ends_in_cr = pl.col(BYTES).bin.ends_with(b"\r\n")
    return whole.select(pl.col(BYTES).bin.slice(0, size - pl.when(ends_in_cr).then(2).otherwise(1)))


def _cut(entry: Entry, lines: pl.DataFrame, *, wide: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cut lines into cells, and set aside those that are none of the layout."""
    text = lines.with_columns(_decoded(lines[BYTES]))
    places = _spread(pl.col(LINE)) if wide else pl.col(LINE)
    parts = {item.name: _part(places, item) for item in entry.items}
    split = pl.any_horizontal(part.str.starts_with(FILLER) for part in parts.values())
    reasons = {
        "undecodable_bytes": pl.col(LINE).is_null(),
        "embedded_junk": pl.col(LINE).str.contains(CONTROL),
        "ragged": _misfits(entry, places) | split,
    }
    named = [pl.when(broken).then(pl.lit(name)) for name, broken in reasons.items()]
    cells = [_cell(part).alias(name) for name, part in parts.items()]
    cut = text.select(ROW, BYTES, *cells, pl.concat_list(named).list.drop_nulls().alias(RULES))
    good = pl.col(RULES).list.len() == 0
    bad = cut.filter(~good)
    shown = pl.Series(SOURCE, [line.decode("utf-8", "replace") for line in bad[BYTES]], pl.String)
    return cut.filter(good), bad.select(ROW, shown, RULES)


def _decoded(lines: pl.Series) -> pl.Series:
    """Return lines as text, null where they are none."""
    try:
        return lines.cast(pl.String).alias(LINE)
    except pl.exceptions.ComputeError:  # one by one, in the batches that have such a line
        return pl.Series(LINE, [_text(line) for line in lines], pl.String)


def _text(line: bytes) -> str | None:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return None


def _part(places: pl.Expr, item: Item) -> pl.Expr:
    start, length = item.width or (1, 0)
    return places.str.slice(start - 1, length)


def _cell(part: pl.Expr) -> pl.Expr:
    """Return what stands at an item's places; null where nothing does."""
    text = part.str.replace_all(FILLER, "", literal=True).str.strip_chars(BLANKS)
    return pl.when(text != "").then(text)


def _misfits(entry: Entry, places: pl.Expr) -> pl.Expr:
    """Tell lines that end before a key or required item, or hold text where no item is."""
    needed = [item.width[0] for item in entry.items if item.width and (item.key or item.required)]
    size = places.str.strip_chars_end(BLANKS + FILLER).str.len_chars()
    gaps = [places.str.slice(start, length) for start, length in _gaps(entry)]
    strays = [gap.str.strip_chars(BLANKS) != "" for gap in gaps]
    return pl.any_horizontal(size < max(needed, default=0), *strays)


def _gaps(entry: Entry) -> Iterator[tuple[int, int | None]]:
    """Walk the places that no item has, from 0, up to the end of the line."""
    at = 0
    for start, length in sorted(item.width for item in entry.items if item.width):
        if start - 1 > at:
            yield at, start - 1 - at
        at = start - 1 + length
    yield at, None


def _spread(line: pl.Expr) -> pl.Expr:
    """Let every character take as many places as it has bytes in GB18030."""
    two, four = rf"([{_two_bytes()}])", rf"([^\x00-\x7f{_two_bytes()}])"
    once = line.str.replace_all(four, "${1}" + 3 * FILLER)
    return once.str.replace_all(two, "${1}" + FILLER)


@cache
def _two_bytes() -> str:
    """Return the characters that have two bytes in GB18030, as the inside of a class."""
    places = [n for n in range(0x80, 0x10000) if not 0xD800 <= n < 0xE000]
    two = [n for n in places if len(chr(n).encode("gb18030")) == 2]
    breaks = [at for at in range(1, len(two)) if two[at] != two[at - 1] + 1]
    starts, ends = [0, *breaks], [*breaks, len(two)]
    spans = ((two[start], two[end - 1]) for start, end in zip(starts, ends, strict=True))
    return "".join(rf"\u{{{first:x}}}-\u{{{last:x}}}" for first, last in spans)
