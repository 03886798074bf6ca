"""One contest: ours against a rival, measured in turn, each run in a fresh process.

Keep out: what is measured (one file a subject).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

ROUNDS = 3
Run = dict[str, float]


@dataclass(frozen=True)
class Contest:
    """A bench: the module that holds `prepare`, `ours` and `rival`, and the goal for the ratio."""

    name: str
    module: str
    variant: str
    rows: int
    rival: str
    goal: float  # ours_s / rival_s at most
    peak_mb: int | None = None  # memory of ours at most


@dataclass(frozen=True)
class Outcome:
    """What one call measured: seconds are medians of the rounds, memory the peak of ours.

    The ratio is that of the wall clock; that of CPU seconds tells less of who else is working.
    """

    name: str
    ours_s: float
    rival: str
    rival_s: float
    ratio: float
    cpu_ratio: float | None  # None: the rival is a figure
    peak_mb: float
    goal: float
    met: bool

    def as_json(self) -> str:
        """Return the outcome as one JSON object."""
        return json.dumps(asdict(self))


def hold(contest: Contest, *, rows: int, work: Path) -> Outcome:
    """Prepare once, then run ours and the rival in turn and compare."""
    _child(contest, "prepare", rows=rows, work=work)
    ours, rival = [], []
    for _ in range(ROUNDS):
        ours.append(_child(contest, "ours", rows=rows, work=work))
        rival.append(_child(contest, "rival", rows=rows, work=work))
    ratio = _ratio(ours, rival, "s")
    peak = max(run["peak_mb"] for run in ours)
    return Outcome(
        name=contest.name,
        ours_s=round(median(run["s"] for run in ours), 3),
        rival=contest.rival,
        rival_s=round(median(run["s"] for run in rival), 3),
        ratio=ratio,
        cpu_ratio=_ratio(ours, rival, "cpu_s") if all(r["cpu_s"] for r in rival) else None,
        peak_mb=round(peak),
        goal=contest.goal,
        met=ratio <= contest.goal and (contest.peak_mb is None or peak <= contest.peak_mb),
    )


def _ratio(ours: Sequence[Run], rival: Sequence[Run], what: str) -> float:
    """Return the median ratio of the rounds."""
    return round(median(a[what] / b[what] for a, b in zip(ours, rival, strict=True)), 2)


def _child(contest: Contest, part: str, *, rows: int, work: Path) -> Run:
    command = [sys.executable, "-m", "tests.bench.child", contest.module, part]
    command += [contest.variant, str(rows), str(work)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{contest.name}: {part} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])
