"""Commands that do something: demo, run, deliver, gate, and what a broken account costs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from catalog.load import ENTRIES
from tests.cli.conftest import KEPT, Home
from tests.cli.door import citylake

pytestmark = pytest.mark.xdist_group("cli_home")

HEADER = "区划代码,区划名称,区划级别,上级区划代码,生效日期,失效日期,承接区划代码"
GOOD = "520102,南明区,district,520100,1955-01-01,,"
BAD = "52010?,南明区,district,520100,1955-01-01,,"


def written(folder: Path, *rows: str) -> Path:
    path = folder / "division_2027.csv"
    path.write_text("\n".join((HEADER, *rows, "")), encoding="utf-8")
    return path


def test_the_demo_says_what_it_delivered_and_where_the_truth_is(home: Home) -> None:
    assert (home.demo.code, home.demo.err) == (0, "")
    document = home.demo.document
    assert document["files"] > 90
    assert document["rows"] > 10_000
    assert Path(document["truth"]).exists()


def test_a_run_sums_up_what_it_did_in_one_document(home: Home) -> None:
    assert (home.run.code, home.run.err) == (0, "")
    document = home.run.document
    collected = {row["resource"]: row for row in document["collected"]}
    assert set(collected) == {*KEPT, "total"}
    assert collected["building"]["refused"] == collected["tree_census"]["waiting"] == 1
    for row in collected.values():
        assert row["rows"] == row["accepted"] + row["quarantined"] + row["repeats"], row
    built = {row["table"]: row["outcome"] for row in document["built"]}
    assert built["base.registered_building"] == "released"
    for row in document["returned"]:
        sent = sum(rows for name, rows in row.items() if name.isdigit())
        assert sent + row["withheld"] == row["released"], row
    assert document["failures"] == []


def test_a_run_of_one_resource_leaves_the_others_waiting(tmp_path) -> None:
    entries = tmp_path / "entries"  # two resources and no model, to be quick
    entries.mkdir()
    for name in ("division", "standard_address"):
        (entries / f"{name}.yaml").write_bytes(next(ENTRIES.rglob(f"{name}.yaml")).read_bytes())
        citylake("deliver", written(tmp_path, GOOD), "-r", name, home=tmp_path)
    said = citylake("run", "-r", "division", home=tmp_path, CITYLAKE_CATALOG=entries)
    assert said.code == 0
    assert "归集 collected" in said.out
    assert "citylake quarantine list" in said.out
    assert not (tmp_path / "inbox" / "division" / "division_2027.csv").exists()
    assert (tmp_path / "inbox" / "standard_address" / "division_2027.csv").exists()


def test_a_file_is_delivered_whole_under_its_own_name_once(tmp_path) -> None:
    file = written(tmp_path, GOOD)
    said = citylake("deliver", file, "--resource", "division", "--json", home=tmp_path)
    assert said.document == {"resource": "division", "file": file.name}
    target = tmp_path / "inbox" / "division" / file.name
    assert target.read_bytes() == file.read_bytes()
    assert [path.name for path in target.parent.iterdir()] == [file.name]
    again = citylake("deliver", file, "--resource", "division", home=tmp_path)
    assert again.code == 1
    assert "already waits" in again.err


@pytest.mark.parametrize("rows", [(GOOD,), (GOOD, BAD)], ids=["good", "one row bad"])
def test_the_gate_judges_a_file_and_stores_nothing(rows, home: Home, tmp_path) -> None:
    before = sorted(str(path) for path in home.path.rglob("*") if "scratch" not in path.parts)
    file = written(tmp_path, *rows)
    document = citylake("gate", file, "-r", "division", "--json", home=home.path).document
    assert document["rows"] == len(rows)
    # One of two rows is more than the entry allows: the delivery is refused with all its rows.
    assert (document["passed"], document["quarantined"]) == ((True, 0), (False, 2))[len(rows) - 1]
    said = citylake("gate", file, "-r", "division", home=home.path)
    assert said.code == 0
    assert ("通过 passed" if len(rows) == 1 else "不通过 refused: too_many_bad_rows") in said.out
    after = sorted(str(path) for path in home.path.rglob("*") if "scratch" not in path.parts)
    assert [path for path in after if "-wal" not in path and "-shm" not in path] == [
        path for path in before if "-wal" not in path and "-shm" not in path
    ]


def test_lake_verify_fails_on_changed_bytes_and_names_the_file(own: Path) -> None:
    words = ("trace", "raw.division", "code=520102", "--json")
    digest = citylake(*words, home=own).document["back"][0]["digest"]
    with (own / "archive" / digest[:2] / digest).open("ab") as file:
        file.write(b"\n")
    said = citylake("lake", "verify", "--json", home=own)
    assert said.code == 1
    assert said.document["ok"] is False
    assert [row["subject"] for row in said.document["rows"]] == ["division_2026.csv"]
    assert "1 accounts do not hold" in said.err
    assert citylake("lake", "verify", "--no-bytes", home=own).code == 0


def test_audit_verify_fails_on_a_changed_event_and_says_which(own: Path) -> None:
    with sqlite3.connect(own / "registry.db") as connection:
        connection.execute("update audit_events set actor = 'nobody' where sequence = 5")
    for form in ([], ["--json"]):
        said = citylake("audit", "verify", *form, home=own)
        assert said.code == 1
        assert said.err.startswith("citylake: audit chain broken: ")
        assert "5" in said.err
    assert said.document["ok"] is False


def test_a_run_goes_on_beside_a_wrong_entry_and_names_it(tmp_path) -> None:
    entries = tmp_path / "entries"
    entries.mkdir()
    (entries / "division.yaml").write_bytes(next(ENTRIES.rglob("division.yaml")).read_bytes())
    (entries / "broken.yaml").write_text("name: broken\ntitel: x\n", encoding="utf-8")
    said = citylake("run", home=tmp_path, CITYLAKE_CATALOG=entries)
    assert said.code == 0
    assert "broken.yaml:2: titel" in said.err
    checked = citylake("catalog", "validate", home=tmp_path, CITYLAKE_CATALOG=entries)
    assert checked.code == 1
    assert "broken.yaml:2: titel" in checked.out
    form = citylake("catalog", "validate", "--json", home=tmp_path, CITYLAKE_CATALOG=entries)
    assert form.code == 1
    assert {"file", "line", "field", "message"} == set(form.rows[0])


def test_a_new_entry_is_proposed_from_a_file_and_is_right(tmp_path) -> None:
    file = tmp_path / "parks.csv"
    file.write_text("公园编号,名称,面积\nP001,黔灵山公园,426.5\nP002,花溪公园,53.4\n", "utf-8")
    words = ("catalog", "new", file, "--name", "park", "--output", tmp_path / "entries", "--json")
    document = citylake(*words, home=tmp_path).document
    assert Path(document["file"]).read_text(encoding="utf-8").startswith("name: park\n")
    checked = citylake(
        *("catalog", "validate", "--json"), home=tmp_path, CITYLAKE_CATALOG=tmp_path / "entries"
    )
    assert checked.rows == []
