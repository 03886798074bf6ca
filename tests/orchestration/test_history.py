"""What passed before reaches the gate as a value, when collecting and when judging again."""

from __future__ import annotations

import datetime as dt

from orchestration.flows.inbox import try_gate
from orchestration.flows.rebuild import Wish, rebuild
from tests.orchestration.town import NOW, PARK, lay, take_in, town

NEAR = "{rows_near: {ratio: 20%, last: 3, least: 2, severity: block}}"
RULED = PARK.replace("{max_quarantine: 60%}", f"{{max_quarantine: 60%, rules: [{NEAR}]}}")


def parks(count: int) -> list[str]:
    return [f"P{number},520102,{number}" for number in range(1, count + 1)]


def deliver(city, number: int, count: int):
    lay(city, "park", f"park_20260{number}.csv", *parks(count), f"P{900 + number},520103,1")
    (done,) = take_in(city, now=NOW + dt.timedelta(days=number))
    return done


def test_a_delivery_unlike_the_last_ones_is_refused_and_judged_so_again(tmp_path):
    city = town(tmp_path, RULED)
    assert [deliver(city, n, count).outcome for n, count in [(1, 10), (2, 11)]] == ["accepted"] * 2
    short = deliver(city, 3, 4)
    assert (short.outcome, short.message) == ("refused", "blocked")
    assert deliver(city, 4, 10).outcome == "accepted"
    again = rebuild(city, ["park"], Wish(check=True), now=NOW + dt.timedelta(days=9))
    assert [(one.fate, one.differences) for one in again] == [("identical", ())] * 2


def test_a_file_is_tried_against_what_passed(tmp_path):
    city = town(tmp_path, RULED)
    for number in (1, 2):
        deliver(city, number, 10)
    file = tmp_path / "park_202609.csv"
    file.write_text("公园编号,行政区划代码,面积\nP1,520102,1\n", encoding="utf-8")
    assert try_gate(city, file, "park", now=NOW).reason == "blocked"
