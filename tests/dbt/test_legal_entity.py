"""Legal entities, and the certificates and credit records that name them."""

import pytest

from tests.dbt.conftest import Tables, row
from tests.dbt.raw_city import FACTORY, SHOP


@pytest.mark.parametrize(
    ("uscc", "registered_in", "division"), [(FACTORY, "520116", "520111"), (SHOP, "520117", None)]
)
def test_entity_lies_in_the_district_that_succeeded_its_own(
    city: Tables, uscc: str, registered_in: str, division: str | None
) -> None:
    entity = row(city["legal_entity"], uscc=uscc)
    assert (entity["registered_division"], entity["division"]) == (registered_in, division)
    assert entity["industry_section"] == "C"


@pytest.mark.parametrize(
    ("number", "registered", "division"), [("known", True, "520111"), ("stranger", False, None)]
)
def test_record_of_an_unregistered_body_is_kept(
    city: Tables, number: str, registered: bool, division: str | None
) -> None:
    for table, key in (("certificate", "permit_number"), ("credit_record", "decision_number")):
        record = row(city[table], **{key: number})
        assert (record["registered"], record["division"]) == (registered, division)


def test_credit_record_takes_the_registered_name_when_there_is_one(city: Tables) -> None:
    names = dict(city["credit_record"].select("decision_number", "name").iter_rows())
    assert names == {"known": "示例厂", "stranger": "决定书所载"}


def test_indicator_keeps_the_area_that_it_was_published_for(city: Tables) -> None:
    assert city["economic_indicator"]["division"].to_list() == ["520100"]
