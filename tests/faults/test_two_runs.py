"""One home has one run at a time: a second one says so and changes nothing.

That a run killed while it holds the home does not block the next is in test_kills.py: all do.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from orchestration.city import City
from orchestration.flows.verify import verify_lake
from registry import arrivals
from tests.faults import state
from tests.faults.killer import finish, start
from tests.faults.small_city import copy_home, open_home
from tests.flow.few_entries import keep_only

pytestmark = pytest.mark.xdist_group("faults")

ONE = "hotline_complaint"


@pytest.fixture
def home(inbox: Path, tmp_path: Path) -> Path:
    """Return a home with deliveries of one resource only."""
    copy = copy_home(inbox, tmp_path / "home")
    keep_only(copy / "inbox", [ONE])
    return copy


def test_of_two_runs_at_once_one_works_and_the_other_says_so(home: Path, unkilled: City):
    both = [start(home), start(home)]
    ended = sorted(finish(process) for process in both)
    assert [code for code, _, _ in ended] == [0, 1]
    (_, _, quiet), (_, nothing, said) = ended
    assert (quiet, nothing) == ("", "")
    assert said.startswith(f"citylake: {home / 'run.lock'}: another run works on this home")
    assert said.count("\n") == 1
    city, wanted = open_home(home), state.tables(unkilled)
    # Supervision sees all resources of a home: here there is one.
    stored = {n: r for n, r in state.tables(city).items() if not n.startswith("supervision.")}
    assert {name.partition(".")[2].partition("__")[0] for name in stored} == {ONE}
    for name, rows in stored.items():
        assert_frame_equal(rows, wanted[name])
    arrived = [a.file_name for a in arrivals.history(city.registry)]
    assert len(set(arrived)) == len(arrived) == 5
    assert verify_lake(city).ok
    assert state.running(city) == 0
    assert state.litter(city) == []
