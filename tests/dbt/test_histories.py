"""What was known when: one spell of everything that one delivery told of."""

import datetime as dt

import pytest

from tests.dbt.conftest import Tables, row

TOLD = dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("history", "current", "key"),
    [
        ("address_history", "address", ["address_code"]),
        ("building_history", "registered_building", ["building_code"]),
        ("dwelling_history", "registered_dwelling", ["dwelling_id"]),
        ("credit_record_history", "credit_record", ["decision_number"]),
        ("economic_indicator_history", "economic_indicator", ["indicator", "division", "period"]),
        ("certificate_history", "certificate", ["permit_number"]),
    ],
)
def test_what_is_current_is_the_open_spell_of_its_history(
    city: Tables, history: str, current: str, key: list[str]
) -> None:
    spells, now = city[history], city[current]
    assert set(spells["spell"]) == {1}
    assert (spells["known_from"].unique().to_list(), spells["known_to"].null_count()) == (
        [TOLD],
        spells.height,
    )
    same = [name for name in spells.columns if name in now.columns and not name.startswith("_")]
    if history != "credit_record_history":  # there the name is that of the decision
        assert spells.select(same).sort(key).equals(now.select(same).sort(key))
    assert spells.select(key).sort(key).equals(now.select(key).sort(key))


@pytest.mark.parametrize(
    ("household", "members", "address"), [("H1", 3, "long"), ("H2", 0, "unlisted")]
)
def test_household_lived_where_most_of_its_registered_did(
    city: Tables, household: str, members: int, address: str
) -> None:
    spell = row(city["household_history"], household_number=household)
    assert (spell["members"], spell["address_code"]) == (members, address)
    assert (spell["valid_from"], spell["valid_to"]) == (TOLD, None)


def test_spell_begins_when_the_register_says_that_it_began(city: Tables) -> None:
    assert row(city["dwelling_history"], dwelling_id="long")["valid_from"] == dt.date(2020, 1, 1)
    assert row(city["address_history"], address_code="long")["valid_from"] == TOLD


def test_body_has_a_spell_by_each_source_that_tells_of_it(city: Tables) -> None:
    found = city["legal_entity_history"].filter(uscc="91520102MA6H000015").sort("told_by")
    assert found.select("told_by", "name", "valid_from").rows() == [
        ("enterprise_publication", "旧厂名", dt.date(1993, 4, 27)),
        ("enterprise_registration", "示例厂", dt.date(2010, 1, 1)),
    ]
