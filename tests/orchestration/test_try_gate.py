"""A unit may ask what the gate would say: it is told all, and nothing of it is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.delivery import DeliveryRefused
from orchestration.belonging import MARK
from orchestration.flows.export import export_refused
from orchestration.flows.inbox import try_gate
from registry import arrivals, deliveries, verdicts
from tests.orchestration.town import NOW, lay, take_in, town

ROWS = ("P1,520102,5", "X2,520102,7", "P3,520102,-1", "P4,520102,4")


def test_the_refused_rows_are_written_as_an_export_would_and_nothing_is_stored(tmp_path) -> None:
    city = town(tmp_path)
    path = lay(city, "park", "park_202601.csv", *ROWS)
    before = {p: p.stat().st_mtime_ns for p in city.settings.home.rglob("*.parquet")}
    written = tmp_path / "bad.csv"
    verdict = try_gate(city, path, "park", now=NOW, output=written)
    assert (verdict.rows, verdict.quarantined, verdict.passed) == (4, 2, True)
    assert deliveries.all_of(city.registry, "park") == ()
    assert verdicts.headlines(city.registry) == ()
    assert arrivals.history(city.registry) == ()
    assert city.lake.tables() == ()
    archived = city.settings.home.joinpath("archive").rglob("*")
    assert {one.name for one in archived} <= {MARK}  # whose archive it is
    assert before == {p: p.stat().st_mtime_ns for p in city.settings.home.rglob("*.parquet")}
    assert path.exists()
    take_in(city)
    (exported,) = export_refused(city, "park")
    assert written.read_bytes() == exported.files[1].read_bytes()


def test_the_same_file_gets_the_same_verdict(tmp_path: Path) -> None:
    city = town(tmp_path)
    path = lay(city, "park", "park_202601.csv", *ROWS)
    first, second = (try_gate(city, path, "park", now=NOW) for _ in range(2))
    assert (first.rules, first.reason) == (second.rules, second.reason)


def test_another_ending_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    city = town(tmp_path)
    path = lay(city, "park", "park_202601.csv", *ROWS)
    with pytest.raises(DeliveryRefused, match=r"ending in .xlsx or .csv"):
        try_gate(city, path, "park", now=NOW, output=tmp_path / "bad.pdf")
