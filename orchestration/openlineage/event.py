"""OpenLineage events as JSON, by the published schema 2-0-2; tests hold each against it.

Written by hand: the client library brings an HTTP stack of its own for a hundred lines.
Keep out: sending (channel.py) and what is told of a step (telling.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from catalog.entry import Entry
from catalog.render.dbt import duckdb_type
from catalog.schema import table_schema
from orchestration.lineage import Columns, Origin
from quality.verdict import RuleResult

SPEC = "https://openlineage.io/spec"
SCHEMA_URL = f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
PRODUCER = "https://pypi.org/project/citylake"
NAMESPACE = "citylake"
FACETS = {
    "schema": "1-2-0/SchemaDatasetFacet",
    "columnLineage": "1-2-0/ColumnLineageDatasetFacet",
    "version": "1-0-1/DatasetVersionDatasetFacet",
    "dataQualityAssertions": "1-1-0/DataQualityAssertionsDatasetFacet",
    "outputStatistics": "1-0-2/OutputStatisticsOutputDatasetFacet",
    "errorMessage": "1-0-1/ErrorMessageRunFacet",
}
SEVERITY = {"block": "error", "quarantine": "error", "warn": "warn"}
Json = dict[str, Any]
Kind = Literal["START", "COMPLETE", "FAIL"]


@dataclass(frozen=True)
class Dataset:
    """A table, or what a unit delivers for it, with what is to be said of it."""

    name: str
    namespace: str = NAMESPACE
    facets: Mapping[str, Json] = field(default_factory=dict)
    statistics: Mapping[str, Json] = field(default_factory=dict)  # of an output
    quality: Mapping[str, Json] = field(default_factory=dict)  # of an input


@dataclass(frozen=True)
class Event:
    """One event of one run of a job."""

    kind: Kind
    job: str
    run: str  # UUID
    at: dt.datetime
    inputs: Sequence[Dataset] = ()
    outputs: Sequence[Dataset] = ()
    error: str | None = None

    def as_json(self) -> Json:
        """Return the event as the schema wants it."""
        failed = {} if self.error is None else {"errorMessage": _error(self.error)}
        return {
            "eventType": self.kind,
            "eventTime": self.at.isoformat(),
            "producer": PRODUCER,
            "schemaURL": SCHEMA_URL,
            "run": {"runId": self.run, "facets": failed},
            "job": {"namespace": NAMESPACE, "name": self.job},
            "inputs": [_dataset(one, inputFacets=one.quality) for one in self.inputs],
            "outputs": [_dataset(one, outputFacets=one.statistics) for one in self.outputs],
        }


def table(entry: Entry) -> Dataset:
    """Return the dataset of an entry's table."""
    return Dataset(f"{entry.zone}.{entry.name}")


def delivered(entry: Entry) -> Dataset:
    """Return the dataset of what a unit delivers for a resource."""
    return Dataset(entry.name, namespace=f"unit:{entry.unit}")


def schema_facet(entry: Entry) -> Json:
    """Return the columns of an entry's table with their Chinese titles."""
    titles = {item.name: item.title for item in entry.items}
    fields = [
        {"name": name, "type": duckdb_type(kind), "description": titles.get(name, "来源")}
        for name, kind in table_schema(entry).items()
    ]
    return _facet("schema", fields=fields)


def version_facet(version: int) -> Json:
    """Return the Delta version of a table."""
    return _facet("version", datasetVersion=str(version))


def statistics_facet(rows: int) -> Json:
    """Return how many rows a table has now."""
    return _facet("outputStatistics", rowCount=rows)


def lineage_facet(columns: Columns) -> Json:
    """Return the origins of the columns of a model."""
    return _facet(
        "columnLineage",
        fields={
            name: {"inputFields": [_field(origin) for origin in origins]}
            for name, origins in columns.items()
            if origins
        },
    )


def item_lineage_facet(entry: Entry) -> Json:
    """Return the items of a unit's resource as the origins of a raw table's columns."""
    source = delivered(entry)
    return _facet(
        "columnLineage",
        fields={
            item.name: {
                "inputFields": [
                    {"namespace": source.namespace, "name": source.name, "field": item.title}
                ]
            }
            for item in entry.items
        },
    )


def quality_facet(rules: Iterable[RuleResult]) -> Json:
    """Return what the gate said, rule by rule."""
    return _facet(
        "dataQualityAssertions",
        assertions=[
            {
                "assertion": rule.expectation,
                "success": rule.passed,
                "severity": SEVERITY[rule.severity],
                "name": rule.rule,
                "description": rule.expected,
                "actual": rule.error or rule.observed,
            }
            for rule in rules
        ],
    )


def _field(origin: Origin) -> Json:
    name = f"{origin.zone}.{origin.name}"
    return {"namespace": NAMESPACE, "name": name, "field": origin.column}


def _error(message: str) -> Json:
    return _facet("errorMessage", message=message, programmingLanguage="PYTHON")


def _dataset(one: Dataset, **more: Mapping[str, Json]) -> Json:
    said = {name: dict(facets) for name, facets in more.items() if facets}
    return {"namespace": one.namespace, "name": one.name, "facets": dict(one.facets), **said}


def _facet(name: str, **said: Any) -> Json:  # noqa: ANN401 - JSON of the facet
    kind = FACETS[name].partition("/")[2]
    url = f"{SPEC}/facets/{FACETS[name]}.json#/$defs/{kind}"
    return {"_producer": PRODUCER, "_schemaURL": url, **said}
