"""The delivery that benches of the gate judge: charged readings, and an entry with twelve rules.

Row rules: no nulls, types, ranges, length, pattern, code list, meter number, credit code, order of
two dates, sum. Then the compound key, the reference, the readings in time.
"""

from __future__ import annotations

from pathlib import Path

from catalog.entry import Entry, Item
from catalog.load import load_catalog
from catalog.rules import read_rules
from demo.deliver.readings import CHARGED, write_readings

FALSE_SHARE = 0.001
ORDERED = {"ordered": {"items": ["read_on", "due_on"]}}
ROW_RULES = (
    {"meter_number": {"item": "meter_id"}},
    {"uscc": {"item": "payer_uscc"}},
    ORDERED,
    {"sum": {"item": "usage_m3", "of": ["tier1_m3", "tier2_m3"]}},
)
GROUPED = (
    {"reference": {"items": ["meter_id"], "to": "water_account", "at": ["meter_id"]}},
    {"monotonic": {"item": "reading_m3", "by": ["meter_id"], "order": "read_on"}},
)


def write(rows: int, folder: Path) -> None:
    """Write the delivery and the accounts that it refers to."""
    write_readings(
        delivery(folder),
        rows=rows,
        seed=1,
        damaged=FALSE_SHARE,
        charged=True,
        accounts=accounts(folder),
    )


def delivery(folder: Path) -> Path:
    """Return where the delivery lies."""
    return folder / "charged.csv"


def accounts(folder: Path) -> Path:
    """Return where the accounts lie."""
    return folder / "accounts.csv"


def entry(*, row_rules_only: bool = False, plain: bool = False) -> Entry:
    """Return the entry of the delivery: with twelve rules, or with fewer.

    `plain`: what its items and its key ask, and the order of two dates: rules that pandas has.
    """
    shipped = load_catalog().entry("water_reading")
    rules = (ORDERED,) if plain else ROW_RULES if row_rules_only else (*ROW_RULES, *GROUPED)
    quality = shipped.quality.model_copy(
        # The source vouches for its key, so that row rules are all that is asked.
        update={"rules": read_rules(list(rules)), "trust_key": row_rules_only}
    )
    return shipped.model_copy(
        update={
            "items": (*shipped.items, *_more()),
            "origin": shipped.origin.model_copy(update={"encoding": "utf-8"}),
            "quality": quality,
        }
    )


def _more() -> tuple[Item, ...]:
    types = {"payer_uscc": {"type": "string", "length": 18}, "due_on": {"type": "date"}}
    tier = {"type": "decimal", "precision": [10, 2], "min": 0}
    return tuple(
        Item(name=name, title=title, required=True, **types.get(name, tier))
        for name, title in CHARGED.items()
    )
