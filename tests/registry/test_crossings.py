from dataclasses import replace

import pytest

from registry import crossings
from registry.crossings import CrossingStatus
from registry.error import RegistryError
from sharing.crossing import NOBODY, Crossing
from tests.registry.facts import NOW

SENT = Crossing("backflow", "520102", "base", "person", 3, rows=6, decision="backflow")
TABLE = {"zone": "base", "name": "person", "version": 3}


def record(registry, crossing, status=CrossingStatus.DELIVERED):
    return crossings.record(registry, crossing, status=status, at=NOW)


def test_what_was_delivered_is_never_rewritten(registry):
    record(registry, SENT)
    with pytest.raises(RegistryError, match="cannot be rewritten"):
        record(registry, replace(SENT, rows=7))


def test_recording_a_delivered_crossing_again_changes_nothing(registry):
    first = record(registry, SENT)
    assert record(registry, SENT) == first
    assert crossings.find(registry, SENT.id) == first


@pytest.mark.parametrize("before", [CrossingStatus.OPEN, CrossingStatus.REFUSED])
def test_an_open_or_refused_crossing_may_still_be_delivered(registry, before):
    record(registry, replace(SENT, rows=0, withheld={"not_released": 6}), before)
    record(registry, replace(SENT, target_version=1, package_digest="ab"))
    found = crossings.find(registry, SENT.id)
    assert (found.status, found.crossing.rows) == (CrossingStatus.DELIVERED, 6)
    assert dict(found.crossing.withheld) == {}


def test_an_unknown_crossing_is_not_found(registry):
    assert crossings.find(registry, "nothing") is None


def test_crossed_and_withheld_rows_add_up_to_the_release(registry):
    record(registry, SENT)
    record(registry, replace(SENT, recipient="520103", rows=2, withheld={"classified": 1}))
    withheld = {"no_division": 3, "classified": 1}
    record(registry, replace(SENT, recipient=NOBODY, rows=0, withheld=withheld))
    record(registry, replace(SENT, kind="share", recipient="guiyang_tax", rows=99))
    record(registry, replace(SENT, version=2, rows=99))
    sums = crossings.sums(registry, "backflow", **TABLE)
    assert (sums.recipients, sums.crossed, sums.total) == (2, 8, 13)
    assert dict(sums.withheld) == {"no_division": 3, "classified": 2}


def test_the_latest_crossings_are_those_of_the_newest_release(registry):
    for version in (2, 3):
        record(registry, replace(SENT, version=version))
        record(registry, replace(SENT, version=version, name="household", zone="base"))
    record(registry, replace(SENT, version=9, kind="share"))
    found = [each.crossing for each in crossings.latest(registry, "backflow")]
    assert [(crossing.name, crossing.version) for crossing in found] == [
        ("household", 3),
        ("person", 3),
    ]


def test_crossings_of_a_table_are_listed_by_version_and_recipient(registry):
    for version, recipient in ((3, "520103"), (3, "520102"), (2, "520102")):
        record(registry, replace(SENT, version=version, recipient=recipient))
    found = [each.crossing for each in crossings.for_table(registry, "base", "person")]
    listed = [(crossing.version, crossing.recipient) for crossing in found]
    assert listed == [(2, "520102"), (3, "520102"), (3, "520103")]
