import hashlib
import itertools

import polars as pl
import pytest

from catalog.load import load_catalog
from demo.deliver.deliver import deliver


def digests(home):
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def send(path, **arguments):
    catalog = load_catalog()
    return deliver(path, catalog, **{"size": "tiny", "seed": 20260301, **arguments})


def test_same_seed_gives_the_same_bytes(home, tmp_path):
    send(tmp_path)
    assert digests(tmp_path) == digests(home.path)


def test_another_seed_gives_another_city(home, tmp_path):
    send(tmp_path, seed=2)
    mine, other = digests(home.path), digests(tmp_path)
    assert mine["demo/city/people.parquet"] != other["demo/city/people.parquet"]
    assert set(mine) == set(other)


def test_each_file_is_told_with_its_rows(tmp_path):
    told = []
    done = send(tmp_path, on_file=lambda name, rows: told.append((name, rows)))
    assert len(told) == done.files == done.summary["files"]
    assert sum(rows for _, rows in told) == done.rows
    assert all((tmp_path / "inbox" / name).is_file() for name, _ in told)


def test_every_source_resource_is_delivered(home):
    assert set(home.done.resources) == {entry.name for entry in home.catalog.sources()}


def test_planted_counts_are_those_of_the_truth(home):
    counts = dict(home.truth.group_by("kind").len().iter_rows())
    assert dict(home.done.planted) == counts


@pytest.mark.parametrize(("days", "files"), [(1, 1), (2, 2), (5, 5)])
def test_days_set_how_many_readings_come(tmp_path, days, files):
    done = send(tmp_path, days=days)
    assert done.resources["water_reading"] == files
    kinds = set(pl.read_parquet(done.truth)["kind"])
    assert ("reading_goes_back" in kinds) == (days > 1)


def test_bill_of_a_month_with_all_its_readings_is_their_sum(tmp_path):
    done = send(tmp_path, days=32)
    usage = pl.read_parquet(tmp_path / "demo" / "city" / "usage.parquet")
    march = usage.filter((pl.col("month") == "2026-03") & (pl.col("utility") == "power"))
    parts = [
        pl.read_parquet(
            tmp_path / "inbox" / "power_reading" / f"power_reading_202603{day:02d}.parquet"
        )
        for day in range(1, 32)
    ]
    read = pl.concat(parts).group_by("电表编号").agg(pl.col("用电量").sum().alias("read"))
    both = march.join(read, left_on="meter_id", right_on="电表编号", how="left")
    planted = pl.read_parquet(done.truth).filter(pl.col("kind") == "exact_repeat_row")
    differing = both.filter(pl.col("read").fill_null(0) != pl.col("usage"))
    assert march.height > 300
    assert differing.height <= planted.filter(pl.col("resource") == "power_reading").height


def test_truth_lies_outside_the_inbox(home):
    assert home.done.truth == home.path / "demo" / "truth.parquet"
    assert not list((home.path / "inbox").rglob("truth*"))


def test_addresses_are_written_in_several_ways(home):
    rows = itertools.chain.from_iterable(home.good("water_account").values())
    known = set(home.city("addresses")["address_text"])
    written = {row["address"] in known for row in rows}
    assert written == {True, False}
