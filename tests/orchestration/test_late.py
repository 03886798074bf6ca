"""Late deliveries judged by others end in the same lake as punctual ones, in whatever order.

What is compared: rows in force, refused rows with their reasons, accounts. Withdrawals stay
behind what they take back. `EXAMPLES=200 make test` draws more.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.city import City
from orchestration.flows.collect import collect, waiting
from orchestration.flows.rebuild import Wish, rebuild
from orchestration.flows.verify import verify_lake
from registry import judgements
from tests.orchestration.flows import AS_OF, COMPARED, DATED, FLOW, counted, lay
from tests.orchestration.town import NOW, moved, town

EXAMPLES = int(os.environ.get("EXAMPLES", "2"))
MINUTE = dt.timedelta(minutes=1)
KINDS = {"series": FLOW, "compared": COMPARED, "dated": DATED}
PARKS = ("P1", "P2", "P3")


@dataclass(frozen=True)
class File:
    """One file of parks by month, or of readings by day."""

    resource: str
    number: int
    correction: int
    rows: tuple[str, ...]

    @property
    def stem(self) -> str:
        date = f"2026{self.number:02}" if self.resource == "park" else f"202603{self.number:02}"
        return f"{self.resource}_{date}"

    @property
    def name(self) -> str:
        corrects = f".correction{self.correction}" if self.correction else ""
        return f"{self.stem}{corrects}.csv"


@st.composite
def of_parks(draw: st.DrawFn) -> File:
    number, correction = draw(st.integers(1, 3)), draw(st.integers(0, 1))
    since = draw(st.dictionaries(st.sampled_from(PARKS), st.integers(1, 5), max_size=3))
    rows = [f"P{number}{correction}9,520102,,,{number}"]  # no two have equal bytes
    rows += [
        f"{park},520102,2026-03-0{day},2026-03-0{day + draw(st.integers(1, 4))},1"
        for park, day in since.items()
    ]
    return File("park", number, correction, tuple(rows))


@st.composite
def of_flows(draw: st.DrawFn) -> File:
    number, correction = draw(st.integers(1, 6)), draw(st.integers(0, 1))
    rows = [f"P0,2026-03-0{number},{10 * number + correction},"]
    for park in draw(st.lists(st.sampled_from(PARKS), unique=True, max_size=3)):
        for day in range(number, number + draw(st.integers(1, 2))):
            total = 10 * day + draw(st.sampled_from([0, 0, 0, 1, -25]))
            rows.append(f"{park},2026-03-0{day},{total},{draw(st.sampled_from(['', '10']))}")
    return File("flow", number, correction, tuple(rows))


Act = tuple[str, File]  # deliver | withdraw


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Act], list[Act]]:
    """Draw what happens, in time and in any order with withdrawals behind what they take back."""
    parks = draw(st.lists(of_parks(), min_size=1, max_size=3, unique_by=lambda f: f.name))
    flows = draw(st.lists(of_flows(), min_size=2, max_size=5, unique_by=lambda f: f.name))
    files = [*parks, *flows]
    taken = {f.stem: f for f in files if draw(st.integers(0, 5)) == 0}
    acts = [*(("deliver", f) for f in files), *(("withdraw", f) for f in taken.values())]
    order = draw(st.permutations(acts))
    last = {f.stem: i for i, (what, f) in enumerate(order) if what == "deliver"}
    places = [
        (max(i, last[f.stem] + 0.5) if what == "withdraw" else i, what, f)
        for i, (what, f) in enumerate(order)
    ]
    shuffled = [(what, f) for _, what, f in sorted(places, key=lambda each: each[0])]
    in_time = sorted(files, key=lambda f: (f.resource != "park", f.number, f.correction))
    punctual = [("deliver", f) for f in in_time] + [("withdraw", f) for f in taken.values()]
    return punctual, shuffled


@pytest.fixture(scope="module", params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> City:
    """Return a town that has one park and no reading; copy it."""
    city = town(tmp_path_factory.mktemp("empty"), AS_OF, KINDS[request.param])
    lay(city, "park", "park_2020.csv", "P0,520102,,,1")
    list(collect(city, "park", now=NOW))
    city.registry.close()
    return city


def perform(city: City, acts: Sequence[Act], alone: Sequence[bool]) -> None:
    """Let the acts happen; those that are not alone wait in the inbox for the next that is."""
    for number, ((what, one), works) in enumerate(zip(acts, alone, strict=True)):
        if what == "withdraw":
            _work(city, number)
            (city.settings.inbox / one.resource).mkdir(parents=True, exist_ok=True)
            (city.settings.inbox / one.resource / f"{one.stem}.withdrawal").touch()
        else:
            lay(city, one.resource, one.name, *one.rows)
        if works or what == "withdraw" or number == len(acts) - 1:
            _work(city, number)


def _work(city: City, number: int) -> None:
    for name in ("park", "flow"):
        for done in collect(city, name, now=NOW + number * MINUTE):
            assert done.outcome not in {"held", "growing", "not_a_file"}, done.line


@settings(
    max_examples=EXAMPLES,
    derandomize="EXAMPLES" not in os.environ,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data(), both=histories())
def test_any_order_is_judged_as_the_punctual_one(
    empty: City, tmp_path: Path, data: st.DataObject, both: tuple[list[Act], list[Act]]
) -> None:
    found = []
    for number, acts in enumerate(both):
        home = tmp_path / f"home{number}"
        shutil.rmtree(home, ignore_errors=True)
        city = moved(empty, home)
        alone = [True] * len(acts) if number == 0 else [data.draw(st.booleans()) for _ in acts]
        perform(city, acts, alone)
        found.append({name: counted(city, name) for name in ("park", "flow")})
        verified = verify_lake(city)
        assert verified.ok, verified.problems
        assert judgements.stirred(city.registry) == ()
        assert waiting(city) == ()
        again = rebuild(city, (), Wish(check=True), now=NOW)
        assert all(one.fate == "identical" for one in again), again
        city.registry.close()
    assert found[1] == found[0]
