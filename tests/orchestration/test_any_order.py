"""In whatever order deliveries come, the lake ends as if they had come in time.

Corrections, repeats and late files are shuffled freely. A withdrawal is an act on what came
before it, so it stays behind what it withdraws: what a unit sends afterwards is a new word.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.delivery import Account
from orchestration.city import City
from orchestration.flows.collect import collect
from orchestration.flows.rebuild import Wish, rebuild
from orchestration.flows.release import release_raw
from orchestration.flows.verify import verify_lake
from registry import arrivals, deliveries
from tests.orchestration.town import NOW, PARK, lay, moved, parks, stored, town

EXAMPLES = int(os.environ.get("EXAMPLES", "12"))
MODES = ("snapshot", "append", "upsert")
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class File:
    """One file that a unit delivers: some parks, some of them twice, some refused."""

    month: int
    part: str
    correction: int  # 0: the delivery itself
    parks: dict[str, int] = field(hash=False)
    twice: int = 0
    bad: int = 0

    @property
    def stem(self) -> str:
        return f"park_2026{self.month:02}{self.part}"

    @property
    def name(self) -> str:
        corrects = f".correction{self.correction}" if self.correction else ""
        return f"{self.stem}{corrects}.csv"

    @property
    def rows(self) -> list[str]:
        good = [f"{park},520102,{area}" for park, area in self.parks.items()]
        own = f"P{self.month}{len(self.part)}{self.correction},520103,1"  # no two have equal bytes
        return [own, *good, *good[: self.twice], *(f"X{n},520102,1" for n in range(self.bad))]

    @property
    def shown(self) -> dict[str, int]:
        return {self.rows[0].split(",")[0]: 1, **self.parks}

    @property
    def account(self) -> Account:
        repeats = min(self.twice, len(self.parks))
        good = 1 + len(self.parks)
        return Account(good + repeats + self.bad, good, self.bad, repeats)


Act = tuple[str, File]  # deliver | repeat | withdraw
files = st.builds(
    File,
    month=st.integers(1, 3),
    part=st.sampled_from(["", "b"]),
    correction=st.integers(0, 2),
    parks=st.dictionaries(
        st.sampled_from(["P1", "P2", "P3", "P4"]), st.integers(0, 99), max_size=3
    ),
    twice=st.integers(0, 2),
    bad=st.integers(0, 1),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Act]:
    """Draw acts in any order, each withdrawal behind what it takes back."""
    every = draw(st.lists(files, min_size=1, max_size=7, unique_by=lambda one: one.name))
    acts: list[Act] = [("deliver", one) for one in every]
    acts += [("repeat", one) for one in every if draw(st.integers(0, 3)) == 0]
    withdrawn = {one.stem: one for one in every if draw(st.integers(0, 4)) == 0}
    acts += [("withdraw", one) for one in withdrawn.values()]
    order = draw(st.permutations(acts))
    return sorted(order, key=lambda act: act[0] == "withdraw")


def expected(mode: str, acts: Sequence[Act]) -> dict[str, int]:
    """Work out what is current by hand: in time, corrected, without what was taken back."""
    taken = {one.stem for what, one in acts if what == "withdraw"}
    last: dict[str, File] = {}
    for what, one in acts:
        known = last.get(one.stem)
        if what == "deliver" and (known is None or one.correction > known.correction):
            last[one.stem] = one
    in_force = sorted((f for f in last.values() if f.stem not in taken), key=lambda f: f.stem)
    shown: dict[str, int] = {}
    for one in in_force:
        shown = one.shown if mode == "snapshot" else {**shown, **one.shown}
    return shown


def perform(city: City, acts: Sequence[Act], alone: Sequence[bool]) -> None:
    """Let the acts happen; those that are not alone wait in the inbox for the next that is."""
    for number, ((what, one), works) in enumerate(zip(acts, alone, strict=True)):
        waiting = city.settings.inbox / "park" / one.name
        if waiting.exists():
            list(collect(city, "park", now=NOW + number * MINUTE))
        if what == "withdraw":
            (city.settings.inbox / "park" / f"{one.stem}.withdrawal").touch()
        else:
            lay(city, "park", one.name, *one.rows)
        if works or number == len(acts) - 1:
            assert all(
                done.outcome in {"accepted", "repeat", "withdrawn", "refused"}
                for done in collect(city, "park", now=NOW + number * MINUTE)
            )


@pytest.fixture(scope="module", params=MODES)
def empty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> City:
    """Return a town that takes parks in one of the modes; copy it."""
    entry = PARK.replace("mode: upsert", f"mode: {request.param}")
    city = town(tmp_path_factory.mktemp("empty"), entry.replace("60%", "100%"))
    lay(city, "park", "park_2020.csv", "P0,520102,1")  # so that registry and folders are there
    list(collect(city, "park", now=NOW))
    (city.settings.inbox / "park" / "park_2020.withdrawal").touch()
    list(collect(city, "park", now=NOW))
    city.registry.close()
    return city


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data(), acts=histories())
def test_any_order_ends_in_the_same_lake(
    empty: City, tmp_path: Path, data: st.DataObject, acts: list[Act]
) -> None:
    shutil.rmtree(tmp_path / "home", ignore_errors=True)
    city = moved(empty, tmp_path / "home")
    mode = city.entry("park").update.mode
    perform(city, acts, data.draw(st.lists(st.booleans(), min_size=len(acts), max_size=len(acts))))
    assert parks(city) == expected(mode, acts)
    release_raw(city, "park", now=NOW)  # now it is known which deliveries share keys
    assert parks(city) == expected(mode, acts)
    known = {r.delivery.file_name: r for r in deliveries.all_of(city.registry, "park")}
    for what, one in acts:
        if what == "deliver":
            assert known[one.name].outcome is not None
            assert known[one.name].outcome.account == one.account
    came = [a for a in arrivals.history(city.registry) if a.outcome.value == "repeat"]
    assert len(came) == sum(what == "repeat" for what, _ in acts)
    accounts = [one.account for what, one in acts if what == "deliver"]
    assert stored(city, "raw") == 1 + sum(a.accepted for a in accounts)
    found = verify_lake(city)
    assert found.ok, found.problems
    assert all(one.fate == "identical" for one in rebuild(city, (), Wish(check=True), now=NOW))
    city.registry.close()
