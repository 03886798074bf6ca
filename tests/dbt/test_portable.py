"""The models as dbt compiled them say the same in the SQL of distributed engines."""

from __future__ import annotations

import pytest
import sqlglot

from catalog.entry import Entry
from catalog.load import Catalog
from catalog.schema import table_schema
from orchestration.lineage import column_lineage


def made_by_sql(catalog: Catalog) -> list[Entry]:
    """Return the tables that have a model; those of links have none."""
    return [entry for entry in catalog.models() if entry.linkage is None]


@pytest.mark.parametrize("engine", ["spark", "trino"])
def test_every_model_compiles_for_a_distributed_engine(
    compiled: dict[str, str], catalog: Catalog, engine: str
) -> None:
    for entry in made_by_sql(catalog):
        (said,) = sqlglot.transpile(
            compiled[entry.name],
            read="duckdb",
            write=engine,
            unsupported_level=sqlglot.ErrorLevel.RAISE,
        )
        assert sqlglot.parse_one(said, dialect=engine).named_selects[-1] == "_deliveries"


def test_the_origins_of_every_column_can_be_read(
    compiled: dict[str, str], catalog: Catalog
) -> None:
    for entry in made_by_sql(catalog):
        found = column_lineage(compiled[entry.name], catalog)
        assert list(found) == list(table_schema(entry))
        assert found["_deliveries"], entry.name
