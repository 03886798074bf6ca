"""Machine code that is kept is that of the sources as they are now, imported ones included."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from ingestion import compiled

LOOP = """\
from ingestion.compiled import compiled
from ingestion.step import step


@compiled
def twice(number):
    return step(step(number))
"""
STEP = """\
from ingestion.compiled import compiled
from ingestion.size import SIZE


@compiled
def step(number):
    return number + SIZE
"""


def test_a_loop_is_compiled_again_when_what_it_imports_has_changed(tmp_path: Path) -> None:
    room = tmp_path / "ingestion"
    room.mkdir()
    shutil.copy(str(compiled.__file__), room / "compiled.py")
    (room / "__init__.py").touch()
    (room / "loop.py").write_text(LOOP)
    (room / "step.py").write_text(STEP)
    said = []
    for size in (1, 1, 10):
        (room / "size.py").write_text(f"SIZE = {size}\n")
        code = "from ingestion.loop import twice; print(twice(0), *twice.stats.cache_hits.values())"
        told = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True, text=True
        )
        said.append(told.stdout.split())
    assert said == [["2"], ["2", "1"], ["20"]]
