"""Who owns models and who receives them, as dbt lists it."""

from __future__ import annotations

import yaml

from catalog.load import load_catalog
from catalog.render.governance import exposures_yaml, groups_yaml

CITY = load_catalog()


def test_every_group_of_a_model_has_an_owner() -> None:
    found = yaml.safe_load(groups_yaml(CITY.models(), CITY.vocabulary))["groups"]
    assert {group["name"] for group in found} == {entry.group for entry in CITY.models()}
    assert all(group["owner"]["name"] and group["description"] for group in found)


def test_what_flows_back_and_what_analysts_read_is_exposed() -> None:
    document = yaml.safe_load(exposures_yaml(CITY.entries.values(), CITY.vocabulary))
    found = {exposure["name"]: exposure["depends_on"] for exposure in document["exposures"]}
    returned = {f"backflow_{e.name}" for e in CITY.entries.values() if e.backflow}
    assert found.keys() == returned | {"analysts"}
    assert found["backflow_resident"] == ["source('current', 'resident')"]
    assert set(found["analysts"]) == {
        f"ref('{e.name}')" if e.linkage is None else f"source('linked', '{e.name}')"
        for e in CITY.models()
    }


def test_nothing_gives_valid_files() -> None:
    assert yaml.safe_load(groups_yaml([], CITY.vocabulary))["groups"] == []
    assert yaml.safe_load(exposures_yaml([], CITY.vocabulary))["exposures"] == []
