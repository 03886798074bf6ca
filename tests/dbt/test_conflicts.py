"""Two units that disagree: one value counts, and the other is a fact that nobody can read."""

import polars as pl
import pytest

from lake.digest import keyed_digest
from tests.dbt.conftest import Tables, row
from tests.dbt.raw_economy import FACTORY


def digest(said: str) -> str:
    return keyed_digest(b"", said)


def conflict(city: Tables, kind: str, entity: str, field: str, told_by: str) -> dict[str, object]:
    return row(
        city["field_conflict"],
        kind=kind, entity=digest(f"{kind}:{entity}"), field=field, told_by=told_by,
    )  # fmt: skip


REGISTER, PUBLISHED = "enterprise_registration", "enterprise_publication"


@pytest.mark.parametrize(
    ("kind", "entity", "field", "taken", "told"),
    [
        ("legal_entity", FACTORY, "name", (REGISTER, "示例厂"), (PUBLISHED, "旧厂名")),
        (
            *("legal_entity", FACTORY, "registered_capital"),
            *((REGISTER, "100.5000"), (PUBLISHED, "9.0000")),
        ),
        (
            *("legal_entity", FACTORY, "established_on"),
            *((REGISTER, "2010-01-01"), (PUBLISHED, "1993-04-27")),
        ),
        (
            *("legal_entity", FACTORY, "name"),
            *((REGISTER, "示例厂"), ("administrative_penalty", "决定书所载")),
        ),
        ("person", "wife", "household_number", ("resident", "H1"), ("low_income_household", "H9")),
        ("person", "wife", "name", ("resident", "WIFE"), ("birth_record", "NAMEOFWIFE")),
        (
            *("utility_account", "water:merged", "address_code"),
            *(("water_account", "merged"), ("address_reading", "one")),
        ),
        (
            *("registered_dwelling", "one", "use"),
            *(("dwelling", "residential"), ("power_account", "other")),
        ),
    ],
)
def test_what_two_sources_say_of_a_field_is_a_conflict(
    city: Tables, kind: str, entity: str, field: str, taken: tuple[str, str], told: tuple[str, str]
) -> None:
    found = conflict(city, kind, entity, field, told[0])
    assert (found["taken_from"], found["taken_value"]) == (taken[0], digest(taken[1]))
    assert found["told_value"] == digest(told[1])
    deliveries = {each.rpartition("-")[0] for each in found["_deliveries"]}
    assert {taken[0], told[0]} - {"address_reading"} <= deliveries


def test_the_value_that_counts_is_what_the_base_table_says(city: Tables) -> None:
    assert row(city["legal_entity"], uscc=FACTORY)["name"] == "示例厂"
    assert row(city["person"], citizen_id="wife")["household_number"] == "H1"
    account = row(city["utility_account"], utility="water", account_number="merged")
    assert account["address_code"] == "merged"


def test_sources_that_agree_are_no_conflict(city: Tables) -> None:
    agreed = digest("utility_account:water:long")
    assert city["field_conflict"].filter(pl.col("entity") == agreed).is_empty()


def test_no_value_and_no_entity_can_be_read(city: Tables) -> None:
    shown = city["field_conflict"].select("entity", "taken_value", "told_value")
    lengths = shown.select(pl.all().str.len_chars().unique()).rows()
    assert lengths == [(64, 64, 64)]
