"""Compaction, vacuum and rebuild killed at many points and run again change no row and no fact.

`UPKEEP_KILLS=200 SEED=3 make faults` kills more often, and elsewhere.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from orchestration.city import City
from orchestration.flows.needed import needed_versions
from orchestration.flows.pins import pin
from orchestration.flows.verify import verify_lake
from orchestration.run import plan
from registry import audit
from tests.faults import state
from tests.faults.killer import Kill, count, finish, run_killed, start
from tests.faults.small_city import copy_home, open_home

pytestmark = pytest.mark.xdist_group("faults")

KILLS = int(os.environ.get("UPKEEP_KILLS", "20"))
SEED = int(os.environ.get("SEED", "1"))
A_HOME = 10  # kills that one home suffers
COMPACT = ("lake", "compact", "--json")
VACUUM = ("lake", "vacuum", "--yes", "--older", "0", "--json")
REBUILD = ("lake", "rebuild", "--replace", "--json")
LOST = ("raw/water_reading", "quarantine/water_account", "raw/hotline_complaint")
SHORT = [
    (COMPACT, Kill("seam", "lake.compaction:_transact", "before", 1)),
    (VACUUM, Kill("seam", "lake.store.place:Folder.remove", "after", 1)),
    (REBUILD, Kill("seam", "orchestration.flows.restore:_stand_at", "before", 1)),
]
Step = tuple[tuple[str, ...], Kill]


@pytest.fixture
def home(unkilled: City, tmp_path: Path) -> Path:
    """Return a copy of the home in which a run has ended."""
    return copy_home(unkilled.settings.home, tmp_path / "home")


def suffer(home: Path, steps: list[Step]) -> int:
    """Do each piece of upkeep with its kill, then all of it to the end; return what was killed."""
    killed = 0
    for number, (words, kill) in enumerate(steps):
        if words == REBUILD:
            shutil.rmtree(home / "lake" / LOST[number % len(LOST)], ignore_errors=True)
        killed += run_killed(home, kill, words)
    for words in (REBUILD, COMPACT, VACUUM):
        code, out, err = finish(start(home, words=words))
        assert (code, err) == (0, ""), f"{' '.join(words)}: {err}{out}"
    code, out, err = finish(start(home))
    assert (code, err) == (0, ""), f"{err}{out}"
    return killed


def check(home: Path, unkilled: City) -> None:
    """Compare rows and facts with those before any upkeep, and read all that must be readable."""
    city = open_home(home)
    told, wanted = facts(city), facts(unkilled)
    assert told == wanted
    rows, before = state.tables(city), state.tables(unkilled)
    assert rows.keys() == before.keys()
    for name, frame in rows.items():
        assert_frame_equal(frame, before[name], check_row_order=True)
    for (zone, name), versions in needed_versions(city, now=dt.datetime.now(dt.UTC)).items():
        lost = f"{zone}/{name}" in LOST  # and its versions with it: a restored table begins anew
        for version in {pin(city, name).version} if lost and zone == "raw" else versions:
            city.lake.scan(zone, name, version).collect()
    assert state.litter(city) == state.litter(unkilled)
    found = verify_lake(city)
    assert found.ok, found.problems
    assert audit.verify(city.registry).ok
    assert plan(city) == ()
    city.registry.close()


def facts(city: City) -> Mapping[str, object]:
    """Return the facts that upkeep must not change; a restored table is released once more."""
    same = ("deliveries", "verdicts of each delivery", "arrivals", "releases")
    every = state.facts(city)
    return {name: every[name] for name in same}


def test_upkeep_killed_now_and_then_changes_nothing(home: Path, unkilled: City) -> None:
    assert suffer(home, SHORT) == len(SHORT)
    check(home, unkilled)


@pytest.mark.slow
def test_a_campaign_of_kills_during_upkeep_changes_nothing(unkilled: City, tmp_path: Path) -> None:
    calls = {words: counted(unkilled, tmp_path, words) for words in (COMPACT, VACUUM, REBUILD)}
    steps = draw(calls)
    suffered = homes = 0
    while suffered < KILLS:
        mine = [next(steps) for _ in range(A_HOME)]
        print(f"home {homes}: {'; '.join(f'{w[1]} {k}' for w, k in mine)}", flush=True)
        home = copy_home(unkilled.settings.home, tmp_path / f"home{homes}")
        suffered += suffer(home, mine)
        check(home, unkilled)
        shutil.rmtree(home)
        homes += 1
    print(f"upkeep killed {suffered} times in {homes} homes, no row and no fact changed")


def counted(unkilled: City, tmp_path: Path, words: tuple[str, ...]) -> Mapping[str, int]:
    """Count how often a piece of upkeep passes each seam."""
    home = copy_home(unkilled.settings.home, tmp_path / f"counted-{words[1]}")
    if words == VACUUM:
        assert finish(start(home, words=COMPACT))[0] == 0
    if words == REBUILD:
        shutil.rmtree(home / "lake" / LOST[0])
    return count(home, words)


def draw(calls: Mapping[tuple[str, ...], Mapping[str, int]]) -> Iterator[Step]:
    """Draw kills without end: a piece of upkeep, a seam that it passes, and when."""
    chance = random.Random(SEED)
    while True:
        words = chance.choice(sorted(calls))
        seam = chance.choice(sorted(calls[words]))
        nth = chance.randint(1, calls[words][seam])
        yield words, Kill("seam", seam, chance.choice(("before", "after")), nth)
