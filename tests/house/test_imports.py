"""Imports go down, and each tool is known to one room: the last column of docs/house.md."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.project import ROOMS, ROOT, imports, python_files

OWNERS = {
    "yaml": {"catalog"},
    "adbc_driver_postgresql": {"ingestion"},
    "adbc_driver_sqlite": {"ingestion"},
    "connectorx": {"ingestion"},
    "asyncssh": {"ingestion"},
    "pymysql": {"ingestion"},
    "stamina": {"ingestion"},
    "fastexcel": {"ingestion"},
    "great_expectations": {"quality"},
    "splink": {"linkage"},
    "cryptography": {"sharing"},
    "holidays": {"supervision"},
    "deltalake": {"lake"},
    "minio": {"lake"},
    "sqlalchemy": {
        "registry",
        "orchestration/event_log.py",
    },  # the storage that Dagster itself keeps
    "alembic": {"registry"},
    "dagster": {"orchestration"},
    "dbt": {"orchestration", "lake/dbt_plugin.py"},
    "typer": {"cli"},
    "rich": {"cli"},
    "pandas": set[str](),
    "requests": set[str](),
}
HEAVY = {"splink", "dagster", "dbt", "great_expectations", "pandas", "alembic", "numba"}


def owned(path: Path, tool: str) -> bool:
    return bool({path.parts[0], str(path)} & OWNERS[tool])


def test_imports_go_down_and_siblings_never_meet():
    """By a process of its own: import-linter silences the loggers of the one in which it runs."""
    linter = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([linter, "--no-cache"], check=False, cwd=ROOT, capture_output=True)
    assert told.returncode == 0, told.stdout.decode()


@pytest.mark.parametrize("tool", OWNERS)
def test_each_tool_is_known_to_its_own_room_alone(tool):
    found = [
        f"{path}:{line}: {module}"
        for path in python_files(*ROOMS)
        for module, line in imports(path)
        if module.split(".")[0] == tool and not owned(path, tool)
    ]
    assert found == []


def test_the_command_line_imports_no_heavy_tool_before_it_needs_one():
    code = f"import sys, cli.main; print(*sorted({HEAVY!r} & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == []
