"""Fetching a table or a query of a database as one Parquet file, streaming, of one snapshot.

Of a table only declared columns are taken: what nobody asked for does not leave its owner.
Keep out: how databases differ (dialect.py) and how they are reached (drivers.py).
"""

from __future__ import annotations

import datetime as dt
import math
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from catalog.entry import Entry
from catalog.schema import CITY_ZONE
from catalog.sources import SqlSource
from ingestion.connectors.cursor import cursor_of
from ingestion.connectors.dialect import Dialect, dialect_of
from ingestion.connectors.drivers import connected, streamed
from ingestion.connectors.source import Meter, SourceRefused, Taken, taken_apart
from ingestion.connectors.window import Bound
from ingestion.header import known_titles, normal

# Read once, as a whole: dictionaries and statistics would be half of what the writing costs.
WRITING: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 1,
    "use_dictionary": False,
    "write_statistics": False,
}
CITY = ZoneInfo(CITY_ZONE)


class _OutsideCalendarError(Exception):
    """A date that Arrow cannot hold, such as infinity: as text it can be judged."""


def fetch_sql(
    entry: Entry, source: SqlSource, url: str, *, target: Path, since: Bound | None
) -> Taken:
    """Write what a database has, from `since` on, to a Parquet file; SourceRefused says why not."""
    parts = taken_apart(url, secret=source.secret, shape="URL of a database")
    if not parts.scheme or (parts.scheme != "sqlite" and not parts.hostname):
        raise SourceRefused("bad_secret", f"secret {source.secret} is no URL of a database")
    dialect, meter = dialect_of(parts.scheme), Meter(source)
    left = max(1, math.ceil(meter.seconds_left))  # 0 would be without end

    session = tuple(s.format(seconds=left, milliseconds=left * 1000) for s in dialect.session)
    with connected(parts, dialect, secret=source.secret, session=session) as query:
        relation = _relation(source, dialect)
        fields, note = _columns(entry, source, query(f"select * from {relation} where 1 = 0"))
        cursor = cursor_of(entry, source, dialect, fields)
        where = cursor.since(since) if cursor and since is not None else ""
        for careful in (False, True):
            columns = ", ".join(dialect.column(field, careful=careful) for field in fields)
            try:
                records = _spill(query(f"select {columns} from {relation}{where}"), target, meter)
                break
            except _OutsideCalendarError:
                meter.bytes = 0
    if cursor is not None:
        cursor.check(target)
    untested = "" if dialect.tested else f"; {dialect.name} is a database that we have not tested"
    return Taken(records, note + untested)


def _relation(source: SqlSource, dialect: Dialect) -> str:
    if source.table is not None:
        return dialect.quoted(source.table)
    # The line end closes a comment with which the query may end.
    return f"(\n{source.query}\n) citylake_source"


def _columns(
    entry: Entry, source: SqlSource, probe: pa.RecordBatchReader
) -> tuple[list[pa.Field], str]:
    """Return the columns to take, and a note on those that are left where they are."""
    fields = list(probe.schema)
    probe.close()
    titles = known_titles(entry)
    declared = [field for field in fields if normal(field.name) in titles]
    if source.query is not None or not declared:
        return fields, ""
    others = [field.name for field in fields if field not in declared]
    return declared, f"undeclared columns not taken: {', '.join(others)}" if others else ""


def _spill(batches: pa.RecordBatchReader, target: Path, meter: Meter) -> int:
    """Write batches to a Parquet file as they come and return how many rows it holds."""
    schema = pa.schema([pa.field(field.name, _plain(field.type)) for field in batches.schema])
    temporal = [i for i, field in enumerate(schema) if pa.types.is_temporal(field.type)]
    records = 0
    with (
        pq.ParquetWriter(target, schema, **WRITING) as writer,
        ThreadPoolExecutor(1) as beside,
    ):
        written: Future[None] | None = None
        for batch in streamed(batches, meter):
            columns = [c.storage if isinstance(c, pa.ExtensionArray) else c for c in batch.columns]
            if any(_outside(columns[place]) for place in temporal):
                raise _OutsideCalendarError
            plain = pa.RecordBatch.from_arrays(columns, schema=schema)
            if written is not None:
                written.result()
            written = beside.submit(writer.write_batch, plain)  # while the next one is read
            records += batch.num_rows
            meter.charge(batch.nbytes)
        if written is not None:
            written.result()
    return records


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def _outside(column: pa.Array) -> bool:
    kind = column.type
    is_narrow = pa.types.is_timestamp(kind) and kind.unit == "ns"  # years 1677 to 2262
    if is_narrow or not (pa.types.is_timestamp(kind) or pa.types.is_date(kind)):
        return False
    is_zoned = pa.types.is_timestamp(kind) and kind.tz is not None
    # Its very last moment belongs to it: the end of 9999 is a usual "for ever".
    first = dt.datetime(1, 1, 1, tzinfo=dt.UTC if is_zoned else None)
    last = dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, CITY if is_zoned else None)
    low, high = pa.scalar(first).cast(kind, safe=False), pa.scalar(last).cast(kind, safe=False)
    found = pc.min_max(column)
    bad = pc.or_(pc.less(found["min"], low), pc.greater(found["max"], high))
    return bool(bad.as_py())  # null where the column holds no value
