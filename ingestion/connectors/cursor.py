"""The cursor's column in a database: the condition of a window, and whether it can be ordered by.

Keep out: how far the last fetch came (window.py), reading (sql.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from catalog.entry import Entry
from catalog.sources import SqlSource
from ingestion.connectors.dialect import Dialect
from ingestion.connectors.source import SourceRefused
from ingestion.connectors.window import Bound, spoken
from ingestion.header import known_titles, normal

# Texts of this form are in the order of their moments: the city's time, to the day or further.
ORDERED = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9.]+)?([+]08(:?00)?)?)?$"
# What is surely of no other form, in the words that every database knows.
DAYS, ZONES = "____-__-__%", ("%Z", "%-__:__", "%+%")


@dataclass(frozen=True)
class CursorColumn:
    """The column that is the cursor; `is_text` where the database orders it by its letters."""

    name: str
    dialect: Dialect
    is_text: bool
    is_number: bool

    def since(self, bound: Bound) -> str:
        """Return the condition of a window: no row is left out whose place is not known."""
        name = f"{self.dialect.quote}{self.name}{self.dialect.quote}"
        literal = str(bound) if isinstance(bound, int) else f"'{spoken(bound)}'"
        zones = " or ".join(f"{name} like '{zone}'" for zone in ZONES)
        unknown = f" or {name} not like '{DAYS}' or ({name} not like '%+08%' and ({zones}))"
        if self.is_number:
            unknown = f" or typeof({name}) = 'text'"
        taken = f" where {name} >= {literal} or {name} is null"
        return taken + unknown if self.is_text else taken

    def check(self, fetched: Path) -> None:
        """SourceRefused when most of what was fetched is text in an order of its own."""
        if not self.is_text or self.is_number:
            return
        known, ordered = 0, 0
        with pq.ParquetFile(fetched) as file:
            for batch in file.iter_batches(columns=[self.name]):
                cells = batch.column(0).drop_null()
                known += len(cells)
                found = pc.match_substring_regex(cells, ORDERED)
                ordered += pc.sum(found, min_count=0).as_py()
        if 2 * ordered < known:
            raise _unordered(self.name, "moments (YYYY-MM-DD, city time)", "date or timestamp")


def cursor_of(
    entry: Entry, source: SqlSource, dialect: Dialect, fields: Sequence[pa.Field]
) -> CursorColumn | None:
    """Return the cursor's column; None where all is fetched."""
    if source.cursor is None:
        return None
    titles = known_titles(entry)
    named = (field for field in fields if normal(field.name) in titles)
    field = next((f for f in named if titles[normal(f.name)].name == source.cursor), None)
    if field is None:
        raise SourceRefused(
            "no_such_source",
            f"no column of the source is the cursor {source.cursor} — correct the entry",
        )
    is_text, is_number = dialect.is_text(field), entry.item(source.cursor).type == "integer"
    if is_text and is_number and not dialect.typeless:
        raise _unordered(field.name, "numbers", "bigint")
    return CursorColumn(field.name, dialect, is_text, is_number)


def _unordered(name: str, order: str, kind: str) -> SourceRefused:
    return SourceRefused(
        "rejected",
        f"the cursor {name} is text there, not in the order of {order}, so new rows would be "
        f"missed — fetch by a query that casts it to {kind}",
    )
