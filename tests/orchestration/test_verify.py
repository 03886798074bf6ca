"""Whatever is changed behind the back of the registry, the accounts say so, and where."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from orchestration.city import City
from orchestration.flows.backflow import backflow
from orchestration.flows.collect import take_strays
from orchestration.flows.release import release_raw
from orchestration.flows.verify import verify_lake
from tests.orchestration.town import NOW, again, lay, moved, take_in, town

FILE = "park_202601.csv"
ROWS = (
    "P1,520102,100",
    "P2,520103,200",
    "P2,520103,200",
    "X9,520102,5",
    "P3,520102",
    "P4,520103,4",
)
Tampering = Callable[[City], object]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Return a town whose parks were collected, released and returned."""
    city = town(tmp_path_factory.mktemp("whole"))
    lay(city, "park", FILE, *ROWS)
    take_in(city)
    release_raw(city, "park", now=NOW)
    backflow(city, "park", now=NOW)
    found = verify_lake(city)
    assert found.ok, found.problems
    assert found.checked == {"deliveries": 1, "releases": 1, "crossings": 15, "audit events": 15}
    return city


@pytest.fixture
def city(whole: City, tmp_path: Path) -> City:
    """Return a copy of the town, to be tampered with."""
    return moved(whole, tmp_path / "home")


def archived(city: City) -> Path:
    return next(path for path in Path(city.settings.archive_url).glob("??/*"))


def change_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)


def stored(zone: str, name: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Tampering:
    """Let another table, of changed rows, stand in the place of one."""

    def tamper(city: City) -> None:
        rows = city.lake.scan(zone, name).collect()
        path = city.staging("tampered") / "rows.parquet"
        change(rows).write_parquet(path)
        shutil.rmtree(city.lake.uri(zone, name))
        schema = dict(rows.schema)
        city.lake.commit(zone, name, [path], schema=schema, action="tampered", metadata={})

    return tamper


def said(table: str, values: str) -> Tampering:
    """Change a number of the registry."""

    def tamper(city: City) -> None:
        with city.registry.write() as connection:
            connection.exec_driver_sql(f"update {table} set {values}")

    return tamper


def one_more(rows: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([rows, rows.head(1).with_columns(_row=pl.lit(99, pl.Int64))])


def larger(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(area_m2=pl.col("area_m2") + 1)


TAMPERED: dict[str, tuple[Tampering, str, str]] = {
    "archive byte": (lambda c: change_a_byte(archived(c)), FILE, "another digest"),
    "archived file gone": (lambda c: archived(c).unlink(), FILE, "archive"),
    "table file gone": (
        lambda c: next(Path(c.lake.uri("raw", "park")).glob("*.parquet")).unlink(),
        "raw",
        "is missing",
    ),
    "table file cut short": (
        lambda c: os.truncate(next(Path(c.lake.uri("raw", "park")).glob("*.parquet")), 99),
        "raw",
        "has 99 bytes, the log says",
    ),
    "table gone": (
        lambda c: shutil.rmtree(c.lake.uri("quarantine", "park")),
        FILE,
        "the account says 2 rows, the table holds 0",
    ),
    "extra row": (stored("raw", "park", one_more), FILE, "the table holds 4"),
    "row lost": (stored("raw", "park", lambda r: r.head(2)), FILE, "the table holds 2"),
    "row doubled": (
        stored("raw", "park", lambda r: r.with_columns(_row=pl.lit(1, pl.Int64))),
        FILE,
        "share their record number",
    ),
    "cell changed": (stored("raw", "park", larger), FILE, "3 accepted rows are not as"),
    "refused row removed": (
        stored("quarantine", "park", lambda r: r.head(1)),
        FILE,
        "the account says 2 rows, the table holds 1",
    ),
    "refused cell changed": (
        stored("quarantine", "park", lambda r: r.with_columns(_source=pl.lit("P3"))),
        FILE,
        "2 quarantined rows are not as",
    ),
    "repeats": (
        said("deliveries", "repeats = 2, records = 7"),
        FILE,
        "repeats: the account says 2",
    ),
    "accepted": (said("deliveries", "accepted = 4, records = 7"), FILE, "the account says 4 rows"),
    "moved between places": (
        said("deliveries", "accepted = 4, repeats = 0"),
        FILE,
        "the account says 4 rows",
    ),
    "account lost": (said("deliveries", "records = null"), FILE, "its account is lost"),
    "bytes": (said("deliveries", "size = 9"), FILE, "the account says 9 bytes"),
    "status": (
        said("deliveries", "status = 'refused'"),
        FILE,
        "is refused, and its verdict passed",
    ),
    "taken back": (
        said("deliveries", "withdrawn_at = received_at"),
        FILE,
        "does not count, and by all that arrived",
    ),
    "replaced": (said("deliveries", "replaced_by = id"), FILE, "does not count, and by all"),
    "verdict": (said("verdicts", "passed = false"), FILE, "its verdict did not pass"),
    "verdict's numbers": (said("verdicts", "repeats = 0"), FILE, "is not that of its verdict"),
    "verdict of another": (said("verdicts", "delivery_id = 'x'"), FILE, "its verdict 1 is gone"),
    "arrival": (said("arrivals", "delivery_id = 'x'"), FILE, "no arrival of it is written down"),
    "release": (said("releases", "rows = 4"), "release", "says 4 rows, version 0 holds 3"),
    "what was judged by": (
        said("catalog_texts", "text = x'789c030000000001'"),
        FILE,
        "is lost or changed",
    ),
    "crossing row changed": (
        stored("backflow", "park__520103", larger),
        "520103",
        "not those of the release",
    ),
    "crossing row lost": (
        stored("backflow", "park__520103", lambda r: r.head(1)),
        "520103",
        "account says 2 rows, the recipient's table holds 1",
    ),
    "crossing number": (
        said("crossings", "rows = 5 where recipient = '520102'"),
        "520102",
        "account says 5 rows",
    ),
    "package": (
        lambda c: change_a_byte(c.settings.outbox / "520102" / "park" / "1" / "park.csv"),
        "520102",
        "was changed",
    ),
    "evidence": (said("audit_events", "detail = '{}' where sequence = 3"), "chain", "3"),
}


@pytest.mark.parametrize("kind", TAMPERED)
def test_what_was_tampered_with_is_named(city: City, kind: str) -> None:
    tamper, subject, message = TAMPERED[kind]
    tamper(city)
    found = verify_lake(again(city))
    told = [one["problem"] for one in found.problems if one["subject"] == subject]
    assert any(message in one for one in told), found.problems


@pytest.mark.parametrize("where", ["nowhere/a.csv", "a.csv", "park/park_202602.withdrawal"])
def test_bytes_that_are_nobodys_delivery_are_looked_for_too(city: City, where: str) -> None:
    path = city.settings.inbox / where
    path.parent.mkdir(exist_ok=True)
    path.write_text("kept", encoding="utf-8")
    take_strays(city, now=NOW)
    take_in(city)
    assert not path.exists()
    assert verify_lake(city).ok
    digest = hashlib.sha256(b"kept").hexdigest()
    (Path(city.settings.archive_url) / digest[:2] / digest).unlink()
    (told,) = verify_lake(city).problems
    assert told["subject"] == path.name
    assert "not there" in told["problem"]


def test_bytes_are_left_alone_when_only_tables_are_asked_about(city: City) -> None:
    change_a_byte(archived(city))
    assert verify_lake(city, with_bytes=False).ok
