import csv
import datetime as dt
import hashlib
import json
import subprocess
import sys
from decimal import Decimal

import polars as pl
import pytest

from sharing.error import SharingError
from sharing.manifest import Column, Judged, Manifest
from sharing.package import read_package, verify_package, write_package

NOW = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
TYPES = {"id": "string", "note": "string", "amount": "decimal", "at": "datetime", "on": "date"}
COLUMNS = tuple(Column(name=name, title=name, type=type_) for name, type_ in TYPES.items())
VERDICT = Judged(passed=True, reason="passed", rows=4, rules=3, failed_rules=0, judged_at=NOW)
MANIFEST = Manifest(
    table="base.household",
    title="家庭",
    file_name="household.csv",
    recipient="520102",
    recipient_title="南明区",
    crossing="c0ffee",
    source_version=3,
    columns=COLUMNS,
    verdict=VERDICT,
    created_at=NOW,
)
NOTES = ["=1+1", "-5", '多行\n"引号",', None]


def rows(**changes):
    values = {
        "id": ["001", "002", "003", "004"],
        "note": NOTES,
        "amount": [Decimal("1.50"), None, Decimal("-3.00"), Decimal("0.00")],
        "at": [NOW, None, NOW, NOW],
        "on": [dt.date(2026, 3, 1)] * 4,
        "secret": ["x"] * 4,
    }
    return pl.LazyFrame({**values, **changes})


@pytest.fixture
def target(tmp_path):
    return tmp_path / "520102" / "household" / "3"


@pytest.fixture
def package(target):
    return write_package(rows(), target=target, manifest=MANIFEST)


def test_only_the_columns_of_the_manifest_leave(package):
    with (package.folder / "household.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *found = csv.reader(file)
    assert header == list(TYPES)
    assert [row[1] for row in found] == ["=1+1", "-5", '多行\n"引号",', ""]
    assert found[0][2:] == ["1.50", "2026-03-01T16:00:00+08:00", "2026-03-01"]


def test_the_manifest_states_what_was_written(package):
    data = (package.folder / "household.csv").read_bytes()
    stated = json.loads((package.folder / "manifest.json").read_text("utf-8"))
    assert data.startswith(b"\xef\xbb\xbf")
    assert stated["data"] == {
        "rows": 4,
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "formula_like": {"note": 2},
    }
    manifest = (package.folder / "manifest.json").read_bytes()
    assert package.digest == hashlib.sha256(manifest).hexdigest()


def test_a_package_without_rows_has_its_header(target):
    package = write_package(rows().clear(), target=target, manifest=MANIFEST)
    assert package.manifest.data.rows == 0
    assert verify_package(target).ok


def test_an_untouched_package_verifies(package):
    assert verify_package(package.folder).ok
    assert read_package(package.folder) == package


def test_a_rerun_finds_the_package_and_writes_nothing(package):
    before = {path: path.stat().st_mtime_ns for path in package.folder.iterdir()}
    later = MANIFEST.model_copy(update={"created_at": NOW + dt.timedelta(hours=1)})
    assert write_package(rows(), target=package.folder, manifest=later) == package
    assert {path: path.stat().st_mtime_ns for path in package.folder.iterdir()} == before


def test_another_crossing_in_the_same_place_is_refused(package):
    other = MANIFEST.model_copy(update={"crossing": "other"})
    with pytest.raises(SharingError, match=r"states another crossing \(c0ffee\)"):
        write_package(rows(), target=package.folder, manifest=other)


def test_a_damaged_package_is_not_taken_for_finished(package):
    (package.folder / "household.csv").write_text("id\n")
    with pytest.raises(SharingError, match="was changed"):
        write_package(rows(), target=package.folder, manifest=MANIFEST)


def _change(folder):
    path = folder / "household.csv"
    path.write_bytes(path.read_bytes().replace(b"001", b"007"))


def _restate(folder, **data):
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["data"] |= data
    path.write_text(json.dumps(manifest), "utf-8")


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (_change, "household.csv was changed"),
        (lambda folder: (folder / "household.csv").unlink(), "household.csv is missing"),
        (lambda folder: (folder / "manifest.json").unlink(), "cannot be read"),
        (lambda folder: (folder / "manifest.json").write_text("{}"), "cannot be read"),
        (lambda folder: (folder / "more.csv").write_text("x"), "no manifest names: more.csv"),
        (lambda folder: _restate(folder, rows=5), "differ from the manifest"),
        (lambda folder: _restate(folder, size=5), "differ from the manifest"),
        (lambda folder: _restate(folder, sha256="0" * 64), "was changed"),
    ],
)
def test_a_package_that_is_not_what_it_states_is_found(package, damage, problem):
    damage(package.folder)
    found = verify_package(package.folder)
    assert not found.ok
    assert problem in found.problem


def test_a_manifest_that_states_no_data_is_incomplete(package):
    (package.folder / "manifest.json").write_text(MANIFEST.model_dump_json(), "utf-8")
    assert "incomplete" in verify_package(package.folder).problem


def test_missing_columns_leave_nothing_behind(target):
    with pytest.raises(SharingError, match="rows have no column note"):
        write_package(rows().drop("note"), target=target, manifest=MANIFEST)
    assert list(target.parent.iterdir()) == []


def test_what_a_killed_process_left_is_removed(target):
    dead = subprocess.Popen([sys.executable, "-S", "-c", ""])
    dead.wait()
    left = target.with_name(f".{target.name}.part-{dead.pid}")
    left.mkdir(parents=True)
    (left / "household.csv").write_text("half")
    write_package(rows(), target=target, manifest=MANIFEST)
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    assert verify_package(target).ok


def test_a_package_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "outbox").write_text("a file where a folder should be")
    with pytest.raises(SharingError, match="check the outbox"):
        write_package(rows(), target=tmp_path / "outbox" / "3", manifest=MANIFEST)
