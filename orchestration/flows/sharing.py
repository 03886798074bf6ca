"""Later deliveries whose periods may overlap those of some rows, or of what these replaced.

Of one key the row of the latest place counts, so another row of the key comes and goes with it.
Keep out: which deliveries are later (depends.py).
"""

from __future__ import annotations

import polars as pl

from catalog.entry import Entry
from catalog.rules import NoOverlap
from catalog.schema import DELIVERY
from orchestration.city import City
from orchestration.flows.refused_rows import refused_rows
from orchestration.graph import leads


def sharing(city: City, entry: Entry, ids: list[str], after: list[str]) -> set[str]:
    """Return those of later deliveries that share with these ones what periods are held to."""
    held: set[str] = set()
    for rule in entry.quality.rules:
        if isinstance(rule, NoOverlap) and leads(entry, rule):
            held |= _sharing(city, entry, list(rule.by), ids=ids, after=after)
    return held


def _sharing(
    city: City, entry: Entry, by: list[str], *, ids: list[str], after: list[str]
) -> set[str]:
    items = list(dict.fromkeys([*by, *entry.key]))
    mine, others = pl.col(DELIVERY).is_in(ids), pl.col(DELIVERY).is_in(after)
    raw = city.lake.scan("raw", entry.name).select(DELIVERY, *items)
    bad = refused_rows(city, entry, items, mine).select(items)
    rows = pl.concat([raw.filter(mine).select(items).collect(engine="streaming"), bad])
    touched = rows.select(by)
    if entry.key:
        keys = rows.lazy().select(entry.key).drop_nulls().unique()
        replaced = raw.join(keys, on=list(entry.key), how="semi").select(by)
        touched = pl.concat([touched, replaced.collect(engine="streaming")])
    groups = touched.drop_nulls().unique()
    accepted = raw.filter(others).join(groups.lazy(), on=by, how="semi").select(DELIVERY)
    refused = refused_rows(city, entry, by, others).join(groups, on=by, how="semi")
    return {*accepted.collect(engine="streaming")[DELIVERY], *refused[DELIVERY]}
