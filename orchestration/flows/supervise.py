"""Supervision tables (监督): quality scores over time, and the ages of what waits to be mended.

Delta tables `supervision.quality_score` and `supervision.quarantine_age`, written anew when they
change. Keep out: what a score is (supervision/quality_score.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, fields

import polars as pl

from catalog.entry import Entry
from catalog.schema import DELIVERY
from ingestion.delivery import Status
from lake.views import Pin
from orchestration.city import City, day_of
from orchestration.flows.mending import STATE, ages, standings
from registry import deliveries, verdicts
from registry.deliveries import Record
from registry.verdicts import Headline
from supervision.quality_score import Facts, score, total, weights_of

ZONE = "supervision"
MENDED = ("cleared", "discarded", "waived")
COUNTS = {field.name: pl.Int64() for field in fields(Facts)}
SCORES = {
    "unit": pl.String(),
    "resource": pl.String(),  # null: the unit as a whole
    "month": pl.String(),
    "score": pl.Float64(),
    **COUNTS,
}
AGES = {
    "unit": pl.String(),
    "resource": pl.String(),
    "rule": pl.String(),
    "rows": pl.Int64(),
    "oldest": pl.Date(),
    "days": pl.Int64(),
}
TABLES: Mapping[str, Mapping[str, pl.DataType]] = {"quality_score": SCORES, "quarantine_age": AGES}


def supervise(city: City, *, now: dt.datetime) -> None:
    """Write both tables, each when it says something new; where nothing is new nothing is read.

    What they were made of stands with the one that was written last.
    """
    state = _state(city, now)
    if any(_made_of(city, name) == state for name in TABLES):
        return
    waiting = [asdict(one) for one in ages(city, now=now)]
    made = {
        "quality_score": pl.DataFrame(scores(city, now=now), schema=dict(SCORES)),
        "quarantine_age": pl.DataFrame(waiting, schema=dict(AGES)),
    }
    new = [name for name, rows in made.items() if not _stands(city, name, rows)]
    for name in new:
        said = {"state": state} if name == new[-1] else {}
        _write(city, name, made[name], said)


def is_behind(city: City) -> bool:
    """Tell whether deliveries were judged of which no table speaks: their run was killed."""
    if not deliveries.resources(city.registry):
        return False
    facts = _judged(city)
    return not any((_made_of(city, name) or "").startswith(facts) for name in TABLES)


def scores(city: City, *, now: dt.datetime) -> list[dict[str, object]]:
    """Return the score of every resource and unit by month, with its facts."""
    weights = weights_of(city.catalog.vocabulary, on=day_of(now))
    by_unit: dict[tuple[str, str], list[Facts]] = defaultdict(list)
    rows: list[dict[str, object]] = []
    for entry in city.catalog.sources():
        for month, facts in sorted(_months(city, entry).items()):
            by_unit[entry.unit, month].append(facts)
            rows.append(_row(entry.unit, entry.name, month, facts, weights=weights))
    for (unit, month), every in sorted(by_unit.items()):
        rows.append(_row(unit, None, month, total(every), weights=weights))
    return rows


def latest_scores(city: City, *, now: dt.datetime) -> dict[str, float]:
    """Return the score of the last month of each resource."""
    found = (row for row in scores(city, now=now) if row["resource"] is not None)
    return {str(row["resource"]): float(str(row["score"])) for row in found}


def supervision_pins(city: City) -> list[Pin]:
    """Return the pins of both tables; empty ones where nothing was written yet."""
    return [
        Pin(ZONE, name, city.lake.version(ZONE, name), schema) for name, schema in TABLES.items()
    ]


def _months(city: City, entry: Entry) -> dict[str, Facts]:
    """Count the facts of a resource by the month that its deliveries speak for."""
    said = {h.delivery: h for h in verdicts.headlines(city.registry, f"raw.{entry.name}")}
    mended = _mended(city, entry.name)
    found: dict[str, Facts] = defaultdict(Facts)
    for record in deliveries.all_of(city.registry, entry.name):
        if record.outcome is None or record.delivery.amends is not None or record.withdrawn_at:
            continue
        one = record.delivery
        facts = _facts(record, said.get(one.id), mended.get(one.id, 0))
        found[one.as_of.strftime("%Y-%m")] += facts
    return found


def _facts(record: Record, said: Headline | None, mended: int) -> Facts:
    account = record.outcome.account if record.outcome else None
    judged = () if said is None else said.rules
    return Facts(
        deliveries=1,
        refused_deliveries=int(record.status is Status.REFUSED),
        records=account.records if account else 0,
        quarantined=account.quarantined if account else 0,
        mended=mended,
        rules=len(judged),
        rules_broken=sum(not rule.passed for rule in judged),
    )


def _mended(city: City, name: str) -> dict[str, int]:
    found = standings(city, name)
    if found is None:
        return {}
    done = found.filter(pl.col(STATE).is_in(MENDED)).group_by(DELIVERY).len()
    return dict(done.collect(engine="streaming").iter_rows())


def _row(
    unit: str, resource: str | None, month: str, facts: Facts, *, weights: Mapping[str, float]
) -> dict[str, object]:
    about = {"unit": unit, "resource": resource, "month": month}
    return {**about, "score": score(facts, weights), **asdict(facts)}


def _state(city: City, now: dt.datetime) -> str:
    """Return a digest of all that the tables are made of, as the registry knows it."""
    weights = weights_of(city.catalog.vocabulary, on=day_of(now))
    by = hashlib.sha256(str(weights).encode()).hexdigest()[:8]
    return f"{_judged(city)} {day_of(now)} {by}"


def _judged(city: City) -> str:
    facts = []
    for entry in city.catalog.sources():
        facts.append(f"{entry.name} {entry.unit}")
        facts += [
            f"{r.delivery.id} {r.status} {r.withdrawn_at} {r.replaced_by} {r.outcome}"
            for r in deliveries.all_of(city.registry, entry.name)
        ]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:20]


def _made_of(city: City, name: str) -> str | None:
    version = city.lake.version(ZONE, name)
    return None if version is None else city.lake.said(ZONE, name, version).get("state")


def _stands(city: City, name: str, rows: pl.DataFrame) -> bool:
    version = city.lake.version(ZONE, name)
    return version is not None and city.lake.scan(ZONE, name, version).collect().equals(rows)


def _write(city: City, name: str, rows: pl.DataFrame, said: Mapping[str, str]) -> None:
    version = city.lake.version(ZONE, name)
    staging = city.staging(f"delivery-{ZONE}-{name}")
    try:
        path = staging / "rows.parquet"
        rows.write_parquet(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:20]
        city.lake.commit(
            ZONE,
            name,
            [path],
            schema=dict(TABLES[name]),
            action=f"{digest}:after version {version}",
            metadata={"table": name, **said},
            mode="overwrite",
        )
    finally:
        shutil.rmtree(staging, ignore_errors=True)
