"""One run of one side of a contest, in a process of its own: seconds and peak memory as JSON."""

from __future__ import annotations

import importlib
import json
import resource
import sys
from pathlib import Path


def main() -> None:
    """Run `part` of a bench module; it returns the seconds of what is measured."""
    module, part, variant, rows, work = sys.argv[1:]
    subject = importlib.import_module(f"tests.bench.{module}")
    seconds = getattr(subject, part)(variant, int(rows), Path(work))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"s": seconds or 0.0, "peak_mb": peak}))


if __name__ == "__main__":
    main()
