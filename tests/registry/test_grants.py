import datetime as dt

import pytest

from registry import grants
from registry.error import RegistryError
from sharing.grant import Application
from tests.registry.facts import NOW

DAY = dt.date(2026, 3, 1)
ABOUT = {"zone": "base", "name": "person", "on": DAY}


def application(**changes):
    values = {
        "kind": "share",
        "recipient": "guiyang_housing",
        "zone": "base",
        "name": "person",
        "items": ("citizen_id", "name"),
        "purpose": "住房保障核查",
        "basis": "《城镇住房保障条例》",
        "valid_from": dt.date(2026, 1, 1),
        "valid_to": dt.date(2026, 12, 31),
    }
    return Application(**{**values, **changes})


def applied(registry, **changes):
    return grants.apply(registry, application(**changes), by="applicant", at=NOW)


def approved(registry, **changes):
    return grants.approve(registry, applied(registry, **changes), by="officer", at=NOW)


@pytest.mark.parametrize(
    ("recipient", "about"),
    [
        ("guiyang_tax", ABOUT),
        ("guiyang_housing", {**ABOUT, "name": "household"}),
        ("guiyang_housing", {**ABOUT, "zone": "raw"}),
        ("guiyang_housing", {**ABOUT, "on": dt.date(2027, 1, 1)}),
        ("guiyang_housing", {**ABOUT, "on": dt.date(2025, 12, 31)}),
    ],
)
def test_a_stranger_has_no_grant(registry, recipient, about):
    approved(registry)
    assert grants.active(registry, recipient, **about) == ()


def test_an_application_alone_grants_nothing(registry):
    applied(registry)
    assert grants.active(registry, "guiyang_housing", **ABOUT) == ()


def test_nobody_approves_an_application_of_their_own(registry):
    number = applied(registry)
    with pytest.raises(RegistryError, match="another officer decides"):
        grants.approve(registry, number, by="applicant", at=NOW)


def test_an_approved_application_is_an_active_grant(registry):
    grant = approved(registry)
    assert grants.active(registry, "guiyang_housing", **ABOUT) == (grant,)
    assert grant.application == application()


def test_a_rejected_application_stays_rejected_with_its_reason(registry):
    number = applied(registry)
    grants.reject(registry, number, by="officer", reason="用途不明", at=NOW)
    with pytest.raises(RegistryError, match="is rejected"):
        grants.approve(registry, number, by="officer", at=NOW)
    (found,) = grants.all_applications(registry)
    assert (found.status, found.reason) == (grants.ApplicationStatus.REJECTED, "用途不明")


def test_an_unknown_application_is_not_decided(registry):
    with pytest.raises(RegistryError, match="9 is unknown"):
        grants.approve(registry, 9, by="officer", at=NOW)


def test_a_revoked_grant_is_not_active(registry):
    grant = approved(registry)
    for _ in range(2):
        grants.revoke(registry, grant.id, by="officer", reason="用途不符", at=NOW)
    assert grants.active(registry, "guiyang_housing", **ABOUT) == ()
    assert [each.revoked_at for each in grants.all_grants(registry)] == [NOW]


def test_an_unknown_grant_cannot_be_revoked(registry):
    with pytest.raises(RegistryError, match="grant 9 is unknown"):
        grants.revoke(registry, 9, by="officer", reason="用途不符", at=NOW)
