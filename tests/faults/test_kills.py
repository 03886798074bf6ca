"""Runs killed at many points and run again until done end as a run that nobody killed.

Most kills are in test_many_kills.py, where one costs little; here each is a whole run.
`KILLS=200 SEED=3 make faults` kills more often, and elsewhere.
"""

from __future__ import annotations

import itertools
import os
import time
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from orchestration.city import City
from orchestration.flows.verify import verify_lake
from orchestration.run import plan
from registry import audit
from tests.faults import state
from tests.faults.killer import Kill, count, draw, finish, run_killed, start
from tests.faults.small_city import copy_home, open_home

pytestmark = pytest.mark.xdist_group("faults")

KILLS = int(os.environ.get("KILLS", "12"))
SEED = int(os.environ.get("SEED", "1"))
A_HOME = 4  # kills that one home suffers

SHORT = [
    Kill("seam", "orchestration.flows.together:close", "before", 2),  # rows of several are in
    Kill("seam", "lake.commit:_transact", "after", 3),  # accepted rows are in, refused ones not
    Kill("seam", "orchestration.assets:release_raw", "before", 3),
    Kill("file", "lake/backflow/*/_delta_log"),
]


def suffer(home: Path, kills: list[Kill]) -> int:
    """Run with each kill in turn and then to the end; return how many runs were killed."""
    killed = sum(run_killed(home, kill) for kill in kills)
    code, out, err = finish(start(home))
    assert (code, err) == (0, ""), f"{err}{out}"
    return killed


def check(home: Path, unkilled: City) -> None:
    """Compare a home with that of the unkilled run, and recompute its accounts."""
    city = open_home(home)
    assert state.facts(city) == state.facts(unkilled)
    rows, wanted = state.tables(city), state.tables(unkilled)
    assert rows.keys() == wanted.keys()
    for name, frame in rows.items():
        assert_frame_equal(frame, wanted[name], check_row_order=True)
    assert state.packages(city) == state.packages(unkilled)
    assert state.litter(city) == state.litter(unkilled)
    found = verify_lake(city)
    assert found.ok, found.problems
    assert audit.verify(city.registry).ok
    assert plan(city) == ()
    assert state.running(city) == 0
    city.registry.close()


def test_a_run_killed_now_and_then_ends_as_if_it_had_not_been(inbox, unkilled, tmp_path):
    home = copy_home(inbox, tmp_path / "home")
    assert suffer(home, SHORT) == len(SHORT)
    check(home, unkilled)


@pytest.mark.slow
def test_a_campaign_of_kills_loses_and_doubles_nothing(inbox, unkilled, tmp_path):
    started = time.monotonic()
    calls = count(copy_home(inbox, tmp_path / "counted"))
    kills = draw(SEED, calls, time.monotonic() - started)
    suffered = 0
    for number in itertools.count():
        if suffered >= KILLS:
            break
        mine = list(itertools.islice(kills, A_HOME))
        print(f"home {number}: {'; '.join(map(str, mine))}", flush=True)
        home = copy_home(inbox, tmp_path / f"home{number}")
        suffered += suffer(home, mine)
        check(home, unkilled)
    print(f"{suffered} runs killed in {number} homes, nothing lost, nothing doubled")
