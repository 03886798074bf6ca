"""Which tables can be judged period by period."""

import pytest

from catalog.load import load_catalog
from catalog.rules import read_rules
from quality.part import needs_all


@pytest.mark.parametrize(
    ("rule", "stops"),
    [
        ({"uscc": {"item": "meter_id"}}, None),
        ({"unique": {"items": ["read_on", "usage"]}}, None),
        ({"unique": {"items": ["meter_id"]}}, "unique"),
        ({"rows": {"min": 1}}, "rows"),
        ({"reference": {"items": ["meter_id"], "to": "x", "at": ["y"]}}, "reference"),
    ],
)
def test_a_rule_that_looks_beyond_a_period_needs_the_whole_table(rule, stops) -> None:
    entry = load_catalog().entry("daily_usage")
    quality = entry.quality.model_copy(update={"rules": read_rules([rule])})
    ruled = entry.model_copy(update={"quality": quality})
    assert needs_all(ruled, "read_on") == stops
    assert needs_all(ruled, "usage") == "the key"
