import pytest
import sqlalchemy as sa

from registry import verdicts
from registry.error import RegistryError
from registry.tables import verdicts as table
from tests.registry.facts import NOW, verdict


@pytest.mark.parametrize("about", [{}, {"delivery": "d1", "version": 3}])
def test_a_verdict_on_nothing_or_on_two_things_is_refused(registry, about):
    with pytest.raises(RegistryError, match="its delivery or its version"):
        verdicts.keep(registry, verdict(), at=NOW, **about)


def test_a_verdict_comes_back_as_it_was_given(registry):
    number = verdicts.keep(registry, verdict(), version=3, at=NOW)
    kept = verdicts.get(registry, number)
    assert kept == verdicts.Kept(number, verdict(), None, 3, NOW)
    assert kept.verdict.rules == verdict().rules


def test_the_latest_verdict_on_a_table_is_found(registry):
    for version, passed in enumerate((True, False)):
        verdicts.keep(registry, verdict(passed=passed), version=version, at=NOW)
    verdicts.keep(registry, verdict("base.other"), version=7, at=NOW)
    assert verdicts.latest(registry, "base.person").verdict.passed is False
    assert [kept.version for kept in verdicts.for_subject(registry, "base.person")] == [0, 1]
    assert verdicts.latest(registry, "base.nobody") is None


def test_the_verdict_on_a_delivery_is_found(registry):
    verdicts.keep(registry, verdict("raw.water"), delivery="d1", at=NOW)
    newer = verdicts.keep(registry, verdict("raw.water"), delivery="d1", at=NOW)
    assert verdicts.for_delivery(registry, "d1").id == newer
    assert verdicts.for_delivery(registry, "d2") is None


def test_documents_are_kept_small(registry):
    verdicts.keep(registry, verdict(), version=3, at=NOW)
    with registry.read() as connection:
        stored = connection.execute(sa.select(table.c.document)).scalar_one()
    assert len(stored) < len(str(verdict().document)) / 10
