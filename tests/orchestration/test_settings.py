"""The environment is read once, into one value; what is wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.load import ENTRIES
from orchestration.city import BusyError, City, open_city
from orchestration.settings import SettingsError, read_settings

AWS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}


def test_without_an_environment_everything_lies_under_var(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = read_settings({})
    home = tmp_path / "var"
    assert (found.home, found.catalog, found.dagster_home) == (home, ENTRIES, home / "dagster")
    assert (found.lake_url, found.archive_url) == (str(home / "lake"), str(home / "archive"))
    assert found.registry_url == f"sqlite:///{home / 'registry.db'}"
    assert found.credentials is None
    folders = (found.inbox, found.outbox, found.scratch, found.reports)
    assert [path.relative_to(home).name for path in folders] == [
        *("inbox", "outbox", "scratch", "reports")
    ]
    assert not home.exists(), "reading settings makes nothing"


def test_each_place_can_be_named(tmp_path) -> None:
    named = {
        "CITYLAKE_HOME": str(tmp_path),
        "CITYLAKE_CATALOG": str(tmp_path),
        "CITYLAKE_LAKE_URL": "s3://bucket/prefix/",
        "CITYLAKE_REGISTRY_URL": "postgresql+psycopg://city@host/db",
        "DAGSTER_HOME": str(tmp_path / "ui"),
        **AWS,
        "AWS_ENDPOINT_URL": "http://store:9000",
    }
    found = read_settings(named)
    assert (found.home, found.catalog, found.dagster_home) == (
        *(tmp_path, tmp_path, tmp_path / "ui"),
    )
    assert found.archive_url == "s3://bucket/prefix/_archive"
    assert found.registry_url == named["CITYLAKE_REGISTRY_URL"]
    assert found.credentials is not None
    assert found.credentials.endpoint == "http://store:9000"


@pytest.mark.parametrize("name", ["CITYLAKE_HOME", "CITYLAKE_CATALOG", "CITYLAKE_LAKE_URL"])
def test_an_empty_name_means_the_default(name) -> None:
    assert read_settings({name: ""}) == read_settings({})


@pytest.mark.parametrize("url", ["gs://a/b", "http://a", "file:///lake", "abfss://a"])
def test_a_lake_of_another_scheme_is_refused(url) -> None:
    with pytest.raises(SettingsError, match=r"CITYLAKE_LAKE_URL=.*s3://bucket/prefix"):
        read_settings({"CITYLAKE_LAKE_URL": url})


@pytest.mark.parametrize("missing", AWS)
def test_a_store_without_its_keys_is_refused_and_no_secret_is_said(missing) -> None:
    env = {**AWS, "CITYLAKE_LAKE_URL": "s3://a/b", missing: ""}
    with pytest.raises(SettingsError, match=missing) as error:
        read_settings(env)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("name", ["CITYLAKE_HOME", "CITYLAKE_CATALOG"])
def test_a_file_where_a_folder_should_be_is_refused(name) -> None:
    with pytest.raises(SettingsError, match=f"{name}=.*{Path(__file__).name}"):
        read_settings({name: __file__})


def test_one_run_at_a_time_works_on_a_home(tmp_path) -> None:
    settings = read_settings({"CITYLAKE_HOME": str(tmp_path)})
    first, second = City(settings), City(settings)
    with first.working(), pytest.raises(BusyError, match=r"run\.lock"), second.working():
        pass
    with second.working():
        pass


def test_opening_a_city_touches_nothing(tmp_path) -> None:
    home = tmp_path / "home"
    city = open_city(read_settings({"CITYLAKE_HOME": str(home)}))
    assert city.problems == ()
    assert city.entry("person").zone == "base"
    assert not home.exists()


def test_a_wrong_entry_stops_nothing_but_itself(tmp_path) -> None:
    (tmp_path / "division.yaml").write_bytes(next(ENTRIES.rglob("division.yaml")).read_bytes())
    (tmp_path / "tree.yaml").write_text("name: tree\n")
    env = {"CITYLAKE_HOME": str(tmp_path / "home"), "CITYLAKE_CATALOG": str(tmp_path)}
    city = City(read_settings(env))
    assert list(city.catalog.entries) == ["division"]
    assert city.unreadable == {"tree"}


def test_staging_is_empty_each_time(tmp_path) -> None:
    city = City(read_settings({"CITYLAKE_HOME": str(tmp_path)}))
    (city.staging("step") / "left").write_text("from a crash")
    assert list(city.staging("step").iterdir()) == []


def test_the_line_end_of_the_file_that_a_secret_came_from_is_no_part_of_it(tmp_path) -> None:
    settings = read_settings({"CITYLAKE_HOME": str(tmp_path), "CITYLAKE_SECRET_DB": "t0k\n"})
    assert settings.secret("DB") == "t0k"
