"""The whole job on sources of every kind: rows in raw, accounts that hold, secrets nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from lake.store.bucket import s3_client
from tests.cli.door import Said, citylake
from tests.ingestion.connectors.api import rows, serving
from tests.orchestration.fetching import METER
from tests.orchestration.test_fetch_drops import MORE, lines
from tests.s3_server import start
from tests.servers.postgresql import PASSWORD

pytestmark = pytest.mark.xdist_group("postgresql")

REGISTRY = "whole_job_registry"  # the job's own facts are on PostgreSQL here
TOKEN = "geheim-token-0815"
FULL = "secret: {}, extract: full, "
WORDS = {
    "from_sql": ("sql", FULL.format("DB") + "table: meter", ""),
    "from_http": ("http", FULL.format("API") + "token: TOKEN, rows: data, attempts: 1", ""),
    "from_bucket": ("bucket", "secret: BOX, prefix: drops", MORE),
    "from_nowhere": ("sql", FULL.format("GONE") + "table: meter", ""),
}


@dataclass(frozen=True)
class Ran:
    """A home in which two runs have been, and what they said."""

    home: Path
    environment: dict[str, str]
    first: Said
    second: Said

    def say(self, *words: str) -> Said:
        return citylake(*words, home=self.home, **self.environment)


def entry(name: str, number: int) -> str:
    connector, words, more = WORDS[name]
    text = METER.format(connector=connector, words=words, mode="upsert", more=more)
    return text.replace("name: meter", f"name: {name}").replace("000003", f"00001{number}")


def answer(asked, _):
    """Serve two meters to who knows the token."""
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    page = rows(1, 2)
    text = page.body.decode().replace('"name": "水表', '"changed": "2026-03-01 08:00", "示数": "1')
    return type(page)(text.encode())


@pytest.fixture(scope="module")
def ran(postgres, tmp_path_factory) -> Ran:
    home = tmp_path_factory.mktemp("fetching")
    entries = home / "entries"
    entries.mkdir()
    for number, name in enumerate(WORDS):
        (entries / f"{name}.yaml").write_text(entry(name, number), encoding="utf-8")
    url = postgres.new_database("whole_job")
    with postgres.connect("whole_job") as connection:
        connection.execute("create table meter (id int, changed timestamptz, 示数 numeric(10,2))")
        connection.execute("insert into meter values (1, now(), 1), (2, now(), 2), (3, now(), -3)")
    with start(tmp_path_factory.mktemp("weed")) as store, serving(answer) as api:
        s3_client(store.credentials).fput_object(
            store.bucket, "drops/meter_1.csv", str(_dropped(home))
        )
        host = store.endpoint.removeprefix("http://")
        secrets = {
            "DB": url,
            "API": api.url,
            "TOKEN": TOKEN,
            "BOX": f"http://{store.key}:{store.secret}@{host}/{store.bucket}",
            "GONE": url.replace("whole_job", "geheim-gone"),
        }
        environment = {f"CITYLAKE_SECRET_{name}": value for name, value in secrets.items()}
        environment["CITYLAKE_CATALOG"] = str(entries)
        postgres.new_database(REGISTRY)
        environment["CITYLAKE_REGISTRY_URL"] = postgres.url(REGISTRY, scheme="postgresql+psycopg")
        runs = [citylake("run", "--json", home=home, **environment) for _ in range(2)]
    return Ran(home, environment, *runs)


def _dropped(home: Path) -> Path:
    path = home / "dropped.csv"
    path.write_bytes(lines("1,2026-03-01 08:00,1", "2,2026-03-01 08:00,2"))
    return path


def test_every_source_is_fetched_and_the_one_that_fails_stops_no_other(ran):
    assert ran.first.code == 0, ran.first.err
    sources = {one["resource"]: one for one in ran.first.document["fetched"]}
    assert {name: one["outcome"] for name, one in sources.items()} == {
        "from_sql": "fetched",
        "from_http": "fetched",
        "from_bucket": "fetched",
        "from_nowhere": "failed",
    }
    assert "from_nowhere" in ran.first.err


def test_what_was_fetched_is_in_raw_and_its_accounts_hold(ran):
    sql = "select count(*) as n, sum(reading_m3) as sum from current.{}"
    for name, n in (("from_sql", 2), ("from_http", 2), ("from_bucket", 2)):
        assert ran.say("query", sql.format(name), "--json").rows[0]["n"] == n
    assert ran.say("lake", "verify", "--json").code == 0
    refused = ran.say("quarantine", "show", "from_sql", "--json").rows
    assert len(refused) == 1


def test_a_second_run_finds_nothing_new(ran):
    assert ran.second.code == 0
    outcomes = {one["resource"]: one["outcome"] for one in ran.second.document["fetched"]}
    assert set(outcomes.values()) == {"unchanged", "failed"}
    assert ran.say("lake", "verify", "--json").code == 0


def test_status_shows_the_last_fetch_and_the_trouble(ran):
    found = {one["resource"]: one for one in ran.say("status", "--json").rows}
    assert found["from_sql"]["fetched_at"]
    assert found["from_sql"]["trouble"] is None
    assert found["from_nowhere"]["fetched_at"] is None
    assert "has no database of that name: correct secret GONE" in found["from_nowhere"]["trouble"]


def test_dagster_logs_what_an_asset_fetched(ran):
    from orchestration.city import City
    from orchestration.definitions import CITY_JOB, build_definitions
    from orchestration.settings import read_settings

    city = City(read_settings({"CITYLAKE_HOME": str(ran.home), **ran.environment}))
    definitions = build_definitions(city, names=["from_nowhere"])
    job = definitions.resolve_job_def(CITY_JOB)
    here = ran.home / "dagster-here"
    here.mkdir()
    with dg.DagsterInstance.local_temp(str(here)) as instance:
        done = job.execute_in_process(instance=instance)
        assert done.success
        said = [record.user_message for record in instance.all_logs(done.run_id)]
    assert any(line.startswith("from_nowhere: failed: ") for line in said)


def written(postgres) -> str:
    """Return every row of the registry as text."""
    tables = "select table_name from information_schema.tables where table_schema = 'public'"
    with postgres.connect(REGISTRY) as connection:
        names = [row[0] for row in connection.execute(tables)]
        rows = [connection.execute(f"select t::text from {name} t").fetchall() for name in names]
    assert "cursors" in names
    return str(rows)


def test_no_secret_is_in_anything_that_was_written_or_said(ran, postgres):
    said = ran.first.out + ran.first.err + ran.second.out + ran.second.err
    said += ran.say("status").out + ran.say("run").err + written(postgres)
    hidden = [secret.encode() for secret in (PASSWORD, TOKEN, "geheim", "testsecret123")]
    assert not [secret for secret in hidden if secret in said.encode()]
    files = [path for path in ran.home.rglob("*") if path.is_file()]
    assert not (ran.home / "registry.db").exists()
    assert any("dagster" in path.parts for path in files)
    assert [(p, s) for p in files for s in hidden if s in p.read_bytes()] == []
