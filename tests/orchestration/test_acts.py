"""Corrections and withdrawals: what a unit says later about what it delivered."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.city import City
from registry import deliveries
from tests.orchestration.crash import crash_at_the_end
from tests.orchestration.town import LATER, PARK, VISIT, lay, parks, stored, take_in, town

A, B = "P1,520102,100", "P2,520103,200"


@pytest.fixture
def city(tmp_path: Path) -> City:
    return town(tmp_path)


def test_a_withdrawal_takes_back_and_the_same_bytes_put_back(city) -> None:
    lay(city, "park", "park_202601.csv", A)
    take_in(city)
    lay(city, "park", "park_202601.withdrawal")
    assert take_in(city)[0].outcome == "withdrawn"
    assert parks(city) == {}
    path = lay(city, "park", "park_202601.csv", A)
    city = crash_at_the_end(city, path, LATER)
    take_in(city, now=LATER)
    assert parks(city) == {"P1": 100}
    assert stored(city, "raw") == 1


def test_a_redelivered_correction_replaces_again(city) -> None:
    rows = {"park_202601.csv": (A, B), "park_202601.correction1.csv": ("P1,520102,150",)}
    for name, content in rows.items():
        lay(city, "park", name, *content)
    take_in(city)
    assert parks(city) == {"P1": 150}
    lay(city, "park", "park_202601.withdrawal")
    take_in(city)
    for name, content in rows.items():
        lay(city, "park", name, *content)
        assert [one.outcome for one in take_in(city, now=LATER)] == ["accepted"]
    assert parks(city) == {"P1": 150}


def test_a_correction_that_comes_first_stays_in_force(city) -> None:
    lay(city, "park", "park_202601.correction1.csv", "P1,520102,150")
    assert take_in(city)[0].outcome == "accepted"
    lay(city, "park", "park_202601.csv", A, B)
    assert take_in(city, now=LATER)[0].outcome == "accepted"
    assert parks(city) == {"P1": 150}
    original, correction = sorted(
        deliveries.all_of(city.registry, "park"), key=lambda r: len(r.delivery.file_name)
    )
    assert original.replaced_by == correction.delivery.id


def test_the_last_correction_counts(city) -> None:
    for number in (10, 9):
        lay(city, "park", f"park_202601.correction{number}.csv", f"P1,520102,{number}")
        take_in(city)
    assert parks(city) == {"P1": 10}


def test_a_withdrawal_of_nothing_is_refused_and_does_nothing(city) -> None:
    lay(city, "park", "park_209901.withdrawal")
    (one,) = take_in(city)
    assert (one.outcome, one.message) == (
        "refused",
        "no delivery is called park_209901: nothing done",
    )


def test_a_held_delivery_can_be_taken_back_and_come_again(tmp_path) -> None:
    city = town(tmp_path, PARK, VISIT)
    lay(city, "visit", "visit_20260301.csv", "V1,P1")
    take_in(city, "visit")
    lay(city, "visit", "visit_20260301.withdrawal")
    take_in(city, "visit")
    lay(city, "park", "park_202601.csv", A)
    take_in(city)
    assert take_in(city, "visit") == []
    lay(city, "visit", "visit_20260301.csv", "V1,P1")
    (settled,) = take_in(city, "visit", now=LATER)
    assert settled.outcome == "accepted"
    assert deliveries.find(city.registry, settled.delivery).in_force
