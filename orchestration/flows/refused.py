"""Refused rows: counted by rule and state, and shown as they came under the unit's own headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from catalog.entry import Entry
from catalog.problem import nearest
from catalog.schema import DELIVERY, PROPOSAL, ROW, RULES, SOURCE
from lake.errors import LakeError
from orchestration.city import City
from orchestration.flows.mending import BY, STATE, officers, standings
from quality.blame import Blame, blames
from registry import deliveries


def count_refused(city: City) -> list[dict[str, Any]]:
    """Count the refused records of every resource by delivery, rule and state."""
    rows: list[dict[str, Any]] = []
    for zone, name in city.lake.tables():
        found = standings(city, name) if zone == "quarantine" else None
        if found is None:
            continue
        files = _files(city, name)
        counted = (
            found.select(DELIVERY, STATE, pl.col(RULES).alias("rule"))
            .explode("rule", empty_as_null=True)
            .group_by(DELIVERY, "rule", STATE)
            .agg(pl.len().alias("rows"))
            .sort(DELIVERY, "rule", STATE)
            .collect(engine="streaming")
        )
        rows += [
            {
                "resource": name,
                "file": files.get(row[DELIVERY]),
                "delivery": row[DELIVERY],
                "rule": row["rule"],
                "state": row[STATE],
                "rows": row["rows"],
            }
            for row in counted.iter_rows(named=True)
        ]
    return rows


def show_refused(
    city: City,
    name: str,
    *,
    limit: int,
    delivery: str | None = None,
    rule: str | None = None,
    state: str | None = None,
) -> list[dict[str, Any]]:
    """Return refused rows of a resource: reasons, state, file and record, then cells as they came.

    Cells and reasons are those of the last attempt to mend the row.
    """
    check_resource(city, name)
    rows = standings(city, name)
    if rows is None:
        return []
    if delivery is not None:
        rows = rows.filter(pl.col(DELIVERY) == delivery)
    if state is not None:
        rows = rows.filter(pl.col(STATE) == state)
    if rule is not None:
        rows = rows.filter(broke(rule))
    found = rows.sort(DELIVERY, ROW).head(limit).collect(engine="streaming")
    entry, vocabulary = city.entry(name), city.catalog.vocabulary
    known = blames(entry, vocabulary, found[RULES].explode(empty_as_null=True).drop_nulls())
    files, who = _files(city, name), officers(city, name)
    return [
        {**_shown(row, entry, known), "file": files.get(row[DELIVERY]), **_by(row, files, who)}
        for row in found.iter_rows(named=True)
    ]


def broke(rule: str) -> pl.Expr:
    """Tell rows that broke a rule, named as a defect or as defect:item."""
    said = pl.element()
    return pl.col(RULES).list.eval((said == rule) | said.str.starts_with(f"{rule}:")).list.any()


def check_resource(city: City, name: str) -> None:
    """Refuse a name that no source resource has."""
    names = {entry.name for entry in city.catalog.sources()}
    if name not in names:
        raise LakeError(f"quarantine of {name}: no such resource{nearest(name, names)}")


def _shown(row: Mapping[str, Any], entry: Entry, known: Mapping[str, Blame]) -> dict[str, Any]:
    said = [known[rule] for rule in row[RULES]]
    return {
        "rules": row[RULES],
        "state": row[STATE],
        "record": row[ROW],
        **{item.title: row[item.name] for item in entry.items},
        "broken": [
            {
                "rule": one.rule,
                "reason": one.reason,
                "cells": {entry.item(name).title: row[name] for name in one.items},
            }
            for one in said
        ],
        "source": row[SOURCE],
        "proposal": row[PROPOSAL],
        "delivery": row[DELIVERY],
    }


def _by(row: Mapping[str, Any], files: Mapping[str, str], who: Mapping[str, str]) -> dict[str, Any]:
    return {"mended_by": files.get(row[BY]), "officer": who.get(row[BY])}


def _files(city: City, name: str) -> dict[str, str]:
    records = deliveries.all_of(city.registry, name)
    return {record.delivery.id: record.delivery.file_name for record in records}
