"""Refused rows as they go back to their unit (退回): a workbook and CSV under its own headers.

Every cell is text, so that numbers keep their zeros and nothing becomes a formula.
Keep out: which rows go back (orchestration), and reading them when they return (ingestion).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from catalog.amendment import (
    ACT,
    AFTER,
    BEFORE,
    DELIVERY_ID,
    DISCARD,
    FILE,
    FORMULA,
    NUMBER,
    PROPOSED,
    REASONS,
    RECORD,
    SOURCE_TEXT,
    amendment_entry,
)
from catalog.entry import Entry
from catalog.schema import DELIVERY, PROPOSAL, ROW, RULES, SOURCE
from catalog.vocabulary import Vocabulary
from quality.blame import Blame, blames

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
MOST_ROWS, LONGEST = 1_048_575, 32_767  # of a worksheet; characters of a cell
SHEET, GUIDE = "待整改", "说明"
WIDTHS = {REASONS.name: 46, PROPOSED.name: 26, ACT.name: 18, SOURCE_TEXT.name: 30, FILE.name: 28}
OURS = frozenset(item.name for item in (*BEFORE, *AFTER))


@dataclass(frozen=True)
class Returned:
    """Refused rows of one delivery, as text columns by item name, and what each is blamed for."""

    entry: Entry
    rows: pl.DataFrame
    blamed: tuple[tuple[str, ...], ...]  # by row: the items whose cells are marked
    guide: tuple[str, ...]  # what the unit is to do

    @property
    def titles(self) -> dict[str, str]:
        """Return the header of every column."""
        return {item.name: item.title for item in amendment_entry(self.entry, "xlsx").items}


def returned(
    refused: pl.DataFrame,
    entry: Entry,
    vocabulary: Vocabulary,
    *,
    file_name: str,
    whole: bool = False,
) -> Returned:
    """Return refused rows (of the quarantine table) as they go back; `whole`: all was refused."""
    known = blames(entry, vocabulary, refused[RULES].explode().drop_nulls().unique())
    reasons = {rule: blame.reason for rule, blame in known.items()}
    texts = refused[RULES].list.eval(
        pl.element().replace_strict(reasons, default=None, return_dtype=pl.String)
    )
    ours: dict[str, pl.Series | pl.Expr] = {
        REASONS.name: texts.list.unique(maintain_order=True).list.join("；"),
        PROPOSED.name: refused[PROPOSAL],
        ACT.name: pl.lit(None, pl.String),
        SOURCE_TEXT.name: refused[SOURCE].str.slice(0, LONGEST),
        FILE.name: pl.lit(file_name),
        DELIVERY_ID.name: refused[DELIVERY],
        RECORD.name: refused[ROW].cast(pl.String),
    }
    order = [item.name for item in amendment_entry(entry, "xlsx").items]
    rows = refused.with_columns(**ours).select(
        pl.col(name).str.replace_all(CONTROL, "�") for name in order
    )
    blamed = _blamed(refused[RULES], known)
    return Returned(entry, rows, blamed, tuple(_guide(entry, file_name, whole=whole)))


def write(back: Returned, path: Path) -> None:
    """Write refused rows as a workbook or as CSV, by the path's ending; whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if path.suffix == ".csv":
            _write_csv(back, part)
        else:
            _write_workbook(back, part)
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)


def _blamed(rules: pl.Series, known: Mapping[str, Blame]) -> tuple[tuple[str, ...], ...]:
    items = {rule: list(blame.items) for rule, blame in known.items()}
    found = rules.list.eval(
        pl.element()
        .replace_strict(items, default=None, return_dtype=pl.List(pl.String))
        .explode(empty_as_null=True)
        .drop_nulls()
        .unique()
    )
    return tuple(tuple(names or ()) for names in found.to_list())


def _guide(entry: Entry, file_name: str, *, whole: bool) -> list[str]:
    if whole:
        return [
            f"{file_name}（{entry.title}）整批退回：下列各行未通过门禁。",
            f"请在源系统中更正后整批重报，文件名加 .correction1，例如 {_corrected(file_name)}。",
        ]
    return [
        f"{file_name}（{entry.title}）中下列各行未通过门禁，其余各行已接收。",
        f"请直接在“{SHEET}”表中改正标红的单元格，改完把本文件原样报回收件箱即可（xlsx 或 CSV）。",
        f"不再报送的行，在“处理”列填“{DISCARD}”。未改的行可以留下，也可以删去。",
        "请勿改动“交付批次”和“记录号”两列，也不要加新行：新行请另行报送。",
    ]


def _corrected(file_name: str) -> str:
    stem, dot, ending = file_name.rpartition(".")
    return f"{stem}.correction1.{ending}" if dot else f"{file_name}.correction1"


def _write_csv(back: Returned, path: Path) -> None:
    text = pl.all()
    guarded = (
        pl.when(text.str.contains(FORMULA.pattern) & ~text.str.contains(NUMBER))
        .then("'" + text)
        .otherwise(text)
        .name.keep()
    )
    back.rows.select(guarded).rename(back.titles).write_csv(path, include_bom=True)


def _write_workbook(back: Returned, path: Path) -> None:
    import xlsxwriter  # 0.1 s

    options = {"constant_memory": back.rows.height > 20_000, "strings_to_formulas": False}
    with xlsxwriter.Workbook(path, options) as book:
        _write_rows(book.add_worksheet(SHEET), back, _formats(book))
        guide = book.add_worksheet(GUIDE)
        guide.set_column(0, 0, 100)
        for row, line in enumerate(back.guide):
            guide.write_string(row, 0, line, book.add_format({"text_wrap": True}))


def _formats(book: Workbook) -> dict[str, Format]:
    cell = {"num_format": "@", "valign": "top", "font_name": "Microsoft YaHei", "font_size": 10}
    head = {**cell, "bold": True, "text_wrap": True, "valign": "vcenter", "border": 1}
    return {
        "head": book.add_format({**head, "bg_color": "#1F4E79", "font_color": "#FFFFFF"}),
        "our_head": book.add_format({**head, "bg_color": "#7F7F7F", "font_color": "#FFFFFF"}),
        "cell": book.add_format(cell),
        "bad": book.add_format({**cell, "bg_color": "#FFC7CE", "font_color": "#9C0006"}),
        "why": book.add_format({**cell, "text_wrap": True, "font_color": "#9C0006"}),
        "our": book.add_format({**cell, "font_color": "#7F7F7F"}),
    }


def _write_rows(sheet: Worksheet, back: Returned, formats: Mapping[str, Format]) -> None:
    names, titles = back.rows.columns, back.titles
    for column, name in enumerate(names):
        width = WIDTHS.get(name) or _width(back.rows[name], titles[name])
        sheet.set_column(column, column, width, formats["cell"])
    sheet.set_row(0, 32)
    for column, name in enumerate(names):
        sheet.write_string(0, column, titles[name], formats["our_head" if name in OURS else "head"])
    for row, (values, bad) in enumerate(zip(back.rows.iter_rows(), back.blamed, strict=True), 1):
        for column, (name, text) in enumerate(zip(names, values, strict=True)):
            style = formats[_style(name, name in bad)]
            if text is None:
                sheet.write_blank(row, column, None, style)
            else:
                sheet.write_string(row, column, text[:LONGEST], style)
    last = max(back.rows.height, 1)
    act = names.index(ACT.name)
    sheet.data_validation(
        1, act, last, act, {"validate": "list", "source": [DISCARD], "ignore_blank": True}
    )
    sheet.freeze_panes(1, len(BEFORE))
    sheet.autofilter(0, 0, last, len(names) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _style(name: str, is_bad: bool) -> str:
    if name == REASONS.name:
        return "why"
    if name in OURS:
        return "cell" if name == ACT.name else "our"
    return "bad" if is_bad else "cell"


def _width(cells: pl.Series, title: str) -> float:
    """Return a column's width in characters; a 汉字 takes two."""
    longest = re.sub(r"[^\x00-\x7f]", "xx", title)
    most = cells.to_frame("cell").select(pl.col("cell").str.len_bytes().max()).item() or 0
    return min(max(len(longest) + 4, most + 2, 10), 40)
