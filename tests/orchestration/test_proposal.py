"""A proposed entry is valid as it stands and lets its own sample in."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.load import load_catalog
from orchestration.city import City
from orchestration.flows.inbox import gate_file
from orchestration.flows.proposal import propose_entry
from tests.orchestration.town import NOW, town

READINGS = "表号,抄表日期,示数\n" + "".join(f"W{n:03},2026-03-01,{n}.5\n" for n in range(50))
TAXES = "统一社会信用代码,所属期,税种,金额\n" + "".join(
    f"9152010{n // 4}MA6DL2WU{n // 4}T,2025Q3,税{n % 4},1.0\n" for n in range(40)
)
PARKS = "".join(f"P{n:05}  {n}号公园".ljust(20) + f"{n * 7:>9}.50\n" for n in range(1, 60))
DIRTY = READINGS + "".join(f"W{n:03},2026-02-30,十二\n" for n in range(50, 65))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return town(tmp_path_factory.mktemp("town"))


@pytest.mark.parametrize(
    ("name", "text", "key", "update"),
    [
        ("reading_20260301.csv", READINGS, ("表号", "抄表日期"), ("daily", "append")),
        (
            "tax_2025Q3.csv",
            TAXES,
            ("统一社会信用代码", "所属期", "税种"),
            ("quarterly", "append"),
        ),
        ("park_20260301.txt", PARKS, ("第1列",), ("daily", "snapshot")),
        ("dirty_20260301.csv", DIRTY, ("表号",), ("daily", "snapshot")),
    ],
)
def test_a_proposal_lets_its_own_sample_in(city, tmp_path: Path, name, text, key, update) -> None:
    sample = tmp_path / name
    sample.write_text(text, encoding="utf-8")
    output = tmp_path / "entries" / "guiyang_housing"
    said = propose_entry(
        city, sample, name="proposed", unit="guiyang_housing", output=output, now=NOW
    )
    entry = load_catalog(tmp_path / "entries").entry("proposed")
    assert said.path == output / "proposed.yaml"
    assert tuple(entry.item(item).title for item in entry.key) == key
    assert (entry.update.cycle, entry.update.mode) == update
    assert gate_file(city, entry, sample, references={}, now=NOW).passed


def test_what_the_sample_breaks_is_told(city, tmp_path: Path) -> None:
    sample = tmp_path / "dirty.csv"
    sample.write_text(DIRTY, encoding="utf-8")
    said = propose_entry(city, sample, name="p", unit="guiyang_housing", output=tmp_path, now=NOW)
    assert isinstance(said.notes, tuple)
