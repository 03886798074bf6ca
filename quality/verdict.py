"""What the gate says: a verdict with one result a rule, and where the rows went.

Keep out: evaluation. Nothing here imports Great Expectations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from quality.check import Severity

GRAVITY: Mapping[Severity, str] = {
    "block": "阻断",
    "quarantine": "隔离",
    "warn": "提示",
}  # of severities, for people, the gravest first
REASONS = {
    "passed": "",
    "too_many_bad_rows": "隔离行超过允许的比例，整份退回",
    "blocked": "阻断级规则未通过",
    "not_judged": "有规则无法判定",
    "retyped_column": "整列的类型与目录不符，整份退回",
}  # of verdicts, for people


@dataclass(frozen=True)
class RuleResult:
    """One rule of a gate: what was expected, what was seen, how many rows failed."""

    rule: str  # defect:item, as refused rows carry it
    expectation: str  # Great Expectations type
    expected: str  # readable, Chinese
    observed: str
    failed: int  # rows
    severity: Severity
    passed: bool
    error: str | None = None  # could not be judged: the gate stays closed
    examples: tuple[str, ...] = ()  # a few refused records, without personal data
    figures: Mapping[str, float] = field(default_factory=dict)  # measured: history for later ones


@dataclass(frozen=True)
class Verdict:
    """The judgement of one candidate: a delivery of a resource or a version of a model."""

    subject: str  # zone.name
    passed: bool
    reason: str  # why not, or "passed"
    rows: int
    quarantined: int
    repeats: int
    rules: tuple[RuleResult, ...]
    document: dict[str, Any] = field(repr=False)  # Great Expectations' own result, JSON-ready
    retyped: tuple[str, ...] = ()  # items of a delivery whose cells are mostly of another type


@dataclass(frozen=True)
class Split:
    """Where the rows of a judged delivery lie: Parquet files under the staging folder.

    Accepted rows of a small one are `kept` in memory instead.
    """

    accepted: tuple[Path, ...]  # catalog.schema.raw_schema
    quarantined: tuple[Path, ...]  # catalog.schema.quarantine_schema
    records: int
    accepted_rows: int
    quarantined_rows: int
    repeats: int
    kept: pl.DataFrame | None = None

    def files(self, folder: Path) -> tuple[Path, ...]:
        """Return the files of accepted rows; those in memory are written into the folder."""
        if self.kept is None:
            return self.accepted
        target = folder / "kept.parquet"
        self.kept.write_parquet(target, compression="zstd")
        return (target,)
