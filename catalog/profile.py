"""Facts about a sample's columns, from which an entry can be proposed: pure text in, counts out.

Keep out: reading files (ingestion) and what the facts mean for an entry (propose.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from catalog.people import OLD_CITIZEN_ID, speaks_of_persons

BLANKS = ("N/A", "n/a", "NA", "NULL", "null", "None", "-", "--", "—", "/", "无", "空")
MIDNIGHT = r"[T ]00:00(:00(\.0+)?)?"  # what a workbook's date reads as
DATES = r"(19|20)\d{2}[-/年.]?(0?[1-9]|1[0-2])[-/月.]?(0?[1-9]|[12]\d|3[01])日?"
QUARTER = r"20\d{2}-?Q[1-4]"
SHAPES = {
    "quarter": QUARTER,
    "citizen_id": r"[1-8]\d{5}(18|19|20)\d{2}(0\d|1[0-2])([0-2]\d|3[01])\d{3}[\dXx]",
    "uscc": r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}",
    "mobile": r"1[3-9]\d{9}",
    "plate": r"[\u4e00-\u9fa5][A-Z][A-Z0-9]{5,6}",
    "bank_card": r"[3-6]\d{15,18}",
    "month": r"(19|20)\d{2}([-/年](0?[1-9]|1[0-2])月?|(0[1-9]|1[0-2]))",
    "date": f"{DATES}({MIDNIGHT})?",
    "json": r"(?s)\{.*\}|\[.*\]",
    "datetime": DATES + r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?",
    "boolean": r"true|false|TRUE|FALSE|True|False",
    "padded": r"0\d+|\d{16,}",
    "old_citizen_id": OLD_CITIZEN_ID,
    "integer": r"[+-]?\d{1,3}(,\d{3})+|[+-]?\d{1,18}",
    "decimal": r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?",
}
FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"　": " "}
DISTINCT_KEPT = 2_000


@dataclass(frozen=True)
class Column:
    """What a sample says of one column; blank tokens such as `N/A` count as null."""

    title: str
    rows: int
    nulls: int
    distinct: int
    longest: int  # characters
    values: tuple[str, ...]  # distinct values, sorted; at most DISTINCT_KEPT
    shapes: dict[str, float]  # share of the non-null values that have the shape
    digits: int  # before the decimal point, at most
    decimals: int  # after it, at most
    negative: bool
    blanks: tuple[str, ...]  # tokens that stand for null
    personal: bool  # whether its values speak of persons

    @property
    def unique(self) -> bool:
        """Tell whether every row has a value of its own."""
        return self.rows > 0 and self.nulls == 0 and self.distinct == self.rows


def profile(frame: pl.DataFrame) -> tuple[Column, ...]:
    """Count what a proposal needs of each column of a frame of text."""
    return tuple(_column(frame[name]) for name in frame.columns)


def normalized(series: pl.Series) -> pl.Series:
    """Trim, make full-width characters half-width, and turn blank tokens into null."""
    text = series.cast(pl.String).str.replace_many(FULL_WIDTH).str.strip_chars()
    return text.set(text.is_in([*BLANKS, ""]).fill_null(value=False), None)


def _column(series: pl.Series) -> Column:
    """Count one column."""
    raw, text = series.cast(pl.String).str.strip_chars(), normalized(series)
    known = text.drop_nulls()
    distinct = known.unique().sort()
    parts = known.str.replace_all(",", "").str.strip_chars("+-").str.split_exact(".", 1)
    lengths = parts.struct.unnest().select(pl.all().str.len_chars().max().fill_null(0))
    digits, decimals = lengths.row(0)
    return Column(
        title=series.name,
        rows=len(series),
        nulls=text.null_count(),
        distinct=len(distinct),
        longest=max(known.str.len_chars(), default=0),
        values=tuple(distinct.head(DISTINCT_KEPT)),
        shapes={shape: _share(known, pattern) for shape, pattern in SHAPES.items()},
        digits=digits,
        decimals=decimals,
        negative=bool(known.str.starts_with("-").any()),
        blanks=tuple(raw.filter(raw.is_in(BLANKS)).unique().sort()),
        personal=speaks_of_persons(known),
    )


def _share(known: pl.Series, pattern: str) -> float:
    """Return the share of values that match a pattern as a whole."""
    matching = int(known.str.contains(f"^(?:{pattern})$").sum())
    return matching / len(known) if len(known) else 0.0
