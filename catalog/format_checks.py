"""What is wrong with the words of an entry that belong to one format of files.

Keep out: words of sources (source_checks.py) and of dialects (dialect.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from catalog.entry import Entry
from catalog.problem import Fault


def format_faults(entry: Entry) -> Iterator[Fault]:
    """Yield what is wrong with the words of the entry's format."""
    origin = entry.origin
    if origin.format == "tsv" and origin.delimiter != "\t":
        yield Fault(("origin", "delimiter"), "format: tsv means tabs — drop it, or use format: csv")
    if origin.format == "xml" and origin.record is None:
        yield Fault(("origin",), "format: xml needs record: <the tag of one record> — name it")
    if origin.format != "xml" and origin.record is not None:
        yield Fault(("origin", "record"), "only format: xml has a record — drop it")
    if origin.format == "fixed":
        yield from _width_faults(entry)
        return
    for position, item in enumerate(entry.items):
        if item.width is not None:
            place = ("items", position, "width")
            yield Fault(place, "only format: fixed has widths — drop it")


def _width_faults(entry: Entry) -> Iterator[Fault]:
    """Every item has places of its own, counted from 1."""
    taken: list[tuple[int, int, str]] = []
    for position, item in enumerate(entry.items):
        if item.width is None:
            message = "format: fixed needs width: [first place, places] — give it"
            yield Fault(("items", position), message)
            continue
        start, places = item.width
        if start < 1 or places < 1:
            message = "must be [first place from 1, places from 1] — correct it"
            yield Fault(("items", position, "width"), message)
            continue
        for first, after, other in taken:
            if start < after and first < start + places:
                message = f"shares places with {other} — correct one"
                yield Fault(("items", position, "width"), message)
        taken.append((start, start + places, item.name))
