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
ROW_RULES = (
    {"meter_number": {"item": "meter_id"}},
    {"uscc": {"item": "payer_uscc"}},
    {"ordered": {"items": ["read_on", "due_on"]}},
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


def entry(*, row_rules_only: bool = False, of_items: bool = False) -> Entry:
    """Return the entry of the delivery: with twelve rules, fewer, or what its items ask alone."""
    shipped = load_catalog().entry("water_reading")
    rules = () if of_items else ROW_RULES if row_rules_only else (*ROW_RULES, *GROUPED)
    items = (*shipped.items, *_more())
    if row_rules_only:
        # An entry proper has a key; this one stands for the row rules of any.
        items = tuple(i.model_copy(update={"key": False, "required": True}) for i in items)
    return shipped.model_copy(
        update={
            "items": items,
            "origin": shipped.origin.model_copy(update={"encoding": "utf-8"}),
            "quality": shipped.quality.model_copy(update={"rules": read_rules(list(rules))}),
        }
    )


def _more() -> tuple[Item, ...]:
    types = {"payer_uscc": {"type": "string", "length": 18}, "due_on": {"type": "date"}}
    tier = {"type": "decimal", "precision": [10, 2], "min": 0}
    return tuple(
        Item(name=name, title=title, required=True, **types.get(name, tier))
        for name, title in CHARGED.items()
    )
