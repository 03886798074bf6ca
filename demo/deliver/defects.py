"""What can be wrong or odd in a row: derived from what the entry declares, item by item.

A defect is planted in copies of spare rows that nothing refers to; an oddity in a good row.
Keep out: defects of whole files (whole.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

import polars as pl

from catalog.entry import Entry, Item
from catalog.rules import NoOverlap
from catalog.vocabulary import Vocabulary
from demo.deliver.breaking import breaking

MARKS = ("_kind", "_expect", "_rule", "_bytes")
DIGITS = "0123456789"
WIDE_DIGITS = "０１２３４５６７８９"


@dataclass(frozen=True)
class Defect:
    """One way to be refused: cells that differ from a good row's, or an edit of its bytes."""

    kind: str
    rule: str | None
    edit: Mapping[str, pl.Expr] = field(default_factory=dict)
    bytes_edit: str | None = None
    twice: bool = False
    donors: int = 1
    at_end: bool = False

    @property
    def rows(self) -> int:
        """Return how many rows it makes bad."""
        return self.donors * (2 if self.twice else 1)


@dataclass(frozen=True)
class Oddity:
    """One way to be accepted although odd; without an edit the row is repeated exactly."""

    kind: str
    item: str
    shape: str
    edit: pl.Expr | None
    expect: str = "accepted"


def planted(defect: Defect, donors: pl.DataFrame) -> pl.DataFrame:
    """Return the defective rows made of spare rows, with their marks."""
    marked = donors.with_columns(
        pl.lit(defect.kind).alias("_kind"),
        pl.lit("quarantined").alias("_expect"),
        pl.lit(defect.rule, pl.String).alias("_rule"),
        pl.lit(defect.bytes_edit, pl.String).alias("_bytes"),
    )
    edited = marked.with_columns(**defect.edit)
    return pl.concat([marked, edited]) if defect.twice else edited


def row_defects(
    entry: Entry, vocabulary: Vocabulary, unknown: Mapping[str, str]
) -> tuple[Defect, ...]:
    """Return the defects that rows of the entry can have, the most telling first.

    `unknown` gives, for a referred item (`entry.item`), a well-formed value that it has not.
    """
    found = [*_rule_defects(entry, vocabulary, unknown), *_item_defects(entry)]
    found.append(Defect("duplicate_key", "duplicate_key", _other(entry, vocabulary), twice=True))
    if entry.origin.format == "csv":
        found += _structural(entry)
    if entry.origin.format == "parquet":  # typed columns cannot hold words for numbers
        found = [defect for defect in found if defect.kind != "wrong_type"]
    return tuple(found)


def oddities(entry: Entry) -> tuple[Oddity, ...]:
    """Return the odd ways to write rows of the entry that are accepted all the same."""
    repeat = Oddity("exact_repeat_row", entry.key[0], ".", None, expect="repeat")
    if entry.origin.format == "parquet":
        return (repeat,)
    found = []
    dates = [item.name for item in entry.items if item.type == "date"]
    numbers = [item.name for item in entry.items if item.type in ("decimal", "integer")]
    for name in dates[:1]:
        found += [
            Oddity("date_style", name, "^....-..-..$", pl.col(name).str.replace_all("-", "/")),
            Oddity("date_style", name, "^....-..-..$", pl.col(name).str.replace_all("-", "")),
            Oddity("date_style", name, "^....-..-..$", pl.col(name).str.replace(
                "^(....)-(..)-(..)$", "${1}年${2}月${3}日")),
        ]  # fmt: skip
    for name in numbers[:1]:
        wide = pl.col(name).str.replace_many(list(DIGITS), list(WIDE_DIGITS))
        found.append(Oddity("full_width", name, r"^[0-9.]+$", wide))
        found.append(Oddity("spaces", name, r"^[0-9.]+$", "  " + pl.col(name) + " "))
    for name in numbers:
        grouped = pl.col(name).str.replace(r"^([0-9]{1,3})([0-9]{3})(\.[0-9]+)?$", "${1},${2}${3}")
        found.append(Oddity("thousands_separator", name, r"^[0-9]{4,6}(\.[0-9]+)?$", grouped))
    for name in _free_text(entry)[:1]:
        broken = pl.col(name).str.slice(0, 2) + "\n" + pl.col(name).str.slice(2)
        found.append(Oddity("quoted_newline", name, "^...", broken))
    return (*found, repeat)  # last: a row that is repeated must not be written oddly after


def allot(defects: Sequence[Defect], room: Sequence[int]) -> list[list[Defect]]:
    """Share defects out over files, so that none holds more bad rows than it has room for."""
    left = list(room)
    shares: list[list[Defect]] = [[] for _ in room]
    for defect in defects:
        most = max(range(len(left)), key=lambda index: left[index])
        if left[most] >= defect.rows:
            shares[most].append(defect)
            left[most] -= defect.rows
    return shares


def _free_text(entry: Entry) -> list[str]:
    """Return texts that mean themselves: no pattern, no identifier, no key, room to grow."""
    identifiers = {column for rule in entry.quality.rules for column in rule.columns()}
    return [
        item.name
        for item in entry.items
        if item.type == "string" and not item.key and item.pattern is None
        and (item.length or 0) >= 50 and item.name not in identifiers
    ]  # fmt: skip


def _rule_defects(entry: Entry, vocabulary: Vocabulary, unknown: Mapping[str, str]) -> list[Defect]:
    """Return defects for each rule; counters need a history and are planted by utilities."""
    return [
        Defect(rule.defect_name, rule.defect_name, edit, twice=isinstance(rule, NoOverlap))
        for rule in entry.quality.rules
        for edit in breaking(entry, rule, unknown, vocabulary)
    ]


def _item_defects(entry: Entry) -> list[Defect]:
    found = [Defect("null_key", "null_key", {entry.key[0]: _null()})]
    for item in entry.items:
        found += _of_item(item)
    required = [item.name for item in entry.items if item.required and not item.key]
    found += [Defect("null_required", "null_required", {name: _null()}) for name in required[:1]]
    for name in _free_text(entry)[:1]:
        length = entry.item(name).length or 0
        found.append(Defect("too_long", "too_long", {name: pl.lit("长" * (length + 1))}))
    return found


def _of_item(item: Item) -> list[Defect]:
    found = []
    if item.type == "code":
        found.append(Defect("unknown_code", "unknown_code", {item.name: pl.lit("999999")}))
    if item.type in ("decimal", "integer") and not item.key:
        found.append(Defect("wrong_type", "wrong_type", {item.name: pl.lit("十二")}))
        if item.min is not None:
            found.append(Defect("out_of_range", "out_of_range", {item.name: pl.lit("-3")}))
    if item.type in ("decimal", "integer") and item.max is not None:
        above = {item.name: pl.lit(str(Decimal(item.max) + 1))}
        found.append(Defect("out_of_range", "out_of_range", above))
    if item.type in ("date", "datetime") and item.required:
        found.append(Defect("wrong_type", "wrong_type", {item.name: pl.lit("2026-02-30")}))
    if item.pattern is not None:
        edit = {item.name: pl.coalesce(item.name, pl.lit("000")).str.slice(0, 3) + "?"}
        found.append(Defect("pattern", "pattern", edit))
    return found


def _other(entry: Entry, vocabulary: Vocabulary) -> dict[str, pl.Expr]:
    """Return an edit that gives a row other values under the same key."""
    for name in _free_text(entry):
        return {name: pl.col(name) + "二"}
    for item in reversed(entry.items):
        if item.type == "code" and not item.key:
            codes = item.values or vocabulary.codes(item.codes or "")
            first = pl.col(item.name) == codes[0]
            return {item.name: pl.when(first).then(pl.lit(codes[1])).otherwise(pl.lit(codes[0]))}
    name = next(item.name for item in entry.items if item.type in ("decimal", "integer"))
    return {name: pl.col(name).cast(pl.Float64).add(1).cast(pl.String)}


def _structural(entry: Entry) -> list[Defect]:
    """Return damages of CSV records; ragged ones keep their fields free of delimiters."""
    names = [item.name for item in entry.items]
    shifted = {right: pl.col(left) for left, right in pairwise(names)}
    junk = pl.coalesce(names[-1], pl.lit("")) + "\x00\x07"
    return [
        Defect("undecodable_bytes", "undecodable_bytes", bytes_edit="undecodable"),
        Defect("ragged", "ragged", bytes_edit="short"),
        Defect("ragged", "ragged", bytes_edit="long"),
        Defect("embedded_junk", "embedded_junk", {names[-1]: junk}),
        Defect("shifted", None, {**shifted, names[0]: _null()}, donors=3, at_end=True),
    ]


def _null() -> pl.Expr:
    return pl.lit(None, pl.String)
