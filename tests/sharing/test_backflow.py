import datetime as dt
from itertools import chain

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from sharing.backflow import address, deal, routes, split, tally

DAY = dt.date(2026, 3, 1)
RECIPIENTS = ("520102", "520103", "520111", "520115", "520191")


@pytest.fixture(scope="module")
def ways(vocabulary):
    return routes(vocabulary, on=DAY)


def addressed(codes, ways):
    frame = pl.LazyFrame(
        {"id": range(len(codes)), "district": codes},
        schema={"id": pl.Int64, "district": pl.String},
    )
    return address(frame, "district", ways)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (None, "no_division"),
        ("", "no_division"),
        ("  ", "no_division"),
        ("520100", "above_district"),
        ("520000", "above_district"),
        ("110101", "outside_city"),
        ("520201", "outside_city"),
        ("110101001", "outside_city"),
        ("520177", "unknown_division"),
        ("52010", "unknown_division"),
        ("南明区", "unknown_division"),
        ("520199", "unknown_division"),
        ("520100001", "unknown_division"),
    ],
)
def test_a_row_of_no_district_goes_to_nobody(ways, code, reason):
    found = addressed([code], ways).collect()
    assert found.select("_recipient", "_withheld").row(0) == (None, reason)


@pytest.mark.parametrize(
    ("code", "recipient"),
    [
        ("520102", "520102"),
        (" 520102 ", "520102"),
        ("520191", "520191"),
        ("520114", "520111"),
        ("520102001", "520102"),
        ("520102999", "520102"),
        ("520102001001", "520102"),
        ("520114003", "520111"),
        ("520111900", "520191"),
    ],
)
def test_a_row_goes_to_the_district_that_owns_its_code(ways, code, recipient):
    found = addressed([code], ways).collect()
    assert found.select("_recipient", "_withheld").row(0) == (recipient, None)


@pytest.mark.parametrize(
    ("on", "code", "recipient"),
    [
        (dt.date(2012, 11, 14), "520115", None),
        (dt.date(2012, 11, 15), "520115", "520115"),
        (dt.date(2012, 11, 15), "520114", "520111"),
    ],
)
def test_districts_of_the_day_decide(vocabulary, on, code, recipient):
    then = routes(vocabulary, on=on)
    assert addressed([code], then).collect()["_recipient"].to_list() == [recipient]


def test_recipients_are_the_districts_in_force(ways, vocabulary):
    assert sorted(ways.recipients) == list(RECIPIENTS)
    assert "520115" not in routes(vocabulary, on=dt.date(2000, 1, 1)).recipients


def test_a_code_used_twice_means_the_division_in_force(vocabulary):
    old = vocabulary.divisions[2].model_copy(
        update={"valid_to": dt.date(1990, 1, 1), "successor": "520103", "backflow": False}
    )
    new = vocabulary.divisions[2].model_copy(update={"valid_from": dt.date(1990, 1, 2)})
    others = [d for d in vocabulary.divisions if d.code != "520102"]
    for order in ((old, new), (new, old)):
        twice = vocabulary.model_copy(update={"divisions": (*order, *others)})
        assert routes(twice, on=DAY).to["520102"] == "520102"


def test_successors_in_a_circle_lead_nowhere(vocabulary):
    ended = {"valid_to": dt.date(2000, 1, 1), "backflow": False}
    ring = [
        vocabulary.divisions[2].model_copy(update={**ended, "code": a, "successor": b})
        for a, b in (("520131", "520132"), ("520132", "520131"))
    ]
    circular = vocabulary.model_copy(update={"divisions": (*vocabulary.divisions, *ring)})
    assert "520131" not in routes(circular, on=DAY).to


def test_every_recipient_is_counted_even_without_rows(ways):
    counted = tally(addressed([], ways), ways)
    assert dict(counted.rows) == dict.fromkeys(RECIPIENTS, 0)
    assert counted.total == 0


def test_rows_cross_as_they_stand_in_the_table(ways):
    frame = addressed(["520102", "520103", None], ways)
    found = split(frame, ways)["520102"].collect()
    assert_frame_equal(found, pl.DataFrame({"id": [0], "district": ["520102"]}))


def test_one_scan_deals_the_same_rows_as_many(ways, tmp_path):
    frame = addressed(["520102", "520103", None, "520114", "110101", "520102"], ways)
    dealt, parted = deal(frame, ways, tmp_path / "dealt"), split(frame, ways)
    assert list(dealt) == list(parted)
    for recipient, rows in parted.items():
        assert_frame_equal(dealt[recipient].collect(), rows.collect())


def test_dealing_no_rows_gives_everybody_an_empty_table(ways, tmp_path):
    dealt = deal(addressed([None], ways), ways, tmp_path / "dealt")
    assert {rows.collect().shape for rows in dealt.values()} == {(0, 2)}


CODES = st.one_of(
    st.none(),
    st.sampled_from(["520102", "520103", "520114", "520115", "520100", "520191", "110101", ""]),
    st.from_regex(r"\A52010[0-9]{4}\Z"),
    st.text(max_size=12),
)


@settings(max_examples=60, deadline=None)
@given(codes=st.lists(CODES, max_size=40))
def test_every_row_is_crossed_once_or_withheld_with_a_reason(ways, codes):
    frame = addressed(codes, ways)
    counted = tally(frame, ways)
    crossed = {code: rows.collect()["id"].to_list() for code, rows in split(frame, ways).items()}
    withheld = frame.filter(pl.col("_withheld").is_not_null()).collect()["id"].to_list()
    assert {code: len(ids) for code, ids in crossed.items()} == dict(counted.rows)
    assert len(withheld) == sum(counted.withheld.values())
    assert sorted([*chain.from_iterable(crossed.values()), *withheld]) == list(range(len(codes)))
    assert counted.total == len(codes)
