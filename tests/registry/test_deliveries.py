import datetime as dt

import pytest

from ingestion.delivery import Account, Status
from registry import deliveries
from registry.error import RegistryError
from tests.registry.facts import NOW, delivery, outcome


def accepted(registry, id_, *, stem=None, **changes):
    deliveries.open_delivery(registry, delivery(id_, **changes), stem=stem or id_)
    return deliveries.close_delivery(registry, id_, outcome(), at=NOW)


def ids(records):
    return [record.delivery.id for record in records]


@pytest.mark.parametrize(
    ("account", "said"),
    [
        (Account(10, 7, 1, 1), "10 records, but 7 accepted"),
        (Account(10, 7, 3, 1), "find the lost rows"),
        (Account(10, 12, -2, 0), "does not hold"),
    ],
)
def test_an_unbalanced_account_is_refused(registry, account, said):
    deliveries.open_delivery(registry, delivery(), stem="d1")
    with pytest.raises(RegistryError, match=said):
        deliveries.close_delivery(registry, "d1", outcome(account=account), at=NOW)
    assert ids(deliveries.unfinished(registry)) == ["d1"]


def test_a_refused_delivery_with_accepted_rows_is_refused(registry):
    deliveries.open_delivery(registry, delivery(), stem="d1")
    wrong = outcome(Status.REFUSED, account=Account(1, 1, 0, 0))
    with pytest.raises(RegistryError, match="is refused, yet 1 rows accepted"):
        deliveries.close_delivery(registry, "d1", wrong, at=NOW)


def test_closing_as_received_is_refused(registry):
    deliveries.open_delivery(registry, delivery(), stem="d1")
    with pytest.raises(RegistryError, match="accepted or refused"):
        deliveries.close_delivery(registry, "d1", outcome(Status.RECEIVED), at=NOW)


def test_an_unknown_delivery_cannot_be_closed(registry):
    with pytest.raises(RegistryError, match="nobody is unknown"):
        deliveries.close_delivery(registry, "nobody", outcome(), at=NOW)
    assert deliveries.find(registry, "nobody") is None


def test_a_delivery_comes_back_as_it_was_given(registry):
    opened = deliveries.open_delivery(registry, delivery(), stem="d1")
    assert opened.delivery == delivery()
    assert (opened.status, opened.outcome, opened.in_force) == (Status.RECEIVED, None, False)


def test_opening_again_changes_nothing(registry):
    first = deliveries.open_delivery(registry, delivery(), stem="d1")
    later = delivery(received_at=NOW + dt.timedelta(days=1), file_name="other.csv")
    assert deliveries.open_delivery(registry, later, stem="other") == first


def test_closing_again_with_the_same_outcome_changes_nothing(registry):
    first = accepted(registry, "d1")
    later = NOW + dt.timedelta(hours=1)
    assert deliveries.close_delivery(registry, "d1", outcome(), at=later) == first


def test_closing_again_with_another_outcome_is_refused(registry):
    accepted(registry, "d1")
    with pytest.raises(RegistryError, match="accepted already"):
        deliveries.close_delivery(registry, "d1", outcome(raw_version=9), at=NOW)


def test_deliveries_in_force_are_ordered_by_period_then_arrival(registry):
    days = {"late": 1, "first": 3, "second": 3, "early": 2}
    for id_ in ("first", "early", "second", "late"):
        accepted(registry, id_, as_of=dt.date(2026, 3, days[id_]))
    accepted(registry, "elsewhere", resource="gas_reading")
    found = deliveries.in_force(registry, "water_reading")
    assert ids(found) == ["late", "early", "first", "second"]


def test_refused_and_unfinished_deliveries_are_not_in_force(registry):
    deliveries.open_delivery(registry, delivery("waiting"), stem="waiting")
    deliveries.open_delivery(registry, delivery("bad"), stem="bad")
    deliveries.close_delivery(registry, "bad", outcome(Status.REFUSED), at=NOW)
    assert deliveries.in_force(registry, "water_reading") == ()
    assert ids(deliveries.all_of(registry, "water_reading")) == ["waiting", "bad"]


def test_a_correction_replaces_what_it_corrects(registry):
    accepted(registry, "old", stem="march")
    accepted(registry, "new", stem="march")
    replaced = deliveries.replace(registry, "old", "new", at=NOW)
    assert (replaced.replaced_by, replaced.in_force) == ("new", False)
    assert ids(deliveries.in_force(registry, "water_reading")) == ["new"]
    assert ids(deliveries.of_stem(registry, "water_reading", "march")) == ["old", "new"]


def test_an_unfinished_delivery_does_not_replace(registry):
    accepted(registry, "old")
    deliveries.open_delivery(registry, delivery("new"), stem="new")
    with pytest.raises(RegistryError, match="only an accepted one replaces"):
        deliveries.replace(registry, "old", "new", at=NOW)


@pytest.mark.parametrize("new", ["old", "gas"])
def test_only_another_delivery_of_the_resource_replaces(registry, new):
    accepted(registry, "old")
    accepted(registry, "gas", resource="gas_reading")
    with pytest.raises(RegistryError, match="cannot replace"):
        deliveries.replace(registry, "old", new, at=NOW)


def test_a_withdrawal_takes_back_a_delivery_and_its_corrections(registry):
    for id_ in ("old", "new"):
        accepted(registry, id_, stem="march")
    accepted(registry, "april")
    taken = deliveries.withdraw(registry, "water_reading", stem="march", at=NOW)
    assert ids(taken) == ["old", "new"]
    assert ids(deliveries.in_force(registry, "water_reading")) == ["april"]
    assert deliveries.withdraw(registry, "water_reading", stem="march", at=NOW) == ()


def test_a_withdrawn_delivery_is_no_longer_unfinished(registry):
    deliveries.open_delivery(registry, delivery(), stem="d1")
    deliveries.withdraw(registry, "water_reading", stem="d1", at=NOW)
    assert deliveries.unfinished(registry) == ()


def test_a_reinstated_delivery_is_in_force_again(registry):
    accepted(registry, "d1")
    deliveries.withdraw(registry, "water_reading", stem="d1", at=NOW)
    assert deliveries.reinstate(registry, "d1").in_force
