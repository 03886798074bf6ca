"""Types of a table derived from its entry: Polars schema, provenance columns, raw cells.

Text as delivered stands beside the typed value in `_cell_<item>` until the gate has split rows.
Keep out: parsing and casting.
"""

from __future__ import annotations

import polars as pl

from catalog.entry import Entry, Item

CITY_ZONE = "Asia/Shanghai"
DELIVERY, ROW, RULES, SOURCE, CROSSING = "_delivery", "_row", "_rules", "_source", "_crossing"
TURN = "_turn"  # of a standing row: the place of its delivery in time
PROPOSAL = "_proposal"  # of a malformed record: how it should probably be written
DELIVERIES = "_deliveries"  # of a model's row: ids of the deliveries that it was made from


def cell(name: str) -> str:
    """Return the column that carries an item's text as delivered."""
    return f"_cell_{name}"


def polars_type(item: Item) -> pl.DataType:
    """Return the Polars type of an item; instants are stored in UTC, microseconds."""
    if item.type == "decimal" and item.precision is not None:
        return pl.Decimal(*item.precision)
    return {
        "integer": pl.Int64(),
        "date": pl.Date(),
        "datetime": pl.Datetime("us", "UTC"),
        "boolean": pl.Boolean(),
    }.get(item.type, pl.String())


def polars_schema(entry: Entry) -> dict[str, pl.DataType]:
    """Return the declared columns of an entry's table, in order."""
    return {item.name: polars_type(item) for item in entry.items}


def raw_schema(entry: Entry) -> dict[str, pl.DataType]:
    """Return the columns of the raw table: the items and their provenance."""
    return {**polars_schema(entry), DELIVERY: pl.String(), ROW: pl.Int64()}


def quarantine_schema(entry: Entry) -> dict[str, pl.DataType]:
    """Return the columns of the quarantine table: cells as text, provenance, reasons, record."""
    return {
        **{item.name: pl.String() for item in entry.items},
        DELIVERY: pl.String(),
        ROW: pl.Int64(),
        RULES: pl.List(pl.String()),
        SOURCE: pl.String(),
        PROPOSAL: pl.String(),
    }


def model_schema(entry: Entry) -> dict[str, pl.DataType]:
    """Return the columns of a base or thematic table: the items and what each row came from."""
    return {**polars_schema(entry), DELIVERIES: pl.List(pl.String())}


def table_schema(entry: Entry) -> dict[str, pl.DataType]:
    """Return the stored columns of an entry's released table in whatever zone it lives."""
    return raw_schema(entry) if entry.zone == "raw" else model_schema(entry)
