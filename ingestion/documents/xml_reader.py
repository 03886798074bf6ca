"""Reading an XML delivery: an element of the declared tag is a record, elements in it its items.

Read as a stream, with no document type, no entities, no tree in memory; a document that breaks
cannot be read past the break and is refused, while a text that cannot be decoded costs its record.
Keep out: types of items (conform).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

import polars as pl

from catalog.entry import Entry
from ingestion.candidate import Cells, no_malformed
from ingestion.delimited.marks import LINE_LIMIT
from ingestion.delivery import DeliveryRefused
from ingestion.documents.json_keys import KeysMet, check_present
from ingestion.documents.scratch_table import ScratchTable
from ingestion.documents.xml_records import LOST, Page, Records
from ingestion.encodings import as_utf8
from ingestion.flood import check_kept
from ingestion.mapped import empty
from ingestion.source import Source

CHUNK = 1 << 16  # bytes handed to the parser at a time
ESCAPED = re.compile("[\udc80-\udcff]+")  # bytes that cannot be decoded


def read_xml(entry: Entry, source: Source) -> Cells:
    """Return the text cells of an XML delivery; DeliveryRefused when it cannot be read."""
    path = as_utf8(entry, source)
    if path.stat().st_size == 0:
        raise empty(source.name)
    keys = KeysMet(entry, source.name)
    records = Records(entry, source.name, keys)
    malformed = [no_malformed()]
    with ScratchTable(source.scratch_file(".parquet"), entry, keys.strangers) as table:
        for page in _pages(records, Source(path, source.name, source.scratch)):
            table.append(page.good)
            malformed.append(page.malformed)
            check_kept(malformed, source.name)
    if not records.count:
        raise _no_records(entry, source.name)
    bad = pl.concat(malformed)
    notes = check_present(keys, records.count - len(bad))
    return Cells(keys.titled(table.scan()), records.count, bad, notes)


def _pages(records: Records, source: Source) -> Iterator[Page]:
    """Walk the records of a document in batches."""
    # The text is UTF-8 by now, whatever the document says of itself.
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = records.start
    parser.EndElementHandler = records.end
    parser.CharacterDataHandler = records.text
    parser.StartDoctypeDeclHandler = records.doctype
    fed = 0
    try:
        with source.path.open("rb") as file:
            for chunk in _chunks(file):
                parser.Parse(chunk, False)
                fed += len(chunk)
                _check_pending(records, source.name, fed - max(0, parser.CurrentByteIndex))
                if records.is_full:
                    yield records.page()
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise DeliveryRefused(
            "unreadable",
            f"{source.name}: the XML breaks after record {records.count} (line {error.lineno}: "
            f"{expat.ErrorString(error.code)}) and cannot be read on — deliver it again, complete",
        ) from error
    yield records.page()


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    """Walk a document in whole characters; a sign stands where bytes cannot be decoded."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    while chunk := file.read(CHUNK):
        yield _without_lost(decoder.decode(chunk))
    yield _without_lost(decoder.decode(b"", final=True))


def _without_lost(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return ESCAPED.sub(LOST, text).encode()


def _check_pending(records: Records, file_name: str, pending: int) -> None:
    """Refuse a tag or text without end, which the parser would gather in memory."""
    if pending > LINE_LIMIT or records.size > LINE_LIMIT:
        raise DeliveryRefused(
            "line_too_long",
            f"{file_name}: record {records.count + 1} has more than {LINE_LIMIT >> 20} MiB — "
            "deliver records of ordinary size",
        )


def _no_records(entry: Entry, file_name: str) -> DeliveryRefused:
    return DeliveryRefused(
        "wrong_resource",
        f"{file_name}: has no element <{entry.origin.record}> — deliver {entry.name} with one "
        "such element a record",
    )
