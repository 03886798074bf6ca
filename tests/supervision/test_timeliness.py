import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.entry import Classification, Entry, Item, Origin, Terms, Update
from catalog.vocabulary import Limit, Vocabulary
from supervision.timeliness import first_day, following, grace_of, judge

CITY = ZoneInfo("Asia/Shanghai")
CYCLES = ["realtime", "daily", "weekly", "monthly", "quarterly", "yearly"]


def entry(cycle, due=None):
    closed = Terms(type="none", legal_basis="《示例法》")
    return Entry(
        name="water_reading",
        code="307012001/000012",
        title="抄表",
        unit="guiyang_water",
        abstract="示例",
        classification=Classification(level=3, category="utility"),
        items=(Item(name="meter_id", title="水表", type="string", key=True),),
        origin=Origin(connector="files", format="csv"),
        update=Update(cycle=cycle, due=due),
        sharing=closed,
        opening=closed,
    )


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=CITY)


@pytest.mark.parametrize(
    ("now", "state", "missed"),
    [
        ("2026-03-02T00:00", "on_time", 0),
        ("2026-03-03T06:00", "on_time", 0),
        ("2026-03-03T06:01", "in_grace", 0),
        ("2026-03-03T08:24", "in_grace", 0),
        ("2026-03-03T08:25", "overdue", 1),
        ("2026-03-05T12:00", "overdue", 3),
    ],
)
def test_a_daily_resource_is_judged_by_the_day_it_last_spoke_for(now, state, missed):
    found = judge(entry("daily", "06:00"), dt.date(2026, 3, 1), at(now))
    assert (found.state, found.missed) == (state, missed)
    assert (found.period, found.due) == (dt.date(2026, 3, 2), at("2026-03-03T06:00"))
    assert found.overdue is (state == "overdue")


@pytest.mark.parametrize(
    ("cycle", "last", "period", "due_day", "grace_days"),
    [
        ("weekly", "2026-03-04", "2026-03-09", "2026-03-16", 0.7),
        ("monthly", "2026-01-15", "2026-02-01", "2026-03-01", 2.8),
        ("monthly", "2025-11-01", "2025-12-01", "2026-01-01", 3.1),
        ("quarterly", "2025-10-01", "2026-01-01", "2026-04-01", 9.0),
        ("yearly", "2025-01-01", "2026-01-01", "2027-01-01", 36.5),
    ],
)
def test_grace_is_a_tenth_of_the_cycle(cycle, last, period, due_day, grace_days):
    found = judge(entry(cycle, "06:00"), dt.date.fromisoformat(last), at("2026-01-01T00:00"))
    assert found.period == dt.date.fromisoformat(period)
    assert found.due == at(f"{due_day}T06:00")
    assert found.until - found.due == dt.timedelta(days=grace_days)


def test_without_an_hour_a_delivery_has_the_whole_day():
    found = judge(entry("monthly"), dt.date(2026, 1, 1), at("2026-03-01T23:59"))
    assert found.state == "on_time"


def test_now_may_come_in_any_zone():
    now = dt.datetime(2026, 3, 2, 22, 0, tzinfo=dt.UTC)  # 06:00 in the city
    assert judge(entry("daily", "06:00"), dt.date(2026, 3, 1), now).state == "on_time"


def test_a_resource_that_never_delivered_is_said_to_be_so():
    found = judge(entry("daily"), None, at("2026-03-01T00:00"))
    assert (found.state, found.overdue, found.due) == ("never_delivered", False, None)


def test_an_irregular_resource_is_never_late():
    found = judge(entry("irregular"), dt.date(2001, 1, 1), at("2026-03-01T00:00"))
    assert (found.state, found.overdue) == ("irregular", False)


@given(
    day=st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)),
    cycle=st.sampled_from(CYCLES),
)
def test_every_day_lies_in_exactly_one_period(day, cycle):
    begin = first_day(cycle, day)
    after = following(cycle, begin)
    assert begin <= day < after
    assert first_day(cycle, after) == after
    assert first_day(cycle, after - dt.timedelta(days=1)) == begin


@pytest.mark.parametrize(
    ("on", "share"),
    [("2025-07-31", 0.0), ("2025-08-01", 0.1), ("2026-12-31", 0.1), ("2027-01-01", 0.2)],
)
def test_the_grace_of_the_day_decides(on, share):
    rule = {"name": "delivery_grace", "title": "报送宽限", "unit": "cycle", "source": "示例"}
    new_year = dt.date(2027, 1, 1)
    limits = (
        Limit(**rule, value=0.1, valid_from=dt.date(2025, 8, 1), valid_to=dt.date(2026, 12, 31)),
        Limit(**rule, value=0.2, valid_from=new_year),
    )
    vocabulary = Vocabulary(
        units=(), divisions=(), code_lists={}, deadlines=(), groups={}, limits=limits
    )
    assert grace_of(vocabulary, on=dt.date.fromisoformat(on)) == share
