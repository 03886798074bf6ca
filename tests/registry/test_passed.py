from dataclasses import replace

from quality.history import Past
from registry import verdicts
from registry.passed import passed_before
from tests.registry.facts import NOW, verdict


def measured(rows: int, **changes: object):
    (rule,) = verdict().rules
    figures = replace(rule, rule="steady:x", figures={"value": rows / 2})
    return verdict(rows=rows, rules=(rule, figures), **changes)


def test_what_passed_is_told_with_its_figures_the_oldest_first(registry):
    for number, passed in enumerate((True, False, True)):
        kept = measured(10 + number, passed=passed)
        verdicts.keep(registry, kept, version=number, at=NOW)
    verdicts.keep(registry, measured(99, subject="base.other"), version=3, at=NOW)
    found = passed_before(registry, "base.person")
    assert found.past == (
        Past(10, {"steady:x": {"value": 5.0}}),
        Past(12, {"steady:x": {"value": 6.0}}),
    )


def test_what_came_after_a_verdict_is_not_told(registry):
    numbers = [verdicts.keep(registry, measured(n), version=n, at=NOW) for n in range(4)]
    assert [p.rows for p in passed_before(registry, "base.person", before=numbers[2]).past] == [
        0,
        1,
    ]


def test_verdicts_of_an_older_citylake_have_no_figures(registry):
    verdicts.keep(registry, verdict(), version=1, at=NOW)
    assert passed_before(registry, "base.person").past == (Past(10),)
