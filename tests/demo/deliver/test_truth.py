"""Every record that the truth names is looked up in its file, by plain readers."""

import polars as pl
import pytest

from tests.demo.reread import FIELDS

SECTION_7 = {
    "quarantined": """bad_check_character null_key null_required wrong_type out_of_range
        unknown_code too_long pattern duplicate_key reading_goes_back usage_not_difference
        tiers_not_sum unknown_reference closed_before_opened sex_or_birth_disagrees
        undecodable_bytes ragged shifted embedded_junk""",
    "accepted": """full_width spaces date_style thousands_separator quoted_newline alias_header
        reordered_columns bom crlf meter_rollover meter_replaced late out_of_order corrected
        header_only""",
    "repeat": "exact_repeat_row exact_repeat_file",
    "refused": """empty missing_column unknown_column wrong_encoding truncated_xlsx wrong_resource
        too_many_bad_rows directory link unknown_resource long_line""",
    "absent": "withdrawn half_written",
}
KINDS = [(kind, expect) for expect, kinds in SECTION_7.items() for kind in kinds.split()]


def cells(record):
    return list(record.values())


def any_cell(record, test):
    return any(cell is not None and test(cell) for cell in cells(record))


SEEN = {
    "null_key": lambda r, e: any(r[name] is None for name in e.key),
    "null_required": lambda r, e: any(r[i.name] is None for i in e.items if i.required),
    "wrong_type": lambda r, _: any_cell(r, lambda c: c in ("十二", "2026-02-30")),
    "out_of_range": lambda r, _: any_cell(r, lambda c: c.startswith("-3") or float_above(c)),
    "unknown_code": lambda r, _: "999999" in cells(r),
    "too_long": lambda r, _: any_cell(r, lambda c: c.startswith("长长长")),
    "pattern": lambda r, _: any_cell(r, lambda c: c.endswith("?")),
    "closed_before_opened": lambda r, _: any_cell(r, lambda c: c.startswith("1951-01-01")),
    "undecodable_bytes": lambda r, _: any_cell(r, lambda c: "\ufffd" in c),
    "ragged": lambda r, _: FIELDS in r,
    "shifted": lambda r, e: r[e.items[0].name] is None,
    "embedded_junk": lambda r, _: any_cell(r, lambda c: "\x00" in c and "\x07" in c),
    "full_width": lambda r, _: any_cell(r, lambda c: any("０" <= sign <= "９" for sign in c)),
    "spaces": lambda r, _: any_cell(r, lambda c: c != c.strip()),
    "date_style": lambda r, _: any_cell(r, lambda c: "/" in c or "年" in c or len(c) == 8),
    "thousands_separator": lambda r, _: any_cell(r, lambda c: "," in c),
    "quoted_newline": lambda r, _: any_cell(r, lambda c: "\n" in c),
}


def float_above(cell):
    try:
        return float(cell) > 28
    except ValueError:
        return False


@pytest.mark.parametrize(("kind", "expect"), KINDS)
def test_tiny_city_plants_every_kind(home, kind, expect):
    found = home.truth.filter(pl.col("kind") == kind)
    assert found.height > 0
    assert set(found["expect"]) == {expect}


@pytest.mark.parametrize("kind", sorted(SEEN))
def test_record_is_what_the_truth_says(home, kind):
    for row in home.truth.filter(pl.col("kind") == kind).iter_rows(named=True):
        record = home.records(row["resource"], row["file"])[row["record"] - 1]
        assert SEEN[kind](record, home.catalog.entry(row["resource"])), row


def test_exact_repeat_follows_the_record_that_it_repeats(home):
    for row in home.truth.filter(pl.col("kind") == "exact_repeat_row").iter_rows(named=True):
        rows = home.records(row["resource"], row["file"])
        assert rows[row["record"] - 1] == rows[row["record"] - 2]


def test_duplicate_keys_come_with_other_values(home):
    planted = home.truth.filter(pl.col("kind") == "duplicate_key")
    for (resource, file), group in planted.group_by("resource", "file"):
        entry = home.catalog.entry(resource)
        rows = [home.records(resource, file)[record - 1] for record in group["record"]]
        keys = [tuple(row[name] for name in entry.key) for row in rows]
        assert all(keys.count(key) == 2 for key in keys)
        assert len({str(row) for row in rows}) == len(rows)


def test_no_record_is_named_twice(home):
    records = home.truth.filter(pl.col("record").is_not_null())
    assert records.select("resource", "file", "record").n_unique() == records.height


def test_every_named_file_lies_in_the_inbox(home):
    for resource, file in home.truth.select("resource", "file").unique().iter_rows():
        path = home.path / "inbox" / resource / file
        assert path.exists() or path.is_symlink()


def test_rules_are_defect_names_only_of_quarantined_rows_and_refusals(home):
    named = home.truth.filter(pl.col("rule").is_not_null())
    assert set(named["expect"]) == {"quarantined", "refused"}


def test_planted_rows_stay_below_the_threshold_of_each_file(home):
    refused = home.truth.filter(pl.col("kind") == "too_many_bad_rows")["file"]
    planted = home.truth.filter(
        (pl.col("expect") == "quarantined") & ~pl.col("file").is_in(refused.implode())
    )
    for (resource, file), group in planted.group_by("resource", "file"):
        records = len(home.records(resource, file))
        assert group.height / records <= home.catalog.entry(resource).quality.max_quarantine
