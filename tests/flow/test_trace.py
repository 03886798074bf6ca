"""One row is followed from a utility's file to a district, and back to its record."""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest

from ingestion.read import read
from orchestration.flows.pins import pin
from orchestration.flows.trace import Trace, TraceError, trace_row
from registry import crossings, deliveries
from tests.flow.conftest import Ran
from tests.flow.rows import stored

pytestmark = pytest.mark.xdist_group("tiny_city")


def released(ran: Ran, name: str) -> pl.DataFrame:
    found = pin(ran.city, name)
    assert found.version is not None
    return ran.city.lake.scan(found.zone, name, found.version).collect()


def record_of(ran: Ran, source: dict) -> dict:
    """Return the record that a trace names, read again from the archived bytes."""
    city, entry = ran.city, ran.city.entry(source["resource"])
    scratch = city.staging("test_trace")
    path = city.lake.archive.fetch(source["digest"], scratch)
    frame = read(entry, path, file_name=source["file"], scratch=scratch).frame
    return frame.filter(pl.col("_row") == source["record"]).collect().row(0, named=True)


def tables(trace: Trace) -> dict[str, dict]:
    return {one["table"]: one for one in trace.forward}


@pytest.fixture(scope="module")
def account(ran: Ran) -> dict:
    """Return a household's water account of base.utility_account."""
    rows = released(ran, "utility_account").sort("account_number")
    homes = rows.filter(pl.col("utility") == "water", pl.col("kind") == "residential")
    return homes.row(3, named=True)


@pytest.fixture
def of_account(account: dict) -> dict[str, str]:
    return {"account_number": account["account_number"]}


def test_a_record_of_a_utility_leads_to_one_row_and_one_district(ran, account, of_account) -> None:
    trace = trace_row(ran.city, "raw.water_account", of_account)
    files = {one["file"] for one in trace.back}
    assert "water_account_202603.csv" in files
    assert all(one["outcome"] == "accepted" and one["in_force"] for one in trace.back)
    for one in trace.back:
        assert record_of(ran, one)["account_number"] == account["account_number"]
    found = tables(trace)
    assert found["base.utility_account"]["rows"] == 1
    assert found["base.utility_account"]["by"] == "account_number"
    received = [one for one in trace.forward if "utility_account__" in one["table"]]
    assert [one["recipient"] for one in received] == [account["division"]]
    assert received[0]["rows"] == 1


def test_the_record_is_where_a_plain_reader_finds_it(ran, account, of_account) -> None:
    (one, *_) = trace_row(ran.city, "raw.water_account", of_account).back
    path = ran.city.lake.archive.fetch(one["digest"], ran.city.settings.scratch)
    text = path.read_bytes().decode("gb18030", errors="replace")
    records = list(csv.reader(io.StringIO(text)))
    assert account["account_number"] in records[one["record"]]


def test_a_crossing_of_the_trace_is_in_the_districts_package(ran, account, of_account) -> None:
    trace = trace_row(ran.city, "raw.water_account", of_account)
    (one,) = [each for each in trace.forward if "utility_account__" in each["table"]]
    crossed = crossings.find(ran.city.registry, one["crossing"])
    assert crossed is not None
    folder = ran.city.settings.outbox / one["recipient"] / "utility_account"
    text = (folder / str(crossed.crossing.version) / "utility_account.csv").read_text("utf-8-sig")
    lines = [
        line for line in text.splitlines() if line.startswith(f"water,{account['account_number']},")
    ]
    assert len(lines) == 1


def test_back_from_the_district_is_the_same_record(ran, account, of_account) -> None:
    origin = trace_row(ran.city, "raw.water_account", of_account).back
    key = {"utility": "water", **of_account}
    for table in ("base.utility_account", f"backflow.utility_account__{account['division']}"):
        trace = trace_row(ran.city, table, key)
        (found,) = [one for one in trace.back if one["resource"] == "water_account"]
        assert found in origin
        others = {one["resource"] for one in trace.back} - {"water_account"}
        assert {"standard_address", "resident"} & others
        for one in trace.back:
            if one["resource"] == "standard_address" and one["record"] is not None:
                assert record_of(ran, one)["address_code"] == account["address_code"]


def test_sums_are_followed_to_the_rows_own_district_alone(ran, account, of_account) -> None:
    trace = trace_row(ran.city, "base.utility_account", {"utility": "water", **of_account})
    assert {one["recipient"] for one in trace.forward if "recipient" in one} == {
        account["division"]
    }
    used = tables(trace)["thematic.energy_and_water_by_district"]
    assert used["by"] == "utility, division"
    months = trace_row(ran.city, "raw.water_bill", {**of_account, "month": "2026-01"})
    told = tables(months)
    assert told["base.utility_bill"]["rows"] == 1
    assert told["thematic.vacant_housing"]["by"] == "month"
    assert not any("recipient" in one for one in months.forward), "a month names no district"


def test_a_row_is_not_found_in_another_districts_table(ran, account, of_account) -> None:
    recipients = {d.code for d in ran.city.catalog.vocabulary.recipients()}
    other = min(recipients - {account["division"]})
    key = {"utility": "water", **of_account}
    assert trace_row(ran.city, f"backflow.utility_account__{other}", key) == Trace([], [])


def test_a_thematic_row_leads_to_its_dwelling_and_its_bills(ran) -> None:
    rows = released(ran, "vacant_housing").filter(pl.col("utilities_counted") == 3)
    row = rows.sort("dwelling_id", "month").row(0, named=True)
    key = {"dwelling_id": row["dwelling_id"], "month": row["month"]}
    trace = trace_row(ran.city, "thematic.vacant_housing", key)
    resources = {one["resource"] for one in trace.back}
    bills = {f"{utility}_bill" for utility in ("water", "power", "gas")}
    assert {"dwelling", *bills} <= resources
    for one in trace.back:
        if one["resource"] == "dwelling":
            assert record_of(ran, one)["dwelling_id"] == row["dwelling_id"]
        if one["resource"] in bills and one["record"] is not None:
            assert record_of(ran, one)["month"] == row["month"]
    (received,) = trace.forward
    assert received["table"] == f"backflow.vacant_housing__{row['division']}"
    assert (received["recipient"], received["rows"]) == (row["division"], 1)
    assert {one["delivery"] for one in trace.back} == set(row["_deliveries"])


def test_the_district_finds_the_same_way_back(ran) -> None:
    row = released(ran, "vacant_housing").sort("dwelling_id", "month").row(7, named=True)
    key = {"dwelling_id": row["dwelling_id"], "month": row["month"]}
    there = trace_row(ran.city, "thematic.vacant_housing", key)
    assert trace_row(ran.city, f"backflow.vacant_housing__{row['division']}", key) == there


def test_all_rows_of_a_part_of_a_key_are_followed(ran) -> None:
    row = released(ran, "vacant_housing").sort("dwelling_id").row(0, named=True)
    trace = trace_row(ran.city, "thematic.vacant_housing", {"dwelling_id": row["dwelling_id"]})
    assert [one["rows"] for one in trace.forward] == [2], "a row for each month of bills"


def test_a_refused_row_leads_to_its_reasons(ran) -> None:
    quarantined = ran.city.lake.scan("quarantine", "water_account").collect()
    row = quarantined.filter(pl.col("account_number").is_not_null()).row(0, named=True)
    trace = trace_row(ran.city, "raw.water_account", {"account_number": row["account_number"]})
    told = {one["outcome"] for one in trace.back if one["record"] == row["_row"]}
    assert f"quarantined: {', '.join(row['_rules'])}" in told


def test_a_corrected_row_says_that_it_is_no_longer_in_force(ran) -> None:
    fact = ran.truth.filter(pl.col("kind") == "corrected", ~pl.col("file").str.contains("correct"))
    resource, file = fact["resource"][0], fact["file"][0]
    records = deliveries.all_of(ran.city.registry, resource)
    (old,) = [one for one in records if one.delivery.file_name == file]
    rows = ran.city.lake.scan("raw", resource).filter(pl.col("_delivery") == old.delivery.id)
    row = rows.head(1).collect().row(0, named=True)
    key = {name: str(row[name]) for name in ran.city.entry(resource).key}
    trace = trace_row(ran.city, f"raw.{resource}", key)
    assert {one["file"]: one["in_force"] for one in trace.back}[file] is False


def test_every_stored_record_of_a_table_is_traced_to_itself(ran) -> None:
    rows = ran.city.lake.scan("raw", "building").collect()
    assert stored(ran.city, "raw").filter(pl.col("resource") == "building").height == rows.height
    for row in rows.head(10).iter_rows(named=True):
        trace = trace_row(ran.city, "raw.building", {"building_code": row["building_code"]})
        places = {(one["delivery"], one["record"]) for one in trace.back}
        assert (row["_delivery"], row["_row"]) in places


@pytest.mark.parametrize(
    ("table", "key", "said"),
    [
        ("base.persn", {"citizen_id": "1"}, r"did you mean 'base\.person'"),
        ("thematic.person", {"citizen_id": "1"}, "no such table"),
        ("backflow.utility_account__520000", {"utility": "water"}, "no such table"),
        ("base.person", {"citizen": "1"}, "did you mean 'citizen_id'"),
    ],
)
def test_a_question_about_nothing_is_answered_with_what_there_is(ran, table, key, said) -> None:
    with pytest.raises(TraceError, match=said):
        trace_row(ran.city, table, key)
