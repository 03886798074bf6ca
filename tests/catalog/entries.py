"""Entries and folders that the tests of the catalog are built from."""

from __future__ import annotations

from pathlib import Path

GOOD = """\
name: water_leak
code: "314001009/000001"
title: 漏损记录
unit: guiyang_water
abstract: 每起漏损。
classification: {level: 1, category: utility}
items:
  - {name: leak_number, title: 漏损编号, type: string, length: 10, key: true}
  - {name: division, title: 行政区划代码, type: code, codes: divisions}
  - {name: kind, title: 类型, type: code, values: [pipe, valve]}
  - {name: found_on, title: 发现日期, type: date, min: "2000-01-01"}
  - {name: mended_on, title: 修复日期, type: date}
  - {name: loss_m3, title: 漏损量, type: decimal, precision: [10, 2], min: 0, max: 100}
origin: {connector: files, format: csv, encoding: gb18030, pattern: "water_leak_*.csv"}
update: {cycle: daily, due: "06:00", mode: append, period: found_on}
quality:
  max_quarantine: 1%
  rules:
    - {ordered: {items: [found_on, mended_on]}}
sharing: {type: unconditional}
opening: {type: unconditional}
backflow: {by: division}
"""


def write_entry(folder: Path, text: str = GOOD, name: str = "water_leak") -> Path:
    """Write one entry into the entries folder and return its file."""
    path = folder / "entries" / "guiyang_water" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def changed(old: str, new: str, text: str = GOOD) -> str:
    """Return the good entry with one passage changed; the passage must be there."""
    assert text.count(old) == 1, old
    return text.replace(old, new)
