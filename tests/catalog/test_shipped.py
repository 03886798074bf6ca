"""The catalog that is shipped: what domain.md section 5 promises of the demo city."""

from __future__ import annotations

import datetime as dt

import pytest
from stdnum.cn import uscc

from catalog.load import Catalog, load_catalog
from catalog.validate import problems

CSV_GB, CSV, XLSX, JSONL = (
    ("csv", "gb18030"),
    ("csv", "utf-8"),
    ("xlsx", "detect"),
    ("jsonl", "detect"),
)
BOM, GBK, PARQUET, JSON = (
    ("csv", "utf-8-sig"),
    ("csv", "gbk"),
    ("parquet", "detect"),
    ("json", "detect"),
)
SOURCES = {
    "resident": ("public_security", CSV_GB, "monthly", "snapshot", "citizen_id"),
    "enterprise_registration": ("market_regulation", JSONL, "daily", "upsert", "uscc"),
    "enterprise_publication": ("market_regulation", CSV, "yearly", "upsert", "uscc"),
    "division": ("natural_resources", CSV, "yearly", "snapshot", "code valid_from"),
    "standard_address": ("natural_resources", CSV, "monthly", "snapshot", "address_code"),
    "building": ("natural_resources", XLSX, "quarterly", "snapshot", "building_code"),
    "dwelling": ("housing", XLSX, "monthly", "snapshot", "dwelling_id"),
    "low_income_household": ("civil_affairs", XLSX, "monthly", "snapshot", "household_number"),
    "social_insurance_payment": ("human_resources", CSV_GB, "monthly", "append", "uscc month"),
    "tax_payment": ("tax", PARQUET, "quarterly", "append", "uscc period tax_kind"),
    "birth_record": ("health", JSON, "monthly", "append", "record_number"),
    "death_record": ("health", JSON, "monthly", "append", "record_number"),
    "permit": ("government_services", JSONL, "daily", "upsert", "permit_number"),
    "administrative_penalty": ("development_reform", CSV, "monthly", "append", "decision_number"),
    "macro_indicator": ("statistics", XLSX, "monthly", "upsert", "indicator division period"),
    "hotline_complaint": ("hotline", JSONL, "daily", "append", "ticket_number"),
    "water_account": ("water", CSV_GB, "monthly", "snapshot", "account_number"),
    "water_reading": ("water", CSV_GB, "daily", "append", "meter_id read_on"),
    "water_bill": ("water", CSV_GB, "monthly", "append", "account_number month"),
    "water_outage": ("water", JSONL, "daily", "append", "outage_number"),
    "water_pressure": ("water", CSV_GB, "monthly", "append", "point_id measured_on"),
    "power_account": ("power", BOM, "monthly", "snapshot", "account_number"),
    "power_reading": ("power", PARQUET, "daily", "append", "meter_id read_on"),
    "power_bill": ("power", BOM, "monthly", "append", "account_number month"),
    "power_outage": ("power", BOM, "daily", "append", "outage_number"),
    "gas_account": ("gas", GBK, "monthly", "snapshot", "account_number"),
    "gas_reading": ("gas", GBK, "daily", "append", "meter_id read_on"),
    "gas_bill": ("gas", GBK, "monthly", "append", "account_number month"),
    "gas_safety_inspection": ("gas", XLSX, "monthly", "append", "inspection_number"),
}  # fmt: skip


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_the_shipped_catalog_has_no_problems() -> None:
    assert [str(problem) for problem in problems()] == []


def test_the_citys_source_resources_are_all_there(catalog: Catalog) -> None:
    assert {entry.name for entry in catalog.sources()} == set(SOURCES)


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_is_delivered_as_the_unit_delivers_it(catalog: Catalog, name: str) -> None:
    unit, dialect, cycle, mode, key = SOURCES[name]
    entry = catalog.entry(name)
    assert entry.unit == f"guiyang_{unit}"
    assert (entry.origin.format, entry.origin.encoding) == dialect
    assert entry.origin.pattern == f"{name}_*.{entry.origin.format}"
    assert (entry.update.cycle, entry.update.mode) == (cycle, mode)
    assert set(entry.key) == set(key.split())
    assert catalog.path(name).parent.name == entry.unit


def test_rules_carry_the_names_of_the_citys_defects(catalog: Catalog) -> None:
    named = {
        (rule.kind, rule.defect_name)
        for entry in catalog.sources()
        for rule in entry.quality.rules
        if rule.kind in ("monotonic", "difference")
    }
    assert named == {("monotonic", "reading_goes_back"), ("difference", "usage_not_difference")}
    for name in ("water_bill", "power_bill", "gas_bill"):
        assert "tiers_not_sum" in {r.defect_name for r in catalog.entry(name).quality.rules}


def test_the_units_are_sixteen_and_fourteen_districts(catalog: Catalog) -> None:
    units = catalog.vocabulary.units
    assert sum(unit.kind == "district" for unit in units) == 14
    assert sum(unit.kind != "district" for unit in units) == 16
    assert all("示例" in unit.title for unit in units)
    assert len({unit.uscc for unit in units}) == 30


def test_the_units_credit_codes_have_right_check_characters(catalog: Catalog) -> None:
    for unit in catalog.vocabulary.units:
        assert uscc.is_valid(unit.uscc), unit.name


def test_tables_flow_back_to_fourteen_divisions_in_force(catalog: Catalog) -> None:
    recipients = catalog.vocabulary.recipients()
    districts = {unit.division for unit in catalog.vocabulary.units if unit.division}
    assert {division.code for division in recipients} == districts
    assert all(division.valid_to is None for division in recipients)
    assert [d.code for d in recipients if not d.official] == [
        "520191",
        "520192",
        "520193",
        "520194",
    ]


def test_an_abolished_district_has_its_end_and_successor(catalog: Catalog) -> None:
    by_code = {division.code: division for division in catalog.vocabulary.divisions}
    assert by_code["520114"].successor == "520111"
    assert by_code["520114"].valid_to == dt.date(2012, 11, 14)
    assert by_code["520115"].valid_from == dt.date(2012, 11, 15)
