"""Which of a resource's own rows stand before a delivery: for rules that look back.

Keep out: which deliveries are in force (registry), and what the rules ask for (quality).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from catalog.entry import Entry
from catalog.schema import DELIVERY, TURN
from ingestion.delivery import intent
from orchestration.flows.pins import raw_pin
from registry.deliveries import Record


def standing_before(
    rows: pl.LazyFrame, entry: Entry, records: Iterable[Record], *, file_name: str
) -> pl.LazyFrame:
    """Return the rows of deliveries that a file neither corrects nor is corrected by.

    Each bears the turn of its delivery: of one key the row of the latest counts.
    """
    current = raw_pin(entry, _apart(tuple(records), file_name)).current
    turns = {} if current is None else {one: turn for one, _, turn in current.deliveries}
    ids = pl.Series(list(turns), dtype=pl.String)
    turn = pl.col(DELIVERY).replace_strict(
        ids, pl.Series(list(turns.values()), dtype=pl.Int64), default=None
    )
    return rows.filter(pl.col(DELIVERY).is_in(ids.implode())).with_columns(turn.alias(TURN))


def _apart(records: tuple[Record, ...], file_name: str) -> Iterator[Record]:
    """Yield the records that will still stand beside the file once it is accepted."""
    said = intent(file_name)
    same = [r for r in records if r.stem == said.stem]
    kinds = {said.kind, *(intent(r.delivery.file_name).kind for r in same)}
    gone = {r.delivery.id for r in same} if "correct" in kinds else set()
    for record in records:
        if record.delivery.id not in gone and record.delivery.amends not in gone:
            yield record
