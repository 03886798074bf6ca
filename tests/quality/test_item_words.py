"""Every word of an item of a shipped source is met by a cell that breaks it, and is missed.

By default the first item that has a word; every source: `pytest -m slow tests/quality`.
"""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from catalog.load import load_catalog
from quality.check import Setting
from quality.item_checks import of_item
from quality.rules import checks
from tests.quality.water import candidate, gate, reasons

CATALOG = load_catalog()
WHOLE = {
    "integer": "1", "decimal": "1.00", "date": "2026-01-01", "month": "2026-01",
    "datetime": "2026-01-01 08:00", "boolean": "true",
}  # fmt: skip


def words(entry):
    """Return the words that an entry's items use, with their types."""
    setting = Setting(entry, CATALOG.vocabulary, None)
    found = ((c.label.partition(":")[0], item.type) for item in entry.items
             for c in of_item(item, setting))  # fmt: skip
    return set(found)


def few_that_say_all():
    """Return sources that together use every word for every type of item."""
    chosen, left = [], set.union(*(words(entry) for entry in CATALOG.sources()))
    while left:
        best = max(CATALOG.sources(), key=lambda entry: len(left & words(entry)))
        chosen.append(best.name)
        left -= words(best)
    return chosen


FEW = few_that_say_all()
SOURCES = [
    pytest.param(entry.name, marks=() if entry.name in FEW else pytest.mark.slow)
    for entry in CATALOG.sources()
]


def beyond(item):
    """Return texts of the right type that lie outside an item's bounds."""
    bounds = [(item.min, -1), (item.max, 1)]
    if item.type in ("integer", "decimal"):
        return [str(Decimal(bound) + step) for bound, step in bounds if bound is not None]
    low, high = {"month": ("0001-01", "9999-12")}.get(item.type, ("0001-01-01", "9999-12-31"))
    return [text for (bound, _), text in zip(bounds, (low, high), strict=True) if bound is not None]


def broken(item):
    """Return cells that break an item's words: none, of no type, long, garbled, out of bounds."""
    whole = WHOLE.get(item.type, "同")
    again = whole if item.key else None  # the same key is no exact repeat
    return [whole, again, None, "坏", "长" * ((item.length or 0) + 1), "\ufffd", *beyond(item)]


def unreadable(entry, frame):
    """Return rows of which one text could not be read, as ingestion says it: a cell, no value."""
    first = [pl.when(pl.col("_row") != 4).then(pl.col(item.name)).alias(item.name)
             for item in entry.items]  # fmt: skip
    return frame.with_columns(first)


@pytest.mark.parametrize("name", SOURCES)
def test_no_word_of_an_item_can_be_taken_away_unnoticed(tmp_path, name):
    entry = CATALOG.entry(name)
    bare = entry.quality.model_copy(update={"rules": (), "max_quarantine": 1.0})
    entry = entry.model_copy(update={"quality": bare})
    columns = [broken(item) for item in entry.items]
    rows = [
        tuple(column[n] if n < len(column) else None for column in columns)
        for n in range(max(map(len, columns)))
    ]
    asked = {check.label for check in checks(entry, CATALOG.vocabulary)}
    frame = unreadable(entry, candidate(entry, rows))
    _, split = gate(entry, frame, tmp_path, vocabulary=CATALOG.vocabulary)
    assert {label for why in reasons(split).values() for label in why} == asked
