"""Reading a delimited delivery: header, account of the records, good ones through the fast lane.

Keep out: types of items (conform), the state machines and what a repair is.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from catalog.entry import Entry
from catalog.schema import PROPOSAL
from ingestion.candidate import Cells, no_malformed
from ingestion.delimited.delivered import Delivered, delivered
from ingestion.delimited.heading import Heading, read_heading
from ingestion.delimited.kept import malformed_rows
from ingestion.delimited.lane import Lane
from ingestion.delimited.machine import JUNK, MARKS, NUMBER, ORDINARY, Text, classes
from ingestion.delimited.marks import COMMENT, TOO_LONG, UNDECODABLE
from ingestion.delimited.paired import CODEC, paired_text
from ingestion.delimited.repair import proposals
from ingestion.delimited.repeated import Settled, settle
from ingestion.delimited.rewritten import plain_dialect, rewrite, shape, spell_out
from ingestion.delimited.scan import Scanned, Shape, scan
from ingestion.encodings import as_utf8, refusal
from ingestion.flood import Flood, flood
from ingestion.mapped import after_mark, mapped
from ingestion.source import Source


def read_delimited(entry: Entry, source: Source) -> Cells:
    """Return the text cells of a CSV delivery; DeliveryRefused when it cannot be read."""
    paired = paired_text(entry, source)
    if paired is not None:
        text = delivered(entry.origin, paired, CODEC)
        cells = _read(entry, text, source) if text.dialect.plain else None
        if cells is not None:
            return cells
    cells = _read(
        entry, delivered(entry.origin, mapped(as_utf8(entry, source), source.name)), source
    )
    assert cells is not None
    return cells


def _read(entry: Entry, text: Delivered, source: Source) -> Cells | None:
    """Return the cells of a text in its dialect; None where it must be UTF-8 first."""
    heading = read_heading(entry, text, source.name)
    text = text.expecting(heading.rows)
    names = heading.matched.names
    settled = _account(entry, text, heading, source.name)
    scanned = settled.scanned
    _check_undecodable(entry, scanned, source.name)
    found = _spelled_out(entry, text, heading, scanned)
    repaired = found if entry.origin.repair else {}
    if text.codec != "utf-8" and (repaired or settled.moved or _too_long(scanned)):
        return None
    if repaired or settled.moved or not text.dialect.plain:
        lane = _rewritten(entry, text, heading, account=(scanned, repaired), source=source)
    else:
        lane = Lane(entry, text.text, names, scanned, text.codec)
    return Cells(
        lane.frame(),
        scanned.records,
        _refused(text, scanned, found, repaired),
        (*_seen(entry, text, scanned), *heading.matched.notes, *settled.notes, *_mended(repaired)),
        plain=lane.plain,
        missing=heading.matched.missing,
        eager=lane,
    )


def _account(entry: Entry, text: Delivered, heading: Heading, file_name: str) -> Settled:
    """Return the account of the records; DeliveryRefused when there is more damage than is kept."""
    shape = Shape(len(heading.matched.names), text.limit)
    try:
        return settle(entry, text, heading, text.scan(heading.start, shape))
    except Flood:
        raise flood(file_name) from None


def _spelled_out(
    entry: Entry, text: Delivered, heading: Heading, scanned: Scanned
) -> Mapping[int, str]:
    """Return proposed repairs by record number, as records of the dialect to be read next."""
    if not len(scanned.odd):
        return {}
    dialect = plain_dialect(text) if entry.origin.repair else text.dialect
    found = proposals(entry, text, heading, scanned)
    lines = ((number, spell_out(cells, dialect)) for number, cells in found.items())
    return {number: line for number, line in lines if line is not None}


def _refused(
    text: Delivered, scanned: Scanned, found: Mapping[int, str], repaired: Mapping[int, str]
) -> pl.DataFrame:
    """Return the malformed records that are not repaired, with the repairs proposed for them."""
    malformed = scanned.malformed
    malformed = malformed[~np.isin(malformed[:, NUMBER], list(repaired))]
    if not len(malformed):
        return no_malformed()
    rows = malformed_rows(text.bytes, malformed, text.codec)
    if not found:
        return rows
    proposed = [found.get(number) for number in malformed[:, NUMBER].tolist()]
    return rows.with_columns(pl.Series(PROPOSAL, proposed, dtype=pl.String))


def _rewritten(
    entry: Entry,
    text: Delivered,
    heading: Heading,
    *,
    account: tuple[Scanned, Mapping[int, str]],
    source: Source,
) -> Lane:
    """Return the lane of the text written anew; its account must be the same."""
    scanned, repaired = account
    target = source.scratch_file(".csv")
    rewrite(text, heading.start, scanned, repaired=repaired, target=target)
    dialect, names = plain_dialect(text), heading.matched.names
    if target.stat().st_size == 0:
        return Lane(entry, text.text, names, Scanned(0, scanned.odd[:0], ()))
    kinds = classes(dialect.delimiter, dialect.quote)
    signs = text.dialect.delimiter + text.dialect.quote + text.dialect.escape
    for sign in signs.encode():  # a control character that delimits may stand in a quoted text
        kinds[sign] = ORDINARY if kinds[sign] == JUNK else kinds[sign]
    again = Text(mapped(target, source.name), kinds)
    counted = scan(again, 0, shape(len(names)))
    wanted = (scanned.records, len(scanned.malformed) - len(repaired))
    if (counted.records, len(counted.odd)) != wanted:
        raise RuntimeError(f"{source.name}: rewritten with another account than it was read")
    return Lane(entry, again, names, counted)


def _too_long(scanned: Scanned) -> bool:
    return bool((scanned.odd[:, MARKS] & TOO_LONG).any())


def _seen(entry: Entry, text: Delivered, scanned: Scanned) -> tuple[str, ...]:
    """Return notes on what is odd about the text and was accepted."""
    notes = []
    if after_mark(text.bytes):
        notes.append("byte order mark before the header")
    if text.dialect.any_end and entry.origin.record_end != "any":
        notes.append("records end in CR alone")
    comments = int(((scanned.odd[:, MARKS] & COMMENT) != 0).sum())
    if comments:
        notes.append(f"{comments} comment lines left out")
    if entry.origin.skip_footer:
        notes.append(f"{entry.origin.skip_footer} footer lines left out")
    return tuple(notes)


def _mended(repaired: Mapping[int, str]) -> tuple[str, ...]:
    return (f"repaired {len(repaired)} records",) if repaired else ()


def _check_undecodable(entry: Entry, scanned: Scanned, file_name: str) -> None:
    """Refuse a file most of whose records cannot be decoded: that is no accident of a row."""
    undecodable = int(((scanned.odd[:, MARKS] & UNDECODABLE) != 0).sum())
    if undecodable >= 10 and 2 * undecodable > scanned.records:
        seen = f"{undecodable} of {scanned.records} records cannot be decoded"
        raise refusal(entry, file_name, seen)
