"""The one way to a sample: by the file's ending, out of gzip or zip where it is packed.

Keep out: what is particular to a format.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import polars as pl

from ingestion.container import GZIP, ZIP
from ingestion.delivery import DeliveryRefused
from ingestion.sample.book import sample_book
from ingestion.sample.found import Sample
from ingestion.sample.records import sample_json, sample_parquet, sample_xml
from ingestion.sample.text import sample_text
from ingestion.source import Source
from ingestion.unpacking import Allowance, unpack_stream

READERS: dict[str, Callable[[Source], Sample]] = {
    **dict.fromkeys((".csv", ".txt", ".tsv", ".dat"), sample_text),
    **dict.fromkeys((".xlsx", ".xls"), sample_book),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), sample_json),
    ".xml": sample_xml,
    ".parquet": sample_parquet,
}


def read_sample(path: Path, scratch: Path) -> Sample:
    """Read the beginning of a file in any format that an entry can declare."""
    try:
        source, kind = _plain(Source(path, path.name, scratch))
        return READERS[kind](source)
    except KeyError:
        known = ", ".join(sorted(READERS))
        raise DeliveryRefused(
            "unreadable",
            f"{path.name}: cannot be sampled; give one of {known}, plain or as .gz or .zip",
        ) from None
    except (pl.exceptions.PolarsError, ValueError, zipfile.BadZipFile, EOFError) as error:
        reason = str(error).splitlines()[0]
        raise DeliveryRefused("unreadable", f"{path.name}: cannot be read ({reason})") from error


def _plain(source: Source) -> tuple[Source, str]:
    """Return the plain file of a sample and its kind: itself, or what is packed in it."""
    kind = source.path.suffix.lower()
    with source.path.open("rb") as file:
        start = file.read(4)
    if start.startswith(GZIP):
        return _gunzip(source), PurePosixPath(source.path.stem).suffix.lower()
    if start == ZIP and kind not in {".xlsx", ".xls"}:
        return _member(source)
    return source, kind


def _gunzip(source: Source) -> Source:
    try:
        with gzip.open(source.path) as stream:
            return Source(
                unpack_stream(source, stream, Allowance(source)), source.name, source.scratch
            )
    except (gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(str(error)) from error


def _member(source: Source) -> tuple[Source, str]:
    """Unpack the first member that a sample can be read of."""
    with zipfile.ZipFile(source.path) as archive:
        for info in sorted(archive.infolist(), key=lambda one: one.filename):
            kind = PurePosixPath(info.filename).suffix.lower()
            if kind in READERS:
                with archive.open(info) as stream:
                    path = unpack_stream(source, stream, Allowance(source))
                return Source(path, source.name, source.scratch), kind
    raise ValueError("no member of it is of a format that can be read")
