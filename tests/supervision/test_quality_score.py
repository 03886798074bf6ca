"""A score says which facts made it."""

from __future__ import annotations

import datetime as dt

import pytest

from catalog.load_vocabulary import load_vocabulary
from supervision.quality_score import PARTS, Facts, score, total, weights_of

EQUAL = dict.fromkeys(PARTS, 1.0)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), 100),
        (Facts(deliveries=1, records=100, rules=10), 100),
        (Facts(deliveries=1, records=100, quarantined=20, rules=10, rules_broken=5), 57.5),
        (Facts(deliveries=1, records=100, quarantined=20, mended=20, rules=10), 95),
        (Facts(deliveries=2, refused_deliveries=1, records=10), 87.5),
    ],
)
def test_every_part_takes_off_its_share(facts, expected) -> None:
    assert score(facts, EQUAL) == expected


def test_a_part_of_more_weight_takes_off_more() -> None:
    facts = Facts(deliveries=1, records=100, quarantined=50, mended=50)
    assert score(facts, {**EQUAL, "quality_rows": 3.0}) == 75
    assert score(facts, {**EQUAL, "quality_rows": 0.0}) == 100


def test_facts_of_several_deliveries_add_up() -> None:
    one = Facts(deliveries=1, records=10, quarantined=1, rules=5)
    assert total([one, one]) == Facts(deliveries=2, records=20, quarantined=2, rules=10)
    assert total([]) == Facts()


def test_the_weights_are_those_of_the_vocabulary_on_the_day() -> None:
    vocabulary = load_vocabulary()
    assert weights_of(vocabulary, on=dt.date(2026, 3, 1))["quality_rows"] == 60
    assert set(weights_of(vocabulary, on=dt.date(2020, 1, 1)).values()) == {1.0}
