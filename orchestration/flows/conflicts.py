"""Conflicts between sources (一数一源): how many there are of each field, and those of one entity.

Digests are compared under the lake's key; what the values are nobody is told.
Keep out: which sources a field has and how they rank (catalog entries, dbt_project).
"""

from __future__ import annotations

from typing import Any

from catalog.problem import nearest
from lake.digest import keyed_digest
from lake.text import literal
from orchestration.city import City
from orchestration.flows.ask import ask
from registry.error import RegistryError

TABLE = "field_conflict"


def conflicts_by_field(city: City) -> list[dict[str, Any]]:
    """Return how many conflicts there are between each two sources of a field, most first."""
    sql = (
        "select kind, field, taken_from, told_by, count(*) as conflicts, min(since) as since "
        f"from base.{TABLE} group by kind, field, taken_from, told_by "
        "order by conflicts desc, kind, field, told_by"
    )
    return [row | {"unit": _unit(city, row["told_by"])} for row in ask(city, sql).rows]


def conflicts_of(city: City, kind: str, key: str) -> list[dict[str, Any]]:
    """Return the conflicts of one entity, whose key is kept nowhere."""
    kinds = city.entry(TABLE).item("kind").values
    if kind not in kinds:
        raise RegistryError(f"{kind}: no kind of entity has conflicts so{nearest(kind, kinds)}")
    digest = keyed_digest(city.digest_key, f"{kind}:{key}")
    sql = (
        f"select field, taken_from, told_by, since, taken_value, told_value from base.{TABLE} "
        f"where kind = {literal(kind)} and entity = {literal(digest)} order by field, told_by"
    )
    return [row | {"unit": _unit(city, row["told_by"])} for row in ask(city, sql).rows]


def _unit(city: City, resource: str) -> str:
    """Return the title of the unit that tells a source."""
    return city.catalog.vocabulary.unit(city.entry(resource).unit).title
