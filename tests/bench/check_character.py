"""The rule of the credit code's check character against a rule of a regular expression.

Each is the one check of a gate over the same codes of the demo city.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from catalog.load import load_catalog
from demo.city.identifiers import usccs
from quality.check import Check
from quality.gx_polars.frame import GateFrame
from quality.judge import judge
from tests.bench.clock import Spent, clock

CODE = "code"
LETTERS = "0-9A-HJ-NPQRTUWXY"
REGEX = rf"^[{LETTERS}]{{2}}[0-9]{{6}}[{LETTERS}]{{10}}$|^$"  # the alternative keeps it one
BATCH = 1_000_000


def prepare(variant: str, rows: int, work: Path) -> None:
    """Write the codes."""
    (work / variant).mkdir(parents=True)
    division = pl.Series(["520103"])
    parts = [
        usccs(division.new_from_index(0, min(BATCH, rows - start)), start=start)
        for start in range(0, rows, BATCH)
    ]
    pl.concat(parts).alias(CODE).to_frame().write_parquet(work / variant / "codes.parquet")


def ours(variant: str, _: int, work: Path) -> Spent:
    """Judge the check characters."""
    return _judged(work / variant, "ExpectColumnValuesToBeUscc", {})


def rival(variant: str, _: int, work: Path) -> Spent:
    """Judge the codes by their shape alone."""
    return _judged(work / variant, "ExpectColumnValuesToMatchRegex", {"regex": REGEX})


def _judged(folder: Path, expectation: str, arguments: dict[str, str]) -> Spent:
    entry = load_catalog().entry("enterprise_registration")
    check = Check("rule", expectation, {"column": CODE, **arguments}, "expected")
    codes = pl.read_parquet(folder / "codes.parquet")
    judge(GateFrame(codes.head(1000).lazy()), entry, [check], staging=None)
    with clock() as spent:
        said = judge(GateFrame(codes.lazy()), entry, [check], staging=None)
    assert said.results[0].passed, said.results[0]
    return spent
