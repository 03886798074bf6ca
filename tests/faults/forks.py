"""Processes that cost no start: a server that has imported everything forks one for each life.

`python -m tests.faults.forks` reads a life a line (JSON) and answers how its process ended.
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

from tests.faults.death import Death, expect
from tests.faults.life import live

# What a life would import for itself; none of it may start a thread before the fork.
BEFOREHAND = (
    *("adbc_driver_sqlite.dbapi", "ingestion.connectors.sql", "ingestion.connectors.drivers"),
    *("ingestion.compiled", "ingestion.delimited", "ingestion.conform.plain", "lake.engine"),
    *("great_expectations", "quality.gate", "quality.judge", "quality.gx_polars.engine"),
)
SAID = "said.txt"


class Forks:
    """The server, as a test holds it: one life at a time."""

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
        self.begin(home, act, death)
        return self.end(home, act, death)

    def begin(self, home: Path, act: str, death: Death | None = None) -> None:
        """Start a process that does an act on a home."""
        assert self._server.stdin is not None
        told = {"home": str(home), "act": act, "death": death and death.told}
        print(json.dumps(told), file=self._server.stdin, flush=True)

    def end(self, home: Path, act: str, death: Death | None = None) -> bool:
        """Wait for what was begun."""
        assert self._server.stdout is not None
        code = int(self._server.stdout.readline())
        assert code == 0 or (death and code < 0), f"{act} {death}: {(home / SAID).read_text()}"
        return code < 0


def main() -> None:
    """Fork a process for every line."""
    for name in BEFOREHAND:
        importlib.import_module(name)
    for line in sys.stdin:
        told = json.loads(line)
        if (child := os.fork()) == 0:
            _be(Path(told["home"]), told["act"], told["death"])
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _be(home: Path, act: str, death: list[str | float] | None) -> None:
    code = 1
    with (home / SAID).open("w") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    try:
        with expect(home, None if death is None else Death.of(death)):
            live(home, act)
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it is, this process ends with it
        traceback.print_exc()
    os._exit(code)


if __name__ == "__main__":
    main()
