"""Tables that are given with a batch, for rules that look into them.

Keep out: looking rows up (lookups.py).
"""

from __future__ import annotations

import polars as pl

from quality.gx_polars.providers import Asked


class MissingTableError(LookupError):
    """A rule refers to a table, or to a column of it, that was not given with the batch."""


def given_table(asked: Asked, *columns: str) -> pl.LazyFrame:
    """Return the table that a rule names, with these columns at least."""
    name = asked.values["table"]
    table = asked.batch.given.tables.get(name)
    if table is None:
        raise MissingTableError(f"table {name} was not given: release it first")
    missing = [column for column in columns if column not in table.collect_schema()]
    if missing:
        raise MissingTableError(f"table {name} has no columns {', '.join(missing)}")
    return table
