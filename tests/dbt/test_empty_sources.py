"""A city of which nothing was ever delivered."""

from catalog.load import Catalog
from catalog.schema import table_schema
from tests.dbt.conftest import Tables


def test_every_model_is_an_empty_table_of_its_schema(nothing: Tables, catalog: Catalog) -> None:
    assert {name: dict(table.schema) for name, table in nothing.items()} == {
        entry.name: table_schema(entry) for entry in catalog.models() if entry.linkage is None
    }
    assert sum(table.height for table in nothing.values()) == 0
