"""Restore: rows made again become one version of a table, and the registry says where they are.

A crash between the commit and the registry is healed by the next rebuild, which finds the
commit by its action. Keep out: making rows again (remake.py) and comparing (rebuild.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json

from lake.tables import Lake
from orchestration.city import City
from orchestration.flows.aside import Remade
from registry import audit, builds, deliveries, releases
from sharing.audit import AuditEvent

ACTOR = "citylake"


def store(lake: Lake, made: Remade, *, action: str = "") -> int:
    """Write rows made again as the whole of a table, in one commit; return its version."""
    committed = lake.commit(
        made.zone,
        made.name,
        made.files,
        schema=made.columns,
        action=action or f"rebuild-{made.zone}-{made.name}",
        metadata={"rebuild": "from the archive"},
        mode="overwrite",
    )
    return committed.version


def swap(city: City, made: Remade, *, now: dt.datetime) -> int:
    """Let rows made again take a table's place, and its deliveries stand in the new version."""
    version = store(city.lake, made, action=_action(city, made.zone, made.name))
    _stand_at(city, made.zone, made.name, version, now=now)
    return version


def settle_versions(city: City, zone: str, name: str, version: int, *, now: dt.datetime) -> None:
    """Correct where the registry says that rows are, when a crash kept a rebuild from it."""
    said = _versions(city, zone, name).values()
    action = _action(city, zone, name)
    if max(said, default=0) > version or city.lake.committed(zone, name, action) is not None:
        _stand_at(city, zone, name, version, now=now)


def forget_lost_models(city: City) -> None:
    """Forget the builds of models whose released version is lost, so that they are built again."""
    for (zone, name), released in releases.all_released(city.registry).items():
        if zone != "raw":
            newest = city.lake.version(zone, name)
            if newest is None or newest < released.release.version:
                builds.forget(city.registry, zone, name)


def _action(city: City, zone: str, name: str) -> str:
    """Name a rebuild by what it replaces, so that it is found again until the registry follows."""
    text = json.dumps([zone, name, sorted(_versions(city, zone, name).items())])
    return f"rebuild-{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def _versions(city: City, zone: str, name: str) -> dict[str, int]:
    """Return the versions in which the registry says that the rows of deliveries are."""
    found = {}
    for record in deliveries.all_of(city.registry, name):
        if (outcome := record.outcome) is not None:
            version = outcome.raw_version if zone == "raw" else outcome.quarantine_version
            if version is not None:
                found[record.delivery.id] = version
    return found


def _stand_at(city: City, zone: str, name: str, version: int, *, now: dt.datetime) -> None:
    with city.registry.write():
        moved = deliveries.stand_at(city.registry, name, zone=zone, version=version)
        audit.append(
            city.registry,
            AuditEvent(
                key=f"rebuild:{zone}.{name}:{now.isoformat()}",
                at=now,
                actor=ACTOR,
                action="lake.rebuilt",
                subject=f"{zone}.{name}",
                detail={"version": version, "deliveries_moved": moved},
            ),
        )
