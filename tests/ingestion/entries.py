"""An entry of readings in any format, and reading what a test wrote for it."""

from pathlib import Path

import pytest

from catalog.entry import DETECT, Classification, Entry, Item, Origin, Terms, Update
from ingestion.candidate import Candidate
from ingestion.delivery import DeliveryRefused
from ingestion.read import read

ITEMS = (
    Item(name="meter_id", title="水表编号", type="string", key=True, aliases=("表号",)),
    Item(name="read_on", title="抄表日期", type="date"),
    Item(name="usage_m3", title="用水量", type="decimal", precision=(10, 2), unit="m³"),
)
HEADER = "水表编号,抄表日期,用水量"


def entry(*items: Item, **origin) -> Entry:
    """Return the entry of a source resource with these items and words of its origin."""
    said = {"connector": "files", "format": "csv", "pattern": "water_reading_*.csv", **origin}
    free = Terms(type="unconditional")
    return Entry(
        name="water_reading",
        code="314001002/000001",
        title="用水抄表",
        unit="guiyang_water",
        abstract="每块水表的示数。",
        classification=Classification(level=3, category="utility"),
        items=items or ITEMS,
        origin=Origin(**said),
        update=Update(cycle="daily", mode="append"),
        sharing=free,
        opening=free,
    )


def read_bytes(tmp_path: Path, content: bytes, of: Entry | None = None) -> Candidate:
    """Read a delivery with this content; every record must be in the account."""
    of = of or entry()
    path = tmp_path / f"delivered.{of.origin.format}"
    path.write_bytes(content)
    candidate = read(of, path, file_name="water_reading_20260301", scratch=tmp_path / "scratch")
    rows = len(candidate.frame.collect())
    assert candidate.records == rows + len(candidate.malformed)
    return candidate


def read_lines(tmp_path: Path, *lines: str, of: Entry | None = None) -> Candidate:
    """Read a CSV delivery of the standard header and these lines."""
    of = of or entry()
    text = "\n".join((HEADER, *lines)) + "\n"
    declared = of.origin.encoding
    return read_bytes(tmp_path, text.encode("utf-8" if declared == DETECT else declared), of)


def rows(candidate: Candidate, *columns: str) -> list[tuple]:
    """Return rows of the frame, its number and these columns."""
    return candidate.frame.select("_row", *columns).collect(engine="streaming").rows()


def bad(candidate: Candidate) -> dict[int, list[str]]:
    """Return the malformed records' defects by number."""
    return dict(candidate.malformed.select("_row", "_rules").iter_rows())


def refused(tmp_path: Path, content: bytes, of: Entry | None = None) -> DeliveryRefused:
    """Return the refusal of a delivery with this content."""
    with pytest.raises(DeliveryRefused) as raised:
        read_bytes(tmp_path, content, of)
    return raised.value
