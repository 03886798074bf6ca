"""Processes that cost no start: a server that has imported everything forks one for each life.

`python -m tests.faults.forks` reads a life a line (JSON) and answers with the number of its
process; asked to wait for one it answers how that ended.
Keep out: what is done in a life (life.py), and where it ends (death.py).
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.faults.death import Death, expect
from tests.faults.life import live

# What a life would import for itself; none of it may start a thread before the fork.
BEFOREHAND = (
    *("adbc_driver_sqlite.dbapi", "ingestion.connectors.sql", "ingestion.connectors.drivers"),
    *("ingestion.compiled", "ingestion.delimited", "ingestion.conform.columns", "lake.engine"),
    *("great_expectations", "quality.gate", "quality.judge", "quality.gx_polars.engine"),
)
SAID = "said.txt"


class Forks:
    """The server, as a test holds it."""

    def __enter__(self) -> Forks:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forks"],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.communicate()

    def live(self, home: Path, act: str, death: Death | None = None) -> bool:
        """Let a process do an act on a home; return whether it was killed as it was told."""
        return self.end(home, self.begin(home, act, death), is_killed=death is not None)

    def begin(self, home: Path, act: str, death: Death | None = None) -> int:
        """Start a process that does an act on a home; return its number."""
        return self._ask({"home": str(home), "act": act, "death": death and death.told})

    def end(self, home: Path, process: int, *, is_killed: bool = False) -> bool:
        """Wait for what was begun; it may fail only by being killed."""
        code = self._ask({"wait": process})
        assert code == 0 or (is_killed and code < 0), (home / SAID).read_text()
        return code < 0

    def _ask(self, told: dict[str, Any]) -> int:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        print(json.dumps(told), file=self._server.stdin, flush=True)
        return int(self._server.stdout.readline())


def main() -> None:
    """Fork a process for every line, or wait for one."""
    for name in BEFOREHAND:
        importlib.import_module(name)
    for line in sys.stdin:
        told = json.loads(line)
        if "wait" in told:
            _, status = os.waitpid(told["wait"], 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        if (child := os.fork()) == 0:
            _be(Path(told["home"]), told["act"], told["death"])
        print(child, flush=True)


def _be(home: Path, act: str, death: list[str | float] | None) -> None:
    code = 1
    with (home / SAID).open("w") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    try:
        with expect(home, None if death is None else Death.of(death)):
            live(home, act)
        code = 0
    finally:  # whatever it is, this process ends with it
        if code:
            traceback.print_exc()
        os._exit(code)


if __name__ == "__main__":
    main()
