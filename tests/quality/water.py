"""A small resource of water readings, and candidates of it as ingestion gives them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from catalog.entry import Entry
from catalog.schema import CITY_ZONE, cell
from catalog.vocabulary import Code, Division, Vocabulary
from quality.gate import gate_delivery
from quality.verdict import Split, Verdict

NO_MALFORMED = pl.DataFrame(
    schema={"_row": pl.Int64, "_source": pl.String, "_rules": pl.List(pl.String)}
)


def luhn(digits: str) -> str:
    """Append the Luhn digit."""
    doubled = [int(c) * (2 if n % 2 == 0 else 1) for n, c in enumerate(reversed(digits))]
    return digits + str(-sum(d - 9 * (d > 9) for d in doubled) % 10)


def meter(number: int) -> str:
    """Return a valid water meter number."""
    return "W" + luhn(f"26{number:07d}")


ITEMS = [
    {"name": "meter_id", "title": "表号", "type": "string", "length": 11, "key": True},
    {"name": "read_on", "title": "抄表日期", "type": "date", "key": True},
    {"name": "reading_m3", "title": "示数", "type": "decimal", "precision": (12, 2), "min": 0},
    {"name": "usage_m3", "title": "用水量", "type": "decimal", "precision": (10, 2), "max": 1000},
    {"name": "kind", "title": "方式", "type": "code", "values": ("remote", "manual")},
]
SERIES = {"by": ["meter_id"], "order": "read_on", "rollover": 100000}
METER = {"meter_number": {"item": "meter_id"}}
KNOWN = {"reference": {"items": ["meter_id"], "to": "water_account", "at": ["meter_id"]}}
RUNS_ON = {"monotonic": {"item": "reading_m3", **SERIES}}
AGREES = {
    "difference": {"item": "usage_m3", "of": "reading_m3", **SERIES, "as": "usage_not_difference"}
}
RULES = [METER, KNOWN, RUNS_ON, AGREES]


def vocabulary() -> Vocabulary:
    """Return a vocabulary with one division and one code list."""
    division = Division(
        code="520102",
        name="南明区",
        level="district",
        valid_from="2000-01-01",  # type: ignore[arg-type]
    )
    codes = {"colour": (Code(code="r", title="红"), Code(code="g", title="绿"))}
    return Vocabulary(units=(), divisions=(division,), code_lists=codes, deadlines=(), groups={})


def entry(
    items: Sequence[dict[str, object]] = tuple(ITEMS),
    rules: Sequence[dict[str, object]] = (),
    **more: object,
) -> Entry:
    """Return an entry of these items and rules; thresholds are wide unless given."""
    words: dict[str, object] = {
        "name": "water_reading",
        "code": "307012001/000012",
        "title": "用水记录",
        "unit": "guiyang_water",
        "abstract": "每户每日用水量。",
        "classification": {"level": 3, "category": "utility"},
        "items": list(items),
        "origin": {"connector": "files", "format": "csv"},
        "update": {"cycle": "daily", "mode": "append"},
        "quality": {"max_quarantine": 1.0, "rules": list(rules)},
        "sharing": {"type": "unconditional"},
        "opening": {"type": "unconditional"},
    }
    return Entry.model_validate({**words, **more})


def candidate(of: Entry, rows: Sequence[Sequence[str | None]]) -> pl.LazyFrame:
    """Return rows of text as ingestion gives them: typed, with the cells beside."""
    names = [item.name for item in of.items]
    columns = {name: [row[n] for row in rows] for n, name in enumerate(names)}
    raw = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    cells = raw.select(
        pl.int_range(1, len(rows) + 1, dtype=pl.Int64).alias("_row"),
        *(pl.col(name).alias(cell(name)) for name in names),
    )
    return cells.lazy().with_columns(typed(of))


def typed(of: Entry) -> list[pl.Expr]:
    """Return each item cast from its cell, null where the cell is not of its type."""
    found = []
    for item in of.items:
        text = pl.col(cell(item.name))
        value = {
            "date": text.str.to_date("%Y-%m-%d", strict=False),
            "integer": text.cast(pl.Int64, strict=False),
            "datetime": text.str.to_datetime("%Y-%m-%d %H:%M", strict=False)
            .dt.replace_time_zone(CITY_ZONE)
            .dt.convert_time_zone("UTC")
            .dt.cast_time_unit("us"),
        }.get(item.type, text)
        if item.type == "decimal" and item.precision:
            value = text.cast(pl.Decimal(*item.precision), strict=False)
        found.append(value.alias(item.name))
    return found


def gate(
    of: Entry,
    rows: Sequence[Sequence[str | None]] | pl.LazyFrame,
    folder: Path,
    **more: object,
) -> tuple[Verdict, Split]:
    """Gate rows of text; every meter that a test makes has an account unless it says otherwise."""
    frame = rows if isinstance(rows, pl.LazyFrame) else candidate(of, rows)
    if "records" not in more:
        more["records"] = frame.select(pl.len()).collect().item()
    accounts = pl.LazyFrame({"meter_id": [meter(n) for n in range(100)]})
    words: dict[str, object] = {
        "malformed": NO_MALFORMED,
        "provenance": "delivery-1",
        "references": {"water_account": accounts},
        "vocabulary": vocabulary(),
        "staging": folder,
    }
    given = {**words, **more}
    return gate_delivery(frame, given.pop("malformed"), of, **given)  # type: ignore[arg-type]


def accepted(split: Split) -> pl.DataFrame:
    """Return the accepted rows in their order."""
    return pl.concat(map(pl.read_parquet, split.accepted)).sort("_row")


def reasons(split: Split) -> dict[int, list[str]]:
    """Return why each quarantined row was refused."""
    if not split.quarantined:
        return {}
    rows = pl.concat(map(pl.read_parquet, split.quarantined)).sort("_row")
    return dict(zip(rows["_row"].to_list(), rows["_rules"].to_list(), strict=True))
