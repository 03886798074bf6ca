"""Which versions of tables must stay readable: pins, releases with their inputs, crossings.

A release is needed while it was in force within the retention of its entry; without a
retention, for ever. Keep out: the files of versions (lake.vacuum).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from catalog.entry import Entry
from orchestration.city import City
from orchestration.flows.crossing import recipient_table
from orchestration.flows.pins import pin
from registry import crossings, releases
from registry.releases import Released
from sharing.crossing import NOBODY

DAYS = {"d": 1, "m": 31, "y": 366}
INPUT = re.compile(r"(?P<zone>\w+)\.(?P<name>\w+) (?P<version>\d+)(?::\w*)?")
Table = tuple[str, str]  # zone, name


def needed_versions(city: City, *, now: dt.datetime) -> Mapping[Table, set[int]]:
    """Return the versions that must stay readable, by table; the newest go without saying."""
    needed: defaultdict[Table, set[int]] = defaultdict(set)
    for entry in city.catalog.entries.values():
        readable = pin(city, entry.name).version
        if readable is not None:
            needed[entry.zone, entry.name].add(readable)
    for zone, name in releases.all_released(city.registry):
        kept = _kept(city, zone, name, now=now)
        for released in kept.values():
            needed[zone, name].add(released.release.version)
            for table, version in _inputs(released):
                needed[table].add(version)
        for table, version in _crossed(city, zone, name, kept=kept):
            needed[table].add(version)
    return needed


def _kept(city: City, zone: str, name: str, *, now: dt.datetime) -> dict[int, Released]:
    """Return the releases in force within the retention, by sequence."""
    history = releases.history(city.registry, zone, name)
    since = _since(city.catalog.entries.get(name), now)
    ends = [later.at for later in history[1:]]
    kept = {r.sequence: r for r, end in zip(history, ends, strict=False) if end >= since}
    return {**kept, history[-1].sequence: history[-1]}


def _since(entry: Entry | None, now: dt.datetime) -> dt.datetime:
    """Return the instant from which a table's releases are kept."""
    if entry is None or entry.retention is None:
        return dt.datetime.min.replace(tzinfo=dt.UTC)
    days = int(entry.retention[:-1]) * DAYS[entry.retention[-1]]
    try:
        return now - dt.timedelta(days=days)
    except OverflowError:  # longer than the calendar
        return dt.datetime.min.replace(tzinfo=dt.UTC)


def _inputs(released: Released) -> Iterator[tuple[Table, int]]:
    """Walk the versions of the tables that a release was made of."""
    for table, state in released.release.inputs.items():
        if found := INPUT.fullmatch(f"{table} {state}"):
            yield (found["zone"], found["name"]), int(found["version"])


def _crossed(
    city: City, zone: str, name: str, *, kept: Mapping[int, Released]
) -> Iterator[tuple[Table, int]]:
    """Walk the versions of recipients' tables that hold the crossings of kept releases."""
    for each in crossings.for_table(city.registry, zone, name):
        one = each.crossing
        if one.version in kept and one.target_version is not None and one.recipient != NOBODY:
            yield ("backflow", recipient_table(name, one.recipient)), one.target_version
