import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from registry import cursors
from registry.cursors import Cursor, FetchedFile
from registry.schema import Registry
from tests.house.project import ROOT
from tests.registry.facts import NOW

AT_TEN = Cursor("reading", source="s1", tried_at=NOW, value="10", digest="d", fetched_at=NOW)
FILE = FetchedFile("reading", path="in/a.csv", mark="e1", file_name="a.csv", fetched_at=NOW)


def test_a_source_never_fetched_has_no_cursor(registry):
    assert cursors.read(registry, "reading") is None


def test_a_cursor_is_kept_in_place_of_the_one_before(registry):
    cursors.write(registry, AT_TEN)
    later = replace(AT_TEN, value="20", tried_at=NOW + dt.timedelta(days=1), trouble="no answer")
    cursors.write(registry, later)
    assert cursors.read(registry, "reading") == later
    assert cursors.read(registry, "bill") is None


def test_a_file_is_known_by_its_path_and_mark(registry):
    cursors.remember(registry, [FILE])
    cursors.remember(registry, [FILE, replace(FILE, mark="e2")])
    assert cursors.fetched(registry, "reading") == {("in/a.csv", "e1"), ("in/a.csv", "e2")}
    assert cursors.fetched(registry, "bill") == frozenset()


def test_cursor_and_files_are_undone_with_the_act_around_them(registry):
    def fail_inside() -> None:
        with registry.write():
            cursors.write(registry, AT_TEN)
            cursors.remember(registry, [FILE])
            raise KeyError("power cut")

    with pytest.raises(KeyError):
        fail_inside()
    assert cursors.read(registry, "reading") is None
    assert cursors.fetched(registry, "reading") == frozenset()


def test_a_registry_of_the_first_revision_gets_cursors_and_keeps_its_facts(url):
    Registry(url).close()
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(ROOT / "registry" / "migrations"))
    with sa.create_engine(url).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        connection.execute(sa.text("insert into audit_head values (7, 0, 'x')"))
    with Registry(url) as registry:
        assert cursors.read(registry, "reading") is None
        with registry.read() as connection:
            found = connection.execute(sa.text("select id from audit_head")).scalars().all()
    assert 7 in found
