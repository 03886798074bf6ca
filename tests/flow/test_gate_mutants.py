"""One rule of each kind taken away: a planted row of the tiny city, or a provoked one, tells.

Every rule of every source: `pytest -m slow tests/quality/city/test_mutants.py`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orchestration.flows.pins import rows_in_force
from orchestration.graph import references
from registry import deliveries, verdicts
from tests.flow.conftest import Ran
from tests.quality.city.judged import Judged
from tests.quality.city.test_mutants import CATALOG, missed

pytestmark = pytest.mark.xdist_group("tiny_city")
FIRST = {
    rule.kind: (entry.name, number)
    for entry in reversed(CATALOG.sources())
    for number, rule in enumerate(entry.quality.rules)
}


def looked_into(ran: Ran, name: str, folder: Path) -> Judged:
    """Return the accepted deliveries of a source, and the rows that its rules look into."""
    judged = Judged(CATALOG, folder)
    for record in deliveries.in_force(ran.city.registry, name):
        key, kept = (name, record.delivery.file_name), verdicts.for_delivery
        judged.verdicts[key] = kept(ran.city.registry, record.delivery.id).verdict
        stored = ran.city.lake.archive.fetch(record.delivery.digest, folder)
        judged.paths[key] = shutil.copy(stored, folder / record.delivery.file_name)
    for other in references(CATALOG, name) | {name}:
        rows, path = rows_in_force(ran.city, other), folder / f"{other}.parquet"
        if rows is not None:
            rows.sink_parquet(path)
            judged.accepted[other] = [path]
    return judged


@pytest.mark.parametrize(("name", "number"), FIRST.values(), ids=FIRST)
def test_a_rule_of_each_kind_cannot_be_taken_away_unnoticed(
    ran: Ran, tmp_path: Path, name: str, number: int
) -> None:
    whole, less = missed(looked_into(ran, name, tmp_path), CATALOG.entry(name), number)
    assert whole
    assert not less
