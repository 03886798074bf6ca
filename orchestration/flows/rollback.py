"""Roll back: readers of a model return to an earlier release, by an act with evidence.

What is built on it is rebuilt by the next run, since its input has another version.
Keep out: building (build.py); raw tables are corrected by their units, not rolled back.
"""

from __future__ import annotations

import datetime as dt

from orchestration.city import City
from registry import audit, releases
from registry.error import RegistryError
from registry.releases import Released
from sharing.audit import AuditEvent


def rollback(
    city: City, table: str, *, to: int | None, actor: str, reason: str, now: dt.datetime
) -> Released:
    """Release again what an earlier release (by number; by default the one before) showed."""
    zone, _, name = table.partition(".")
    history = releases.history(city.registry, zone, name)
    chosen = _choose(table, history, to)
    with city.registry.write():
        done = releases.release(city.registry, chosen.release, at=now)
        audit.append(
            city.registry,
            AuditEvent(
                key=f"rollback:{table}:{done.sequence}",
                at=now,
                actor=actor,
                action="release.rollback",
                subject=table,
                detail={
                    "from": history[-1].sequence,
                    "to": chosen.sequence,
                    "version": chosen.release.version,
                    "reason": reason,
                },
            ),
        )
    return done


def _choose(table: str, history: tuple[Released, ...], to: int | None) -> Released:
    if table.startswith("raw."):
        raise RegistryError(f"{table}: a raw table is corrected by its unit, not rolled back")
    if len(history) < 2:
        raise RegistryError(f"{table}: no earlier release to return to: see citylake release list")
    earlier = {found.sequence: found for found in history[:-1]}
    current = history[-1].release.version
    if to is None:
        others = [found for found in history[:-1] if found.release.version != current]
        if not others:
            raise RegistryError(f"{table}: every release shows version {current}")
        return others[-1]
    if to not in earlier:
        known = ", ".join(map(str, earlier))
        raise RegistryError(f"{table}: release {to} is not an earlier one of it; choose of {known}")
    return earlier[to]
