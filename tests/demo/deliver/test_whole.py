import datetime as dt

import polars as pl
import pytest

from demo.deliver.whole import LONG_LINE


def whole(home, kind):
    found = home.truth.filter((pl.col("kind") == kind) & pl.col("record").is_null())
    return [home.path / "inbox" / r / f for r, f in found.select("resource", "file").iter_rows()]


def test_repeated_file_has_the_bytes_of_another(home):
    (again,) = whole(home, "exact_repeat_file")
    original = again.with_name(again.name.replace("_again", ""))
    assert again.read_bytes() == original.read_bytes()


def test_empty_file_has_no_byte(home):
    (path,) = whole(home, "empty")
    assert path.read_bytes() == b""


def test_header_only_file_has_one_line(home):
    (path,) = whole(home, "header_only")
    assert path.read_bytes().count(b"\n") == 1


@pytest.mark.parametrize(("kind", "columns"), [("missing_column", -1), ("unknown_column", 1)])
def test_columns_are_one_too_few_or_too_many(home, kind, columns):
    (path,) = whole(home, kind)
    entry = home.catalog.entry(path.parent.name)
    header = path.read_bytes().split(b"\n")[0].decode(entry.origin.encoding)
    assert len(header.split(",")) == len(entry.items) + columns


def test_wrong_encodings_are_not_the_declared_one(home):
    for path in whole(home, "wrong_encoding"):
        entry = home.catalog.entry(path.parent.name)
        text = path.read_bytes().decode(entry.origin.encoding, "replace")
        assert entry.items[0].title not in text


def test_truncated_workbook_does_not_open(home):
    (path,) = whole(home, "truncated_xlsx")
    with pytest.raises(Exception, match=r"."):
        pl.read_excel(path)


def test_half_of_the_rows_are_bad_where_too_many_are(home):
    (path,) = whole(home, "too_many_bad_rows")
    rows = home.records(path.parent.name, path.name)
    assert sum(row["division"] == "999999" for row in rows) * 2 == len(rows)


def test_long_line_is_ten_million_bytes_and_more(home):
    (path,) = whole(home, "long_line")
    assert path.stat().st_size > LONG_LINE


def test_correction_replaces_wrong_rows_by_more_and_right_ones(home):
    wrong, right = sorted(whole(home, "corrected"), key=lambda path: path.stat().st_size)
    assert right.name == f"{wrong.stem}.correction1.csv"
    before = home.records("social_insurance_payment", wrong.name)
    after = home.records("social_insurance_payment", right.name)
    assert len(after) > len(before)
    assert before[0]["amount"] != after[0]["amount"]


def test_withdrawn_file_has_its_notice_and_stands_in_no_truth(home):
    (path,) = whole(home, "withdrawn")
    assert path.with_suffix(".withdrawal").is_file()
    numbers = {row["decision_number"] for row in home.records(path.parent.name, path.name)}
    assert not numbers & set(home.city("administrative_penalty")["decision_number"])


def test_late_file_arrives_days_after_its_neighbours(home):
    (late,) = whole(home, "late")
    arrived = dt.datetime.fromtimestamp(late.stat().st_mtime, tz=dt.UTC)
    assert arrived > dt.datetime(2026, 3, 9, tzinfo=dt.UTC)


def test_older_snapshot_arrives_after_newer_ones(home):
    (path,) = whole(home, "out_of_order")
    newer = [other for other in path.parent.iterdir() if other.name > path.name]
    assert len(newer) == 2
    assert all(path.stat().st_mtime > other.stat().st_mtime for other in newer)


def test_litter_is_a_directory_and_a_link(home):
    assert all(path.is_dir() for path in whole(home, "directory"))
    assert all(path.is_symlink() for path in whole(home, "link"))


def test_unknown_resource_is_not_in_the_catalog(home):
    (path,) = whole(home, "unknown_resource")
    assert path.parent.name not in home.catalog.entries
