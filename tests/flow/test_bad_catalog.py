"""A wrong entry stops nothing but itself: it is named, and what is delivered for it waits."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.city import City
from orchestration.flows.verify import verify_lake
from orchestration.settings import read_settings
from registry import arrivals
from tests.cli.door import Said, citylake
from tests.flow.conftest import deliver_tiny
from tests.flow.few_entries import copy_entries, keep_only

pytestmark = pytest.mark.xdist_group("bad_catalog")

GOOD = ("division", "standard_address", "administrative_division", "address")
MISSPELT = "macro_indicator"
TWICE = "hotline_complaint"
MISNAMED = "low_income_household"
BAD = (MISSPELT, TWICE, MISNAMED)


@dataclass(frozen=True)
class Tried:
    """A home whose catalog is partly wrong, after a run, and what lay in its inbox before."""

    home: Path
    entries: Path
    before: dict[str, bytes]
    run: Said


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    home = tmp_path_factory.mktemp("bad_catalog")
    entries = copy_entries((*GOOD, *BAD), home / "entries")
    _break(entries)
    deliver_tiny(home)
    keep_only(home / "inbox", (*GOOD, *BAD))
    before = lying(home)
    return Tried(home, entries, before, citylake("run", home=home, CITYLAKE_CATALOG=entries))


def _break(entries: Path) -> None:
    """Misspell a field of one entry, write one twice, and give one the name of another file."""
    misspelt = next(entries.rglob(f"{MISSPELT}.yaml"))
    text = misspelt.read_text("utf-8")
    misspelt.write_text(text.replace("required: true", "requird: true", 1), "utf-8")
    once = next(entries.rglob(f"{TWICE}.yaml"))
    again = entries / "guiyang_housing" / once.name
    again.parent.mkdir()
    again.write_text(once.read_text("utf-8").replace('code: "31', 'code: "39'), "utf-8")
    misnamed = next(entries.rglob(f"{MISNAMED}.yaml"))
    misnamed.rename(misnamed.with_name("poor_household.yaml"))


def lying(home: Path) -> dict[str, bytes]:
    """Return every file in the inbox, with its bytes."""
    inbox = home / "inbox"
    files = (path for path in inbox.rglob("*") if path.is_file())
    return {str(path.relative_to(inbox)): path.read_bytes() for path in files}


def city(tried: Tried) -> City:
    settings = {"CITYLAKE_HOME": str(tried.home), "CITYLAKE_CATALOG": str(tried.entries)}
    return City(read_settings(settings))


def test_entries_that_are_right_run_to_their_release(tried: Tried) -> None:
    assert tried.run.code == 0
    tables = set(city(tried).lake.tables())
    assert {(zone, name) for zone, name in tables if zone in {"raw", "base"}} == {
        *(("raw", "division"), ("raw", "standard_address")),
        *(("base", "administrative_division"), ("base", "address")),
    }
    assert verify_lake(city(tried)).ok


def test_each_fault_is_told_in_one_line_with_its_file_and_field(tried: Tried) -> None:
    said = [line for line in tried.run.err.splitlines() if line.startswith("catalog: ")]
    faults = (
        (f"guiyang_civil_affairs/poor_household.yaml:1: name: '{MISNAMED}' is not the file's", ""),
        (f"guiyang_hotline/{TWICE}.yaml:1: name: '{TWICE}' is also the name of", "used once"),
        (f"guiyang_housing/{TWICE}.yaml:1: name: '{TWICE}' is also the name of", "used once"),
        (f"guiyang_statistics/{MISSPELT}.yaml:", "'requird' — did you mean 'required'?"),
    )
    assert len(said) == len(faults)
    for line, (where, what) in zip(said, faults, strict=True):
        assert where in line
        assert what in line


def test_what_was_delivered_for_a_wrong_entry_waits_untouched(tried: Tried) -> None:
    waiting = {f: b for f, b in tried.before.items() if f.split("/")[0] in BAD}
    assert {file.split("/")[0] for file in waiting} == set(BAD)
    assert lying(tried.home) == waiting
    names = {one.resource for one in arrivals.history(city(tried).registry)}
    assert names == {"division", "standard_address"}


def test_a_mended_entry_takes_what_waited(tried: Tried, tmp_path: Path) -> None:
    home = Path(shutil.copytree(tried.home, tmp_path / "home"))
    shutil.rmtree(home / "entries")
    entries = copy_entries((*GOOD, *BAD), home / "entries")
    said = citylake("run", "--json", home=home, CITYLAKE_CATALOG=entries)
    assert (said.code, said.err) == (0, "")
    taken = {row["resource"] for row in said.document["collected"]}
    assert taken == {*BAD, "total"}
    assert lying(home) == {}
