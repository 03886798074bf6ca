"""The verdict on a version of a model: on all of its rows, or on the periods that were made anew.

The other periods were judged by the same rules when they were made: a changed rule changes the
code of a model, which is then built and judged whole. Keep out: releasing (build.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl

from lake.model import Part
from lake.slices import At, stored
from orchestration.city import City, day_of
from orchestration.flows.pins import rows_in_force
from orchestration.graph import references
from quality.gate import gate_version
from quality.part import needs_all
from quality.verdict import Verdict
from registry.passed import passed_before


def judge_version(
    city: City, name: str, version: int, *, part: Part | None, now: dt.datetime
) -> Verdict:
    """Judge a version; the verdict on a part says so in its document, and counts all rows."""
    entry = city.entry(name)
    apart = part if part is not None and not needs_all(entry, part.slices.column) else None
    rows = city.lake.scan(entry.zone, name, version)
    if apart is not None:
        rows = rows.filter(pl.col(apart.slices.column).is_in(list(apart.slices.values)))
    known = {n: rows_in_force(city, n) for n in references(city.catalog, name)}
    verdict = gate_version(
        rows,
        entry,
        references={n: found for n, found in known.items() if found is not None},
        vocabulary=city.catalog.vocabulary,
        today=day_of(now),
        history=passed_before(city.registry, f"{entry.zone}.{name}"),
    )
    return verdict if apart is None else _of_part(city, verdict, apart, version)


def _of_part(city: City, verdict: Verdict, part: Part, version: int) -> Verdict:
    files = stored(city.lake, At(part.zone, part.name, version), part.slices.column)
    scope = {
        "period": part.slices.column,
        "judged": [str(value) for value in part.slices.values],
        "rows": verdict.rows,
        "others": f"as judged up to version {part.onto}",
    }
    return replace(
        verdict,
        rows=sum(file.rows for file in files),
        document={**verdict.document, "scope": scope},
    )
