"""Every question on a home that has run: for people as a table, for machines as one document."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Home
from tests.cli.door import citylake

pytestmark = pytest.mark.xdist_group("cli_home")

QUESTIONS = {
    "status": "building",
    "query 'select code from base.administrative_division'": "520102",
    "trace base.administrative_division code=520102": "division_2026.csv",
    "quarantine list": "unknown_reference:address_code",
    "quarantine show building": "建筑物编码",
    "verdict list raw.building": "passed",
    "verdict show 1": "raw.",
    "catalog suggest building": "required: true",
    "query 'select resource from supervision.quarantine_age'": "building",
    "catalog list": "vacant_housing",
    "catalog show building": "建筑物编码",
    "catalog validate": "目录无误",
    "catalog render --check": "0 files stale",
    "audit verify": "unbroken",
    "audit show": "backflow.delivered",
    "lake verify": "every account holds",
    "run": "nothing to do",
}


def typed(question: str) -> list[str]:
    first, _, quoted = question.partition(" '")
    return [*first.split(), *([quoted.rstrip("'")] if quoted else [])]


@pytest.mark.parametrize(("question", "word"), QUESTIONS.items(), ids=QUESTIONS)
def test_a_person_reads_the_answer_on_standard_output(question, word, home: Home) -> None:
    said = citylake(*typed(question), home=home.path)
    assert (said.code, said.err) == (0, "")
    assert word in said.out


@pytest.mark.parametrize("question", QUESTIONS)
def test_with_json_standard_output_is_one_document(question, home: Home) -> None:
    said = citylake(*typed(question), "--json", home=home.path)
    assert (said.code, said.err) == (0, "")
    assert isinstance(said.document, dict)


def test_status_counts_what_arrived_and_where_it_stands(home: Home) -> None:
    document = citylake("status", "--json", home=home.path).document
    building = next(row for row in document["rows"] if row["resource"] == "building")
    assert building["deliveries"] == building["accepted_deliveries"] + 1
    assert building["refused_deliveries"] == 1
    assert building["rows"] == sum(building[n] for n in ("accepted", "quarantined", "repeats"))
    silent = next(row for row in document["rows"] if row["resource"] == "resident")
    assert (silent["deliveries"], silent["last_period"]) == (0, None)
    assert "base.registered_building" in {row["table"] for row in document["tables"]}
    assert document["arrivals"]["unknown_resource"] == 1


def test_a_query_without_rows_still_names_its_columns(home: Home) -> None:
    sql = "select code, name from base.administrative_division where false"
    said = citylake("query", sql, home=home.path)
    assert (said.code, said.out) == (0, "(nothing)\n")
    assert citylake("query", sql, "--json", home=home.path).rows == []


def test_a_query_reads_districts_tables_and_what_is_in_force(home: Home) -> None:
    sql = (
        "select (select count(*) from backflow.registered_building__520102) as own, "
        "(select count(*) from base.registered_building where division like '520102%') as theirs, "
        "(select count(*) from current.building) as now"
    )
    (row,) = citylake("query", sql, "--json", home=home.path).rows
    assert row["own"] == row["theirs"] > 0
    assert row["now"] > 0


def test_refused_rows_are_shown_by_rule_under_the_units_headers(home: Home) -> None:
    said = citylake("quarantine", "list", "--json", home=home.path).rows
    counted = {(row["resource"], row["rule"]): row["rows"] for row in said}
    rule = "unknown_reference:address_code"
    shown = citylake("quarantine", "show", "building", "--rule", rule, "--json", home=home.path)
    assert len(shown.rows) == counted["building", rule]
    assert all(rule in row["rules"] for row in shown.rows)
    assert {"file", "record", "建筑物编码", "层数"} <= set(shown.rows[0])
    defect = ("--rule", "unknown_reference", "--limit", "1", "--json")
    assert len(citylake("quarantine", "show", "building", *defect, home=home.path).rows) == 1


def test_a_resource_without_refused_rows_shows_none(home: Home) -> None:
    said = citylake("quarantine", "show", "resident", "--json", home=home.path)
    assert (said.code, said.rows) == (0, [])


def test_a_trace_leads_to_the_record_and_to_the_districts(home: Home) -> None:
    sql = "select building_code from base.registered_building order by 1 limit 1"
    (row,) = citylake("query", sql, "--json", home=home.path).rows
    key = f"building_code={row['building_code']}"
    document = citylake("trace", "raw.building", key, "--json", home=home.path).document
    assert [one["file"] for one in document["back"]] == ["building_2026Q1.xlsx"]
    assert document["back"][0]["record"] > 0
    tables = [one["table"] for one in document["forward"]]
    assert tables[:2] == ["base.building_history", "base.registered_building"]
    assert tables[2].startswith("backflow.registered_building__")


def test_a_trace_of_a_row_that_is_not_there_says_so(home: Home) -> None:
    said = citylake("trace", "raw.building", "building_code=B0", home=home.path)
    assert said.code == 0
    assert said.out.count("(nothing)") == 2


def test_a_refused_row_is_traced_to_the_reason(home: Home) -> None:
    shown = citylake("quarantine", "show", "building", "--json", home=home.path).rows
    row = next(row for row in shown if row["建筑物编码"] and row["rules"][0].startswith("unknown"))
    key = f"building_code={row['建筑物编码']}"
    document = citylake("trace", "raw.building", key, "--json", home=home.path).document
    assert document["forward"] == []
    (found,) = [one for one in document["back"] if one["record"] == row["record"]]
    assert found["outcome"] == f"quarantined: {', '.join(row['rules'])}"


def test_audit_events_are_shown_newest_by_subject(home: Home) -> None:
    words = ("audit", "show", "--subject", "base.registered_building", "--limit", "3", "--json")
    rows = citylake(*words, home=home.path).rows
    assert len(rows) == 3
    assert {row["subject"] for row in rows} == {"base.registered_building"}
    assert rows[-1]["action"] == "backflow.closed"
    events = citylake("audit", "verify", "--json", home=home.path).document["events"]
    assert max(row["sequence"] for row in rows) <= events


def test_the_catalog_lists_all_and_shows_each_as_declared(home: Home) -> None:
    rows = citylake("catalog", "list", "--json", home=home.path).rows
    assert {"raw", "base", "thematic"} == {row["zone"] for row in rows}
    shown = citylake("catalog", "show", "person", "--json", home=home.path).document
    assert shown["name"] == "person"
    assert "citizen_id" in {item["name"] for item in shown["items"]}
