"""The parsed project is kept for the next process, and made again where it cannot be trusted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lake.dbt_plugin import bind
from orchestration.flows import parsed
from orchestration.flows.parsed import parsed_project
from orchestration.flows.warehouse import _options
from tests.orchestration.town import town

pytestmark = pytest.mark.xdist_group("dbt")


def read(city, kept: Path) -> set[str]:
    """Read the project as a new process does; return its models."""
    parsed._PARSED.clear()
    with bind(city.lake, (), build="none"):
        return set(parsed_project(kept, _options(city.lake)).nodes)


def test_what_was_parsed_is_read_by_the_next_process(tmp_path, monkeypatch) -> None:
    city, kept = town(tmp_path), tmp_path / "kept"
    first = read(city, kept)
    assert "model.citylake.person" in first

    # Damage is seen by the digest, a changed file by its time: both are parsed anew.
    (file,) = kept.glob("*")
    damaged = file.read_bytes()[:-1]
    file.write_bytes(damaged)
    assert read(city, kept) == first
    assert file.read_bytes() != damaged
    copied = tmp_path / "project"
    copied.mkdir()
    (copied / "dbt_project.yml").touch()
    before = parsed._state()
    monkeypatch.setattr(parsed, "DBT_PROJECT", copied)
    changed = parsed._state()
    os.utime(copied / "dbt_project.yml", (1, 1))
    assert len({before, changed, parsed._state()}) == 3

    def never(*_):
        raise AssertionError("parsed again")

    monkeypatch.undo()
    monkeypatch.setattr(parsed, "_parse", never)
    assert read(city, kept) == first


def test_a_folder_that_cannot_be_written_stops_no_model(tmp_path) -> None:
    kept = tmp_path / "kept"
    kept.touch()
    assert "model.citylake.person" in read(town(tmp_path), kept)
