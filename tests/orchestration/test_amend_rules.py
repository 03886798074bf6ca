"""Corrected rows are judged beside what stands of their delivery, and never as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.city import City
from orchestration.flows.release import release_raw
from quality.rules import checks
from tests.orchestration.loop import answer, holds, only, reasons, states
from tests.orchestration.readings import LOG, ROWS, lay_log
from tests.orchestration.town import LATER, NOW, take_in, town

MODES = {mode: LOG.replace("upsert", mode) for mode in ("snapshot", "append", "upsert")}
SOUND = {"读数": "20"}
WHOLE = {"row_count", "rows_unusual", "share_unusual", "figure_unusual", "group_silent", "stale"}


@pytest.fixture
def city(request, tmp_path: Path) -> City:
    """Return a town whose one delivery stands but for its second record."""
    built = town(tmp_path, request.param)
    lay_log(built, "park_202601.csv", *ROWS)
    assert only(take_in(built)).account.quarantined == 1
    release_raw(built, "park", now=NOW)
    return built


every_mode = pytest.mark.parametrize("city", MODES.values(), ids=MODES, indirect=True)


@every_mode
def test_a_corrected_row_is_asked_nothing_of_the_whole(city) -> None:
    answer(city, {"2": SOUND})
    back = only(take_in(city, now=LATER))
    assert (back.outcome, back.account.accepted) == ("accepted", 1)
    asked = {rule.rule.partition(":")[0] for rule in back.verdict.rules}
    assert asked.isdisjoint(WHOLE | {"incomplete"})
    assert {"reading_goes_back", "usage_not_difference", "overlapping"} <= asked
    assert states(city) == {2: "cleared"}
    assert holds(city)


@every_mode
@pytest.mark.parametrize(
    ("edit", "broken"),
    [
        ({"日期": "2026-01-03"}, "duplicate_key:meter+day"),
        ({"单号": "S5"}, "duplicate_key:sheet"),
        ({"位置": "A"}, "overlapping:place+day+until"),
        ({"读数": "9", "用量": ""}, "reading_goes_back:reading"),
        ({"读数": "31", "用量": "21"}, "reading_goes_back:reading"),
        ({"读数": "20", "用量": "9"}, "usage_not_difference:usage"),
        ({"读数": "25", "用量": "15"}, "usage_not_difference:usage"),
    ],
    ids=("key", "unique", "overlap", "back", "ahead", "usage", "usage of the next"),
)
def test_a_corrected_row_is_judged_beside_what_stands(edit, broken, city) -> None:
    answer(city, {"2": SOUND | edit})
    back = only(take_in(city, now=LATER))
    assert (back.account.accepted, back.account.quarantined) == (0, 1)
    assert broken in reasons(city)[2]
    assert broken in {rule.rule for rule in back.verdict.rules if rule.failed == 1}
    assert states(city) == {2: "open"}


@pytest.mark.parametrize("city", [LOG], indirect=True)
def test_a_row_that_was_refused_again_stands_in_no_way_and_all_accounts_hold(city) -> None:
    answer(city, {"2": SOUND | {"位置": "A"}})
    assert only(take_in(city, now=LATER)).account.quarantined == 1
    answer(city, {"2": SOUND | {"位置": "B"}}, "second.csv")
    assert only(take_in(city, now=LATER)).account.accepted == 1
    assert holds(city)


@pytest.mark.parametrize("city", [LOG], indirect=True)
def test_the_next_delivery_is_still_asked_everything(city) -> None:
    answer(city, {"2": SOUND})
    take_in(city, now=LATER)
    lay_log(city, "park_202602.csv", "M1,2026-02-01,40,,S9,Z,")
    (back,) = take_in(city, now=LATER)
    failed = {rule.rule.partition(":")[0] for rule in back.verdict.rules if not rule.passed}
    assert {"row_count", "rows_unusual", "group_silent", "incomplete"} <= failed


def test_a_check_says_by_which_rows_it_is_judged_and_whether_by_all(tmp_path: Path) -> None:
    city = town(tmp_path, LOG)
    found = checks(city.entry("park"), city.catalog.vocabulary, today=NOW.date())
    assert {check.label: check.among for check in found if check.among} == {
        "duplicate_key:meter+day": ("meter", "day"),
        "reading_goes_back:reading": ("meter",),
        "usage_not_difference:usage": ("meter",),
        "duplicate_key:sheet": ("sheet",),
        "overlapping:place+day+until": ("place",),
    }
    whole = {check.label.partition(":")[0] for check in found if check.whole}
    assert whole == WHOLE | {"incomplete"}
