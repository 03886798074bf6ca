import pytest

from catalog.render.pages import index_page, page
from catalog.render.wording import RULES, rule_sentence
from catalog.rules import RULES as ADAPTER
from tests.catalog_render.entries import PERSON, READING, VOCABULARY, entry

ARGUMENTS = {
    "identity": {"citizen_id": "meter_id", "sex": "district", "birth_date": "read_on"},
    "reference": {"items": ["meter_id"], "to": "water_account", "at": ["meter_id"]},
    "monotonic": {"item": "usage_m3", "by": ["meter_id"], "order": "read_on"},
    "difference": {"item": "usage_m3", "of": "usage_m3", "by": ["meter_id"], "order": "read_on"},
    "sum": {"item": "usage_m3", "of": ["usage_m3", "usage_m3"]},
    "product": {"item": "usage_m3", "of": ["usage_m3", "usage_m3"]},
    "tariff": {"item": "usage_m3", "of": ["usage_m3"], "tariff": "water", "day": "read_on"},
    "no_overlap": {"by": ["meter_id"], "since": "read_on", "until": "read_on"},
    "ordered": {"items": ["read_on", "read_on"]},
    "when": {"item": "district", "values": ["520102"], "required": ["usage_m3"]},
    "unique": {"items": ["meter_id", "district"]},
    "rows": {"min": 1},
    "rows_near": {},
    "share": {"item": "usage_m3", "max": 0.5},
    "steady": {"item": "usage_m3", "of": "mean"},
    "silence": {"by": "district"},
    "fresh": {"item": "read_on", "days": 3},
    "complete": {"item": "district", "districts": True},
}


@pytest.mark.parametrize("kind", RULES)
def test_every_kind_of_rule_is_said_in_chinese_with_the_titles_of_its_items(kind):
    written = {kind: ARGUMENTS.get(kind, {"item": "meter_id"})}
    ruled = entry(READING, quality={"rules": [written]})
    said = rule_sentence(ruled.quality.rules[0], ruled)
    titles = [item.title for item in ruled.items if item.name in str(written)]
    assert kind in ("rows", "rows_near") or any(title in said for title in titles)
    assert "None" not in said


def test_no_sentence_is_left_of_a_kind_that_is_gone():
    kinds = ADAPTER.json_schema()["items"]["discriminator"]["mapping"]
    assert set(RULES) <= set(kinds)  # that none lacks one: test_rule_wording


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            {"division": {"item": "district", "day": "read_on"}},
            "行政区划代码是行政区划代码，在抄表日期当日有效",
        ),
        ({"division": {"item": "district"}}, "行政区划代码是行政区划代码"),
        (
            {
                "when": {
                    "if": [{"item": "district", "values": ["520102"]}],
                    "then": [{"item": "usage_m3", "min": 3}, {"item": "read_on", "filled": False}],
                }
            },
            "行政区划代码为 520102 时，用水量应不小于 3，抄表日期应为空",
        ),
    ],
)
def test_days_and_conditions_are_said(rule, said):
    ruled = entry(READING, quality={"rules": [rule]})
    assert rule_sentence(ruled.quality.rules[0], ruled) == said


def test_a_rollover_is_said():
    reading = entry(READING)
    assert rule_sentence(reading.quality.rules[1], reading).endswith("（满 100000 归零）")


def test_a_page_names_the_guides_metadata():
    said = page(entry(READING), VOCABULARY)
    for word in (
        "314001002/000001",
        "示例市供水公司",
        "91520100MB9900144W",
        "每日，06:00 前",
        "1.00%",
    ):
        assert word in said


def test_a_pipe_in_a_pattern_does_not_split_its_cell():
    assert "格式 `W\\|X`" in page(entry(READING), VOCABULARY)


def test_an_item_shows_type_key_limits_unit_and_sensitivity():
    said = page(entry(READING), VOCABULARY)
    assert "| 用水量 | `usage_m3` | 数值型N(10,2) |  |  | ≥ 0 | m³ |  |" in said


def test_the_index_lists_zones_from_raw_to_thematic_under_their_groups():
    said = index_page([entry(PERSON), entry(READING)], VOCABULARY)
    order = [said.index(t) for t in ("原始数据", "示例市供水公司", "基础数据库", "人口基础数据库")]
    assert order == sorted(order)
    assert "[用水抄表](raw/water_reading.md)" in said
