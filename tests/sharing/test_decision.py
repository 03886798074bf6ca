import datetime as dt

import pytest

from catalog.entry import Backflow, Classification, Entry, Item, Origin, Terms, Update
from sharing.decision import Decision, Reason, Request, decide
from sharing.grant import Application, Grant

DAY = dt.date(2026, 3, 1)
ITEMS = (
    Item(name="citizen_id", title="公民身份号码", type="string", key=True, sensitivity="personal"),
    Item(name="district", title="区县", type="string"),
    Item(name="members", title="人数", type="integer"),
)
SUMS = ("district", "members")
OPEN, CLOSED = Terms(type="unconditional"), Terms(type="none", legal_basis="《示例法》")
CONDITIONAL = Terms(type="conditional", condition="仅限民生核查")
BY_DISTRICT = Terms(type="conditional", aggregate="district")
FULL_YEAR = {"valid_from": dt.date(2026, 1, 1), "valid_to": dt.date(2026, 12, 31)}


def entry(**changes):
    values = {
        "name": "household",
        "code": "307012001/000012",
        "title": "家庭",
        "unit": "guiyang_housing",
        "abstract": "示例",
        "classification": Classification(level=3, category="population"),
        "items": ITEMS,
        "origin": Origin(model="base", database="population"),
        "update": Update(cycle="monthly"),
        "sharing": CONDITIONAL,
        "opening": CONDITIONAL,
        "backflow": Backflow(by="district"),
    }
    return Entry(**{**values, **changes})


def grant(kind="share", **changes):
    revoked_at = changes.pop("revoked_at", None)
    values = {
        "kind": kind,
        "recipient": "guiyang_tax",
        "zone": "base",
        "name": "household",
        "items": SUMS,
        "purpose": "核查",
        "basis": "《示例条例》",
        **FULL_YEAR,
    }
    return Grant(7, Application(**{**values, **changes}), "officer", revoked_at)


@pytest.fixture
def ask(vocabulary):
    def ask(kind, recipient="guiyang_tax", *, grants=(), about=None, **changes) -> Decision:
        values = {
            "items": SUMS,
            "on": DAY,
            "vocabulary": vocabulary,
            "version": 1,
            "verdict_passed": True,
            "purpose": "核查",
        }
        request = Request(
            kind, recipient, entry(**(about or {})), **{**values, "grants": grants, **changes}
        )
        return decide(request)

    return ask


@pytest.mark.parametrize(
    ("kind", "recipient", "reason"),
    [
        ("backflow", "110101", Reason.UNKNOWN_RECIPIENT),
        ("backflow", "guiyang_tax", Reason.UNKNOWN_RECIPIENT),
        ("backflow", "520100", Reason.UNKNOWN_RECIPIENT),
        ("backflow", "520114", Reason.UNKNOWN_RECIPIENT),
        ("share", "stranger", Reason.UNKNOWN_RECIPIENT),
        ("share", "guiyang_tax", Reason.NO_GRANT),
        ("open", "stranger", Reason.NO_GRANT),
        ("license", "stranger", Reason.NO_GRANT),
    ],
)
def test_a_stranger_is_refused(ask, kind, recipient, reason):
    found = ask(kind, recipient)
    assert (found.allowed, found.reason) == (False, reason)
    assert found.text
    assert found.basis


@pytest.mark.parametrize("kind", ["backflow", "share", "open", "license"])
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": None}, Reason.NOT_RELEASED),
        ({"verdict_passed": False}, Reason.VERDICT_NOT_PASSED),
        ({"items": ("income",)}, Reason.UNKNOWN_ITEM),
        ({"items": ()}, Reason.UNKNOWN_ITEM),
    ],
)
def test_nothing_unfit_crosses_whatever_allows_it(ask, kind, changes, reason):
    about = {"sharing": OPEN, "opening": OPEN}
    recipient = "520102" if kind == "backflow" else "guiyang_tax"
    found = ask(kind, recipient, about=about, grants=(grant(kind),), **changes)
    assert (found.allowed, found.reason) == (False, reason)


@pytest.mark.parametrize("level", ["important", "core"])
@pytest.mark.parametrize("kind", ["backflow", "share", "open", "license"])
def test_important_and_core_data_never_cross(ask, kind, level):
    about = {"classification": Classification(level=level, category="x"), "sharing": OPEN}
    recipient = "520102" if kind == "backflow" else "guiyang_tax"
    found = ask(kind, recipient, about=about, grants=(grant(kind),))
    assert (found.reason, found.basis) == (Reason.CLASSIFIED, "GB/T 43697-2024 数据分类分级规则")


@pytest.mark.parametrize(
    ("recipient", "on", "allowed"),
    [
        ("520102", DAY, True),
        ("520191", DAY, True),
        ("520115", DAY, True),
        ("520115", dt.date(2012, 11, 14), False),
    ],
)
def test_backflow_goes_to_districts_of_the_day(ask, recipient, on, allowed):
    assert ask("backflow", recipient, on=on).allowed is allowed


def test_a_table_not_marked_does_not_flow_back(ask):
    assert ask("backflow", "520102", about={"backflow": None}).reason == Reason.NOT_MARKED


def test_unconditional_data_are_shared_with_units_without_a_grant(ask):
    found = ask("share", about={"sharing": OPEN}, items=("citizen_id",), purpose="")
    assert (found.allowed, found.reason) == (True, Reason.ALLOWED_UNCONDITIONAL)


@pytest.mark.parametrize("kind", ["share", "open", "license"])
def test_closed_data_are_refused_with_their_legal_basis(ask, kind):
    about = {"sharing": CLOSED, "opening": CLOSED}
    found = ask(kind, about=about, grants=(grant(kind),))
    assert (found.reason, found.basis) == (Reason.ACCESS_NONE, "《示例法》")


@pytest.mark.parametrize("kind", ["share", "open", "license"])
@pytest.mark.parametrize(
    ("given", "asked", "reason"),
    [
        ({}, {}, Reason.ALLOWED_GRANT),
        ({}, {"items": ("members",)}, Reason.ALLOWED_GRANT),
        ({"items": ("members",)}, {}, Reason.ITEM_NOT_GRANTED),
        ({}, {"purpose": "营销"}, Reason.OTHER_PURPOSE),
        ({}, {"purpose": ""}, Reason.OTHER_PURPOSE),
        ({}, {"on": dt.date(2027, 1, 1)}, Reason.GRANT_NOT_ACTIVE),
        ({}, {"on": dt.date(2025, 12, 31)}, Reason.GRANT_NOT_ACTIVE),
        ({"revoked_at": dt.datetime(2026, 2, 1, tzinfo=dt.UTC)}, {}, Reason.GRANT_NOT_ACTIVE),
        ({"recipient": "guiyang_housing"}, {}, Reason.NO_GRANT),
        ({"name": "person"}, {}, Reason.NO_GRANT),
        ({"zone": "raw"}, {}, Reason.NO_GRANT),
    ],
)
def test_conditional_data_need_one_grant_that_covers_all(ask, kind, given, asked, reason):
    found = ask(kind, grants=(grant(kind, **given),), **asked)
    assert (found.reason, found.allowed) == (reason, reason is Reason.ALLOWED_GRANT)


def test_a_grant_of_one_kind_allows_no_other(ask):
    for kind, other in (("share", "open"), ("open", "license"), ("license", "share")):
        assert ask(kind, grants=(grant(other),)).reason == Reason.NO_GRANT


def test_two_grants_do_not_add_up_to_one(ask):
    halves = (grant(items=("district",)), grant(items=("members",)))
    assert ask("share", grants=halves).reason == Reason.ITEM_NOT_GRANTED


@pytest.mark.parametrize("kind", ["open", "license"])
def test_personal_items_are_not_opened(ask, kind):
    items = ("citizen_id", "members")
    found = ask(kind, items=items, grants=(grant(kind, items=items),), about={"opening": OPEN})
    assert found.reason == Reason.PERSONAL_ITEM
    assert "公民身份号码" in found.text


@pytest.mark.parametrize("kind", ["open", "license"])
def test_rows_of_data_that_open_only_as_sums_are_refused(ask, kind):
    found = ask(kind, about={"opening": BY_DISTRICT}, grants=(grant(kind),))
    assert found.reason == Reason.ONLY_AGGREGATE


def test_unconditional_data_are_open_to_the_public(ask):
    assert ask("open", "public", about={"opening": OPEN}).allowed


@pytest.mark.parametrize(
    ("ends", "reason"),
    [
        (dt.date(2028, 12, 31), Reason.ALLOWED_GRANT),
        (dt.date(2029, 1, 1), Reason.TERM_TOO_LONG),
        (dt.date(2036, 1, 1), Reason.TERM_TOO_LONG),
    ],
)
def test_a_licence_lasts_at_most_three_years(ask, ends, reason):
    assert ask("license", grants=(grant("license", valid_to=ends),)).reason == reason


def test_without_a_limit_of_the_day_no_licence_is_short_enough(ask, vocabulary):
    unlimited = vocabulary.model_copy(update={"limits": ()})
    found = ask("license", grants=(grant("license"),), vocabulary=unlimited)
    assert found.reason == Reason.TERM_TOO_LONG
