"""The published schemas, and what they say of an event."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

PUBLISHED = Path(__file__).parent / "published"


def faults(event: dict[str, Any]) -> list[str]:
    """Return what the published schemas hold against an event, facet by facet."""
    found = [error.message for error in _validator(event["schemaURL"]).iter_errors(event)]
    for name, facet in _facets(event):
        url = facet["_schemaURL"].partition("#")[0]
        found += [f"{name}: {e.message}" for e in _validator(url).iter_errors({name: facet})]
    return found


def _facets(event: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    sides = [*event["inputs"], *event["outputs"]]
    kinds = ("facets", "inputFacets", "outputFacets")
    bags = [event["run"]["facets"], *(side.get(kind, {}) for side in sides for kind in kinds)]
    return [(name, facet) for bag in bags for name, facet in bag.items()]


def _registry() -> Registry[Any]:
    documents = [json.loads(path.read_text()) for path in PUBLISHED.glob("*.json")]
    return Registry().with_resources((d["$id"], Resource.from_contents(d)) for d in documents)


REGISTRY = _registry()


CHECKER = FormatChecker(["uuid"])


@CHECKER.checks("date-time", raises=ValueError)
def _is_instant(value: object) -> bool:
    return dt.datetime.fromisoformat(str(value)).tzinfo is not None


def _validator(url: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": url}, registry=REGISTRY, format_checker=CHECKER)
