"""What is given to the engine as a batch: a lazy frame, and where its rows go while it is judged.

Keep out: evaluation. Nothing here imports Great Expectations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

TURN = "_turn"  # column of earlier rows: of two of one key the later turn counts
RuleKey = tuple[str, str, str]  # metric, digest of its domain, digest of its values


@dataclass(frozen=True)
class Gate:
    """How rows are split while a suite is evaluated."""

    folder: Path
    row: str  # column with a number unique to each row
    columns: tuple[str, ...]  # what a good row is written with
    key: tuple[str, ...] = ()  # rows that share it and are the same are repeats
    same: tuple[str, ...] = ()  # columns whose equality makes two rows the same
    untyped: Mapping[str, pl.Expr] = field(default_factory=dict)  # and of refused rows these
    repeats: bool = True  # False: rows that are the same are not exact repeats, but two rows
    # Rows of a small batch by the name of their file: writing three files costs more than judging.
    kept: dict[str, pl.DataFrame] | None = None

    @property
    def accepted(self) -> Path:
        """Return the file of the rows that no row rule refuses."""
        return self.folder / "accepted.parquet"

    @property
    def rejected(self) -> Path:
        """Return the file of the rows that a row rule refuses: all columns, a flag a rule."""
        return self.folder / "rejected.parquet"

    def rows(self, path: Path) -> pl.LazyFrame:
        """Return the rows of one of the files, or those that are kept instead."""
        return pl.scan_parquet(path) if self.kept is None else self.kept[path.name].lazy()


@dataclass(frozen=True)
class Outcome:
    """What became of the rows: files of the first pass, and what grouped rules said later."""

    rows: int
    accepted: int  # rows that no row rule refuses
    refused: int  # rows that any rule refuses, exact repeats among them
    flags: tuple[tuple[str, str | None], ...]  # rule label, its column of the rejected file
    late: pl.DataFrame  # columns row, rule: refused by a grouped rule, whichever file holds it
    repeats: pl.Series  # row numbers of exact repeats, whichever file holds them


@dataclass
class GateFrame:
    """The batch: rows, tables that rules refer to, and after validation the outcome.

    `refusing` names the rules that refuse a row, with their labels; the others only count.
    """

    frame: pl.LazyFrame
    tables: Mapping[str, pl.LazyFrame] = field(default_factory=dict)
    refusing: Mapping[RuleKey, str] = field(default_factory=dict)
    gate: Gate | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Table:
    """The batch as the pass left it: numbers beside the rows."""

    given: GateFrame
    side: pl.LazyFrame
    rows: int
