"""Every kind of rule is said in Chinese: in the catalog's pages, and to the unit that broke it."""

from __future__ import annotations

import re

import pytest

from catalog.render.wording import rule_sentence
from catalog.rules.read import RULES
from quality.check import Setting
from quality.rule_checks import of_rule
from tests.orchestration.town import NOW
from tests.quality.rows import few
from tests.quality.water import vocabulary

ITEMS = {
    "code": "text", "name": "text", "sex": "text", "place": "text", "month": "month",
    "born": "day", "until": "day", "count": "whole", "left": "whole", "usage": "money",
    "rate": "money", "bill": "money",
}  # fmt: skip
OF_ONE = ("uscc", "citizen_id", "meter_number", "bank_card", "organization_code", "mobile")
OF_ONE = (*OF_ONE, "land_line", "phone", "plate", "industry", "uscc_or_citizen_id")
SERIES = {"by": ["code"], "order": "born"}
EXAMPLES = [
    *({kind: {"item": "code"}} for kind in OF_ONE),
    {"division": {"item": "code", "day": "born"}},
    {"identity": {"citizen_id": "code", "sex": "sex", "birth_date": "born"}},
    {"reference": {"items": ["code"], "to": "account", "at": ["code"]}},
    {"monotonic": {"item": "count", "rollover": 100000, **SERIES}},
    {"difference": {"item": "usage", "of": "bill", **SERIES}},
    {"sum": {"item": "bill", "of": ["usage", "rate"]}},
    {"product": {"item": "bill", "of": ["usage", "rate"]}},
    {"tariff": {"item": "bill", "of": ["usage"], "tariff": "water", "day": "born"}},
    {"ordered": {"items": ["born", "until"]}},
    {"when": {"item": "name", "values": ["甲"], "required": ["until"]}},
    {"unique": {"items": ["name"]}},
    {"no_overlap": {"by": ["code"], "since": "born", "until": "until"}},
    {"rows": {"min": 3}},
    {"rows_near": {"ratio": 0.2}},
    {"share": {"item": "name", "max": 0.1}},
    {"share": {"item": "name", "values": ["甲", "乙"], "min": 0.1}},
    {"steady": {"item": "bill", "of": "mean"}},
    {"steady": {"item": "bill", "quantile": 0.9}},
    {"silence": {"by": "place", "ratio": 0.5}},
    {"fresh": {"item": "born", "days": 3}},
    {"complete": {"item": "name", "values": ["甲", "乙"], "max_missing": 0.1}},
    {"complete": {"item": "born", "days": True}},
]
CHINESE = re.compile(r"[一-鿿]")


def kinds() -> set[str]:
    """Return every kind that the union of rules knows."""
    named = [
        one["properties"]["kind"]
        for one in RULES.json_schema()["$defs"].values()
        if "kind" in one.get("properties", {})
    ]
    return {kind for each in named for kind in each.get("enum", [each.get("const")])}


def test_there_is_an_example_of_every_kind() -> None:
    assert {kind for example in EXAMPLES for kind in example} == kinds()


@pytest.mark.parametrize("written", EXAMPLES, ids=lambda one: next(iter(one)))
def test_a_rule_is_said_in_chinese(written) -> None:
    of = few([written], **ITEMS)
    (rule,) = of.quality.rules
    checks = list(of_rule(rule, Setting(of, vocabulary(), NOW.date())))
    assert checks
    for said in (rule_sentence(rule, of), *(check.expected for check in checks)):
        assert len(CHINESE.findall(said)) >= 4, said
        assert not re.search(r"[{}]|None|\(\)|'|（，|不限", said), said
