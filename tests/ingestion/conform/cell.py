"""Reading one cell beside others, as a column of a delivery."""

import polars as pl

from catalog.entry import Item
from ingestion.conform.cells import conform
from tests.ingestion.entries import entry


def read_cell(text: str, item: Item, *, serials: bool = False):
    """Return the value of a cell; a good one and a missing one stand beside it."""
    schema = {"_row": pl.Int64, item.name: pl.String}
    frame = pl.LazyFrame({"_row": [1, 2, 3], item.name: ["1", text, None]}, schema)
    return conform(frame, entry(item), serials=serials).collect()[item.name][1]
