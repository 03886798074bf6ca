import json

import jsonschema
import pytest
import yaml

from catalog.load import ENTRIES
from catalog.render.json_schema import entry_schema
from tests.catalog_render.entries import READING

VALIDATOR = jsonschema.Draft202012Validator(json.loads(entry_schema()))


def written(**changes: object) -> dict[str, object]:
    return {**yaml.safe_load(READING), **changes}


@pytest.mark.parametrize("path", sorted(ENTRIES.rglob("*.yaml")), ids=lambda path: path.stem)
def test_every_entry_of_the_city_has_the_shape(path):
    VALIDATOR.validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "changes",
    [
        {"titel": "错字"},
        {"title": None},
        {"code": "1"},
        {"update": {"cycle": "hourly"}},
        {"quality": {"max_quarantine": "1 pro cent"}},
        {"quality": {"rules": [{"no_such_rule": {}}]}},
        {"quality": {"rules": [{"sum": {"item": "usage_m3"}}]}},
        {"items": [{"name": "Upper", "title": "大写", "type": "string"}]},
        {"items": []},
    ],
    ids=str,
)
def test_an_editor_marks_what_the_model_refuses(changes):
    assert list(VALIDATOR.iter_errors(written(**changes)))


@pytest.mark.parametrize("rule", ["water_meter_known", {"mobile": {"item": "meter_id"}}], ids=str)
def test_a_rule_may_be_a_name_or_a_shape_with_its_words(rule):
    VALIDATOR.validate(written(quality={"max_quarantine": 0.01, "rules": [rule]}))


def test_a_rules_words_do_not_repeat_its_kind():
    assert list(VALIDATOR.iter_errors(written(quality={"rules": [{"rows": {"kind": "rows"}}]})))
