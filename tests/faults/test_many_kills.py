"""A small town killed at every seam of its work, its upkeep and its rebuild ends as if it was not.

Fetch, archive, parse, gate, commits, account, release, backflow, audit, amendment, withdrawal,
compaction, vacuum and rebuild; models are in test_kills.py.
`DEATHS=1000 SEED=3 make faults` kills more often, and elsewhere.
"""

from __future__ import annotations

import collections
import itertools
import json
import os
import pickle
import random
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from tests.faults.death import CALLS, Death, draw
from tests.faults.forks import Forks
from tests.faults.life import TOLD, begin, lose
from tests.faults.small_city import copy_home

pytestmark = pytest.mark.xdist_group("faults")

DEATHS = int(os.environ.get("DEATHS", "200"))
SEED = int(os.environ.get("SEED", "1"))
KILLS_OF_ACT = {"work": 11, "rebuild": 5, "upkeep": 3}  # that one home suffers
FEWER = {"work": 4, "rebuild": 2, "upkeep": 1}
SECONDS = 1.5  # of processor time: longer than most acts take
# A rebuilt table is released once more, or not if it died before: which rows count is the same.
SAME_AT_LAST = ("deliveries", "verdicts of each delivery", "arrivals", "releases")
Story = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home in which something of every kind waits; copy it."""
    home = tmp_path_factory.mktemp("town") / "begun"
    begin(home)
    return home


@pytest.fixture(scope="module")
def unkilled(begun: Path, forks: Forks) -> tuple[Story, Mapping[str, Mapping[str, int]]]:
    """Return what stands after each act that nobody killed, and how often it passed each seam."""
    home, story, calls = copy_home(begun, begun.with_name("unkilled")), {}, {}
    for act in KILLS_OF_ACT:
        if act == "rebuild":
            lose(home)
        forks.live(home, act)
        calls[act] = json.loads((home / CALLS).read_text())
        story[act] = told(forks, home)
    return story, calls


def told(forks: Forks, home: Path) -> Mapping[str, Any]:
    """Return what stands in a home."""
    forks.live(home, "tell")
    return pickle.loads((home / TOLD).read_bytes())


def suffer(
    forks: Forks, home: Path, story: Story, deaths: Mapping[str, Iterator[Death]]
) -> list[str]:
    """Let a home do every act, killed as drawn and then to its end; return where it died."""
    died = []
    for act in KILLS_OF_ACT:
        if act == "rebuild":
            lose(home)
        for death in next(deaths[act]):
            if forks.live(home, act, death):
                died.append(f"{act} {death.seam} {death.when}".strip())
        forks.live(home, act)
        if act != "rebuild":
            compare(act, told(forks, home), story[act])
    return died


def compare(act: str, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Hold what stands against what stands where nobody was killed."""
    assert found["problems"] == ()
    names = SAME_AT_LAST if act == "upkeep" else tuple(wanted["facts"])
    for name in names:
        assert found["facts"][name] == wanted["facts"][name], name
    assert found["rows"].keys() == wanted["rows"].keys()
    for name, frame in found["rows"].items():
        assert_frame_equal(frame, wanted["rows"][name], check_row_order=True)
    assert (found["packages"], found["litter"]) == (wanted["packages"], wanted["litter"])
    if act == "upkeep":
        assert found["orphans"] == 0


def drawn(act: str, calls: Mapping[str, int], times: int) -> Iterator[list[Death]]:
    """Draw the deaths of one home after the other, in the order in which an act meets them."""
    order = ["time", *calls]
    deaths = draw(random.Random(f"{SEED} {act}"), calls, SECONDS)
    while True:
        several = itertools.islice(deaths, times)
        yield sorted(several, key=lambda death: order.index(death.seam))


def campaign(
    forks: Forks, begun: Path, unkilled: Any, tmp_path: Path, of_act: Mapping[str, int], wanted: int
) -> list[str]:
    """Let home after home suffer until so many processes have died; return where."""
    story, calls = unkilled
    deaths = {act: drawn(act, calls[act], times) for act, times in of_act.items()}
    died: list[str] = []
    while len(died) < wanted:
        home = copy_home(begun, tmp_path / "home")
        died += suffer(forks, home, story, deaths)
        print(f"{len(died)} deaths, the last at {died[-1]}", flush=True)
        shutil.rmtree(home)
    return died


def test_a_town_killed_some_times_ends_as_if_it_had_not_been(forks, begun, unkilled, tmp_path):
    """A death by the clock may come after its act has ended: another home suffers then."""
    campaign(forks, begun, unkilled, tmp_path, FEWER, 4)


@pytest.mark.slow
def test_a_town_killed_hundreds_of_times_loses_and_doubles_nothing(
    forks, begun, unkilled, tmp_path
):
    started = time.monotonic()
    died = campaign(forks, begun, unkilled, tmp_path, KILLS_OF_ACT, DEATHS)
    for where, times in sorted(collections.Counter(died).items()):
        print(f"{times:5} {where}")
    print(f"{len(died)} deaths in {time.monotonic() - started:.0f} s: nothing lost or doubled")
    assert {where.split()[0] for where in died} == set(KILLS_OF_ACT)
