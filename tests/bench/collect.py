"""Collection of readings, gate included, against DuckDB's bare copy of the same CSV to Parquet.

Ours: archive with digest, parse, conform, gate, split, commit, account. DuckDB: `COPY`, types
sniffed, nothing checked. Variants differ in the rules and the encoding of the same rows.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from catalog.entry import Entry, Item
from catalog.load import load_catalog
from catalog.render.entry_yaml import entry_yaml
from demo.deliver.readings import ADDRESS, write_readings
from ingestion.delivery import Status
from orchestration.city import City, now
from orchestration.flows.collect import collect
from orchestration.settings import read_settings
from registry import deliveries
from tests.bench.clock import Spent, clock

RESOURCE, ACCOUNTS = "water_reading", "water_account"
ADDRESSED = Item(name="address", title=ADDRESS, type="string", length=40, required=True)
WARM_UP = 1_000  # rows of a first delivery, so that imports and compilation are not measured


def prepare(variant: str, rows: int, work: Path) -> None:
    """Write the file, the accounts and the catalog of a variant."""
    shutil.rmtree(work / variant, ignore_errors=True)
    (work / variant).mkdir(parents=True)
    encoding, damaged = _encoding(variant), 0.001 if variant == "damaged" else 0.0
    accounts = work / variant / f"{ACCOUNTS}_202603.csv"
    write_readings(
        _file(work, variant),
        rows=rows,
        seed=1,
        encoding=encoding,
        damaged=damaged,
        accounts=accounts,
        addressed=variant == "gb18030",
    )
    warm = work / variant / "warm.csv"
    write_readings(warm, rows=WARM_UP, seed=2, encoding=encoding, addressed=variant == "gb18030")
    _write_catalog(variant, work / variant / "catalog")


def ours(variant: str, rows: int, work: Path) -> Spent:
    """Collect the file into a fresh home; return what that delivery alone spent."""
    home = work / variant / "home"
    shutil.rmtree(home, ignore_errors=True)
    environment = {"CITYLAKE_HOME": str(home), "CITYLAKE_CATALOG": str(work / variant / "catalog")}
    city = City(read_settings(environment))
    if variant == "series":
        _put(city, ACCOUNTS, work / variant / f"{ACCOUNTS}_202603.csv", "202603")
        (accounts,) = collect(city, ACCOUNTS, now=now())
        assert accounts.outcome == "accepted", accounts.message
    else:
        _put(city, RESOURCE, work / variant / "warm.csv", "20250101")
        list(collect(city, RESOURCE, now=now()))
    _put(city, RESOURCE, _file(work, variant), "20260301")
    with clock() as spent:
        (collected,) = collect(city, RESOURCE, now=now())
    record = deliveries.find(city.registry, collected.delivery or "")
    assert record is not None
    assert record.status is Status.ACCEPTED, collected.message
    assert record.outcome is not None
    assert record.outcome.account.records == rows
    return spent


def rival(variant: str, rows: int, work: Path) -> Spent:
    """Copy the same rows, as UTF-8 and undamaged, to Parquet by DuckDB."""
    source = _file(work, variant)
    if variant in ("gb18030", "damaged"):
        source = _file(work, "utf8-of-" + variant)
        if not source.exists():
            source.parent.mkdir(parents=True, exist_ok=True)
            write_readings(source, rows=rows, seed=1, addressed=variant == "gb18030")
    target = work / variant / "duckdb.parquet"
    with clock() as spent:
        duckdb.execute(f"copy (from read_csv('{source}')) to '{target}' (format parquet)")
    return spent


def _write_catalog(variant: str, folder: Path) -> None:
    """Write the entries that a variant needs: the shipped ones, with fewer rules."""
    catalog = load_catalog()
    folder.mkdir()
    entries = [_entry(catalog.entry(RESOURCE), variant)]
    if variant == "series":
        shipped = (catalog.entry(ACCOUNTS), catalog.entry("standard_address"))
        entries += [_without_rules(entry) for entry in shipped]
    for entry in entries:
        (folder / f"{entry.name}.yaml").write_text(entry_yaml(entry), encoding="utf-8")


def _entry(entry: Entry, variant: str) -> Entry:
    origin = entry.origin.model_copy(update={"encoding": _encoding(variant)})
    items = (*entry.items, ADDRESSED) if variant == "gb18030" else entry.items
    changed = entry.model_copy(update={"origin": origin, "items": items})
    if variant == "series":
        return changed
    rules = tuple(rule for rule in entry.quality.rules if rule.kind == "meter_number")
    quality = entry.quality.model_copy(update={"rules": rules, "trust_key": variant == "rows"})
    return changed.model_copy(update={"quality": quality})


def _without_rules(entry: Entry) -> Entry:
    quality = entry.quality.model_copy(update={"rules": ()})
    origin = entry.origin.model_copy(update={"encoding": _encoding("series")})
    return entry.model_copy(update={"quality": quality, "origin": origin})


def _encoding(variant: str) -> str:
    return "gb18030" if variant == "gb18030" else "utf-8"


def _file(work: Path, variant: str) -> Path:
    return work / variant / "readings.csv"


def _put(city: City, resource: str, file: Path, stamp: str) -> None:
    folder = city.settings.inbox / resource
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, folder / f"{resource}_{stamp}.csv")
