"""The truth of planted defects: what each file and record is, and what must become of it.

Keep out: planting.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

SCHEMA = {
    "resource": pl.String(), "file": pl.String(), "record": pl.Int64(), "kind": pl.String(),
    "expect": pl.String(), "rule": pl.String(),
}  # fmt: skip


class Truth:
    """Collects what is planted, while the files are written."""

    def __init__(self) -> None:
        self._parts: list[pl.DataFrame] = []

    def records(self, resource: str, file: str, marks: pl.DataFrame) -> None:
        """Note the marked records of a file."""
        if marks.height:
            noted = marks.with_columns(
                pl.lit(resource).alias("resource"), pl.lit(file).alias("file")
            )
            self._parts.append(noted.select(list(SCHEMA)).cast(pl.Schema(SCHEMA)))

    def whole(
        self, resource: str, file: str, kind: str, *, expect: str, rule: str | None = None
    ) -> None:
        """Note what a file is as a whole."""
        row = {"resource": resource, "file": file, "record": None, "kind": kind,
               "expect": expect, "rule": rule}  # fmt: skip
        self._parts.append(pl.DataFrame([row], schema=SCHEMA))

    def frame(self) -> pl.DataFrame:
        """Return everything noted so far."""
        return pl.concat(self._parts) if self._parts else pl.DataFrame(schema=SCHEMA)

    def write(self, path: Path) -> pl.DataFrame:
        """Write and return the truth in order of resource, file and record."""
        frame = self.frame().sort("resource", "file", "record", "kind", maintain_order=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(path)
        return frame
