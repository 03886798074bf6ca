"""Which deliveries were judged by the rows of one that now counts otherwise, and only these.

A row of a series depends on the reading before it, a delivery compared with earlier ones on so
many of them, a reference on the values that it finds. Keep out: judging them again (again.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import polars as pl

from catalog.entry import Entry
from catalog.rules import Reference
from catalog.schema import DELIVERY, RULES
from ingestion.delivery import Status, intent
from orchestration.city import City
from orchestration.flows.following import following
from orchestration.flows.lookback import comparing, looks_back
from orchestration.flows.pins import rows_in_force
from orchestration.flows.refused_rows import refused_rows
from orchestration.flows.sharing import sharing
from orchestration.flows.turn import later
from orchestration.graph import leads
from quality.references import FOUND, changed_keys, found, label_of
from registry import deliveries
from registry.deliveries import Record
from registry.judgements import Stirred

Depending = tuple[Record, tuple[Stirred, ...]]  # and for the sake of which ones


def depending(city: City, resource: str, every: Sequence[Stirred]) -> Iterator[Depending]:
    """Return the deliveries that may have to be judged again for stirred ones of a resource."""
    entry = city.catalog.entries.get(resource)
    if entry is None:
        return
    records = deliveries.all_of(city.registry, resource)
    for one in every:
        yield from ((record, (one,)) for record in _own(city, entry, one, records))
    ids = {one.delivery for one in every}
    family = [r.delivery.id for r in records if ids & {r.delivery.id, r.delivery.amends}]
    for other, rule in city.referring.get(resource, ()):
        among = judgeable(deliveries.all_of(city.registry, other.name))
        found = _referring(city, other, rule, to=entry, ids=family, among=among)
        yield from ((record, tuple(every)) for record in _of(among, found))


def _own(city: City, entry: Entry, one: Stirred, records: Sequence[Record]) -> Iterator[Record]:
    """Return the deliveries of the same resource that were judged by the stirred one, and it."""
    record = next(r for r in records if r.delivery.id == one.delivery)
    family = [r for r in records if record.delivery.id in (r.delivery.id, r.delivery.amends)]
    if one.itself:
        yield from judgeable(family)
    after = [r for r in later(entry, record, judgeable(records)) if _number(r) <= one.verdicts]
    yield from _compared(entry, after)
    if looks_back(entry) and after:
        mine, others = ([r.delivery.id for r in some] for some in (family, after))
        yield from _of(after, following(city, entry, mine, others))
        yield from _of(after, sharing(city, entry, mine, others))


def _number(record: Record) -> int:
    return (record.outcome.verdict_id or 0) if record.outcome is not None else 0


def judgeable(records: Iterable[Record]) -> list[Record]:
    """Return the deliveries whose verdict matters: in force, or refused and not taken back."""
    records = list(records)
    gone = {r.delivery.id for r in records if r.withdrawn_at is not None or r.replaced_by}
    return [
        r
        for r in records
        if r.delivery.id not in gone
        and r.delivery.amends not in gone
        and r.outcome is not None
        and r.outcome.verdict_id is not None
    ]


def _of(records: Iterable[Record], ids: Collection[str]) -> Iterator[Record]:
    return (r for r in records if r.delivery.id in ids)


def _compared(entry: Entry, after: Sequence[Record]) -> Iterator[Record]:
    """Return the next deliveries in whose past one is that is compared with as a whole.

    A correction is not compared with what it corrects: that takes no place in its past.
    """
    windows = [getattr(rule, "last", 0) for rule in comparing(entry) if leads(entry, rule)]
    wanted, passed = max(windows, default=0), set[str]()
    for record in after:
        stem = intent(record.delivery.file_name).stem
        if len(passed - {stem}) >= wanted:
            return
        if record.delivery.amends is None:
            yield record
            passed |= {stem} if record.status is Status.ACCEPTED else set()


def _referring(
    city: City,
    entry: Entry,
    rule: Reference,
    *,
    to: Entry,
    ids: list[str],
    among: Sequence[Record],
) -> set[str]:
    """Return the deliveries in which a reference finds otherwise than their verdict says."""
    table = rows_in_force(city, to.name)
    if table is None or not among:
        return set()  # a table without any row is not judged by
    keys = _changed(city, rule, to, ids=ids, table=table)
    if keys.is_empty():
        return set()
    wanted = pl.col(DELIVERY).is_in([r.delivery.id for r in among])
    items = list(dict.fromkeys(rule.columns()))
    refused = _with_keys(refused_rows(city, entry, items, wanted).lazy(), keys, rule)
    has = pl.col(RULES).list.contains(label_of(rule))
    held = _ids(found(refused, rule, table).filter(has == pl.col(FOUND)))
    lost = (
        keys if rule.as_of else keys.join(table.select(rule.at).collect(), on=rule.at, how="anti")
    )
    if lost.height and city.lake.exists("raw", entry.name):
        rows = city.lake.scan("raw", entry.name).filter(wanted).select(DELIVERY, *items)
        held |= _ids(found(_with_keys(rows, lost, rule), rule, table).filter(~pl.col(FOUND)))
    return held


def _ids(rows: pl.LazyFrame) -> set[str]:
    return set(rows.select(DELIVERY).unique().collect(engine="streaming")[DELIVERY])


def _changed(
    city: City, rule: Reference, to: Entry, *, ids: list[str], table: pl.LazyFrame
) -> pl.DataFrame:
    """Return the keys of a table that stand otherwise with these deliveries than without."""
    raw = city.lake.scan("raw", to.name)
    mine = raw.filter(pl.col(DELIVERY).is_in(ids))
    at = list(rule.at)
    touched = mine.select(at).drop_nulls().unique().collect(engine="streaming")
    rest = table.filter(~pl.col(DELIVERY).is_in(ids))
    near = rest.join(touched.lazy(), on=at, how="semi")
    counted = pl.concat([near, mine.select(near.collect_schema().names())])
    bad = refused_rows(city, to, at, pl.col(DELIVERY).is_in(ids)).select(at).drop_nulls()
    return pl.concat([changed_keys(rule, counted, near), bad.select(at).unique()]).unique()


def _with_keys(rows: pl.LazyFrame, keys: pl.DataFrame, rule: Reference) -> pl.LazyFrame:
    """Return the rows that refer to one of these keys."""
    has = rows.collect_schema()
    own = keys.select(
        pl.col(there).cast(has[here]).alias(here)
        for here, there in zip(rule.items, rule.at, strict=True)
    )
    return rows.join(own.lazy(), on=list(rule.items), how="semi")
