"""The same bytes again are a repeat, unless they say something new by now.

In whatever order they come: a list that is as it was before the last change, a correction that
takes another back, a period like an earlier one. `EXAMPLES=200 make test` draws more.
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
from orchestration.flows.rebuild import Wish, rebuild
from orchestration.flows.release import release_raw
from orchestration.flows.verify import verify_lake
from tests.orchestration.town import (
    LATER,
    NOW,
    PARK,
    again,
    lay,
    moved,
    parks,
    stored,
    take_in,
    town,
)

EXAMPLES = int(os.environ.get("EXAMPLES", "8"))
DAY = dt.timedelta(days=1)
A, B = ("P1,520102,1", "P2,520102,2"), ("P1,520102,7", "P3,520102,3")
AS_A, AS_B = {"P1": 1, "P2": 2}, {"P1": 7, "P3": 3}
CONTENTS = (A, B, ("P2,520102,2", "P3,520102,9"))


def city_of(mode: str, folder: Path) -> City:
    return town(folder, PARK.replace("mode: upsert", f"mode: {mode}"))


def deliver(city: City, *files: tuple[str, Sequence[str]], days: int = 0) -> list[str]:
    """Let files come one by one, a day apart if wanted; a name without rows is a withdrawal."""
    told = []
    for number, (name, rows) in enumerate(files):
        path = lay(city, "park", name, *rows)
        if not rows:
            path.write_bytes(b"")
        told += [one.outcome for one in take_in(city, now=NOW + number * days * DAY)]
    return told


@pytest.mark.parametrize("days", [0, 1])
@pytest.mark.parametrize(
    "names",
    [("park_202601.csv", "park_202602.csv", "park_202603.csv"), ("park.csv",) * 3],
    ids=["by period", "by arrival"],
)
def test_a_list_that_is_as_it_was_shows_so(tmp_path, names, days) -> None:
    city = city_of("snapshot", tmp_path)
    told = deliver(city, *zip(names, (A, B, A), strict=True), days=days)
    assert told == ["accepted"] * 3
    assert parks(city) == AS_A
    assert deliver(city, (names[2], A)) == ["repeat"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (0, 2, 1)])
def test_rows_that_changed_back_show_so(tmp_path, order) -> None:
    city = city_of("upsert", tmp_path)
    files = [("park_202601.csv", A), ("park_202602.csv", B), ("park_202603.csv", A)]
    deliver(city, *(files[number] for number in order))
    assert parks(city) == {**AS_B, **AS_A}
    deliver(city, ("park_202603.withdrawal", ()))
    assert parks(city) == {**AS_A, **AS_B}


def test_readings_sent_again_under_another_day_are_not_stored_twice(tmp_path) -> None:
    city = city_of("append", tmp_path)
    later = ("P4,520102,4",)  # shares no key with the rest
    told = deliver(city, ("park_202601.csv", A), ("park_202602.csv", later), ("park_202603.csv", A))
    assert told == ["accepted", "accepted", "repeat"]
    assert stored(city, "raw") == 3


def test_a_correction_takes_another_back(tmp_path) -> None:
    city = city_of("append", tmp_path)
    files = [("park_202601.csv", A), ("park_202601.correction1.csv", B)]
    assert deliver(city, *files, ("park_202601.correction2.csv", A)) == ["accepted"] * 3
    assert parks(city) == AS_A
    assert deliver(city, files[0]) == ["repeat"]  # says nothing against its corrections


def test_of_two_corrections_of_one_number_the_later_holds(tmp_path) -> None:
    city = city_of("append", tmp_path)
    name = "park_202601.correction1.csv"
    deliver(city, ("park_202601.csv", ("P9,520102,9",)), (name, A), (name, B))
    assert parks(city) == AS_B
    deliver(city, (name, A))
    assert parks(city) == AS_A


def test_what_came_under_a_wrong_name_counts_under_the_right_one(tmp_path) -> None:
    city = city_of("snapshot", tmp_path)
    deliver(city, ("park_202606.csv", A), ("park_202606.withdrawal", ()), ("park_202601.csv", A))
    assert parks(city) == AS_A
    deliver(city, ("park_202602.csv", B))
    assert parks(city) == AS_B
    deliver(city, ("park_202602.withdrawal", ()), ("park_202601.csv.withdrawal", ()))
    assert parks(city) == {}


def test_a_repeat_stands_when_what_it_repeats_is_taken_back(tmp_path) -> None:
    city = city_of("snapshot", tmp_path)
    deliver(city, ("park_202601.csv", A), ("park_202602.csv", A))
    assert stored(city, "raw") == 2
    assert deliver(city, ("park_202601.withdrawal", ())) == ["withdrawn", "accepted"]
    assert parks(city) == AS_A
    assert deliver(city, ("park_202602.withdrawal", ())) == ["withdrawn"]
    assert parks(city) == {}


COPY = "park_202601 (1).csv"


@pytest.mark.parametrize("copy_first", [True, False])
def test_a_copy_of_what_was_corrected_does_not_undo_it(tmp_path, copy_first) -> None:
    city = city_of("upsert", tmp_path)
    corrected = ("park_202601.correction1.csv", B)
    after = [(COPY, A), corrected] if copy_first else [corrected, (COPY, A)]
    assert sorted(deliver(city, ("park_202601.csv", A), *after)) == ["accepted"] * 2 + ["repeat"]
    assert parks(city) == AS_B


def test_a_copy_is_taken_back_with_what_it_copies(tmp_path) -> None:
    city = city_of("upsert", tmp_path)
    told = deliver(city, ("park_202601.csv", A), (COPY, A), ("park_202601.withdrawal", ()))
    assert told == ["accepted", "repeat", "withdrawn"]
    assert parks(city) == {}
    assert deliver(city, (COPY, A)) == ["accepted"]  # sent afterwards, it is a new word
    assert parks(city) == AS_A


def test_the_last_list_holds_also_where_it_is_what_was_corrected_before(tmp_path) -> None:
    city = city_of("snapshot", tmp_path)
    deliver(city, ("park.csv", A), ("park.correction1.csv", B), ("park_new.csv", A), days=1)
    assert parks(city) == AS_A


def test_a_repeat_may_be_taken_back_alone(tmp_path) -> None:
    city = city_of("snapshot", tmp_path)
    deliver(city, ("park_202601.csv", A), ("park_202602.csv", A))
    assert deliver(city, ("park_202602.withdrawal", ())) == ["withdrawn"]
    assert parks(city) == AS_A
    assert deliver(city, ("park_202601.withdrawal", ())) == ["withdrawn"]
    assert parks(city) == {}


def test_what_was_refused_is_judged_again_by_an_entry_that_was_mended(tmp_path) -> None:
    city = city_of("append", tmp_path)
    refused = ("park_202601.csv", ("P1,520102,1", "X1,520102,1", "X2,520102,1"))
    assert deliver(city, refused) == ["refused"]
    lay(city, "park", *refused[:1], *refused[1])
    (again_refused,) = take_in(city)
    assert again_refused.outcome == "repeat"
    assert "park_202601.csv, which was refused" in again_refused.message
    entry = city.settings.home / "entries" / "park.yaml"
    entry.write_text(entry.read_text("utf-8").replace("60%", "70%"), encoding="utf-8")
    assert deliver(again(city), refused) == ["accepted"]
    assert parks(city) == {"P1": 1}
    assert verify_lake(city).ok


@dataclass(frozen=True)
class Said:
    """One name under which some content comes."""

    month: int
    correction: int
    content: int

    @property
    def stem(self) -> str:
        return f"park_2026{self.month:02}"

    @property
    def name(self) -> str:
        return (
            f"{self.stem}.correction{self.correction}.csv"
            if self.correction
            else f"{self.stem}.csv"
        )


SAID = st.builds(Said, st.integers(1, 4), st.integers(0, 2), st.integers(0, 2))


def expected(mode: str, said: Sequence[Said], taken: set[str]) -> dict[str, int]:
    """Work out by hand what is current."""
    last = {one.stem: one for one in sorted(said, key=lambda each: each.correction)}
    shown: dict[str, int] = {}
    for stem in sorted(last.keys() - taken):
        rows = [row.split(",") for row in CONTENTS[last[stem].content]]
        own = {row[0]: int(row[2]) for row in rows}
        shown = own if mode == "snapshot" else {**shown, **own}
    return shown


@pytest.fixture(scope="module", params=["snapshot", "append", "upsert"])
def empty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> City:
    city = city_of(request.param, tmp_path_factory.mktemp("empty"))
    deliver(city, ("park_2020.csv", ("P0,520102,1",)), ("park_2020.withdrawal", ()))
    city.registry.close()
    return city


@settings(
    max_examples=EXAMPLES,
    derandomize="EXAMPLES" not in os.environ,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data(), said=st.lists(SAID, min_size=2, max_size=7, unique_by=lambda s: s.name))
def test_in_any_order_the_same_bytes_say_what_their_names_say(
    empty: City, tmp_path: Path, data: st.DataObject, said: list[Said]
) -> None:
    shutil.rmtree(tmp_path / "home", ignore_errors=True)
    city = moved(empty, tmp_path / "home")
    taken = {one.stem for one in said if data.draw(st.integers(0, 4)) == 0}
    again_said = [one for one in said if data.draw(st.integers(0, 3)) == 0]
    acts = [(one.name, CONTENTS[one.content]) for one in (*said, *again_said)]
    acts += [(f"{stem}.withdrawal", ()) for stem in sorted(taken)]
    for number, act in enumerate(acts):
        deliver(city, act)
        if data.draw(st.booleans()):
            release_raw(city, "park", now=NOW + number * DAY)
    assert parks(city) == expected(city.entry("park").update.mode, said, taken)
    found = verify_lake(city)
    assert found.ok, found.problems
    assert all(one.fate == "identical" for one in rebuild(city, (), Wish(check=True), now=LATER))
    city.registry.close()
