"""The whole job on the tiny city: every planted defect found, every row accounted for."""

from __future__ import annotations

import polars as pl
import pytest
from deltalake import DeltaTable

from lake.engine import session
from orchestration.flows.verify import verify_lake
from orchestration.run import plan
from orchestration.summary import Summary
from registry import arrivals, audit
from tests.flow.conftest import Ran, run_city
from tests.flow.rows import KEY, stored

pytestmark = pytest.mark.xdist_group("tiny_city")


def test_nothing_of_ours_failed(ran: Ran) -> None:
    assert ran.summary.failures == []
    outcomes = {one["table"]: one["outcome"] for one in ran.summary.by_model()}
    assert set(outcomes.values()) == {"released"}, outcomes
    assert set(outcomes) == {f"{e.zone}.{e.name}" for e in ran.city.catalog.models()}


def test_every_planted_defect_is_quarantined_with_its_rule(ran: Ran) -> None:
    planted = ran.truth.filter(pl.col("expect") == "quarantined", pl.col("record").is_not_null())
    found = planted.join(stored(ran.city, "quarantine"), on=KEY, how="left")
    broke = pl.col("rules").list.eval(pl.element().str.split(":").list.first())
    hit = pl.col("rules").is_not_null() & (
        pl.col("rule").is_null() | broke.list.contains(pl.col("rule"))
    )
    missed = found.filter(~hit.fill_null(False))
    assert missed.is_empty(), f"recall below 1: {missed}"
    assert planted["kind"].n_unique() >= 19


def test_no_row_is_quarantined_that_was_not_planted(ran: Ran) -> None:
    quarantined = stored(ran.city, "quarantine").filter(pl.col("status") == "accepted")
    planted = ran.truth.filter(pl.col("expect") == "quarantined")
    strangers = quarantined.join(planted, on=KEY, how="anti")
    assert strangers.is_empty(), f"precision below 1: {strangers}"


def test_odd_rows_are_accepted_and_repeats_stored_once(ran: Ran) -> None:
    raw = stored(ran.city, "raw")
    rows = ran.truth.filter(pl.col("record").is_not_null())
    odd = rows.filter(pl.col("expect") == "accepted")
    assert not odd.is_empty()
    assert odd.join(raw, on=KEY, how="anti").is_empty()
    repeats = rows.filter(pl.col("expect") == "repeat")
    assert not repeats.is_empty()
    assert repeats.join(raw, on=KEY, how="semi").is_empty()


def test_whole_deliveries_end_as_the_truth_says(ran: Ran) -> None:
    seen = {(a.resource, a.file_name): a.outcome.value for a in arrivals.history(ran.city.registry)}
    refused = {
        (one["resource"], one["file"])
        for one in stored(ran.city, "quarantine")
        .filter(pl.col("status") == "refused")
        .iter_rows(named=True)
    }
    for fact in ran.truth.filter(pl.col("record").is_null()).iter_rows(named=True):
        key = (fact["resource"], fact["file"])
        if fact["kind"] == "half_written":
            assert key not in seen, "a file on its way must be left alone"
        elif fact["expect"] == "repeat":
            assert seen[key] == "repeat"
        else:
            assert key in seen, f"{key} left no trace"
        if fact["kind"] == "too_many_bad_rows":
            assert key in refused


def test_every_account_holds(ran: Ran) -> None:
    found = verify_lake(ran.city)
    assert found.ok, found.problems
    assert found.checked["deliveries"] > 90
    assert found.checked["crossings"] > 14 * 10
    assert audit.verify(ran.city.registry).ok


def test_districts_and_withheld_add_up_to_what_was_released(ran: Ran) -> None:
    rows = ran.summary.by_district()
    assert rows
    for row in rows:
        sent = sum(rows_ for name, rows_ in row.items() if name.isdigit())
        assert sent + row["withheld"] == row["released"], row
        assert sum(name.isdigit() for name in row) == 14


def test_a_second_run_finds_nothing_to_do(ran: Ran) -> None:
    before = {t: ran.city.lake.version(*t) for t in ran.city.lake.tables()}
    assert plan(ran.city) == ()
    assert run_city(ran.city) == Summary()
    assert {t: ran.city.lake.version(*t) for t in ran.city.lake.tables()} == before


def test_other_readers_count_the_same(ran: Ran) -> None:
    with session(ran.city.lake, []) as ours:
        for zone, name in ran.city.lake.tables():
            uri = ran.city.lake.uri(zone, name)
            polars = pl.scan_delta(uri).select(pl.len()).collect().item()
            delta = DeltaTable(uri).to_pyarrow_dataset().count_rows()
            scan = ours.execute(f"select count(*) from delta_scan('{uri}')").fetchone()
            assert scan == (polars,) == (delta,), f"{zone}.{name}"


def test_a_correction_replaces_and_a_withdrawal_takes_back(ran: Ran) -> None:
    from registry import deliveries

    facts = ran.truth.filter(pl.col("kind").is_in(["corrected", "withdrawn"]))
    assert set(facts["kind"]) == {"corrected", "withdrawn"}
    for fact in facts.iter_rows(named=True):
        records = deliveries.all_of(ran.city.registry, fact["resource"])
        record = next(r for r in records if r.delivery.file_name == fact["file"])
        replaced = fact["kind"] == "corrected" and "correction" not in fact["file"]
        assert record.in_force is not (replaced or fact["kind"] == "withdrawn"), fact


def test_query_refuses_to_write(ran: Ran) -> None:
    from lake.errors import LakeError
    from orchestration.flows.ask import ask

    assert ask(ran.city, "select count(*) as n from base.person").rows[0]["n"] > 0
    with pytest.raises(LakeError, match="read-only"):
        ask(ran.city, "create table x as select 1")
