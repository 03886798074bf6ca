"""The way of a row forward: over the models that read its table, to tables and recipients.

Keep out: the way back to files and records (trace.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from catalog.entry import Entry
from catalog.schema import CROSSING, DELIVERIES, polars_type
from lake.damage import damage
from orchestration.city import City
from orchestration.flows.crossing import recipient_table
from orchestration.flows.pins import pin
from orchestration.graph import downstream, read_models
from registry import crossings
from registry.crossings import Crossed, CrossingStatus
from sharing.crossing import NOBODY

Row = Mapping[str, Any]
Values = tuple[tuple[str, Any], ...]  # by which a row is found again in another table


def follow(
    city: City,
    entry: Entry,
    rows: Sequence[Row],
    back: Sequence[Mapping[str, Any]],
    *,
    ended: Collection[dt.datetime],
) -> list[dict[str, Any]]:
    """Follow rows of a table forward to what was made of them and to who received it.

    `ended`: when deliveries of theirs were taken back.
    """
    ids = {one["delivery"] for one in back if one["outcome"] == "accepted"}
    found: list[dict[str, Any]] = []
    below = downstream(read_models(city.catalog), [entry.name])
    for name in dict.fromkeys((entry.name, *below)):
        target = city.entry(name)
        every = dict.fromkeys(_leads(entry, target, row) for row in rows)
        values = [each for each in every if each] or list(every)
        if values and name != entry.name:
            found += _uses(city, target, values, ids)
        if values and _names_a_recipient(entry, target, values[0]):
            found += _recipients(city, target, values, ended)
    return found


def shared_values(one: Entry, other: Entry, row: Row) -> dict[str, Any]:
    """Return the values of the items that identify rows in both tables."""
    names = {item.name: item.type for item in other.items}
    keys = set(one.key) | set(other.key)
    return {
        item.name: row[item.name]
        for item in one.items
        if item.name in keys
        and names.get(item.name) == item.type
        and row.get(item.name) is not None
    }


def having(entry: Entry, values: Row) -> list[pl.Expr]:
    """Select the rows of a table that have these values."""
    return [
        pl.col(name) == pl.lit(value, dtype=polars_type(entry.item(name)))
        for name, value in values.items()
    ]


def _leads(entry: Entry, target: Entry, row: Row) -> Values:
    """Return the values that lead from a row to rows of a table made of it.

    Where the tables share no whole key (sums of many rows) the district narrows it down.
    """
    values = shared_values(entry, target, row)
    by = target.backflow.by if target.backflow else None
    if by is not None and not _identify(entry, target, values) and row.get(by) is not None:
        values[by] = row[by]
    return tuple(values.items())


def _identify(entry: Entry, target: Entry, values: Mapping[str, Any]) -> bool:
    """Tell whether the values hold the whole key of one of the tables."""
    return set(entry.key) <= set(values) or set(target.key) <= set(values)


def _names_a_recipient(entry: Entry, target: Entry, values: Values) -> bool:
    """Tell whether it is known to whom the row went: a month alone would name every district."""
    return target.backflow is not None and (
        target.backflow.by in dict(values) or _identify(entry, target, dict(values))
    )


def _uses(
    city: City, target: Entry, values: Sequence[Values], ids: set[str]
) -> Iterator[dict[str, Any]]:
    version = pin(city, target.name).version
    if version is None:
        return
    found = city.lake.scan(target.zone, target.name, version).filter(
        _any_of(target, values),
        pl.col(DELIVERIES).list.eval(pl.element().is_in(sorted(ids))).list.any(),
    )
    count = found.select(pl.len()).collect(engine="streaming").item()
    if count:
        yield {
            "table": f"{target.zone}.{target.name}",
            "version": version,
            "rows": count,
            "by": _by(values) or "delivery only: the tables share no key",
        }


def _recipients(
    city: City, target: Entry, values: Sequence[Values], ended: Collection[dt.datetime]
) -> Iterator[dict[str, Any]]:
    """Name who has the rows, and who had them until they were taken back."""
    every = crossings.for_table(city.registry, target.zone, target.name)
    own = [e for e in every if e.crossing.kind == "backflow" and e.crossing.recipient != NOBODY]
    last = _newest(own)
    for each in last:
        yield from _having(city, target, values, each, until=None)
    for instant in sorted(ended):
        for each in _newest([e for e in own if e.at < instant]):
            if each not in last:
                yield from _having(city, target, values, each, until=instant)


def _newest(found: Sequence[Crossed]) -> list[Crossed]:
    """Return the crossings of the newest release among these."""
    newest = max((each.crossing.version for each in found), default=0)
    return [each for each in found if each.crossing.version == newest]


def _having(
    city: City,
    target: Entry,
    values: Sequence[Values],
    each: Crossed,
    *,
    until: dt.datetime | None,
) -> Iterator[dict[str, Any]]:
    one = each.crossing
    if each.status is not CrossingStatus.DELIVERED or one.target_version is None or not one.rows:
        return
    name = recipient_table(one.name, one.recipient)
    if damage(city.lake, "backflow", name, one.target_version):
        return  # past its retention, and vacuumed
    own = city.lake.scan("backflow", name, one.target_version)
    took = own.filter(_any_of(target, values)).group_by(CROSSING).agg(pl.len()).sort(CROSSING)
    for crossing, count in took.collect().iter_rows():  # the one that brought its period last
        yield {
            "table": f"backflow.{name}",
            "version": one.target_version,
            "rows": count,
            "by": _by(values),
            "recipient": one.recipient,
            "crossing": crossing,
            "decision": one.decision,
            "at": each.at.isoformat(timespec="seconds"),
            "until": None if until is None else until.isoformat(timespec="seconds"),
        }


def _any_of(entry: Entry, values: Sequence[Values]) -> pl.Expr:
    return pl.any_horizontal(
        pl.all_horizontal(pl.lit(True), *having(entry, dict(each))) for each in values
    )


def _by(values: Sequence[Values]) -> str:
    return ", ".join(name for name, _ in values[0])
