"""Every kind of rule that history can support is proposed from it, and history passes it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
import yaml

from catalog.load import load_catalog
from catalog.suggest import Suggestion
from demo.city.identifiers import citizen_ids
from orchestration.city import City
from orchestration.flows.suggest import suggest
from orchestration.flows.suggest_trials import Tables, of_deliveries
from quality.verdict import Verdict
from registry import verdicts
from tests.orchestration.town import again, take_in, town
from tests.quality.water import meter

METERS, DAYS, MONTHS = 40, 3, 5
FIRST = dt.date(2026, 1, 1)
HEAD = """\
name: {name}
code: "307099001/00000{number}"
title: {title}
unit: guiyang_water
abstract: 一行一件。
classification: {{level: 1, category: utility}}
items:
"""
TAIL = """\
origin: {connector: files, format: csv}
update: {cycle: monthly, mode: MODE}
sharing: {type: unconditional}
opening: {type: unconditional}
"""
HELD = HEAD.format(name="held", number=1, title="用户") + """\
  - {name: account, title: 户号, type: string, length: 8, key: true}
  - {name: meter_id, title: 表号, type: string, length: 11, required: true}
  - {name: holder, title: 证件号码, type: string, length: 18}
  - {name: sex, title: 性别, type: code, codes: sex}
  - {name: born, title: 出生日期, type: date}
  - {name: status, title: 状态, type: code, values: [open, closed]}
  - {name: opened_on, title: 开户日期, type: date, required: true}
  - {name: closed_on, title: 销户日期, type: date}
""" + TAIL.replace("MODE", "snapshot")  # fmt: skip
KNOWN = "quality: {rules: [{reference: {items: [meter_id], to: held, at: [meter_id]}}]}\n"
READ = HEAD.format(name="read", number=2, title="抄表") + """\
  - {name: meter_id, title: 表号, type: string, length: 11, key: true}
  - {name: day, title: 抄表日期, type: date, key: true}
  - {name: reading, title: 示数, type: integer, min: 0}
  - {name: tier_one, title: 一档, type: integer}
  - {name: tier_two, title: 二档, type: integer}
  - {name: tier_three, title: 三档, type: integer}
  - {name: usage, title: 用量, type: integer}
  - {name: bill, title: 水费, type: decimal, precision: [12, 2]}
  - {name: people, title: 人口, type: integer}
  - {name: daily, title: 人均, type: integer}
  - {name: way, title: 方式, type: code, values: [remote, manual]}
  - {name: district, title: 区划代码, type: code, codes: divisions}
  - {name: note, title: 备注, type: string, length: 20}
""" + TAIL.replace("MODE", "append, period: day") + KNOWN  # fmt: skip


def held() -> pl.DataFrame:
    """Return two accounts a meter, one after the other."""
    rows = 2 * METERS
    born = pl.Series([dt.date(1950, 1, 1) + dt.timedelta(days=37 * n) for n in range(rows)])
    place = pl.Series(["520102"] * rows)
    sequence = (pl.arange(0, rows, eager=True) // 2 + 1).to_numpy()
    old = [n % 2 == 0 for n in range(rows)]
    return pl.DataFrame({
        "户号": [f"A{n:05}" for n in range(rows)],
        "表号": [meter(n // 2) for n in range(rows)],
        "证件号码": citizen_ids(place, born, sequence),
        "性别": ["1" if (n // 2 + 1) % 2 else "2" for n in range(rows)],
        "出生日期": born,
        "状态": ["closed" if o else "open" for o in old],
        "开户日期": [dt.date(2020, 1, 1) if o else dt.date(2021, 1, 1) for o in old],
        "销户日期": [dt.date(2021, 1, 1) if o else None for o in old],
    })  # fmt: skip


def read(month: int) -> pl.DataFrame:
    """Return a few days of readings of every meter."""
    start = dt.date(2026, month + 1, 1)
    rows = [reading(n, start + dt.timedelta(days=day), month * DAYS + day)
            for n in range(METERS) for day in range(DAYS)]  # fmt: skip
    return pl.DataFrame(rows)


def reading(number: int, day: dt.date, turn: int) -> dict[str, object]:
    tiers = [2 + number % 3, 1 + number % 2, number % 4]
    usage, people = sum(tiers), 2 + number % 5
    bill = 2.7 * tiers[0] + 3.5 * tiers[1] + 5.9 * tiers[2]
    return {
        "表号": meter(number), "抄表日期": day, "示数": 100 + usage * turn, "一档": tiers[0],
        "二档": tiers[1], "三档": tiers[2], "用量": usage, "水费": f"{bill:.2f}", "人口": people,
        "人均": people * usage, "方式": ("remote", "manual")[number % 2],
        "区划代码": ("520102", "520103")[number % 2], "备注": None if number % 9 == 0 else "好",
    }  # fmt: skip


def fill(city: City) -> City:
    """Deliver everything into a city, each month in its turn."""
    lay(city, "held", "held_202601.csv", held())
    for month in range(MONTHS):
        lay(city, "read", f"read_2026{month + 1:02}.csv", read(month))
    return city


def lay(city: City, name: str, file: str, rows: pl.DataFrame) -> None:
    path = city.settings.inbox / name / file
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.write_csv(path)
    received = dt.datetime(2026, int(file[-6:-4]), 9, tzinfo=dt.UTC)
    (done,) = take_in(city, name, now=received)
    assert done.outcome == "accepted", done.line
    assert done.verdict is not None
    assert [r.rule for r in done.verdict.rules if not r.passed] == []


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Suggestion, ...]]:
    city = fill(town(tmp_path_factory.mktemp("bare"), HELD, READ))
    first = {"held": suggest(city, "held")}
    settle(city, "held", HELD, first["held"])
    return {**first, "read": suggest(again(city), "read")}


def settle(city: City, name: str, text: str, found: tuple[Suggestion, ...]) -> None:
    """Write what is proposed into an entry."""
    entry = yaml.safe_load(text)
    names = [item["name"] for item in entry["items"]]
    for one in found:
        said = yaml.safe_load(one.line)
        if one.where == "items":
            entry["items"][names.index(said[0]["name"])] = said[0]
        elif one.where == "quality.rules":
            entry.setdefault("quality", {}).setdefault("rules", []).extend(said)
    path = Path(city.settings.catalog) / f"{name}.yaml"
    path.write_text(yaml.safe_dump(entry, allow_unicode=True, sort_keys=False), encoding="utf-8")


def kinds(found: tuple[Suggestion, ...]) -> set[str]:
    return {kind for one in found if one.where == "quality.rules" for kind in one.written}


def test_what_a_register_keeps_is_proposed(proposed) -> None:
    assert kinds(proposed["held"]) == {
        "meter_number", "citizen_id", "identity", "when", "no_overlap", "ordered", "unique",
    }  # fmt: skip
    lines = [one.line for one in proposed["held"]]
    assert "- {no_overlap: {by: [meter_id], since: opened_on, until: closed_on}}" in lines
    assert "- {when: {item: status, values: [closed], required: [closed_on]}}" in lines


def test_what_deliveries_keep_is_proposed(proposed) -> None:
    assert kinds(proposed["read"]) >= {
        "monotonic", "difference", "product", "tariff", "sum", "reference", "rows_near", "share",
        "steady", "silence", "complete", "fresh", "division", "meter_number",
    }  # fmt: skip
    lines = {one.line for one in proposed["read"]}
    assert {
        "- {sum: {item: usage, of: [tier_one, tier_two, tier_three]}}",
        "- {product: {item: daily, of: [usage, people]}}",
        "- {tariff: {item: bill, of: [tier_one, tier_two, tier_three], tariff: water, day: day}}",
        "- {reference: {items: [meter_id], to: held, at: [meter_id], as_of: "
        "{item: day, since: opened_on, until: closed_on}}}",
        "- {complete: {item: meter_id, to: held, at: meter_id, "
        "since: opened_on, until: closed_on}}",
        "- {complete: {item: way, values: [remote, manual]}}",
        "- {share: {item: note, max: 0.2}}",
        "- {silence: {by: district, ratio: 0.5}}",
    } <= lines
    rules = [one.written for one in proposed["read"] if one.where == "quality.rules"]
    assert [r["monotonic"]["item"] for r in rules if "monotonic" in r] == ["reading"]


def test_each_proposal_says_what_speaks_for_it_and_of_which_days(proposed) -> None:
    every = [*proposed["held"], *proposed["read"]]
    assert all(one.evidence and one.rows and one.share == 1.0 for one in every)
    assert {(one.since, one.until) for one in proposed["read"]} == {
        (FIRST, dt.date(2026, MONTHS, 1))
    }


def test_history_passes_what_was_proposed_from_it(proposed, tmp_path: Path) -> None:
    city = town(tmp_path, HELD, READ)
    settle(city, "held", HELD, proposed["held"])
    settle(city, "read", READ, proposed["read"])
    fill(again(city))


def test_versions_of_a_model_give_its_usual_size(tmp_path: Path) -> None:
    city, entry = town(tmp_path), load_catalog().entry("person")
    for number, rows in enumerate([1000, 1010, 990, 1005, 1030], start=1):
        said = Verdict("base.person", True, "passed", rows, 0, 0, (), {})
        at = dt.datetime(2026, number, 1, tzinfo=dt.UTC)
        verdicts.keep(city.registry, said, version=number, at=at)
    tables = Tables({}, city.catalog.vocabulary)
    (one,) = of_deliveries(city, entry, {}, tables, counters=set())
    assert one.line == "- {rows_near: {ratio: 0.1}}"
    assert one.evidence == "5 次构建（2026-01-01 至 2026-05-01）中行数与前几次的中位数至多相差 2.7%"
