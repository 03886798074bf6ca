"""`python -m tests.bench NAME [--rows N] [--json]`; `all` also writes docs/performance.md.

`linkage [--size small] [--seeds 101 102]` scores reading and linking against the demo's truth.
`pollock --data DIR [--json]` scores loaders on a folder of polluted files instead.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench import linkage, pollock
from tests.bench.contest import ROUNDS, Contest, Outcome, hold

COPY = "DuckDB COPY of the same CSV to Parquet, nothing checked"
PARQUET = "DuckDB COPY of the same query to one Parquet file"
BARE = "Polars scan of the same CSV to Parquet, nothing checked"
DLT = "dlt: DuckDB reader, Arrow, Delta destination, nothing checked"
PANDAS = "Great Expectations on pandas, the same rules, rows split off to Parquet"
JUDGED = "Great Expectations on pandas, the same rules; rows are split on neither side"
CONNECTORX = "ConnectorX's bare read of the same table into memory"
FIVE_MILLION, TEN_MILLION = 5_000_000, 10_000_000
EMPTY = "the same day's delivery into an empty table"
A_DAY = 2_000
REBUILD = "the full rebuild: all days collected and built anew"
METERS = 10_000  # of one-more-day: 3 million rows at 300 days; --rows 30000000 is the whole
CONTESTS = {
    contest.name: contest
    for contest in (
        Contest("collect", "collect", "key", TEN_MILLION, COPY, 1.5),
        # The same entry whose source vouches for its key: row rules are all that is asked.
        Contest("collect-rows", "collect", "rows", TEN_MILLION, COPY, 1.25, peak_mb=1_200),
        Contest("collect-gb18030", "collect", "gb18030", TEN_MILLION, COPY, 2.0),
        Contest("collect-damaged", "collect", "damaged", TEN_MILLION, COPY, 2.0),
        Contest("collect-series", "collect", "series", TEN_MILLION, COPY, 2.5),
        Contest("postgres", "postgres", "table", FIVE_MILLION, CONNECTORX, 1.25),
        Contest("model-write", "models", "whole", TEN_MILLION, PARQUET, 1.2),
        *(
            Contest(
                f"one-more-day-{days}",
                "one_more_day",
                str(days),
                300 * METERS,
                REBUILD,
                0.02,
                fixed=True,
            )
            for days in (30, 90, 300)
        ),
        Contest("model-write-by-day", "models", "by-day", TEN_MILLION, PARQUET, 1.2),
        Contest("collect-dlt", "collect_dlt", "key", TEN_MILLION, DLT, 0.33),
        Contest("small-files", "small_files", "files", 1_000, "50 files a second", 1.0),
        Contest("gate-rows", "gate", "rows", TEN_MILLION, BARE, 1.5),
        # Its memory is held also by `--rows 100000000`: a file of 9 GB, so where TMPDIR has room.
        Contest("gate", "gate", "all", TEN_MILLION, BARE, 2.5, peak_mb=2_500),
        Contest("gate-pandas", "gate", "pandas", TEN_MILLION, PANDAS, 0.25),
        Contest("gate-pandas-judged", "gate", "judged", TEN_MILLION, JUDGED, 0.25),
        Contest("gate-empty", "gate", "empty", 1_000, "50 ms", 1.0),
        Contest(
            "check-character",
            "check_character",
            "codes",
            TEN_MILLION,
            "a regular expression over the same codes",
            2.0,
        ),
        Contest("one-delivery", "one_delivery", "90", A_DAY, EMPTY, 1.3),
        Contest("one-delivery-300", "one_delivery", "300", A_DAY, EMPTY, 1.3),
    )
}
PAGE = Path(__file__).parent.parent.parent / "docs" / "performance.md"
HEAD = (
    "| bench | ours s | rival | rival s | ratio | CPU ratio | peak MB | goal | met |\n"
    + "|---" * 9
    + "|"
)


def main() -> None:
    """Hold one contest or all and print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", choices=[*CONTESTS, "linkage", "pollock", "all"])
    parser.add_argument("--rows", type=int, help="rows of the file; by default the bench's own")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each side runs")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--data", type=Path, help="pollock: folder of csv/, clean/, parameters/")
    parser.add_argument("--size", default="small", help="linkage: size of the demo city")
    parser.add_argument("--seeds", type=int, nargs="+", default=[101], help="linkage: its seeds")
    wanted = parser.parse_args()
    if wanted.name == "linkage":
        for row in linkage.run(wanted.size, wanted.seeds):
            print(json.dumps(row, ensure_ascii=False))
        return
    if wanted.name == "pollock":
        if wanted.data is None:
            parser.error("pollock needs --data DIR (csv/, clean/, parameters/, weights.json)")
        print(pollock.shown(pollock.run(wanted.data), as_json=wanted.json))
        return
    chosen = list(CONTESTS.values()) if wanted.name == "all" else [CONTESTS[wanted.name]]
    outcomes = [_hold(contest, wanted.rows, wanted.rounds) for contest in chosen]
    for outcome in outcomes:
        print(outcome.as_json() if wanted.json else _row(outcome))
    if wanted.name == "all" and wanted.rows is None and wanted.rounds == ROUNDS:
        _write(outcomes)


def _hold(contest: Contest, rows: int | None, rounds: int) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="citylake-bench-") as work:
        return hold(contest, rows=rows or contest.rows, work=Path(work), rounds=rounds)


def _row(outcome: Outcome) -> str:
    met = "yes" if outcome.met else "no"
    cells = (outcome.name, outcome.ours_s, outcome.rival, outcome.rival_s, outcome.ratio)
    cells += ("" if outcome.cpu_ratio is None else outcome.cpu_ratio,)
    return "| " + " | ".join(map(str, (*cells, outcome.peak_mb, outcome.goal, met))) + " |"


def _write(outcomes: Sequence[Outcome]) -> None:
    table = "\n".join([HEAD, *map(_row, outcomes)])
    marks = re.compile(r"(<!-- bench:begin -->\n).*(\n<!-- bench:end -->)", re.DOTALL)
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(marks.sub(lambda m: m[1] + table + m[2], page), encoding="utf-8")


if __name__ == "__main__":
    main()
