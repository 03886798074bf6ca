"""Analysts' views: after each release, `analyst.duckdb` shows it; nothing else does its work.

Keep out: the file itself (lake.analyst).
"""

from __future__ import annotations

from pathlib import Path

from lake.analyst import Shown, publish, shown
from orchestration.city import City
from orchestration.flows.pins import pin
from registry import releases
from registry.releases import Released


def analyst_file(city: City) -> Path:
    """Return the path of the analysts' file."""
    return city.settings.home / "analyst.duckdb"


def refresh(city: City) -> tuple[str, ...]:
    """Show what is released and not shown yet; return those tables. The home must be held."""
    path = analyst_file(city)
    before = shown(path)
    now = {
        key: found
        for key, found in releases.all_released(city.registry).items()
        if key[1] in city.catalog.entries and city.entry(key[1]).zone == key[0]
    }
    changed = [found for key, found in now.items() if before.get(key) != found.sequence]
    gone = before.keys() - now.keys()
    if changed or gone:
        tables = [_shown(city, found) for found in changed]
        publish(path, city.lake, tables, gone=gone, anew=not before)
    return tuple(f"{each.release.zone}.{each.release.name}" for each in changed)


def _shown(city: City, found: Released) -> Shown:
    about = found.release
    entry = city.entry(about.name)
    return Shown(
        pin=pin(city, about.name),
        title=f"{entry.title}：{entry.abstract}",
        items={item.name: item.title for item in entry.items},
        release=found.sequence,
        released_at=found.at,
        rows=about.rows,
    )
