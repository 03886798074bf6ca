"""What a part of a run takes: seconds by the wall, and seconds of CPU of this process.

Keep out: comparing (contest.py).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Spent:
    """What was spent, filled in when the clock stops."""

    s: float = 0.0
    cpu_s: float = 0.0


@contextmanager
def clock() -> Iterator[Spent]:
    """Measure what happens inside."""
    spent, begun, used = Spent(), time.perf_counter(), _used()
    yield spent
    spent.s, spent.cpu_s = time.perf_counter() - begun, _used() - used


def _used() -> float:
    """Return the CPU seconds of this process, its threads and its children."""
    return sum(os.times()[:4])
