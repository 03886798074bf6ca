"""Reading ahead: a large delivery is looked through for its records while it is archived.

Its first rows are read too, so that the gate finds work when it begins. The file is held
meanwhile, so that what was read is what is archived. Keep out: archiving and judging.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from catalog.entry import Entry
from ingestion.amendment import form_of
from ingestion.candidate import Candidate
from ingestion.connectors.files import Found
from ingestion.delivery import intent
from ingestion.read import read
from orchestration.city import City

FORMATS = {"csv", "tsv"}  # what is looked through as a whole before its rows are read


@contextmanager
def reading_ahead(city: City, found: Found) -> Iterator[None]:
    """Hold a large file, and begin to read what it delivers, until it is settled."""
    entry = city.catalog.entries.get(found.resource)
    held = city.lake.archive.hold(found.path)
    try:
        if held is None or entry is None or not _rows_of(entry, found):
            yield
            return
        with _begun(city, entry, held, found.path.name):
            yield
    finally:
        city.lake.archive.let_go()


def candidate(city: City, entry: Entry, path: Path, *, file_name: str, scratch: Path) -> Candidate:
    """Return what a file delivers: what was read ahead of it by this entry, or else read now."""
    by, reading = city.ahead.pop(path, (None, None))
    if reading is not None and by == entry:
        return reading.result()
    return read(entry, path, file_name=file_name, scratch=scratch)


@contextmanager
def _begun(city: City, entry: Entry, path: Path, name: str) -> Iterator[None]:
    scratch = city.staging(f"delivery-{uuid.uuid4().hex}")
    try:
        with ThreadPoolExecutor(1) as pool:
            reading = pool.submit(_read, entry, path, file_name=name, scratch=scratch)
            city.ahead[path] = entry, reading
            try:
                yield
            finally:
                _stop(reading)
    finally:
        city.ahead.pop(path, None)
        shutil.rmtree(scratch, ignore_errors=True)


def _read(entry: Entry, path: Path, *, file_name: str, scratch: Path) -> Candidate:
    """Read a delivery, and begin with its rows."""
    found = read(entry, path, file_name=file_name, scratch=scratch)
    if found.eager is not None:
        found.eager.begin()
    return found


def _stop(reading: Future[Candidate]) -> None:
    """Let nothing be read any more that nobody asked for: the file is let go."""
    if reading.exception() is None and (eager := reading.result().eager) is not None:
        eager.stop()


def _rows_of(entry: Entry, found: Found) -> bool:
    """Tell whether a file delivers rows, rather than withdrawing or amending some."""
    delivers = entry.zone == "raw" and entry.origin.format in FORMATS
    return delivers and intent(found.path.name).kind != "withdraw" and form_of(found.path) is None
