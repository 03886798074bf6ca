"""What a process does to a small town: work off what waits, look after files, make tables again.

Each act can be done again after a death and then ends as if there had been none.
Keep out: processes (forks.py) and their deaths (death.py).
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import pickle
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from lake.store import archive
from orchestration.city import City, now
from orchestration.flows.backflow import backflow
from orchestration.flows.collect import collect
from orchestration.flows.fetch import fetch
from orchestration.flows.rebuild import Wish, rebuild
from orchestration.flows.release import release_raw
from orchestration.flows.upkeep import compact_tables, tend, vacuum_tables
from orchestration.flows.verify import verify_lake
from orchestration.settings import read_settings
from registry import audit
from tests.faults import state
from tests.orchestration.fetching import METER
from tests.orchestration.loop import answer
from tests.orchestration.town import LATER, NOW, PARK, VISIT, lay, take_in, town

RESOURCES = ("park", "visit", "meter")
TOLD = "told.pickle"
SETTINGS = "settings.json"  # of a home that shares lake and registry with another
STARTER, OUTCOMES = "starter", "outcomes.json"
DATABASE = "meters.sqlite"
WORDS = "secret: CITY, table: meter, extract: full"


def begin(home: Path) -> None:
    """Fill a home in which something has been collected and something of every kind waits."""
    home.mkdir()
    source = METER.format(connector="sql", words=WORDS, mode="upsert", more="")
    built = town(home, PARK, VISIT, source)
    lay(built, "park", "park_202601.csv", *(f"P{n},520102,{n}" for n in range(1, 9)), "X9,520103,7")
    lay(built, "park", "park_202602.csv", "P10,520103,1", "P10,520103,1", "P11,520103")
    lay(built, "park", "park_202604.csv", "P4,520103,1")
    take_in(built)
    release_raw(built, "park", now=NOW)
    lay(built, "visit", "visit_20260301.csv", "V0,P12", "V1,P1")  # refused, until P12 is known
    take_in(built, "visit")
    answer(built, {"9": {"公园编号": "P9"}})
    lay(built, "park", "park_202601.correction1.csv", "P1,520102,5", "P2,520103,-6", "P3,520102,7")
    lay(built, "park", "park_202603.csv", "P4,520103,44", "P12,520103,12", "Y,520103,1")
    lay(built, "park", "again_park_202602.csv", "P10,520103,1", "P10,520103,1", "P11,520103")
    (built.settings.inbox / "park" / "park_202602.withdrawal").touch()
    lay(built, "park", "park_202605.csv", "P4,520103,2")
    for month in (6, 7):  # as it was: a delivery of its own, and a repeat that stands at the end
        lay(built, "park", f"park_20260{month}.csv", "P4,520103,1")
    (built.settings.inbox / "park" / "park_202606.withdrawal").touch()
    lay(
        built, "visit", "visit_20260302.csv", "V2,P4", "V3,P99", *(f"V{n},P1" for n in range(4, 60))
    )
    with closing(sqlite3.connect(home / DATABASE)) as meters:
        meters.execute("create table meter (id, changed, reading_m3)")
        meters.execute("insert into meter values (1, '2026-03-01 01:00:00', '10.5')")
        meters.execute("insert into meter values (2, '2026-03-01 02:00:00', 'ten')")
        meters.commit()
    built.registry.close()


def lose(home: Path) -> None:
    """Lose tables that can be made again from the archive."""
    shutil.rmtree(home / "lake" / "raw" / "park")
    shutil.rmtree(home / "lake" / "quarantine" / "visit")


def opened(home: Path) -> City:
    """Open the town of a home."""
    more = home / SETTINGS
    return City(
        read_settings(
            {
                **(json.loads(more.read_text()) if more.exists() else {}),
                "CITYLAKE_HOME": str(home),
                "CITYLAKE_CATALOG": str(home / "entries"),
                "CITYLAKE_SECRET_CITY": f"sqlite:///{home / DATABASE}",
            }
        )
    )


def live(home: Path, act: str) -> None:
    """Do an act on a home."""
    archive.LARGE = 1  # what is small here is held while it is taken, as only large files are
    city = opened(home)
    with city.working():
        city.sweep()
    acts = {"work": _work, "rebuild": _rebuild, "upkeep": _upkeep, "tell": _tell, "meet": _meet}
    acts[act](city)
    city.registry.close()


def _work(city: City) -> None:
    fetched = fetch(city, "meter", now=LATER)
    assert not fetched.is_trouble, fetched.line
    for name in RESOURCES:
        with city.working(wait=True):
            list(collect(city, name, now=LATER))
            release_raw(city, name, now=LATER)
            tend(city, name, now=now(), fewest=3)
    with city.working(wait=True):
        backflow(city, "park", now=LATER)


def _upkeep(city: City) -> None:
    compact_tables(city, (), now=now())
    vacuum_tables(city, (), grace=dt.timedelta(0), delete=True, now=now())


def _rebuild(city: City) -> None:
    done = rebuild(city, (), Wish(replace=True), now=LATER)
    assert not [one for one in done if one.is_trouble]


def _meet(city: City) -> None:
    """Collect as soon as the starter lets both go."""
    home = city.settings.home
    _ = city.lake, city.registry
    with (home / STARTER).open() as starter:
        fcntl.flock(starter, fcntl.LOCK_SH)
    done = [(one.file_name, one.outcome, one.message) for one in collect(city, "park", now=LATER)]
    release_raw(city, "park", now=LATER)
    (home / OUTCOMES).write_text(json.dumps(done))


def _tell(city: City) -> None:
    """Write down what stands, for the test to compare; upkeep of files is no fact of the city."""
    facts: dict[str, Any] = state.facts(city)
    # A life that ends between a new judgement and its release leaves that to the next release.
    facts["releases of each table"].pop("raw.visit", None)
    facts["acts"] = [act for act in facts["acts"] if not act[0].startswith("lake.")]
    # A window that was fetched and not yet noted is fetched again, and is then a repeat.
    facts["arrivals"] = [a for a in facts["arrivals"] if (a[0], a[2]) != ("meter", "repeat")]
    found = verify_lake(city)
    told = {
        "facts": facts,
        "rows": dict(state.tables(city)),
        "packages": state.packages(city),
        "litter": state.litter(city),
        "problems": (*found.problems, *(() if audit.verify(city.registry).ok else ("audit",))),
        "orphans": state.orphans(city),
    }
    (city.settings.home / TOLD).write_bytes(pickle.dumps(told))
