"""A town whose parks are metered: rows judged by earlier readings, by parks, by past deliveries."""

from __future__ import annotations

from typing import Any

import polars as pl

from catalog.schema import DELIVERY, ROW
from ingestion.delivery import intent
from orchestration.city import City
from orchestration.flows.mending import standings
from registry import deliveries
from tests.orchestration.town import PARK

FLOW = """\
name: flow
code: "307099001/000003"
title: 公园用水
unit: guiyang_water
abstract: 一个公园一天一行。
classification: {level: 1, category: utility}
items:
  - {name: park_id, title: 公园编号, type: string, length: 8, key: true}
  - {name: day, title: 日期, type: date, key: true}
  - {name: total, title: 示数, type: integer, min: 0}
  - {name: usage, title: 用量, type: integer}
origin: {connector: files, format: csv, pattern: "flow_*.csv"}
update: {cycle: daily, due: "06:00", mode: upsert}
quality:
  max_quarantine: 70%
  rules:
    - {reference: {items: [park_id], to: park, at: [park_id]}}
    - {monotonic: {item: total, by: [park_id], order: day}}
    - {difference: {item: usage, of: total, by: [park_id], order: day}}
sharing: {type: unconditional}
opening: {type: unconditional}
"""
NEAR = "    - {rows_near: {ratio: 40%, last: 2, least: 1}}\nsharing"
COMPARED = FLOW.replace("sharing", NEAR, 1)
AS_OF = PARK.replace(
    "  - {name: area_m2",
    "  - {name: opened, title: 开放, type: date}\n"
    "  - {name: closed, title: 关闭, type: date}\n  - {name: area_m2",
).replace("max_quarantine: 60%", "max_quarantine: 100%")
DATED = FLOW.replace(
    "at: [park_id]}}", "at: [park_id], as_of: {item: day, since: opened, until: closed}}}"
)
HEADERS = {
    "park": "公园编号,行政区划代码,开放,关闭,面积",
    "flow": "公园编号,日期,示数,用量",
}


def lay(city: City, resource: str, name: str, *rows: str) -> None:
    """Lay a file of these rows into the inbox."""
    path = city.settings.inbox / resource / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((HEADERS[resource], *rows, "")), encoding="utf-8")


def counted(city: City, name: str) -> dict[str, Any]:
    """Return what counts of a resource: rows in force, refused rows that are not void, accounts.

    What a correction took the place of keeps the account of its time, also where it was refused:
    nobody judges it again, so it does not count.
    """
    records = deliveries.all_of(city.registry, name)
    standing = deliveries.in_force(city.registry, name)
    ids = [r.delivery.id for r in standing]
    said = [intent(r.delivery.file_name) for r in standing]
    mended = {one.stem for one in said if one.kind == "correct"}
    raw = city.lake.scan("raw", name).filter(pl.col(DELIVERY).is_in(ids)).collect()
    told = standings(city, name)
    refused = None
    if told is not None:
        refused = told.filter(pl.col("_state") != "void").sort(DELIVERY, ROW).collect().to_dicts()
    return {
        "rows": raw.sort(DELIVERY, ROW).to_dicts(),
        "refused": refused or [],
        "accounts": {
            r.delivery.file_name: (r.status, r.outcome and r.outcome.account)
            for r in records
            if r.withdrawn_at is None
            and r.replaced_by is None
            and (r.in_force or intent(r.delivery.file_name).stem not in mended)
        },
    }
