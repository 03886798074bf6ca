"""Keys that several deliveries in force have: looked up once after a collection, for its own keys.

So whoever reads what is current ranks the rows of these deliveries, and never the whole table.
Keep out: reading files (lake.repeats).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from catalog.entry import Entry
from lake.repeats import repeated
from lake.slices import At
from orchestration.city import City
from registry import repeats
from registry.deliveries import Record


def look_up(city: City, entry: Entry, in_force: Iterable[Record]) -> None:
    """Find which deliveries the new ones share keys with, and write it down."""
    if entry.update.mode == "snapshot" or not entry.key:
        return
    filled = [r for r in in_force if r.outcome is not None and r.outcome.account.accepted]
    known = repeats.of_resource(city.registry, entry.name)
    new = [r.delivery.id for r in filled if r.delivery.id not in known]
    version = city.lake.version("raw", entry.name) if new else None
    if version is None:
        return
    sharing = repeated(city.lake, At("raw", entry.name, version), entry.key, new)
    if sharing is not None:
        repeats.note(city.registry, new, sharing)


def alone(city: City, name: str, in_force: Collection[Record]) -> frozenset[str]:
    """Return the deliveries whose keys no other one in force has; none while that is not known."""
    ids = {r.delivery.id for r in in_force if r.outcome and r.outcome.account.accepted}
    known = repeats.of_resource(city.registry, name)
    if not ids <= known.keys():
        return frozenset()
    shared = {one for one in ids if known[one] & ids}
    return frozenset(ids - shared - {other for one in shared for other in known[one]})


def share_keys(city: City, entry: Entry, record: Record, others: Iterable[Record]) -> bool:
    """Tell whether a delivery has keys that some others have; looked up where it was not yet."""
    filled = [r for r in (record, *others) if r.outcome and r.outcome.account.accepted]
    one, ids = record.delivery.id, {r.delivery.id for r in filled if r is not record}
    if not ids or record not in filled:
        return False
    known = repeats.of_resource(city.registry, entry.name)
    if {one, *ids} <= known.keys():
        return any(other in known[one] or one in known[other] for other in ids)
    version = city.lake.version("raw", entry.name) or 0
    sharing = repeated(city.lake, At("raw", entry.name, version), entry.key, [one])
    return sharing is None or not ids.isdisjoint(sharing)
