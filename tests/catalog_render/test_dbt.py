import duckdb
import polars as pl
import pytest
import yaml

from catalog.render.dbt import duckdb_type, model_yaml, sources_yaml
from catalog.schema import table_schema
from tests.catalog_render.entries import PERSON, READING, entry


def columns(text: str) -> dict[str, dict[str, object]]:
    """Return the columns of the first table or model of rendered YAML, by name."""
    document = yaml.safe_load(text)
    table = (document.get("models") or document["sources"][0]["tables"])[0]
    return {column["name"]: column for column in table["columns"]}


def test_both_sources_list_every_resource_with_its_provenance():
    document = yaml.safe_load(sources_yaml([entry(READING)]))
    assert [source["name"] for source in document["sources"]] == ["raw", "current", "history"]
    for source in document["sources"]:
        (table,) = source["tables"]
        assert table["name"] == "water_reading"
        assert [c["name"] for c in table["columns"]][-2:] == ["_delivery", "_row"]


def test_tables_that_linking_makes_are_a_source_in_their_zone():
    document = yaml.safe_load(sources_yaml([], [entry(PERSON)]))
    (made,) = [source for source in document["sources"] if source["name"] == "linked"]
    assert made["schema"] == "base"
    assert [table["name"] for table in made["tables"]] == ["person"]


def test_a_catalog_without_resources_still_gives_valid_sources():
    document = yaml.safe_load(sources_yaml([]))
    assert [source["tables"] for source in document["sources"]] == [[], [], []]


def test_a_model_has_an_enforced_contract_of_its_stored_columns():
    model = entry(PERSON)
    document = yaml.safe_load(model_yaml(model))["models"][0]
    assert document["config"] == {
        "contract": {"enforced": True},
        "group": model.group,
        "access": "public",
    }
    assert list(columns(model_yaml(model))) == list(table_schema(model))


def test_every_column_is_described():
    assert all(column["description"] for column in columns(model_yaml(entry(PERSON))).values())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("citizen_id", "varchar"),
        ("households", "bigint"),
        ("seen_at", "timestamptz"),
        ("alive", "boolean"),
    ],
)
def test_a_column_has_the_type_that_is_stored(name, kind):
    assert columns(model_yaml(entry(PERSON)))[name]["data_type"] == kind


@pytest.mark.parametrize(
    "dtype",
    [
        pl.String(),
        pl.Int64(),
        pl.Decimal(10, 2),
        pl.Date(),
        pl.Datetime("us", "UTC"),
        pl.Boolean(),
        pl.List(pl.String()),
    ],
)
def test_duckdb_gives_a_column_of_that_type_back_as_it_was(dtype):
    frame = duckdb.sql(f"set timezone = 'UTC'; select null::{duckdb_type(dtype)} as x").pl()
    assert frame.schema["x"] == dtype


def test_key_and_required_columns_may_not_be_null():
    found = columns(model_yaml(entry(PERSON)))
    bound = [name for name, column in found.items() if "constraints" in column]
    assert bound == ["citizen_id", "households"]


def test_a_single_key_is_tested_to_be_unique():
    assert columns(model_yaml(entry(PERSON)))["citizen_id"]["data_tests"] == ["unique"]


def test_a_compound_key_is_tested_as_a_whole():
    model = entry(READING, origin={"model": "thematic", "theme": "water"})
    document = yaml.safe_load(model_yaml(model))["models"][0]
    (test,) = document["data_tests"]
    assert test["unique"]["arguments"] == {"column_name": "concat_ws('|', meter_id, read_on)"}
    assert not any("data_tests" in column for column in document["columns"])


def test_a_reference_is_tested_as_a_relationship():
    person = entry(PERSON)
    rule = {
        "reference": {
            "items": ["meter_id", "read_on"],
            "to": person.name,
            "at": ["citizen_id", "name"],
        }
    }
    model = entry(
        READING, origin={"model": "thematic", "theme": "water"}, quality={"rules": [rule]}
    )
    document = yaml.safe_load(model_yaml(model, {person.name: person}))["models"][0]
    (test,) = [each["relationships"] for each in document["data_tests"] if "relationships" in each]
    assert test["arguments"] == {
        "column_name": "concat_ws('|', meter_id, read_on)",
        "to": f"ref('{person.name}')",
        "field": "concat_ws('|', citizen_id, name)",
    }
    assert "relationships" not in model_yaml(model)


def test_an_abstract_cannot_make_dbt_read_the_environment():
    assert "{{" not in model_yaml(entry(PERSON))


def test_quotes_and_line_breaks_in_an_abstract_stay_text():
    model = entry(PERSON, abstract='说"人"\n: - #')
    assert yaml.safe_load(model_yaml(model))["models"][0]["description"] == '人口：说"人" : - #'
