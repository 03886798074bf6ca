"""One contest: ours against a rival, measured in turn, each run in a fresh process.

Keep out: what is measured (one file a subject).
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

ROUNDS = 3


@dataclass(frozen=True)
class Contest:
    """A bench: the module that holds `prepare`, `ours` and `rival`, and the goal for the ratio."""

    name: str
    module: str
    variant: str
    rows: int
    rival: str
    goal: float  # ours_s / rival_s at most


@dataclass(frozen=True)
class Outcome:
    """What one call measured: seconds are medians of the rounds, memory the peak of ours."""

    name: str
    ours_s: float
    rival: str
    rival_s: float
    ratio: float
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
    pairs = [a["s"] / b["s"] for a, b in zip(ours, rival, strict=True)]
    ratio = round(median(pairs), 2)
    return Outcome(
        name=contest.name,
        ours_s=round(median(run["s"] for run in ours), 2),
        rival=contest.rival,
        rival_s=round(median(run["s"] for run in rival), 2),
        ratio=ratio,
        peak_mb=round(max(run["peak_mb"] for run in ours)),
        goal=contest.goal,
        met=ratio <= contest.goal,
    )


def _child(contest: Contest, part: str, *, rows: int, work: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.child", contest.module, part]
    command += [contest.variant, str(rows), str(work)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{contest.name}: {part} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])
