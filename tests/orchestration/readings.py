"""A log of meter readings under every kind of rule between rows and of the whole."""

from __future__ import annotations

from orchestration.city import City

LOG = """\
name: park
code: "307099001/000001"
title: 水表抄表
unit: guiyang_housing
abstract: 一只水表一天一行。
classification: {level: 1, category: geography}
items:
  - {name: meter, title: 表号, type: string, length: 8, key: true}
  - {name: day, title: 日期, type: date, key: true}
  - {name: reading, title: 读数, type: integer, min: 0}
  - {name: usage, title: 用量, type: integer, min: 0}
  - {name: sheet, title: 单号, type: string, length: 8}
  - {name: place, title: 位置, type: string, length: 8}
  - {name: until, title: 止, type: date}
origin: {connector: files, format: csv, pattern: "park_*.csv"}
update: {cycle: daily, due: "06:00", mode: upsert}
quality:
  max_quarantine: 60%
  rules:
    - {monotonic: {item: reading, by: [meter], order: day}}
    - {difference: {item: usage, of: reading, by: [meter], order: day}}
    - {unique: {items: [sheet]}}
    - {no_overlap: {by: [place], since: day, until: until}}
    - {rows: {min: 4}}
    - {rows_near: {ratio: 0.1, least: 1, severity: block}}
    - {share: {item: place, max: 0.5, severity: block}}
    - {share: {item: place, values: [A], min: 0.1, severity: block}}
    - {steady: {item: reading, of: mean, ratio: 0.2, least: 1, severity: block}}
    - {silence: {by: meter, least: 1, severity: block}}
    - {fresh: {item: day, days: 90, severity: block}}
    - {complete: {item: meter, values: [M1, M2], severity: block}}
sharing: {type: unconditional}
opening: {type: unconditional}
"""
HEADER = "表号,日期,读数,用量,单号,位置,止"
ROWS = (
    "M1,2026-01-01,10,5,S1,A,2026-01-10",
    "M1,2026-01-02,-20,10,S2,B,2026-01-10",  # refused: a negative reading
    "M1,2026-01-03,30,10,S3,C,2026-01-10",
    "M2,2026-01-01,7,7,S4,D,2026-01-10",
    "M2,2026-01-02,9,2,S5,E,2026-01-10",
)


def lay_log(city: City, name: str, *rows: str) -> None:
    path = city.settings.inbox / "park" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((HEADER, *rows, "")), encoding="utf-8")
