"""Entries to render, written as people write them."""

import datetime as dt
from types import MappingProxyType

import yaml

from catalog.entry import Entry
from catalog.load import Catalog
from catalog.vocabulary import Code, Division, Unit, Vocabulary

READING = """
name: water_reading
code: "314001002/000001"
title: 用水抄表
unit: guiyang_water
abstract: 每块水表每日的示数和用量。
classification: {level: 3, category: utility}
items:
  - {name: meter_id, title: 水表编号, type: string, length: 11, pattern: 'W|X', key: true}
  - {name: read_on, title: 抄表日期, type: date, key: true}
  - {name: district, title: 行政区划代码, type: code, codes: divisions}
  - {name: usage_m3, title: 用水量, type: decimal, precision: [10, 2], min: 0, unit: m³}
origin: {connector: files, format: csv, encoding: gb18030, pattern: "water_reading_*.csv"}
update: {cycle: daily, due: "06:00", mode: append, period: read_on}
quality:
  max_quarantine: 1%
  rules:
    - {meter_number: {item: meter_id}}
    - monotonic: {item: usage_m3, by: [meter_id], order: read_on, rollover: 100000}
    - {rows: {min: 1}}
sharing: {type: conditional, condition: 仅限民生保障核查}
opening: {type: none, legal_basis: 《中华人民共和国个人信息保护法》}
backflow: {by: district}
retention: 5y
"""
PERSON = """
name: person
code: "101001001/000001"
title: 人口
unit: guiyang_water
abstract: 一人一行 {{ env_var('SECRET') }}。
classification: {level: 3, category: population}
items:
  - {name: citizen_id, title: 公民身份号码, type: string, length: 18, key: true}
  - {name: households, title: 户数, type: integer, required: true}
  - {name: seen_at, title: 见于, type: datetime}
  - {name: alive, title: 在世, type: boolean}
origin: {model: base, database: population}
update: {cycle: daily}
sharing: {type: unconditional}
opening: {type: none, legal_basis: 《中华人民共和国个人信息保护法》}
"""
VOCABULARY = Vocabulary(
    units=(
        Unit(
            name="guiyang_water",
            title="示例市供水公司",
            uscc="91520100MB9900144W",
            kind="utility",
            chief_data_officer="示例首席数据官14",
        ),
    ),
    divisions=(
        Division(code="520102", name="南明区", level="district", valid_from=dt.date(1990, 1, 1)),
        Division(code="520103", name="云岩区", level="district", valid_from=dt.date(1990, 1, 1)),
    ),
    code_lists={
        "read_kind": (Code(code="remote", title="远传"), Code(code="manual", title="人工"))
    },
    deadlines=(),
    groups={"population": "人口基础数据库"},
)


def entry(text: str, **changes: object) -> Entry:
    """Read an entry as written, with some words changed."""
    return Entry.model_validate({**yaml.safe_load(text), **changes})


def catalog(*entries: Entry) -> Catalog:
    """Hold entries as a catalog."""
    return Catalog(
        entries=MappingProxyType({each.name: each for each in entries}),
        vocabulary=VOCABULARY,
        paths=MappingProxyType({}),
    )
