"""A city small enough to be killed often: few entries, few files, every kind of act in them.

Keep out: killing (killer.py) and comparing (state.py).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration.city import City
from orchestration.settings import read_settings
from tests.flow.conftest import deliver_tiny
from tests.flow.few_entries import copy_entries

SOURCES = (
    *("division", "standard_address", "building"),
    *("water_account", "water_reading", "hotline_complaint"),
)
MODELS = ("administrative_division", "address", "registered_building")
KEPT = {
    "division_2026.csv",
    "standard_address_202603.csv",
    "building_2025Q4.xlsx",
    "building_2026Q1.xlsx",  # cut short: refused as a whole
    "water_account_202602.csv",
    "water_account_202603.csv",
    *(f"water_reading_202603{day:02}.csv" for day in (1, 2, 3)),
    "water_reading_20261231.csv.part",  # on its way: left alone
    *(f"hotline_complaint_202603{day:02}.jsonl" for day in (1, 4, 7)),
    "tree_census_2026.csv",  # of no entry
}


def small_home(home: Path) -> City:
    """Fill a home's inbox with a little of the tiny city; return the city that will collect it."""
    copy_entries((*SOURCES, *MODELS), home / "entries")
    deliver_tiny(home)
    inbox = home / "inbox"
    for path in sorted(inbox.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.name not in KEPT:
            path.unlink()
    assert {path.name for path in inbox.rglob("*.*")} == KEPT
    _correct_and_withdraw(inbox / "hotline_complaint")
    return open_home(home)


def copy_home(source: Path, target: Path) -> Path:
    """Copy a home that nothing has run in; return the copy."""
    return Path(shutil.copytree(source, target, symlinks=True))


def environment(home: Path) -> dict[str, str]:
    """Return the settings by which a home is opened."""
    return {"CITYLAKE_HOME": str(home), "CITYLAKE_CATALOG": str(home / "entries")}


def open_home(home: Path) -> City:
    """Open the city of a home."""
    return City(read_settings(environment(home)))


def _correct_and_withdraw(folder: Path) -> None:
    lines = (folder / "hotline_complaint_20260304.jsonl").read_bytes().splitlines(keepends=True)
    corrected = folder / "hotline_complaint_20260304.correction1.jsonl"
    corrected.write_bytes(b"".join(lines[1:]))
    (folder / "hotline_complaint_20260301.withdrawal").write_bytes(b"")
