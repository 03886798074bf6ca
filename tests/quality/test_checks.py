"""Each word of an item and each row rule of an entry: what it refuses, and what it lets pass."""

from __future__ import annotations

import pytest

from tests.quality.water import ITEMS, KNOWN, METER, entry, gate, meter, reasons

GOOD = (meter(1), "2026-03-01", "10", "1", "remote")


def one_item(**words):
    key = {"name": "id", "title": "编号", "type": "string", "key": True}
    return entry([key, {"name": "x", "title": "值", **words}])


ITEM_CASES = [
    ({"type": "integer"}, "十二", "wrong_type:x"),
    ({"type": "date"}, "2026-02-30", "wrong_type:x"),
    ({"type": "decimal", "precision": (5, 2)}, "abc", "wrong_type:x"),
    ({"type": "integer", "required": True}, None, "null_required:x"),
    ({"type": "string", "required": True}, None, "null_required:x"),
    ({"type": "integer", "min": 0}, "-1", "out_of_range:x"),
    ({"type": "decimal", "precision": (9, 2), "max": "100.5"}, "100.51", "out_of_range:x"),
    ({"type": "date", "min": "2026-01-01"}, "2025-12-31", "out_of_range:x"),
    ({"type": "datetime", "max": "2026-01-01 00:00"}, "2026-01-01 00:01", "out_of_range:x"),
    ({"type": "month", "min": "2026-01"}, "2025-12", "out_of_range:x"),
    ({"type": "string", "length": 2}, "贵阳市", "too_long:x"),
    ({"type": "string", "pattern": "G[0-9]{3}"}, "G1234", "pattern:x"),
    ({"type": "string", "pattern": "^G[0-9]{3}$"}, "AG123", "pattern:x"),
    ({"type": "code", "values": ("a", "b")}, "c", "unknown_code:x"),
    ({"type": "integer", "values": ("1", "2")}, "3", "unknown_code:x"),
    ({"type": "code", "codes": "colour"}, "blue", "unknown_code:x"),
    ({"type": "code", "codes": "divisions"}, "999999", "unknown_code:x"),
]
FITS = [
    ({"type": "integer"}, "12"),
    ({"type": "integer"}, None),
    ({"type": "integer", "min": 0}, "0"),
    ({"type": "decimal", "precision": (9, 2), "max": "100.5"}, "100.50"),
    ({"type": "date", "min": "2026-01-01"}, "2026-01-01"),
    ({"type": "datetime", "max": "2026-01-01 00:00"}, "2026-01-01 00:00"),
    ({"type": "month", "min": "2026-01", "max": "2026-12"}, "2026-12"),
    ({"type": "string", "length": 3}, "贵阳市"),
    ({"type": "string", "length": 1}, "𠮷"),
    ({"type": "string", "pattern": "G[0-9]{3}"}, "G123"),
    ({"type": "string", "pattern": "G[0-9]{3}"}, None),
    ({"type": "code", "values": ("a", "b")}, "b"),
    ({"type": "integer", "values": ("1", "2")}, "2"),
    ({"type": "code", "codes": "divisions"}, "520102"),
]


@pytest.mark.parametrize(("words", "text", "label"), ITEM_CASES)
def test_an_item_that_breaks_its_word_is_refused_with_that_reason_only(
    tmp_path, words, text, label
):
    verdict, split = gate(one_item(**words), [("1", text)], tmp_path)
    assert reasons(split) == {1: [label]}
    assert {r.rule: r.failed for r in verdict.rules if r.failed} == {label: 1}


@pytest.mark.parametrize(("words", "text"), FITS)
def test_an_item_that_keeps_its_word_is_accepted(tmp_path, words, text):
    _, split = gate(one_item(**words), [("1", text)], tmp_path)
    assert split.accepted_rows == 1


RULE_CASES = [
    (METER, {"meter_id": "W2600000019"}, "bad_check_character:meter_id"),
    (KNOWN, {"meter_id": meter(500)}, "unknown_reference:meter_id"),
    (
        {"ordered": {"items": ["read_on", "closed"], "as": "closed_before_opened"}},
        {"closed": "2026-02-01"},
        "closed_before_opened:read_on+closed",
    ),
    (
        {"when": {"item": "kind", "values": ["manual"], "required": ["note"]}},
        {"kind": "manual", "note": None},
        "condition_broken:kind+note",
    ),
    (
        {"sum": {"item": "usage_m3", "of": ["t1", "t2"], "as": "tiers_not_sum"}},
        {"t1": "0.50", "t2": "0.48"},
        "tiers_not_sum:usage_m3",
    ),
]
MORE = [
    {"name": "closed", "title": "销户日期", "type": "date"},
    {"name": "note", "title": "备注", "type": "string"},
    {"name": "t1", "title": "一阶", "type": "decimal", "precision": (9, 2)},
    {"name": "t2", "title": "二阶", "type": "decimal", "precision": (9, 2)},
]
WIDE = {"closed": "2026-03-01", "note": "x", "t1": "0.50", "t2": "0.49"}


@pytest.mark.parametrize(("rule", "changes", "label"), RULE_CASES)
def test_a_rule_of_the_entry_refuses_the_row_that_breaks_it(tmp_path, rule, changes, label):
    names = [i["name"] for i in [*ITEMS, *MORE]]
    good = dict(zip(names, [*GOOD, *WIDE.values()], strict=True))
    bad = {**good, "read_on": "2026-03-02", **changes}
    _, split = gate(
        entry([*ITEMS, *MORE], [rule]), [tuple(good.values()), tuple(bad.values())], tmp_path
    )
    assert reasons(split) == {2: [label]}


def test_unreadable_required_cells_do_not_break_a_condition(tmp_path):
    rule = {"when": {"item": "kind", "values": ["manual"], "required": ["usage_m3"]}}
    _, split = gate(entry(ITEMS, [rule]), [(*GOOD[:3], "x", "manual")], tmp_path)
    assert reasons(split) == {1: ["wrong_type:usage_m3"]}
