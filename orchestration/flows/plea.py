"""Plea (豁免请求): what an officer wants waived, and whether it may be.

Keep out: granting it (waive.py) and ending it (revoke.py).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from catalog.entry import Entry
from catalog.problem import nearest
from orchestration.city import City, day_of
from orchestration.flows.refused import check_resource
from quality.check import Check
from quality.rules import checks
from registry import deliveries
from registry.error import RegistryError

# A row without these is no row of its table, whoever answers for it.
NEVER = frozenset({"null_key", "duplicate_key", "wrong_type"})
UNIQUE = frozenset({"ExpectColumnValuesToBeUnique", "ExpectCompoundColumnsToBeUnique"})


@dataclass(frozen=True)
class Plea:
    """What is to be waived, for what, by whom and why."""

    resource: str
    rule: str
    officer: str
    reason: str
    delivery: str | None = None
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None


def check_plea(city: City, plea: Plea, *, now: dt.datetime) -> None:
    """Refuse what may not be waived, by whom it may not be, or for no clear period."""
    check_resource(city, plea.resource)
    entry = city.entry(plea.resource)
    known = checks(entry, city.catalog.vocabulary, today=day_of(now))
    may = {c.label for c in known} - {c.label for c in known if _never(c, entry)}
    if plea.rule not in may:
        raise RegistryError(
            f"{plea.resource}: rule {plea.rule} cannot be waived{nearest(plea.rule, sorted(may))}; "
            "what makes a row unreadable or ambiguous never can"
        )
    if plea.delivery is not None and plea.rule in {c.label for c in known if c.whole}:
        raise RegistryError(
            f"{plea.resource}: rule {plea.rule} speaks of deliveries as wholes: waive it for a "
            "period (--from, --until), then deliver the refused one again as correction"
        )
    check_officer(city, entry, plea.officer)
    _check_scope(city, plea)


def check_officer(city: City, entry: Entry, officer: str) -> None:
    """Refuse whoever is not the chief data officer of an entry's unit."""
    officers = {u.chief_data_officer for u in city.catalog.vocabulary.units if u.name == entry.unit}
    if officer not in officers:
        raise RegistryError(
            f"{entry.name}: {officer} is not the chief data officer of {entry.unit}: "
            "only that officer may waive its rules (vocabulary/units.yaml)"
        )


def _check_scope(city: City, plea: Plea) -> None:
    if not plea.reason.strip():
        raise RegistryError("a waiver needs a reason: say why in --reason")
    period = plea.valid_from is not None or plea.valid_until is not None
    if (plea.delivery is None) != period:
        raise RegistryError("name either one delivery, or a period with --from and --until")
    if period and (plea.valid_from is None or plea.valid_until is None):
        raise RegistryError("a period has a first and a last day: give both --from and --until")
    if plea.valid_from and plea.valid_until and plea.valid_until < plea.valid_from:
        raise RegistryError(f"--until {plea.valid_until} is before --from {plea.valid_from}")
    if plea.delivery is not None:
        found = deliveries.find(city.registry, plea.delivery)
        if found is None or found.delivery.resource != plea.resource:
            raise RegistryError(f"{plea.resource} has no delivery {plea.delivery}")


def _never(check: Check, entry: Entry) -> bool:
    """Tell what keeps rows apart and readable, whatever the entry calls it."""
    is_key = check.expectation in UNIQUE and set(check.among) == set(entry.key)
    return is_key or check.label.partition(":")[0] in NEVER
