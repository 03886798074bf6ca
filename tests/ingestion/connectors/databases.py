"""Fetching from a database as a flow does, and reading what was fetched as the gate will."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.entry import Entry, Item
from catalog.sources import SqlSource
from ingestion.connectors.source import SourceRefused, Taken
from ingestion.connectors.sql import fetch_sql
from ingestion.connectors.window import Bound
from ingestion.read import read
from tests.ingestion.entries import entry


def source_of(*, minutes: float = 1, **words) -> SqlSource:
    """Return a source with these words, by default of everything; a minute is long for a test."""
    source = SqlSource.model_validate({"secret": "CITY_DB", "extract": "full", **words})
    return source.model_copy(update={"max_minutes": minutes})


def texts(*names: str) -> tuple[Item, ...]:
    """Return items that take any text: what a database gives, seen as it came."""
    return tuple(Item(name=name, title=name, type="string") for name in names)


def taken(
    url: str, folder: Path, *items: Item, since: Bound | None = None, **words
) -> tuple[Taken, list[dict]]:
    """Fetch and read; return what the fetch said, and rows by item in the source's order."""
    of: Entry = entry(*items, format="parquet")
    target = folder / "window.parquet"
    said = fetch_sql(of, source_of(**words), url, target=target, since=since)
    found = read(of, target, file_name=target.name, scratch=folder / "scratch")
    assert found.records == said.records
    return said, found.frame.select(item.name for item in of.items).collect().to_dicts()


def column(url: str, folder: Path, *items: Item, **words) -> list:
    """Fetch and return the values of the first item alone."""
    _, rows = taken(url, folder, *items, **words)
    return [row[(items[0]).name] for row in rows]


def refusal(url: str, folder: Path, **words) -> SourceRefused:
    """Return the refusal of a fetch; it must be one line and tell nothing of the address."""
    with pytest.raises(SourceRefused) as raised:
        taken(url, folder, **words)
    said = str(raised.value)
    assert "\n" not in said
    assert "geheim" not in said
    assert "127.0.0.1" not in said
    assert raised.value.__cause__ is None
    return raised.value


def assert_read_as_of_one_moment(
    url: str, folder: Path, table: str, write: Callable[[], None]
) -> None:
    """Fetch id and v while another writes: a row more at the end, and v of the ends together."""
    ended = threading.Event()

    def write_on() -> None:
        while not ended.is_set():
            write()

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        items = tuple(Item(name=name, title=name, type="integer") for name in ("id", "v"))
        for _ in range(3):
            said, rows = taken(url, folder, *items, table=table)
            values = {row["id"]: row["v"] for row in rows}
            assert len(values) == said.records == max(values)
            assert values[1] == values[50000]
    finally:
        ended.set()
        writer.join()
    assert said.records > 50000
