"""One crossing to one recipient: its decision, its manifest, its record and its audit event.

Keep out: which rows cross (backflow.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from catalog.entry import Entry
from catalog.schema import CROSSING, polars_schema
from orchestration.city import City
from registry import audit, crossings, grants, verdicts
from registry.crossings import CrossingStatus
from registry.error import RegistryError
from registry.releases import Released
from registry.schema import Registry
from registry.verdicts import Kept
from sharing.audit import AuditEvent
from sharing.crossing import NOBODY, Crossing, crossing_id
from sharing.decision import Decision, Request, decide
from sharing.manifest import Judged, Manifest, Periods, columns_of

ACTOR = "citylake"


@dataclass(frozen=True)
class Step:
    """A recipient's share of one release of one table."""

    city: City
    entry: Entry
    release: Released
    verdict: Kept | None
    recipient: str
    rows: int

    @property
    def id(self) -> str:
        """Return the identity of the crossing: of the release, not of the Delta version.

        What is current in a raw table can change without a new version (a withdrawal).
        """
        about = self.release.release
        return crossing_id(
            "backflow",
            self.recipient,
            zone=about.zone,
            name=about.name,
            version=self.release.sequence,
        )

    def decide(self, day: dt.date) -> Decision:
        """Ask the one decision function whether these rows may cross."""
        entry = self.entry
        found = grants.active(
            self.city.registry, self.recipient, zone=entry.zone, name=entry.name, on=day
        )
        return decide(
            Request(
                kind="backflow",
                recipient=self.recipient,
                entry=entry,
                items=tuple(item.name for item in entry.items),
                on=day,
                purpose=purpose_of(entry) or "",
                grants=found,
                vocabulary=self.city.catalog.vocabulary,
                version=self.release.release.version,
                verdict_passed=self.verdict is not None and self.verdict.verdict.passed,
            )
        )

    def crossing(
        self,
        decision: Decision,
        *,
        rows: int,
        withheld: Mapping[str, int] | None = None,
        target_version: int | None = None,
        package_digest: str | None = None,
    ) -> Crossing:
        """Return the crossing as it is to be recorded."""
        return Crossing(
            kind="backflow",
            recipient=self.recipient,
            zone=self.release.release.zone,
            name=self.release.release.name,
            version=self.release.sequence,
            rows=rows,
            decision=decision.reason,
            withheld=withheld or {},
            target_version=target_version,
            package_digest=package_digest,
        )

    def manifest(self, now: dt.datetime, periods: Periods | None = None) -> Manifest:
        """State what the package holds, from which release, on what verdict."""
        if self.verdict is None:
            raise RegistryError(f"release {self.release.sequence} of {self.entry.name}: no verdict")
        judged, about = self.verdict.verdict, self.release.release
        names = {d.code: d.name for d in self.city.catalog.vocabulary.recipients()}
        return Manifest(
            table=f"{about.zone}.{about.name}",
            title=self.entry.title,
            file_name=f"{about.name}.csv",
            recipient=self.recipient,
            recipient_title=names[self.recipient],
            crossing=self.id,
            source_version=about.version,
            release=self.release.sequence,
            inputs=dict(about.inputs),
            columns=columns_of(self.entry),
            periods=periods,
            verdict=Judged(
                passed=judged.passed,
                reason=judged.reason,
                rows=judged.rows,
                rules=len(judged.rules),
                failed_rules=sum(not rule.passed for rule in judged.rules),
                judged_at=self.verdict.at,
            ),
            created_at=now,
        )


def purpose_of(entry: Entry) -> str | None:
    """Return the purpose that a district needs a grant for; None where it needs none."""
    return entry.backflow.purpose if entry.backflow else None


def having(city: City, release: Released) -> set[str]:
    """Return the districts that have their rows of a release."""
    about = release.release
    found = crossings.for_table(city.registry, about.zone, about.name, version=release.sequence)
    return {
        each.crossing.recipient
        for each in found
        if each.crossing.kind == "backflow" and each.status is CrossingStatus.DELIVERED
    }


def granted_since(city: City, entry: Entry, release: Released, *, on: dt.date) -> bool:
    """Tell whether a district without its rows of a release has a grant for them now."""
    if purpose_of(entry) is None:
        return False
    kept = verdicts.get(city.registry, release.release.verdict_id)
    had = having(city, release)
    waiting = [one.code for one in city.catalog.vocabulary.recipients() if one.code not in had]
    steps = (Step(city, entry, release, kept, code, 0) for code in waiting)
    return any(step.decide(on).allowed for step in steps)


def recipient_table(name: str, recipient: str) -> str:
    """Return the name of the table in zone backflow that holds a recipient's rows."""
    return f"{name}__{recipient}"


def recipient_schema(entry: Entry) -> dict[str, pl.DataType]:
    """Return the columns of a recipient's table: the declared items and the crossing."""
    return {**polars_schema(entry), CROSSING: pl.String()}


def record(registry: Registry, crossing: Crossing, decision: Decision, *, now: dt.datetime) -> None:
    """Write a crossing and its audit event together: neither stands without the other."""
    status = CrossingStatus.DELIVERED if decision.allowed else CrossingStatus.REFUSED
    detail = {
        "recipient": crossing.recipient,
        "release": crossing.version,
        "rows": crossing.rows,
        "withheld": dict(crossing.withheld),
        "package": crossing.package_digest,
        "reason": decision.reason.value,
        "basis": decision.basis,
    }
    _write(registry, crossing, status, detail=detail, now=now)


def close(
    registry: Registry, release: Released, withheld: Mapping[str, int], *, now: dt.datetime
) -> None:
    """Record the rows that go to nobody; this closes the account of the release."""
    crossing = Crossing(
        kind="backflow",
        recipient=NOBODY,
        zone=release.release.zone,
        name=release.release.name,
        version=release.sequence,
        rows=0,
        decision="withheld",
        withheld=withheld,
    )
    detail = {"release": release.sequence, "withheld": dict(withheld)}
    _write(registry, crossing, CrossingStatus.DELIVERED, detail=detail, now=now)


def _write(
    registry: Registry,
    crossing: Crossing,
    status: CrossingStatus,
    *,
    detail: Mapping[str, object],
    now: dt.datetime,
) -> None:
    action = "closed" if crossing.recipient == NOBODY else status.value
    with registry.write():
        crossings.record(registry, crossing, status=status, at=now)
        audit.append(
            registry,
            AuditEvent(
                key=f"{crossing.kind}:{crossing.id}:{action}",
                at=now,
                actor=ACTOR,
                action=f"{crossing.kind}.{action}",
                subject=crossing.table,
                detail={"crossing": crossing.id, **detail},
            ),
        )
