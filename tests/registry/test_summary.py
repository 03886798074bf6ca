import datetime as dt

from ingestion.delivery import Account, Status
from registry import deliveries
from registry.summary import summary
from tests.registry.facts import NOW, delivery, outcome


def closed(registry, id_, status=Status.ACCEPTED, **changes):
    deliveries.open_delivery(registry, delivery(id_, **changes), stem=id_)
    deliveries.close_delivery(registry, id_, outcome(status), at=NOW)


def test_sums_of_a_resource_add_up_its_accounts(registry):
    closed(registry, "d1")
    closed(registry, "d2", as_of=dt.date(2026, 3, 2))
    closed(registry, "bad", Status.REFUSED)
    deliveries.open_delivery(registry, delivery("waiting"), stem="waiting")
    (found,) = summary(registry)
    assert (found.resource, found.deliveries) == ("water_reading", 4)
    assert (found.accepted, found.refused, found.received) == (2, 1, 1)
    assert found.account == Account(30, 14, 13, 3)
    assert (found.last_as_of, found.last_received) == (dt.date(2026, 3, 2), NOW)


def test_a_withdrawn_delivery_does_not_say_up_to_when_data_reach(registry):
    closed(registry, "d1")
    closed(registry, "d2", as_of=dt.date(2026, 3, 2))
    deliveries.withdraw(registry, "water_reading", stem="d2", at=NOW)
    (found,) = summary(registry)
    assert (found.withdrawn, found.last_as_of) == (1, dt.date(2026, 3, 1))


def test_resources_that_never_delivered_are_not_listed(registry):
    assert summary(registry) == ()
    closed(registry, "d1", resource="gas_reading")
    assert [each.resource for each in summary(registry)] == ["gas_reading"]
