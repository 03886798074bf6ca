"""Drift through the city: accepted, told with the change that the entry needs, or refused so."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from catalog.entry import Item
from orchestration.flows.refused import show_refused
from orchestration.flows.status import read_status
from orchestration.flows.verify import verify_lake
from tests.orchestration.town import NOW, PARK, lay, stored, take_in, town

ORIGIN = 'pattern: "park_*.csv"'
NEW = ["公园编号,行政区划代码,面积,开放时间", "P1,520102,10,06:00", "P2,520102,20,"]


def drifting(folder: Path, **fates: str):
    said = ", ".join(f"{word}: {fate}" for word, fate in fates.items())
    drift = f"{ORIGIN}, drift: {{{said}}}" if fates else ORIGIN
    return town(folder, PARK.replace(ORIGIN, drift))


def deliver(city, *lines: str):
    path = lay(city, "park", "park_202603.csv")
    path.write_text("\n".join((*lines, "")), encoding="utf-8")
    (one,) = take_in(city)
    assert verify_lake(city).ok
    return one


def proposed(message: str) -> Item:
    """Return the last item that a message proposes, as a person would copy it."""
    (line,) = yaml.safe_load(message[message.rindex("- {") :])
    return Item.model_validate(line)


def test_a_refusal_for_a_new_column_says_what_the_entry_would_need(tmp_path) -> None:
    one = deliver(drifting(tmp_path), *NEW)
    assert (one.outcome, one.message[:14]) == ("refused", "unknown_column")
    assert proposed(one.message).title == "开放时间"


def test_an_accepted_new_column_is_left_out_and_shown_by_status(tmp_path) -> None:
    city = drifting(tmp_path, new="accept")
    one = deliver(city, *NEW)
    assert (one.outcome, stored(city, "raw")) == ("accepted", 2)
    assert proposed(one.message).title == "开放时间"
    (row,) = read_status(city, now=NOW).drift
    assert (row["resource"], row["file"]) == ("park", "park_202603.csv")
    assert proposed(row["drift"]) == proposed(one.message)


def test_status_forgets_drift_when_the_next_delivery_has_none(tmp_path) -> None:
    city = drifting(tmp_path, new="accept")
    deliver(city, *NEW)
    lay(city, "park", "park_202604.csv", "P3,520102,30")
    take_in(city)
    assert read_status(city, now=NOW).drift == []


def test_rows_with_a_new_value_are_quarantined_and_others_are_not(tmp_path) -> None:
    city = drifting(tmp_path, new="quarantine")
    assert deliver(city, *NEW).outcome == "accepted"
    (row,) = show_refused(city, "park", limit=5)
    assert (row["rules"], row["record"], row["公园编号"]) == (["new_column"], 1, "P1")


def test_a_missing_column_is_empty_where_accepted(tmp_path) -> None:
    city = drifting(tmp_path, missing="accept")
    one = deliver(city, "公园编号,行政区划代码", "P1,520102")
    assert (one.outcome, stored(city, "raw")) == ("accepted", 1)
    assert "面积 (area_m2) is missing (read as empty)" in one.message


def test_a_missing_key_costs_its_rows_even_where_missing_is_accepted(tmp_path) -> None:
    city = drifting(tmp_path, missing="accept")
    one = deliver(city, "行政区划代码,面积", "520102,10")
    assert one.outcome == "refused"
    assert show_refused(city, "park", limit=1)[0]["rules"] == ["null_key:park_id"]


def test_every_row_of_a_delivery_without_a_column_is_quarantined_where_said(tmp_path) -> None:
    city = drifting(tmp_path, missing="quarantine")
    one = deliver(city, "公园编号,行政区划代码", "P1,520102")
    assert (one.outcome, stored(city, "quarantine")) == ("refused", 1)
    assert show_refused(city, "park", limit=1)[0]["rules"] == ["missing_column"]


def test_a_renamed_column_is_proposed_as_an_alias(tmp_path) -> None:
    one = deliver(drifting(tmp_path), "公园编号,行政区划代码,占地", "P1,520102,10")
    assert one.outcome == "refused"
    assert "aliases: [占地]" in one.message


RETYPED = [
    "公园编号,行政区划代码,面积",
    *(f"P{n},520102,约{n}亩" for n in range(12)),
    "P99,520102,9",
]


@pytest.mark.parametrize(
    ("fate", "outcome", "raw", "quarantined"),
    [("refuse", "refused", 0, 13), ("quarantine", "refused", 0, 13), ("accept", "accepted", 13, 0)],
)
def test_a_retyped_column_is_told_with_the_type_that_it_has_now(
    fate, outcome, raw, quarantined, tmp_path
) -> None:
    city = drifting(tmp_path, retyped=fate)
    one = deliver(city, *RETYPED)
    assert one.outcome == outcome
    assert (stored(city, "raw"), stored(city, "quarantine")) == (raw, quarantined)
    now = proposed(one.message)
    assert (now.name, now.type) == ("area_m2", "string")
    reason = {"refuse": "retyped_column", "quarantine": "too_many_bad_rows", "accept": "passed"}
    assert one.message.startswith(reason[fate])


def test_single_cells_of_another_type_are_no_retyped_column(tmp_path) -> None:
    city = drifting(tmp_path, retyped="refuse")
    one = deliver(city, *RETYPED[:3], *(f"P{n},520102,{n}" for n in range(20, 40)))
    assert (one.outcome, one.message) == ("accepted", "passed")
