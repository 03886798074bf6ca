"""Where a process of the campaign dies: at a seam, or after so much of its own time.

Keep out: what it does until then (life.py).
"""

from __future__ import annotations

import json
import random
import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.victim import SEAMS, wrap

CALLS = "calls.json"
# Steps between which nothing is durable yet, beside the seams of a whole run.
STEPS = (
    "orchestration.flows.fetch:fetch_window",
    "orchestration.flows.windows:land",
    "registry.cursors:write",
    "orchestration.flows.ahead:read",
    "lake.store.archive:Archive.hold",
    "lake.store.archive:_written",
    "orchestration.flows.settle:open_amendment",
    "orchestration.flows.settle:gate_delivery",
    "orchestration.flows.settle:commit_rows",
    "registry.deliveries:open_delivery",
    "registry.deliveries:close_delivery",
    "registry.deliveries:withdraw",
    "registry.deliveries:replace",
    "registry.arrivals:record_arrival",
    "registry.releases:release",
    "registry.audit:append",
    "registry.crossings:record",
    "orchestration.flows.backflow:write_package",
    "orchestration.flows.rebuild:remake",
    "registry.judgements:stir",
    "registry.judgements:rejudge",
    "registry.judgements:calm",
    "orchestration.flows.again:_follow",
    "orchestration.flows.commit_rows:exchange",
)
LIFE = tuple(
    s for s in SEAMS if not s.startswith(("orchestration.assets", "orchestration.flows.w"))
)
ALL = (*LIFE, *STEPS)


@dataclass(frozen=True)
class Death:
    """A death before or after the nth call of a seam, or after seconds of processor time."""

    seam: str
    when: str
    number: float

    @property
    def told(self) -> list[str | float]:
        """Return it as a line of JSON takes it."""
        return [self.seam, self.when, self.number]

    @classmethod
    def of(cls, told: list[str | float]) -> Death:
        """Return the death that was told."""
        return cls(str(told[0]), str(told[1]), float(told[2]))


def draw(chance: random.Random, calls: Mapping[str, int], seconds: float) -> Iterator[Death]:
    """Draw deaths of one act without end: every seam in turn, and now and then at any time."""
    seams = sorted(calls)
    while True:
        chance.shuffle(seams)
        for number, seam in enumerate(seams):
            # One of the first calls: what a death has left undone is done by the next life.
            nth = chance.randint(1, max(1, calls[seam] // 3))
            yield Death(seam, chance.choice(("before", "after")), nth)
            if number % 6 == 0:
                yield Death("time", "", chance.uniform(0.01, seconds))


@contextmanager
def expect(home: Path, death: Death | None) -> Iterator[None]:
    """Let this process die so; without a death, write how often each seam is passed."""
    calls: Counter[str] = Counter()
    if death is None:
        for seam in ALL:
            wrap(seam, calls, None)
    elif death.seam == "time":
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, death.number)
    else:
        wrap(death.seam, calls, (death.when, int(death.number)))
    yield
    (home / CALLS).write_text(json.dumps(calls))
