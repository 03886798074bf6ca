"""Vitality by district, industry and month, with bodies that cannot be placed in sight."""

from decimal import Decimal

import pytest

from tests.dbt.conftest import Tables, row

NOWHERE = {"district": "unresolved", "industry_section": "unknown"}


def cell(city: Tables, month: str, **place: str) -> dict[str, object]:
    return row(city["enterprise_vitality"], month=month, **place)


def test_body_of_a_merged_district_counts_in_its_successor(city: Tables) -> None:
    found = cell(city, "2026-01", district="520111", industry_section="C")
    assert (found["standing"], found["active"], found["insured"]) == (1, 1, 30)
    assert (found["power_kwh"], found["penalties"]) == (Decimal(1000), 1)


def test_body_of_an_abolished_district_keeps_its_industry(city: Tables) -> None:
    found = cell(city, "2025-12", district="unresolved", industry_section="C")
    assert (found["division"], found["standing"], found["active"]) == (None, 1, 1)
    assert found["tax_amount"] == Decimal(100)


def test_what_strangers_paid_and_used_has_a_row_of_its_own(city: Tables) -> None:
    found = cell(city, "2026-01", **NOWHERE)
    # Of the published bodies two tell neither where they are nor what they do.
    assert (found["standing"], found["insured"], found["penalties"]) == (2, 30, 1)
    # Of the stall, whose keeper is in no register, of the kiosk, whose holder nobody knows, and
    # of an account that is closed and in no list.
    assert found["power_kwh"] == Decimal("1.5")


@pytest.mark.parametrize(("month", "active"), [("2025-10", 1), ("2026-03", 1)])
def test_tax_of_a_quarter_and_power_of_a_month_are_signs_of_life(
    city: Tables, month: str, active: int
) -> None:
    found = city["enterprise_vitality"].filter(month=month)
    assert found["active"].sum() == active


def test_use_falls_against_the_month_before(city: Tables) -> None:
    found = cell(city, "2026-02", district="520111", industry_section="C")
    assert (found["power_kwh_before"], found["power_change"]) == (Decimal(1000), Decimal(-90))
