"""What is wrong with how an entry is fetched: its cursor and its mode of update.

Keep out: shapes of the words themselves (sources.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from catalog.entry import Entry
from catalog.problem import Fault, nearest
from catalog.sources import Extraction

CURSORS = ("integer", "date", "datetime")


def source_faults(entry: Entry) -> Iterator[Fault]:
    """Yield what is wrong between an entry and the source that it is fetched from."""
    source = entry.origin.source
    if not isinstance(source, Extraction):
        return
    place = ("origin", entry.origin.connector or "")
    is_state = entry.update.mode == "snapshot"
    if is_state != (source.extract == "snapshot"):
        said = "extract: snapshot goes with update mode: snapshot, full and incremental with others"
        yield Fault((*place, "extract"), f"{said} — change one of the two")
    if source.extract != "snapshot" and not entry.key:
        said = "brings rows again that it brought before — mark the items that are their key"
        yield Fault((*place, "extract"), f"extract: {source.extract} {said}")
    if source.cursor is not None:
        yield from _cursor_faults(entry, source.cursor, source.overlap, place)


def _cursor_faults(
    entry: Entry, cursor: str, overlap: str, place: tuple[str, ...]
) -> Iterator[Fault]:
    types = {item.name: item.type for item in entry.items}
    if cursor not in types:
        yield Fault((*place, "cursor"), f"no item is named '{cursor}'{nearest(cursor, types)}")
    elif types[cursor] not in CURSORS:
        message = f"{cursor} is a {types[cursor]} — a cursor is an integer, date or datetime"
        yield Fault((*place, "cursor"), message)
    elif overlap != "0" and (types[cursor] == "integer") == overlap[-1].isalpha():
        unit = "a plain number" if types[cursor] == "integer" else "a time such as 2d or 6h"
        yield Fault((*place, "overlap"), f"the cursor is a {types[cursor]} — write {unit}")
    elif types[cursor] == "date" and overlap[-1] in "smh":
        yield Fault((*place, "overlap"), "the cursor is a date — write whole days, such as 2d")
