"""The gate's check in Dagster begins with what was refused, then says what rows broke."""

from __future__ import annotations

import dagster as dg

from orchestration.describe import SHOWN, gate_check
from quality.verdict import RuleResult, Verdict

KEY = dg.AssetKey(["raw", "park"])


def verdict(*broken: int, reason: str = "passed", more: tuple[RuleResult, ...] = ()) -> Verdict:
    rules = tuple(
        RuleResult(f"r{n}", "E", f"规则{n}", "", failed, "quarantine", passed=not failed)
        for n, failed in enumerate(broken)
    )
    return Verdict("raw.park", reason == "passed", reason, 100, sum(broken), 0, rules + more, {})


def test_what_was_refused_comes_first() -> None:
    judged = [("a.csv", verdict(reason="too_many_bad_rows")), ("b.csv", verdict(3, 7))]
    said = gate_check(KEY, judged, {"c.csv": "文件没有任何内容"})
    assert (said.passed, said.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert said.description == (
        "3 份中未通过 2 份；a.csv：隔离行超过允许的比例，整份退回；c.csv：文件没有任何内容；"
        "共 200 行，隔离 10 行；【隔离】规则1（7 行不符）；【隔离】规则0（3 行不符）"
    )


def test_how_grave_each_broken_rule_is_stands_beside_it() -> None:
    rows_near = RuleResult("rows", "E", "行数与往次相近", "12", 0, "block", passed=False)
    late = RuleResult("late", "E", "及时报送", "9 / 100", 9, "warn", passed=False)
    whole = RuleResult("whole", "E", "不缺日期", "0", 0, "block", passed=True)
    judged = [("a.csv", verdict(3, more=(late, rows_near, whole), reason="blocked"))]
    said = gate_check(KEY, judged, {})
    assert str(said.description).endswith(
        "；【阻断】行数与往次相近；【隔离】规则0（3 行不符）；【提示】及时报送（9 行不符）"
    )
    assert said.metadata["未通过的规则（按级别）"].value == "阻断 1 条，隔离 1 条，提示 1 条"
    assert (
        gate_check(KEY, [("a.csv", verdict(0))], {}).metadata["未通过的规则（按级别）"].value
        == "无"
    )


def test_many_broken_rules_are_counted_not_listed() -> None:
    said = gate_check(KEY, [("a.csv", verdict(*range(1, SHOWN + 3)))], {})
    assert said.passed
    assert said.description.startswith("共 100 行")
    assert said.description.endswith(f"等 {SHOWN + 2} 条规则")
    assert said.description.count("行不符") == SHOWN


def test_nothing_new_is_said_so() -> None:
    assert "没有新的交付" in str(gate_check(KEY, [], {}).description)
