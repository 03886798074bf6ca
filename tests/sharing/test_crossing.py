from dataclasses import replace

import pytest

from sharing.crossing import Crossing, Sums
from sharing.error import SharingError

SENT = Crossing("backflow", "520102", "base", "person", 3, rows=6, decision="backflow")


@pytest.mark.parametrize("changes", [{"rows": -1}, {"withheld": {"no_division": -1}}])
def test_negative_rows_are_refused(changes):
    with pytest.raises(SharingError, match="negative rows"):
        replace(SENT, **changes)


def test_the_same_crossing_has_the_same_identity_whatever_came_of_it():
    assert replace(SENT, rows=9, decision="x", package_digest="ab").id == SENT.id


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "share"},
        {"recipient": "520103"},
        {"zone": "raw"},
        {"name": "people"},
        {"version": 4},
    ],
)
def test_another_crossing_has_another_identity(changes):
    assert replace(SENT, **changes).id != SENT.id


def test_sums_count_every_row_once():
    assert Sums(2, 8, {"no_division": 3, "classified": 1}).total == 12
