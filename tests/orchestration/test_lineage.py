"""From which columns a column is made, read from SQL as dbt compiles it."""

from __future__ import annotations

import pytest

from catalog.load import Catalog, load_catalog
from orchestration.lineage import Origin, column_lineage, upstream

WATER = '"memory"."current"."water_bill"'
USAGE = Origin("raw", "water_bill", "usage_m3")
MONTH = Origin("raw", "water_bill", "month")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (f"select usage_m3 as u from {WATER}", {"u": (USAGE,)}),
        (f"with s as (select * from {WATER}) select usage_m3 as u from s", {"u": (USAGE,)}),
        (f"select sum(usage_m3) as u, month from {WATER} group by month",
         {"u": (USAGE,), "month": (MONTH,)}),
        (f"select case when month > '2026' then usage_m3 end as u from {WATER}",
         {"u": (MONTH, USAGE)}),
        (f"select 1 as one, count(*) as n from {WATER}", {"one": (), "n": ()}),
        ("select 1 as one", {"one": ()}),
        (f"select usage_m3 as u from {WATER} union all "
         'select usage_m3 from "memory"."current"."gas_bill"',
         {"u": (Origin("raw", "gas_bill", "usage_m3"), USAGE)}),
        ('select p.name from "memory"."base"."person" as p join '
         f"{WATER} as w on p.citizen_id = w.account_number where w.usage_m3 > 1",
         {"name": (Origin("base", "person", "name"),)}),
        (f"select list_sort(list_distinct([_delivery])) as _deliveries from {WATER}",
         {"_deliveries": (Origin("raw", "water_bill", "_delivery"),)}),
    ],
)  # fmt: skip
def test_a_column_comes_from_what_its_expression_reads(catalog, sql, expected) -> None:
    assert column_lineage(sql, catalog) == expected


def test_origins_are_followed_through_models_to_the_items_of_units() -> None:
    lineages = {
        ("base", "utility_bill"): {"usage": (USAGE,)},
        ("thematic", "by_month"): {"water": (Origin("base", "utility_bill", "usage"),)},
    }
    assert upstream(lineages, Origin("thematic", "by_month", "water")) == (USAGE,)
    assert upstream(lineages, Origin("thematic", "by_month", "unknown")) == ()


def test_sql_that_cannot_be_read_has_no_origins_and_is_told(catalog, caplog) -> None:
    assert column_lineage("select from where", catalog) == {}
    assert "cannot be read" in caplog.text
