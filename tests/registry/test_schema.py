import multiprocessing
import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from registry import (
    audit,
    basis,
    decisions,
    deliveries,
    judgement_tables,
    repeat_tables,
    waiver_tables,
)
from registry.error import RegistryError
from registry.schema import HEAD, Registry
from registry.tables import metadata
from tests.house.project import ROOT
from tests.registry.facts import NOW, delivery
from tests.registry.processes import open_at_once

# Each brings its tables along.
KEEPERS = (audit, basis, decisions, deliveries, judgement_tables, repeat_tables, waiver_tables)


def test_an_empty_database_gets_every_table(url):
    Registry(url).close()
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = sa.inspect(connection).get_table_names()
    assert sorted(found) == sorted([*metadata.tables, "alembic_version"])


def test_revisions_and_tables_do_not_drift_apart(url):
    Registry(url).close()
    with sa.create_engine(url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_head_in_code_is_the_newest_revision():
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(ROOT / "registry" / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_revision_can_be_taken_back_and_made_again(url):
    from alembic import command

    Registry(url).close()
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(ROOT / "registry" / "migrations"))
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
    with Registry(url) as again:
        assert audit.verify(again).ok


def test_opening_a_current_registry_costs_one_query(url):
    Registry(url).close()
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        Registry(url).close()
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    asked = [statement for statement in seen if statement != "begin"]  # SQLite's, spoken by us
    assert asked == ["select version_num from alembic_version"]


def test_opening_a_current_registry_does_not_import_alembic(url):
    Registry(url).close()
    code = (
        "import sys; from registry.schema import Registry; "
        f"Registry({url!r}); sys.exit('alembic' in sys.modules or 'polars' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def test_processes_that_open_an_empty_registry_at_once_are_safe(url):
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    opening = [
        context.Process(target=open_at_once, args=(url, barrier, f"d{number}"))
        for number in range(2)
    ]
    for process in opening:
        process.start()
    for process in opening:
        process.join()
    assert [process.exitcode for process in opening] == [0, 0]
    with Registry(url) as registry:
        assert len(deliveries.unfinished(registry)) == 2


def test_a_registry_of_a_newer_citylake_is_refused(url):
    Registry(url).close()
    with sa.create_engine(url).begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    with pytest.raises(RegistryError, match="newer citylake"):
        Registry(url)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("sqlite://", "in memory forgets"),
        ("sqlite:///:memory:", "in memory forgets"),
        ("nonsense", "registry URL cannot be used"),
        ("mysql://host/db", "cannot be used"),
        ("oracle+none://host/db", "cannot be used"),
    ],
)
def test_a_url_that_cannot_hold_facts_is_refused(written, said):
    with pytest.raises(RegistryError, match=said):
        Registry(written)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "registry.db"
    path.write_text("not a database, " * 100)
    with pytest.raises(RegistryError, match="cannot be opened"):
        Registry(f"sqlite:///{path}")
    assert path.read_text().startswith("not a database")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "home").write_text("a file where a folder should be")
    with pytest.raises(RegistryError, match="has no folder"):
        Registry(f"sqlite:///{tmp_path / 'home' / 'registry.db'}")


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path):
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    with sa.create_engine(url).begin() as connection:
        connection.execute(sa.text("create table audit_head (somebody text)"))
    with pytest.raises(RegistryError, match="audit_head already exists"):
        Registry(url)
    with sa.create_engine(url).connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["audit_head"]


def test_commits_are_durable_and_readers_do_not_wait(tmp_path):
    with (
        Registry(f"sqlite:///{tmp_path / 'registry.db'}") as registry,
        registry.read() as connection,
    ):
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("pragma synchronous").scalar() == 2
        assert connection.exec_driver_sql("pragma busy_timeout").scalar() >= 10_000


def _fail_inside(registry):
    with registry.write():
        deliveries.open_delivery(registry, delivery("d1"), stem="d1")
        with registry.write():
            deliveries.open_delivery(registry, delivery("d2"), stem="d2")
        assert len(deliveries.unfinished(registry)) == 2
        raise KeyError("power cut")


def test_nested_acts_are_undone_together(registry):
    with pytest.raises(KeyError):
        _fail_inside(registry)
    assert deliveries.unfinished(registry) == ()


def test_a_write_inside_a_read_is_refused(registry):
    with registry.read(), pytest.raises(RegistryError, match="open it with write"):
        deliveries.open_delivery(registry, delivery("d1"), stem="d1")


def test_a_naive_instant_is_refused(registry):
    naive = delivery(received_at=NOW.replace(tzinfo=None))
    with pytest.raises(sa.exc.StatementError, match="has no zone"):
        deliveries.open_delivery(registry, naive, stem="d1")
