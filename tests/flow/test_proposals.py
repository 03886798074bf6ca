"""An entry proposed from a file of the demo city accepts that file, few rows left aside.

By default a file of each format; `-m slow` takes every resource of the city.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from catalog.document import parse
from catalog.entry import Entry
from catalog.load import load_catalog
from orchestration.flows.inbox import gate_file
from orchestration.flows.proposal import propose_entry
from registry import deliveries
from tests.flow.conftest import Ran
from tests.orchestration.town import NOW

pytestmark = pytest.mark.xdist_group("tiny_city")
SOURCES = [entry for entry in load_catalog().sources() if entry.origin.connector == "files"]
FIRST = {entry.origin.format: entry.name for entry in reversed(SOURCES)}
ROOM = 0.15  # of the rows: planted defects are a larger share of a small file


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(e.name, marks=() if e.name in FIRST.values() else pytest.mark.slow)
        for e in SOURCES
    ],
)
def test_a_proposal_accepts_the_file_that_it_was_made_from(
    ran: Ran, tmp_path: Path, name: str
) -> None:
    whole = [r.delivery for r in deliveries.in_force(ran.city.registry, name) if r.outcome]
    one = max(whole, key=lambda delivery: delivery.size)
    file = shutil.copy(ran.city.lake.archive.fetch(one.digest, tmp_path), tmp_path / one.file_name)
    made = propose_entry(
        ran.city, file, name="p", unit="guiyang_housing", output=tmp_path / "out", now=NOW
    )
    entry = Entry.model_validate(parse(made.path.read_text(encoding="utf-8")))
    verdict = gate_file(ran.city, entry, file, references={}, now=NOW)
    assert verdict.passed
    assert verdict.quarantined <= ROOM * verdict.rows
    assert len(entry.items) == len(ran.city.entry(name).items)
