"""The past told again ends where the registry stands, whatever was delivered, mended or undone."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest

from orchestration.city import City
from orchestration.flows.past import Past, judgements
from registry import deliveries
from tests.orchestration.town import NOW, lay, take_in, town

ACTS = ("park_202601.csv", "park_202601.correction1.csv", "park_202601.correction2.csv")
TAKEN_BACK = "park_202601.withdrawal"


def counted(city: City) -> set[str]:
    return {record.delivery.id for record in deliveries.in_force(city.registry, "park")}


def told(city: City) -> tuple[list[str], list[set[str]]]:
    """Return the deliveries in the order of judgement, and what counted before each and now."""
    order, before, last = [], [], Past()
    for record, past in judgements(city.registry):
        order.append(record.delivery.id)
        before.append({each.delivery.id for each in past.in_force("park")})
        last = past
    return order, [*before, {each.delivery.id for each in last.in_force("park")}]


@pytest.mark.parametrize("minutes", [1, -1], ids=["on", "back"])
@pytest.mark.parametrize("seed", range(4))
def test_what_counted_before_every_judgement_is_told_as_it_was(
    seed, minutes, tmp_path: Path
) -> None:
    """Whichever way the clock was put between the runs."""
    chance, city = random.Random(seed), town(tmp_path)
    seen: list[set[str]] = []
    for step in range(12):
        name = chance.choice((*ACTS, TAKEN_BACK))
        known = len(told(city)[0])
        before = counted(city)
        if name == TAKEN_BACK:
            (city.settings.inbox / "park").mkdir(parents=True, exist_ok=True)
            (city.settings.inbox / "park" / name).touch()
        else:
            lay(city, "park", name, f"P{chance.randrange(3)},520102,{ACTS.index(name)}")
        take_in(city, now=NOW + step * dt.timedelta(minutes=minutes))
        order, states = told(city)
        seen += [before] * (len(order) - known)
        assert states[:-1] == seen
    assert seen


def test_nothing_has_a_past_before_anything_came(tmp_path: Path) -> None:
    assert told(town(tmp_path)) == ([], [set()])
