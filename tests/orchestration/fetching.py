"""A town whose entries are fetched: meters in a database, an API or a folder of another's.

Keep out: the servers (tests/servers, tests/ingestion/connectors/api.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from orchestration.city import City
from orchestration.flows.collect import collect
from orchestration.flows.collected import Collected
from orchestration.flows.fetch import Fetched, fetch
from orchestration.flows.pins import released_rows
from orchestration.settings import read_settings
from tests.orchestration.town import NOW

METER = """\
name: meter
code: "307099001/000003"
title: 水表
unit: guiyang_water
abstract: 一块水表一行。
classification: {{level: 1, category: utility}}
items:
  - {{name: id, title: 编号, type: integer, key: true}}
  - {{name: changed, title: 变更时间, type: datetime, required: true}}
  - {{name: reading_m3, title: 示数, type: decimal, precision: [10, 2], min: 0}}
origin: {{connector: {connector}, {connector}: {{{words}}}{more}}}
update: {{cycle: daily, mode: {mode}}}
quality: {{max_quarantine: 60%}}
sharing: {{type: unconditional}}
opening: {{type: unconditional}}
"""


def town_that_fetches(
    folder: Path,
    secrets: Mapping[str, str],
    *,
    connector: str = "sql",
    words: str = "secret: CITY, table: meter, extract: full",
    mode: str = "upsert",
    more: str = "",
) -> City:
    """Return a city with the one entry `meter`, fetched so, with these secrets."""
    catalog = folder / "entries"
    catalog.mkdir(exist_ok=True)
    text = METER.format(connector=connector, words=words, mode=mode, more=more)
    (catalog / "meter.yaml").write_text(text, encoding="utf-8")
    named = {f"CITYLAKE_SECRET_{name}": value for name, value in secrets.items()}
    home = {"CITYLAKE_HOME": str(folder / "home"), "CITYLAKE_CATALOG": str(catalog)}
    city = City(read_settings({**home, **named}))
    assert city.problems == ()
    return city


def fetched(city: City, *, hours: float = 0) -> tuple[Fetched, list[Collected]]:
    """Fetch and collect, some hours after NOW."""
    now = NOW + dt.timedelta(hours=hours)
    return fetch(city, "meter", now=now), list(collect(city, "meter", now=now))


def meters(city: City) -> dict[int, float]:
    """Return the reading of every meter that is current; each stands there once."""
    rows = released_rows(city, "meter", city.staging("look")).select("id", "reading_m3").collect()
    assert rows["id"].is_unique().all()
    return {row[0]: float(row[1]) for row in rows.sort("id").iter_rows()}
