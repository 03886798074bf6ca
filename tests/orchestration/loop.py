"""The loop as a unit goes it: export, edit, lay back; and where its records stand then."""

from __future__ import annotations

import csv
from pathlib import Path

from orchestration.city import City
from orchestration.flows.collected import Collected
from orchestration.flows.export import export_refused
from orchestration.flows.mending import standings
from orchestration.flows.rebuild import Wish, rebuild
from orchestration.flows.verify import verify_lake
from tests.orchestration.town import LATER, again

RECORD, DELIVERY, ACT = "记录号（勿改）", "交付批次（勿改）", "处理（填“作废”表示此行不再报送）"
Edits = dict[str, dict[str, str]]  # by record: cells by title


def answer(
    city: City,
    edits: Edits,
    name: str = "back.csv",
    encoding: str = "utf-8",
    resource: str = "park",
) -> Path:
    """Export the open rows of the oldest delivery, keep and edit some, lay them in the inbox."""
    (exported, *_) = export_refused(city, resource)
    rows = list(csv.DictReader(exported.files[1].read_text("utf-8-sig").splitlines()))
    kept = [{**row, **edits[row[RECORD]]} for row in rows if row[RECORD] in edits]
    path = city.settings.inbox / resource / name
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(kept)
    return path


def states(city: City) -> dict[int, str]:
    found = standings(city, "park").select("_row", "_state").collect()
    return dict(found.sort("_row").iter_rows())


def reasons(city: City) -> dict[int, list[str]]:
    return dict(standings(city, "park").select("_row", "_rules").collect().iter_rows())


def only(collected: list[Collected]) -> Collected:
    (one,) = collected
    return one


def holds(city: City) -> bool:
    """Tell whether every account holds, and the archive gives the same tables again."""
    again_made = rebuild(again(city), (), Wish(check=True), now=LATER)
    return verify_lake(city).ok and {one.fate for one in again_made} == {"identical"}
