"""Release (放行) of raw tables: after each collection, the rows in force become what is read.

Models are released by build.py, after their own gate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from orchestration.city import City
from orchestration.flows.repeats import look_up
from registry import deliveries, judgements, releases
from registry.deliveries import Record
from registry.releases import Release, Released


def release_raw(city: City, name: str, *, now: dt.datetime) -> Released | None:
    """Move the pointer of a raw table to its deliveries in force; None when it has none."""
    in_force = deliveries.in_force(city.registry, name)
    outcomes = [record.outcome for record in in_force if record.outcome is not None]
    judged = [o for o in outcomes if o.verdict_id is not None and o.raw_version is not None]
    current = releases.released(city.registry, "raw", name)
    if not judged and current is None:
        return None
    entry = city.catalog.entries.get(name)
    if entry is not None:
        look_up(city, entry, in_force)
    # With every delivery withdrawn the release of no rows stands on the last version and verdict.
    last = None if current is None else current.release
    candidate = Release(
        zone="raw",
        name=name,
        version=max((o.raw_version or 0 for o in judged), default=last.version if last else 0),
        rows=sum(o.account.accepted for o in judged),
        verdict_id=max((o.verdict_id or 0 for o in judged), default=last.verdict_id if last else 0),
        inputs=_inputs(city, in_force),
    )
    return releases.release(city.registry, candidate, at=now)


def unreleased(city: City) -> tuple[str, ...]:
    """Return the raw tables whose deliveries in force are not those of their release.

    A run that was killed after it closed a delivery leaves such a table.
    """
    known = releases.all_released(city.registry)
    in_force = deliveries.ids_in_force(city.registry)
    again = judgements.last_again(city.registry)
    found = []
    for entry in city.catalog.sources():
        current = known.get(("raw", entry.name))
        inputs = {} if current is None else current.release.inputs
        ids = in_force.get(entry.name, frozenset())
        same = [one for one in ids & again.keys() if inputs.get(one, "").endswith(f"@{again[one]}")]
        if inputs.keys() != ids or len(same) != len(ids & again.keys()):
            found.append(entry.name)
    return tuple(found)


def _inputs(city: City, in_force: Iterable[Record]) -> dict[str, str]:
    """Return the digests of deliveries; of those judged again, by which verdict."""
    again = judgements.last_again(city.registry)
    return {
        r.delivery.id: f"{r.delivery.digest}@{again[r.delivery.id]}"
        if r.delivery.id in again
        else r.delivery.digest
        for r in in_force
    }
