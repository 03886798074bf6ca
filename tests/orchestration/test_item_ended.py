"""An item is taken out of an entry, as a note on drift proposes: deliveries go on, rows stay."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orchestration.flows.rebuild import Wish, rebuild
from orchestration.flows.upkeep import compact_tables
from orchestration.flows.verify import verify_lake
from tests.orchestration.town import LATER, PARK, again, lay, parks, stored, take_in, town

AREA = "  - {name: area_m2, title: 面积, type: integer, min: 0, unit: m²}\n"
HEADER = "公园编号,行政区划代码"


@pytest.mark.parametrize("files", [1, 3], ids=["alone", "together"])
def test_rows_that_had_an_item_keep_it_and_later_ones_have_none(tmp_path: Path, files) -> None:
    city = town(tmp_path)
    lay(city, "park", "park_202601.csv", "P1,520102,7", "x,520102,8")
    take_in(city)
    entry = tmp_path / "entries" / "park.yaml"
    entry.write_text(PARK.replace(AREA, ""), encoding="utf-8")
    city = again(city)
    for number in range(files):
        path = lay(city, "park", f"park_20260{number + 2}.csv")
        path.write_text(f"{HEADER}\nP{number + 2},520103\ny,520103\n", encoding="utf-8")
    assert {one.outcome for one in take_in(city, now=LATER)} == {"accepted"}
    assert (stored(city, "raw"), stored(city, "quarantine")) == (1 + files, 1 + files)
    assert parks(city)["P1"] == 7
    assert parks(city)["P2"] is None
    before = parks(city)
    compact_tables(city, (), now=LATER)
    assert verify_lake(city).ok
    assert all(one.fate == "identical" for one in rebuild(city, (), Wish(check=True), now=LATER))
    shutil.rmtree(city.settings.lake_url)
    city = again(city)
    assert all(one.fate == "restored" for one in rebuild(city, (), Wish(), now=LATER))
    assert parks(city) == before
    assert verify_lake(city).ok
    entry.write_text(PARK, encoding="utf-8")  # and it is declared again
    city = again(city)
    lay(city, "park", "park_202612.csv", "P9,520102,9")
    assert [one.outcome for one in take_in(city, now=LATER)] == ["accepted"]
    assert parks(city)["P9"] == 9
