"""One more day of readings on N days loaded, against the full rebuild of all of them.

Both go through collection, gate, base, thematic and backflow, with the shipped rules of the
readings. `rows` are those of 300 days, so that each N has the same meters. `fixed` is what the
same steps cost where there is next to nothing: a day of seven meters onto 30 days of them, so
dbt's invocations, verdicts and commits, and neither the day's own rows nor what came before.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import polars as pl

from catalog.entry import Entry, Quality
from catalog.load import Catalog, load_catalog
from catalog.render.entry_yaml import entry_yaml
from demo.deliver.readings import write_readings
from orchestration.city import City, now
from orchestration.flows.backflow import backflow
from orchestration.flows.build import build
from orchestration.flows.collect import collect
from orchestration.flows.release import release_raw
from orchestration.graph import read_models
from orchestration.settings import read_settings
from tests.bench.clock import Spent, clock

READING, ACCOUNT, ADDRESS = "water_reading", "water_account", "standard_address"
DAILY = ("daily_usage", "daily_usage_by_district")
MODELS = ("address", "utility_account", *DAILY)
AT_ONCE = 30  # days in one delivery of the past
NEXT_TO_NOTHING = "fixed"
LATER = 8  # days that come one by one: a warm-up and a measured one a round
DISTRICTS = ("520102", "520103", "520111", "520112", "520113", "520115", "520121")


def prepare(variant: str, rows: int, work: Path) -> None:
    """Write the days and the registers, and load N days into a home; and few of few meters."""
    _prepare(work / variant, int(variant), rows // 300)
    _prepare(work / NEXT_TO_NOTHING, AT_ONCE, len(DISTRICTS))


def _prepare(folder: Path, days: int, meters: int) -> None:
    (folder / "days").mkdir(parents=True)
    whole, accounts = folder / "whole.csv", folder / f"{ACCOUNT}_202601.csv"
    total = (days + LATER) * meters
    write_readings(whole, rows=total, seed=1, accounts=accounts, meters=meters)
    for number, lines in enumerate(_parts(whole, days, meters)):
        (folder / "days" / f"{READING}_{20200101 + number}.csv").write_text(lines)
    whole.unlink()
    _write_registers(folder, accounts)
    _write_catalog(load_catalog(), folder / "catalog")
    _load(_city(folder, "home"), folder, days)


def ours(variant: str, rows: int, work: Path) -> Spent:
    """Take in one more day, after another one that pays for imports and parsing."""
    return _next_day(work / variant, int(variant))


def fixed(variant: str, rows: int, work: Path) -> Spent:
    """Take in one more day where there is next to nothing."""
    return _next_day(work / NEXT_TO_NOTHING, AT_ONCE)


def _next_day(folder: Path, days: int) -> Spent:
    city = _city(folder, "home")
    waiting = _days_to_come(folder, days)
    done = len(list((folder / "taken").glob("*.csv")))
    spent = [_one_more(city, folder, path) for path in waiting[done : done + 2]]
    assert "built anew" in _said[DAILY[0]], _said
    return spent[-1]


def _one_more(city: City, folder: Path, path: Path) -> Spent:
    with clock() as spent:
        _take(city, READING, path)
        _make(city, DAILY)
    (folder / "taken").mkdir(exist_ok=True)
    shutil.copyfile(path, folder / "taken" / path.name)
    return spent


def rival(variant: str, rows: int, work: Path) -> Spent:
    """Load all days and one more into a new home; a small home pays for imports and parsing."""
    folder, days = work / variant, int(variant)
    small = _city(folder, "small")
    if not small.settings.home.joinpath("registry.db").exists():
        _load(small, folder, AT_ONCE)
    else:
        _make(small, DAILY)
    shutil.rmtree(folder / "again", ignore_errors=True)
    city = _city(folder, "again")
    with clock() as spent:
        _load(city, folder, days)
    return spent


def _load(city: City, folder: Path, days: int) -> None:
    _take(city, ADDRESS, folder / f"{ADDRESS}_202601.csv")
    _take(city, ACCOUNT, folder / f"{ACCOUNT}_202601.csv")
    for path in _days(folder)[: days // AT_ONCE]:
        _take(city, READING, path)
    _make(city, MODELS)


def _take(city: City, resource: str, path: Path) -> None:
    target = city.settings.inbox / resource / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    (collected,) = collect(city, resource, now=now())
    assert collected.outcome == "accepted", collected.line
    release_raw(city, resource, now=now())


def _make(city: City, names: tuple[str, ...]) -> None:
    models = read_models(city.catalog)
    for name in names:
        built = build(city, models[name], now=now())
        assert built.outcome in {"released", "unchanged"}, built.line
        _said[name] = built.message
    backflow(city, DAILY[-1], now=now())


_said: dict[str, str] = {}


def _days(folder: Path) -> list[Path]:
    return sorted((folder / "days").glob("*.csv"))


def _days_to_come(folder: Path, days: int) -> list[Path]:
    return _days(folder)[days // AT_ONCE :]


def _parts(whole: Path, days: int, meters: int) -> Iterator[str]:
    """Yield the past in deliveries of many days, then one day at a time."""
    with whole.open() as file:
        header = next(file)
        for count in [AT_ONCE] * (days // AT_ONCE) + [1] * LATER:
            yield header + "".join(islice(file, count * meters))


def _write_registers(folder: Path, accounts: Path) -> None:
    """Write an address in each of some districts, and let the accounts lie there in turn."""
    entry = load_catalog().entry(ADDRESS)
    streets = _streets()
    codes = [street + "1" * 12 for street in streets]
    known = {
        "address_code": codes,
        "division": list(DISTRICTS),
        "street": streets,
        "road": ["示例路"] * len(codes),
        "house_number": ["1号"] * len(codes),
        "longitude": ["106.70"] * len(codes),
        "latitude": ["26.60"] * len(codes),
        "status": ["in_use"] * len(codes),
    }
    titles = {item.title: known.get(item.name, [None] * len(codes)) for item in entry.items}
    pl.DataFrame(titles).write_csv(folder / f"{ADDRESS}_202601.csv")
    frame = pl.read_csv(accounts, infer_schema=False)
    turn = pl.Series("地址编码", codes).gather(pl.int_range(len(frame), eager=True) % len(codes))
    title = load_catalog().entry(ACCOUNT).item("address_code").title
    frame.with_columns(turn.alias(title)).write_csv(accounts)


def _streets() -> list[str]:
    """Return a street of each district."""
    known = [d.code for d in load_catalog().vocabulary.divisions if d.level == "street"]
    return [next(code for code in known if code.startswith(district)) for district in DISTRICTS]


def _write_catalog(catalog: Catalog, folder: Path) -> None:
    """Write the shipped entries; registers that the readings refer to come without rules."""
    folder.mkdir()
    for entry in catalog.entries.values():
        text = entry_yaml(_plain(entry) if entry.name in {ACCOUNT, ADDRESS} else _utf8(entry))
        (folder / f"{entry.name}.yaml").write_text(text, encoding="utf-8")


def _plain(entry: Entry) -> Entry:
    return _utf8(entry).model_copy(update={"quality": Quality()})


def _utf8(entry: Entry) -> Entry:
    origin = entry.origin.model_copy(update={"encoding": "utf-8"})
    return entry.model_copy(update={"origin": origin})


def _city(folder: Path, home: str) -> City:
    environment = {
        "CITYLAKE_HOME": str(folder / home),
        "CITYLAKE_CATALOG": str(folder / "catalog"),
    }
    return City(read_settings(environment))
