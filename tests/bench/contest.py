"""One contest: ours against a rival, measured in turn, each run in a fresh process.

Keep out: what is measured (one file a subject).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
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
    fixed: bool = False  # the module's `fixed` is what ours costs whatever there is to do


@dataclass(frozen=True)
class Outcome:
    """What one call measured: seconds are medians of the rounds, memory the peak of ours.

    The ratio is that of the wall clock; that of CPU seconds tells less of who else is working.
    Where a fixed cost was measured, a ratio is what ours took above it.
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
    cpu_s: float | None = None  # of ours, as of all below
    rival_cpu_s: float | None = None
    fixed_s: float | None = None
    fixed_cpu_s: float | None = None

    def as_json(self) -> str:
        """Return the outcome as one JSON object."""
        return json.dumps(asdict(self))


def hold(contest: Contest, *, rows: int, work: Path, rounds: int = ROUNDS) -> Outcome:
    """Prepare once, then run ours and the rival in turn and compare."""
    _child(contest, "prepare", rows=rows, work=work)
    parts = ("ours", "rival", "fixed") if contest.fixed else ("ours", "rival")
    runs: dict[str, list[Run]] = {part: [] for part in parts}
    for _ in range(rounds):
        for part in parts:
            runs[part].append(_child(contest, part, rows=rows, work=work))
    ratio = _ratio(runs, "s")
    peak = max(run["peak_mb"] for run in runs["ours"])
    told = all(run["cpu_s"] for run in runs["rival"])
    cpu = {part: _middle(each, "cpu_s") if told else None for part, each in runs.items()}
    return Outcome(
        name=contest.name,
        ours_s=_middle(runs["ours"], "s"),
        rival=contest.rival,
        rival_s=_middle(runs["rival"], "s"),
        ratio=ratio,
        cpu_ratio=_ratio(runs, "cpu_s") if told else None,
        peak_mb=round(peak),
        goal=contest.goal,
        met=ratio <= contest.goal and (contest.peak_mb is None or peak <= contest.peak_mb),
        cpu_s=cpu["ours"],
        rival_cpu_s=cpu["rival"],
        fixed_s=_middle(runs["fixed"], "s") if contest.fixed else None,
        fixed_cpu_s=cpu.get("fixed"),
    )


def _middle(runs: Sequence[Run], what: str) -> float:
    return round(median(run[what] for run in runs), 3)


def _ratio(runs: Mapping[str, Sequence[Run]], what: str) -> float:
    """Return the median ratio of the rounds: of what ours took above its fixed cost, if any."""
    ours, rival = runs["ours"], runs["rival"]
    fixed = median(run[what] for run in runs["fixed"]) if "fixed" in runs else 0.0
    ratios = [(a[what] - fixed) / b[what] for a, b in zip(ours, rival, strict=True)]
    return round(median(ratios), 3 if "fixed" in runs else 2)


def _child(contest: Contest, part: str, *, rows: int, work: Path) -> Run:
    command = [sys.executable, "-m", "tests.bench.child", contest.module, part]
    command += [contest.variant, str(rows), str(work)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{contest.name}: {part} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])
