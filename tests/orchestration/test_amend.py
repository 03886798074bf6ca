"""Refused rows come again corrected: they join what they belong to, and clear what they answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.city import City
from orchestration.flows.export import export_refused
from orchestration.flows.release import release_raw
from registry import deliveries, releases
from tests.orchestration.crash import crash_at_the_end
from tests.orchestration.loop import ACT, DELIVERY, RECORD, answer, holds, only, reasons, states
from tests.orchestration.town import LATER, NOW, PARK, lay, parks, stored, take_in, town

MODES = {mode: PARK.replace("upsert", mode) for mode in ("snapshot", "append", "upsert")}
SNAPSHOT = MODES["snapshot"]
ROWS = ("P1,520102,5", "X2,520102,7", "P3,520102,-1", "P4,520102,9", "P5,520102,8,")


@pytest.fixture
def city(request, tmp_path: Path) -> City:
    """Return a town with a delivery of which two rows and a ragged record were refused."""
    built = town(tmp_path, getattr(request, "param", SNAPSHOT))
    lay(built, "park", "park_202601.csv", *ROWS)
    assert only(take_in(built)).outcome == "accepted"
    release_raw(built, "park", now=NOW)
    return built


@pytest.mark.parametrize("city", MODES.values(), ids=MODES, indirect=True)
def test_corrected_rows_join_their_delivery_and_clear_what_they_answer(city) -> None:
    answer(city, {"2": {"公园编号": "P2"}, "3": {"面积": "-2"}})
    back = only(take_in(city, now=LATER))
    assert (back.outcome, back.account.accepted, back.account.quarantined) == ("accepted", 1, 1)
    assert parks(city) == {"P1": 5, "P2": 7, "P4": 9}
    assert states(city) == {2: "cleared", 3: "open", 5: "open"}
    assert reasons(city)[3] == ["out_of_range:area_m2"]
    released = release_raw(city, "park", now=LATER)
    assert released.release.rows == 3
    assert releases.released(city.registry, "raw", "park").sequence == 2
    assert holds(city)


def test_what_is_still_wrong_goes_out_again_as_it_was_corrected_last(city) -> None:
    answer(city, {"3": {"面积": "-2"}}, "first.csv")
    take_in(city)
    answer(
        city,
        {"3": {}, "5": {"公园编号": "P5", "行政区划代码": "520102", "面积": "1"}},
        "second.csv",
    )
    assert (city.settings.inbox / "park" / "second.csv").read_text("utf-8").count("-2") == 1
    assert only(take_in(city)).account.accepted == 1
    answer(city, {"3": {"面积": "2"}}, "third.csv")
    assert only(take_in(city)).account.accepted == 1
    assert parks(city) == {"P1": 5, "P3": 2, "P4": 9, "P5": 1}
    assert states(city) == {2: "open", 3: "cleared", 5: "cleared"}
    assert holds(city)


def test_the_workbook_goes_back_as_the_csv_does(city) -> None:
    (exported,) = export_refused(city, "park")
    (city.settings.inbox / "park" / "back.xlsx").write_bytes(exported.files[0].read_bytes())
    back = only(take_in(city))
    assert (back.outcome, back.account.quarantined) == ("accepted", 3)
    assert set(states(city).values()) == {"open"}
    assert deliveries.find(city.registry, back.delivery).delivery.amends == exported.delivery


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_an_amendment_is_known_in_whatever_way_a_spreadsheet_saves_it(encoding, city) -> None:
    answer(city, {"2": {"公园编号": "P2"}}, encoding=encoding)
    assert only(take_in(city)).account.accepted == 1
    assert states(city)[2] == "cleared"


def test_a_row_that_its_unit_gives_up_is_discarded(city) -> None:
    answer(city, {"2": {ACT: "作废"}, "3": {"面积": "3"}})
    back = only(take_in(city))
    assert (back.account.accepted, back.account.quarantined) == (1, 1)
    assert states(city) == {2: "discarded", 3: "cleared", 5: "open"}
    assert holds(city)


def test_a_record_is_answered_once_and_the_same_file_again_is_a_repeat(city) -> None:
    answer(city, {"2": {"公园编号": "P2"}}, "first.csv")
    first = city.settings.inbox / "park" / "first.csv"
    kept = first.read_bytes()
    take_in(city)
    first.write_bytes(kept)
    assert only(take_in(city)).outcome == "repeat"
    row = kept.splitlines()[1].replace(b",2", b",3").replace(b"P2", b"P7")
    first.write_bytes(kept + row + b"\r\n")
    more = only(take_in(city))
    assert (more.account.quarantined, more.account.accepted) == (1, 1)
    first.write_bytes(kept.replace(b"P2", b"P9"))
    other = only(take_in(city))
    assert (other.account.accepted, other.account.quarantined) == (0, 1)
    assert parks(city)["P2"] == 7
    assert states(city)[2] == "cleared"
    assert holds(city)


def test_a_row_whose_key_stands_in_its_delivery_already_is_refused(city) -> None:
    answer(city, {"2": {"公园编号": "P1"}, "3": {"公园编号": "P8", "面积": "1"}})
    back = only(take_in(city))
    assert (back.account.accepted, back.account.quarantined) == (1, 1)
    assert reasons(city)[2] == ["duplicate_key:park_id"]
    assert [(r.rule, r.failed) for r in back.verdict.rules if not r.passed] == [
        ("duplicate_key:park_id", 1)
    ]


def test_two_corrected_rows_of_one_key_are_both_refused_though_they_are_the_same(city) -> None:
    same = {"公园编号": "P8", "行政区划代码": "520102", "面积": "1"}
    answer(city, {"2": same, "3": same})
    assert only(take_in(city)).account.quarantined == 2
    assert set(states(city).values()) == {"open"}


@pytest.mark.parametrize("act", ["park_202601.withdrawal", "park_202601.correction1.csv"])
def test_what_amends_a_delivery_goes_with_it(act, city) -> None:
    answer(city, {"2": {"公园编号": "P2"}})
    take_in(city)
    lay(city, "park", act, "P1,520103,6")
    take_in(city, now=LATER)
    assert parks(city) == ({} if act.endswith("withdrawal") else {"P1": 6})
    assert set(states(city).values()) == {"void"}
    assert export_refused(city, "park") == ()
    lay(city, "park", "park_202601.csv", *ROWS)
    take_in(city, now=LATER)
    if act.endswith("withdrawal"):
        assert parks(city) == {"P1": 5, "P2": 7, "P4": 9}
        assert states(city)[2] == "cleared"
    assert holds(city)


def test_a_withdrawn_amendment_leaves_its_records_open(city) -> None:
    answer(city, {"2": {"公园编号": "P2"}})
    take_in(city)
    (city.settings.inbox / "park" / "back.withdrawal").touch()
    take_in(city, now=LATER)
    assert parks(city) == {"P1": 5, "P4": 9}
    assert set(states(city).values()) == {"open"}
    assert holds(city)


def test_a_correction_of_an_amendment_takes_its_place(city) -> None:
    answer(city, {"2": {"公园编号": "P2"}})
    text = (city.settings.inbox / "park" / "back.csv").read_text("utf-8")
    take_in(city)
    (city.settings.inbox / "park" / "back.correction1.csv").write_text(
        text.replace("P2", "P6"), "utf-8"
    )
    assert only(take_in(city, now=LATER)).account.accepted == 1
    assert parks(city) == {"P1": 5, "P4": 9, "P6": 7}
    assert holds(city)


def test_a_newer_delivery_of_the_key_stays_newer(tmp_path: Path) -> None:
    city = town(tmp_path, PARK)
    lay(city, "park", "park_202601.csv", "P1,520102,5", "P2,520102,-7", "P3,520102,3")
    lay(city, "park", "park_202602.csv", "P2,520102,70", "P3,520102,30")
    take_in(city)
    answer(city, {"2": {"面积": "7"}})
    assert only(take_in(city, now=LATER)).account.accepted == 1
    assert parks(city) == {"P1": 5, "P2": 70, "P3": 30}


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ({DELIVERY: "0123456789abcdef0123"}, "names no judged delivery of park"),
        ({RECORD: ""}, "has no 记录号"),
        ({RECORD: "x"}, "has no 记录号"),
        ({DELIVERY: ""}, "has no 交付批次"),
    ],
)
def test_what_answers_nothing_is_refused_in_one_line(edit, said, city) -> None:
    answer(city, {"2": edit})
    back = only(take_in(city))
    assert back.outcome == "refused"
    assert said in back.message
    assert parks(city) == {"P1": 5, "P4": 9}
    assert holds(city)


def test_a_record_that_was_not_refused_is_not_answered(city) -> None:
    answer(city, {"2": {RECORD: "4", "面积": "99"}})
    back = only(take_in(city))
    assert (back.account.accepted, back.account.quarantined) == (0, 1)
    assert parks(city) == {"P1": 5, "P4": 9}
    assert states(city)[2] == "open"


def test_a_delivery_that_was_refused_as_a_whole_comes_again_whole(tmp_path: Path) -> None:
    city = town(tmp_path, PARK.replace("60%", "1%"))
    lay(city, "park", "park_202601.csv", *ROWS)
    assert only(take_in(city)).outcome == "refused"
    (exported,) = export_refused(city, "park")
    assert (exported.whole, exported.rows) == (True, 3)
    answer(city, {"2": {"公园编号": "P2"}})
    back = only(take_in(city))
    assert back.outcome == "refused"
    assert "was refused as a whole" in back.message
    assert stored(city, "raw") == 0
    lay(city, "park", "park_202601.correction1.csv", "P1,520102,5")
    take_in(city, now=LATER)
    assert set(states(city).values()) == {"void"}
    assert holds(city)


def test_a_refused_correction_is_not_answered_by_what_it_corrects(tmp_path: Path) -> None:
    city = town(tmp_path, PARK.replace("60%", "1%"))
    lay(city, "park", "park_202601.correction1.csv", *ROWS)
    assert only(take_in(city)).outcome == "refused"
    lay(city, "park", "park_202601.csv", "P1,520102,5")
    assert only(take_in(city, now=LATER)).outcome == "accepted"
    assert set(states(city).values()) == {"open"}


def test_an_amendment_survives_a_crash_and_counts_once(city) -> None:
    path = answer(city, {"2": {"公园编号": "P2"}})
    opened = crash_at_the_end(city, path)
    outcomes = [one.outcome for one in take_in(opened, now=LATER)]
    assert outcomes == ["accepted", "repeat"]
    assert parks(opened) == {"P1": 5, "P2": 7, "P4": 9}
    assert holds(opened)
