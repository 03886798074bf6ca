"""Decisions about identity: the last word counts, and all of them stay."""

import datetime as dt

from registry import decisions
from registry.decisions import Decided
from registry.schema import Registry

NOW = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)


def decided(one: str, verdict: str, linkage: str = "holder_link") -> Decided:
    return Decided(linkage, one, "b", verdict, "张示例", "核对", NOW)


def test_the_last_decision_on_two_rows_stands(url):
    with Registry(url) as registry:
        for verdict in ("same", "different"):
            decisions.decide(registry, decided("a", verdict))
        assert [d.verdict for d in decisions.standing(registry, "holder_link")] == ["different"]


def test_decisions_of_another_table_are_not_mixed_in(url):
    with Registry(url) as registry:
        decisions.decide(registry, decided("a", "same", "entity_member"))
        assert decisions.standing(registry, "holder_link") == ()


def test_decisions_come_in_the_order_of_their_rows(url):
    with Registry(url) as registry:
        for one in ("c", "a"):
            decisions.decide(registry, decided(one, "same"))
        assert [d.one for d in decisions.standing(registry, "holder_link")] == ["a", "c"]
