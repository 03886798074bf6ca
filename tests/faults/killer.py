"""Runs of `citylake run` as processes of their own, and three ways to kill one.

Keep out: what must hold afterwards (state.py).
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.small_city import environment

ROOT = Path(__file__).parents[2]
INSTALLED = Path(sys.executable).parent / "citylake"
KILLED = -9
PATIENCE = 300  # seconds: a run that takes longer hangs
RUN = ("run", "--json")
# Files of delta-rs, DuckDB, dbt and Dagster: what Python does not see being written.
TRIGGERS = (
    "lake/*/*/_delta_log",
    "lake/raw/*/_delta_log/*01.json",
    "lake/quarantine/*/_delta_log/*.json",
    "lake/base/*/*.parquet",
    "lake/backflow/*/_delta_log",
    "scratch/model-*",
    "scratch/delivery-*/*",
    "scratch/dbt/*",
    "scratch/backflow-*/*.parquet",
    "outbox/*/*/*/*.csv",
    "registry.db*",
    "dagster/dagster.yaml",
    "dagster/history/runs/*",
)


@dataclass(frozen=True)
class Kill:
    """When to kill: after some seconds, when a file of a pattern is new, or at a seam."""

    kind: str  # time | file | seam
    where: str = ""
    when: str = ""
    number: float = 0  # seconds, or which call

    def __str__(self) -> str:
        return f"{self.kind} {self.where} {self.when} {self.number:.3g}".replace("  ", " ")


def start(home: Path, *launcher: str | Path, words: Sequence[str] = RUN) -> subprocess.Popen[str]:
    """Start `citylake run`, or other words, on a home."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CITYLAKE_", "DAGSTER_"))}
    return subprocess.Popen(
        [*(launcher or (INSTALLED,)), *words],
        env=kept | environment(home),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for a run; return its code and what it said."""
    try:
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    return process.returncode, out, err


def count(home: Path, words: Sequence[str] = RUN) -> Mapping[str, int]:
    """Run to the end and return how often each seam was passed."""
    told = home / "calls.json"
    launcher = (sys.executable, "-m", "tests.faults.victim", "count", told, "0")
    code, out, err = finish(start(home, *launcher, words=words))
    assert code == 0, out + err
    return dict(json.loads(told.read_text()))


def run_killed(home: Path, kill: Kill, words: Sequence[str] = RUN) -> bool:
    """Run and kill; False when the run was done before."""
    if kill.kind == "seam":
        where = (kill.where, kill.when, str(int(kill.number)))
        launcher = (sys.executable, "-m", "tests.faults.victim", *where)
        process = start(home, *launcher, words=words)
    else:
        process = start(home, words=words)
        if kill.kind == "time":
            _after(process, kill.number)
        else:
            _when_new(process, home, kill.where)
    code, out, err = finish(process)
    assert code in (0, KILLED), f"{kill}: exit code {code}: {err}{out}"
    return code == KILLED


def draw(seed: int, calls: Mapping[str, int], seconds: float) -> Iterator[Kill]:
    """Draw kills without end, the three kinds in turn."""
    chance = random.Random(seed)
    seams = sorted(calls)
    while True:
        seam = chance.choice(seams)
        nth = chance.randint(1, calls[seam])
        yield Kill("seam", seam, chance.choice(("before", "after")), nth)
        yield Kill("file", chance.choice(TRIGGERS))
        seam = chance.choice(seams)
        yield Kill("seam", seam, chance.choice(("before", "after")), chance.randint(1, 3))
        yield Kill("time", number=chance.uniform(0.2, seconds))


def _after(process: subprocess.Popen[str], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()


def _when_new(process: subprocess.Popen[str], home: Path, pattern: str) -> None:
    before = set(home.glob(pattern))
    while process.poll() is None:
        if set(home.glob(pattern)) - before:
            process.kill()
            return
        time.sleep(0.002)
