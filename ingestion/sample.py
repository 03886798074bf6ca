"""A sample file of something not in the catalog yet: its text and how it seems to be written.

Used to propose an entry; a delivery is never read by guessing. Keep out: types and meanings.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from catalog.entry import Origin
from ingestion.delivery import DeliveryRefused

BYTES = 16 << 20  # of a text file that are looked at
DELIMITERS = ",\t;|"


@dataclass(frozen=True)
class Sample:
    """The first rows of a file as text under its own headers, and its origin for an entry."""

    frame: pl.DataFrame
    origin: Origin


def read_sample(path: Path) -> Sample:
    """Read the beginning of a CSV, xlsx, JSON, JSON lines or Parquet file."""
    readers: dict[str, Callable[[Path], Sample]] = {
        ".csv": _csv,
        ".txt": _csv,
        ".tsv": _csv,
        ".xlsx": _xlsx,
        ".json": _json,
        ".jsonl": _json,
        ".ndjson": _json,
        ".parquet": _parquet,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(readers))
        raise DeliveryRefused("unreadable", f"{path.name}: cannot be sampled; give one of {known}")
    try:
        return reader(path)
    except (pl.exceptions.PolarsError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise DeliveryRefused("unreadable", f"{path.name}: cannot be read ({reason})") from error


def _csv(path: Path) -> Sample:
    text, encoding = _text(path)
    header = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    titles = [title.strip() for title in next(reader, [])]
    if not any(titles):
        raise ValueError("it has no header row")
    frame = pl.read_csv(
        text.encode(),
        separator=delimiter,
        infer_schema=False,
        truncate_ragged_lines=True,
        new_columns=titles,
    )
    return Sample(
        _blank_to_null(frame), _origin(path, "csv", encoding=encoding, delimiter=delimiter)
    )


def _text(path: Path) -> tuple[str, str]:
    """Decode the beginning of a text file, up to its last whole line."""
    with path.open("rb") as file:
        content = file.read(BYTES)
    whole = content if len(content) < BYTES else content[: content.rfind(b"\n") + 1]
    if whole.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return whole.decode("utf-16"), "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return whole.decode(encoding), "gb18030" if encoding == "gb18030" else "utf-8"
        except UnicodeDecodeError:
            continue
    raise ValueError("neither UTF-8, UTF-16 nor GB18030: say its encoding in the entry")


def _xlsx(path: Path) -> Sample:
    import fastexcel

    try:
        sheet = fastexcel.read_excel(path).load_sheet(0, dtypes="string")
    except fastexcel.FastExcelError as error:
        raise ValueError(str(error)) from error
    return Sample(_blank_to_null(sheet.to_polars()), _origin(path, "xlsx"))


def _json(path: Path) -> Sample:
    text, encoding = _text(path)
    array = text.lstrip().startswith("[")
    records = json.loads(text) if array else [json.loads(x) for x in text.splitlines() if x.strip()]
    if not (records and all(isinstance(record, dict) for record in records)):
        raise ValueError("it holds no JSON objects")
    names = list(dict.fromkeys(name for record in records for name in record))
    columns = {name: [_said(record.get(name)) for record in records] for name in names}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    return Sample(frame, _origin(path, "json" if array else "jsonl", encoding=encoding))


def _said(value: object) -> str | None:
    return (
        value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    )


def _parquet(path: Path) -> Sample:
    frame = pl.scan_parquet(path).head(100_000).collect()
    return Sample(frame.cast(pl.String), _origin(path, "parquet"))


def _blank_to_null(frame: pl.DataFrame) -> pl.DataFrame:
    text = pl.all().str.strip_chars()
    return frame.select(pl.when(text != "").then(text))


def _origin(path: Path, kind: str, **words: str) -> Origin:
    stem = path.stem.rstrip("0123456789_-")
    return Origin.model_validate(
        {"connector": "files", "format": kind, "pattern": f"{stem}_*{path.suffix}", **words}
    )
