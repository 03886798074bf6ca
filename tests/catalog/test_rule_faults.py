# ruff: noqa: E501 - a table of cases reads better with one case a line
"""Rules that could never be judged, or say nothing, are refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.validate import problems
from tests.catalog.entries import GOOD, changed, write_entry

ORDERED = "{ordered: {items: [found_on, mended_on]}}"
ITEMS = "items:\n"
CONTRADICTING = [
    ("{rows: {}}", "says no number"),
    ("{rows: {min: 5, max: 3}}", "min 5 is above max 3"),
    ("{industry: {item: loss_m3}}", "cannot read loss_m3, a decimal"),
    ("{phone: {item: fone}}", "names no item: 'fone'"),
    ("{uscc_or_citizen_id: {item: found_on}}", "cannot read found_on, a date"),
    ("{division: {item: division, day: kind}}", "cannot read kind, a code"),
    ("{division: {item: division, day: day}}", "names no item: 'day'"),
    ("{identity: {citizen_id: leak_number}}", "names nothing that must agree"),
    ("{product: {item: loss_m3, of: [loss_m3, kind]}}", "cannot read kind"),
    ("{tariff: {item: loss_m3, of: [loss_m3], tariff: wader, day: found_on}}", "did you mean 'water'?"),
    ("{tariff: {item: loss_m3, of: [loss_m3], tariff: water, day: found_on}}", "has 3 rates, `of` 1 items"),
    ("{tariff: {item: loss_m3, of: [loss_m3, loss_m3, loss_m3], tariff: water, day: kind}}", "cannot read kind"),
    ("{no_overlap: {by: [division], since: found_on, until: mendet_on}}", "names no item: 'mendet_on'"),
    ("{no_overlap: {by: [division], since: found_on, until: loss_m3}}", "different types"),
    ("{no_overlap: {by: [division], since: kind, until: kind}}", "cannot read kind"),
    ("{when: {if: [{item: kind, at_most: division}], then: [{item: found_on, filled: true}]}}", "compares with no other item"),
    ("{when: {if: [{item: kind, values: [pipe]}], then: [{item: found_on, min: 3}]}}", "min is no bound of a date"),
    ("{when: {if: [{item: kind, values: [pipe]}], then: [{item: loss_m3, min: 3, max: 1}]}}", "min is above max"),
    ("{when: {if: [{item: kind, values: [pipe]}], then: [{item: loss_m3, values: [many]}]}}", "'many' is no value of a decimal"),
    ("{when: {if: [{item: kind, values: [pipe]}], then: [{item: found_on, at_most: loss_m3}]}}", "different types"),
    ("{when: {if: [{item: kind, values: [pipe]}], then: [{item: found_on, at_most: mended_on, filled: true}]}}", "say several things"),
    ("{when: {if: [{item: kind, values: [pipe]}], then: [{item: kind, values: [valve]}]}}", "requires itself"),
    ("{reference: {items: [division], to: water_leak, at: [division], as_of: {item: kind, since: found_on}}}", "cannot read kind"),
    ("{reference: {items: [division], to: water_leak, at: [division], as_of: {item: found_on, since: found_un}}}", "has no item 'found_un'"),
    ("{reference: {items: [division], to: water_leak, at: [division], as_of: {item: found_on, since: kind}}}", "is no day, but a code"),
    ("{reference: {items: [division], to: water_leak, at: [division]}}", "refers back to water_leak"),
    ("{rows: {min: 1, severity: quarantine}}", "refuses no rows — use severity block or warn"),
    ("{rows_near: {least: 9, last: 3}}", "least 9 is above last 3"),
    ("{share: {item: kind}}", "says no number"),
    ("{share: {item: kind, min: 60%, max: 40%}}", "min 0.6 is above max 0.4"),
    ("{share: {item: kynd, max: 1}}", "names no item: 'kynd'"),
    ("{steady: {item: kind, of: mean}}", "cannot read kind"),
    ("{steady: {item: loss_m3}}", "needs one figure"),
    ("{steady: {item: loss_m3, of: mean, quantile: 0.5}}", "needs one figure"),
    ("{fresh: {item: kind, days: 3}}", "cannot read kind"),
    ("{complete: {item: kind, days: true}}", "cannot read kind"),
    ("{complete: {item: kind, codes: colours}}", "no code list is 'colours'"),
    ("{complete: {item: division, to: water_leek, at: division}}", "did you mean 'water_leak'?"),
    ("{complete: {item: division, to: water_leak, at: divison}}", "did you mean 'division'?"),
    ("{complete: {item: division, to: water_leak, at: division}}", "refers back to water_leak"),
    (
        "{complete: {item: division, to: water_leak, at: division, severity: block}}",
        "cannot block by water_leak",
    ),
    ("{silence: {by: division, through: {to: water_leak, at: division, item: kynd}}}", "has no item 'kynd'"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "said"), CONTRADICTING)
def test_a_rule_that_contradicts_itself_or_its_items_is_named(
    tmp_path: Path, rule: str, said: str
) -> None:
    path = write_entry(tmp_path, changed(ORDERED, rule))
    found = problems(tmp_path / "entries")
    assert {(each.file, each.line, each.field) for each in found} == {
        (path, 19, "quality.rules[1]")
    }
    assert any(said in each.message for each in found), found


@pytest.mark.parametrize(
    ("rule", "field", "said"),
    [
        ("{when: {item: kind, values: [pipe]}}", "when", "write item, values and required, or if"),
        ("{when: {if: [{item: kind}], then: [{item: found_on, filled: true}]}}", "when.if[1]", "nothing is said of kind"),
        ("{complete: {item: kind}}", "complete", "say what is expected: one of values"),
        ("{complete: {item: kind, values: [a], days: true}}", "complete", "say what is expected"),
        ("{rows_near: {ratio: 120%}}", "rows_near.ratio", "less than or equal to 1"),
        ("{fresh: {item: found_on, days: -1}}", "fresh.days", "greater than or equal to 0"),
        ("{sum: {item: loss_m3, of: [loss_m3, loss_m3], tolerance: -1}}", "sum.tolerance", "greater than or equal to 0"),
    ],
)  # fmt: skip
def test_a_rule_of_the_wrong_shape_is_named_to_the_word(
    tmp_path: Path, rule: str, field: str, said: str
) -> None:
    path = write_entry(tmp_path, changed(ORDERED, rule))
    (found,) = problems(tmp_path / "entries")
    assert (found.file, found.line) == (path, 19)
    assert said in found.message
    assert found.field.startswith("quality.rules[1]." + field.split("[", maxsplit=1)[0])


@pytest.mark.parametrize("pattern", [r"(?=x)y", r"(a)\1", "[", "a{3,1}"])
def test_a_pattern_that_the_gate_cannot_use_is_refused_before_it_is_needed(
    tmp_path: Path, pattern: str
) -> None:
    path = write_entry(tmp_path, changed("length: 10", f"pattern: '{pattern}'"))
    (found,) = problems(tmp_path / "entries")
    assert (found.file, found.line, found.field) == (path, 8, "items[leak_number].pattern")
    assert "does not compile" in found.message


def test_groups_that_would_name_persons_in_a_verdict_are_refused(tmp_path: Path) -> None:
    text = changed(ORDERED, "{silence: {by: kind}}", changed("level: 1", "level: 3"))
    text = changed("type: code, values", "sensitivity: personal, type: code, values", text)
    write_entry(
        tmp_path,
        changed("opening: {type: unconditional}", "opening: {type: none, legal_basis: 法}", text),
    )
    (found,) = problems(tmp_path / "entries")
    assert "is personal, and verdicts name groups" in found.message


def test_references_in_a_circle_are_named_at_both_ends(tmp_path: Path) -> None:
    def text(name: str, to: str, code: str) -> str:
        reference = f"{{reference: {{items: [division], to: {to}, at: [division]}}}}"
        other = changed("name: water_leak\n", f"name: {name}\n", changed(ORDERED, reference))
        return other.replace("314001009", code)

    one = write_entry(tmp_path, text("one", "two", "314001008"), name="one")
    two = write_entry(tmp_path, text("two", "one", "314001007"), name="two")
    found = problems(tmp_path / "entries")
    assert [each.file for each in found] == [one, two]
    assert all("neither could ever have rows" in each.message for each in found)


def test_rules_of_every_kind_may_be_right(tmp_path: Path) -> None:
    rules = [
        "{division: {item: division, day: found_on}}",
        "{no_overlap: {by: [division], since: found_on, until: mended_on}}",
        "{when: {if: [{item: kind, values: [pipe]}, {item: loss_m3, min: 3}], then: [{item: mended_on, at_least: found_on}]}}",
        "{tariff: {item: loss_m3, of: [loss_m3, loss_m3, loss_m3], tariff: water, day: found_on}}",
        "{product: {item: loss_m3, of: [loss_m3, loss_m3]}}",
    ]  # fmt: skip
    write_entry(tmp_path, GOOD.replace(ORDERED, "\n    - ".join(rules)))
    assert problems(tmp_path / "entries") == ()
