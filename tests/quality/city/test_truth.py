"""Precision and recall of the gate on every kind of planted defect.

`pytest -m slow tests/quality/city/test_truth.py -s` prints a line a kind. Keep out: whole files.
"""

from __future__ import annotations

import polars as pl
import pytest

from catalog.load import load_catalog
from demo.deliver.deliver import deliver
from tests.quality.city.judged import KEY, judge_city


def hits(judged, truth):
    """Return planted rows with whether the gate refused each for what is wrong with it."""
    planted = truth.filter(pl.col("expect") == "quarantined", pl.col("record").is_not_null())
    found = planted.join(judged.rows("quarantined"), on=KEY, how="left")
    broke = pl.col("rules").list.eval(pl.element().str.split(":").list.first())
    hit = pl.col("rules").is_not_null() & (
        pl.col("rule").is_null() | broke.list.contains(pl.col("rule"))
    )
    return found.with_columns(hit=hit.fill_null(value=False))


def counted(planted):
    """Return a line for each kind of planted row: how many, and how many were refused for it."""
    kinds = planted.group_by("kind").agg(pl.len(), pl.col("hit").sum()).sort("kind")
    return [f"{kind}: {rows} planted, {found} found" for kind, rows, found in kinds.iter_rows()]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 7, 20260301, 424242, 99999])
def test_every_planted_row_is_refused_and_no_other_whatever_the_seed(tmp_path, seed):
    catalog = load_catalog()
    done = deliver(tmp_path / "home", catalog, size="tiny", seed=seed)
    truth = pl.read_parquet(done.truth)
    judged = judge_city(tmp_path / "home", catalog, tmp_path / "work")
    assert not [v.subject for v in judged.verdicts.values() if v.reason == "not_judged"]
    planted = hits(judged, truth)
    assert planted.filter(~pl.col("hit")).rows() == [], "recall below 1"
    strangers = judged.rows("quarantined").join(planted, on=KEY, how="anti")
    assert strangers.rows() == [], "precision below 1"
    odd = truth.filter(pl.col("expect") == "accepted", pl.col("record").is_not_null())
    assert odd.join(judged.rows("accepted"), on=KEY, how="anti").rows() == [], "a good row was lost"
    again = truth.filter(pl.col("kind") == "exact_repeat_row")
    passed = [key for key, verdict in judged.verdicts.items() if verdict.passed]
    files = pl.DataFrame(passed, schema=["resource", "file"], orient="row")
    twice = again.join(files, on=["resource", "file"], how="semi")
    assert twice.height == sum(judged.splits[key].repeats for key in passed)
    print(f"seed {seed}", *counted(planted), sep="\n  ")
