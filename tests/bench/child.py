"""One run of one side of a contest, in a process of its own: what it spent, and its peak memory."""

from __future__ import annotations

import importlib
import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path

from tests.bench.clock import Spent


def main() -> None:
    """Run `part` of a bench module; it returns what the measured section spent."""
    module, part, variant, rows, work = sys.argv[1:]
    subject = importlib.import_module(f"tests.bench.{module}")
    spent = getattr(subject, part)(variant, int(rows), Path(work)) or Spent()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**asdict(spent), "peak_mb": peak}))


if __name__ == "__main__":
    main()
