"""The gate's check in Dagster begins with what was refused, then says what rows broke."""

from __future__ import annotations

import dagster as dg

from orchestration.describe import SHOWN, gate_check
from quality.verdict import RuleResult, Verdict

KEY = dg.AssetKey(["raw", "park"])


def verdict(*broken: int, reason: str = "passed") -> Verdict:
    rules = tuple(
        RuleResult(f"r{n}", "E", f"规则{n}", "", failed, "quarantine", passed=not failed)
        for n, failed in enumerate(broken)
    )
    return Verdict("raw.park", reason == "passed", reason, 100, sum(broken), 0, rules, {})


def test_what_was_refused_comes_first() -> None:
    judged = [("a.csv", verdict(reason="too_many_bad_rows")), ("b.csv", verdict(3, 7))]
    said = gate_check(KEY, judged, {"c.csv": "empty: holds nothing"})
    assert (said.passed, said.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert said.description == (
        "3 份中未通过 2 份；a.csv：隔离行超过允许的比例，整份退回；c.csv: empty: holds nothing；"
        "共 200 行，隔离 10 行；规则1（7 行不符）；规则0（3 行不符）"
    )


def test_many_broken_rules_are_counted_not_listed() -> None:
    said = gate_check(KEY, [("a.csv", verdict(*range(1, SHOWN + 3)))], {})
    assert said.passed
    assert said.description.startswith("共 100 行")
    assert said.description.endswith(f"等 {SHOWN + 2} 条规则")
    assert said.description.count("行不符") == SHOWN


def test_nothing_new_is_said_so() -> None:
    assert "没有新的交付" in str(gate_check(KEY, [], {}).description)
