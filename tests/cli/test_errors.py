"""What goes wrong is said in one line on standard error: what, where, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Home
from tests.cli.door import Said, citylake

pytestmark = pytest.mark.xdist_group("cli_home")

USAGE = {
    "no such command": (["colect"], "No such command 'colect'", "citylake --help"),
    "no such option": (["run", "--al"], "No such option: --al", "citylake run --help"),
    "nothing to query": (["query"], "Missing argument", "citylake query --help"),
    "missing file": (["deliver", "gone.csv", "-r", "resident"], "'gone.csv' does not exist"),
    "file to gate is missing": (["gate", "gone.csv", "-r", "resident"], "does not exist"),
    "no resource for a file": (["deliver", __file__], "Missing option", "--resource"),
    "key without a value": (["trace", "base.person", "citizen_id"], "'citizen_id'", "name=value"),
    "key without a name": (["trace", "base.person", "=1"], "'=1'", "name=value"),
    "size unknown": (["demo", "--size", "huge"], "size huge", "tiny, small, city"),
    "limit of nothing": (["audit", "show", "--limit", "0"], "--limit", "audit show --help"),
    "resource to run unknown": (["run", "-r", "watter"], "watter", "citylake catalog list"),
    "entry unknown": (["catalog", "show", "persn"], "persn", "did you mean 'person'"),
}
REFUSED = {
    "resource unknown": (["deliver", __file__, "-r", "persn"], "persn", "use one of"),
    "resource to gate unknown": (["gate", __file__, "-r", "divison"], "did you mean 'division'"),
    "a model is no resource": (["deliver", __file__, "-r", "person"], "no source resource"),
    "not of that resource": (
        ["gate", __file__, "-r", "division"],
        "columns are those of division",
        "check",
    ),
    "table unknown": (["query", "select * from base.persn"], "base.persn", "'base.person'"),
    "column unknown": (["query", "select cod from base.address"], '"cod"', "Candidate"),
    "bad SQL": (["query", "selec 1"], "query", "selec"),
    "SQL that writes": (["query", "create table t as select 1"], "read-only"),
    "SQL that copies out": (["query", "copy (select 1) to 'x.csv'"], "read-only"),
    "two statements": (["query", "select 1; drop table base.person"], "one select statement"),
    "SQL that reads files": (["query", f"from read_text('{__file__}')"], "query", "ermission"),
    "table to trace unknown": (["trace", "base.persn", "a=1"], "base.persn", "'base.person'"),
    "not a table": (["trace", "person", "a=1"], "person: no such table"),
    "item unknown": (["trace", "base.person", "sexx=1"], "no item sexx", "did you mean 'sex'"),
    "quarantine unknown": (["quarantine", "show", "buildin"], "did you mean 'building'"),
}
SETTINGS = {
    "scheme of the lake": (
        {"CITYLAKE_LAKE_URL": "gs://a/b"},
        "CITYLAKE_LAKE_URL=gs://a/b",
        "s3://",
    ),
    "no key for the store": ({"CITYLAKE_LAKE_URL": "s3://a/b"}, "AWS_ACCESS_KEY_ID"),
    "catalog is not there": (
        {"CITYLAKE_CATALOG": "nowhere"},
        "CITYLAKE_CATALOG=",
        "no such folder",
    ),
    "catalog is a file": ({"CITYLAKE_CATALOG": __file__}, "CITYLAKE_CATALOG=", "no such folder"),
    "home is a file": ({"CITYLAKE_HOME": __file__}, "CITYLAKE_HOME=", "not a folder"),
    "database unknown": ({"CITYLAKE_REGISTRY_URL": "db2://a"}, "registry", "sqlite:///"),
}


def one_line(said: Said, code: int, words: tuple[str, ...]) -> None:
    assert said.code == code
    assert said.out == ""
    assert said.err.startswith("citylake: ")
    assert said.err.count("\n") == 1, said.err
    assert all(word in said.err for word in words), said.err


@pytest.mark.parametrize(("typed", "words"), [(t, w) for t, *w in USAGE.values()], ids=USAGE)
def test_wrong_usage_is_one_line_and_exit_code_2(typed, words, tmp_path) -> None:
    one_line(citylake(*typed, home=tmp_path), 2, tuple(words))


@pytest.mark.parametrize(("typed", "words"), [(t, w) for t, *w in REFUSED.values()], ids=REFUSED)
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["plain", "json"])
def test_what_cannot_be_done_is_one_line_and_exit_code_1(typed, words, form, home: Home) -> None:
    one_line(citylake(*typed, *form, home=home.path), 1, tuple(words))


@pytest.mark.parametrize(("env", "words"), [(e, w) for e, *w in SETTINGS.values()], ids=SETTINGS)
@pytest.mark.parametrize("command", ["status", "run", "lake verify"])
def test_a_wrong_setting_is_named_in_one_line(env, words, command, tmp_path) -> None:
    said = citylake(*command.split(), **{"home": tmp_path, **env})
    one_line(said, 1, tuple(words))


@pytest.mark.parametrize("command", ["status", "run", "audit verify", "quarantine list"])
def test_a_corrupt_registry_is_named_in_one_line(command, tmp_path) -> None:
    (tmp_path / "registry.db").write_bytes(b"this is not a database" * 100)
    said = citylake(*command.split(), home=tmp_path)
    one_line(said, 1, ("registry.db", "check path"))


def test_a_catalog_without_entries_takes_nothing_out_of_the_inbox(tmp_path) -> None:
    waits = tmp_path / "inbox" / "division" / "division_2026.csv"
    waits.parent.mkdir(parents=True)
    waits.write_bytes(b"a,b\n1,2\n")
    empty = tmp_path / "entries"
    empty.mkdir()
    said = citylake("run", home=tmp_path, CITYLAKE_CATALOG=empty)
    assert said.code == 1
    assert "holds no entry" in said.err
    assert waits.exists()


def test_a_folder_that_cannot_be_written_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "inbox").write_text("a file where the inbox should be")
    said = citylake("deliver", __file__, "-r", "division", home=tmp_path)
    one_line(said, 1, ("inbox", "check the path"))
