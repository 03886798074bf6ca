import multiprocessing
from dataclasses import replace

import pytest
import sqlalchemy as sa

from registry import audit
from registry.error import RegistryError
from registry.tables import audit_events, audit_head
from sharing.audit import Anchor, AuditEvent, seal
from tests.registry.facts import NOW
from tests.registry.processes import append_many

EVENTS = audit_events.c


def event(number, **changes):
    values = {
        "key": f"cross:{number}",
        "at": NOW,
        "actor": "citylake",
        "action": "backflow",
        "subject": "base.person",
        "detail": {"rows": number, "区县": "南明区"},
    }
    return AuditEvent(**{**values, **changes})


@pytest.fixture
def chain(registry):
    for number in range(1, 6):
        audit.append(registry, event(number))
    return registry


def tamper(registry, *statements):
    with registry.write() as connection:
        for statement in statements:
            connection.execute(statement)


def change(sequence, /, **values):
    return sa.update(audit_events).where(EVENTS.sequence == sequence).values(values)


def drop(sequence):
    return sa.delete(audit_events).where(EVENTS.sequence == sequence)


def test_an_untouched_chain_holds(chain):
    assert audit.verify(chain) == audit.AuditCheck(True, 5)


def test_an_empty_chain_holds(registry):
    assert audit.verify(registry) == audit.AuditCheck(True, 0)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("key", "cross:0"),
        ("at", NOW.replace(year=2025)),
        ("actor", "somebody"),
        ("action", "share"),
        ("subject", "base.household"),
        ("detail", '{"rows":4,"区县":"南明区"}'),
        ("detail", "no json"),
        ("detail", '["no","mapping"]'),
        ("digest", "0" * 64),
    ],
)
def test_a_changed_event_is_found(chain, column, value):
    tamper(chain, change(3, **{column: value}))
    found = audit.verify(chain)
    assert (found.ok, found.events) == (False, 2)
    assert found.problem == "event 3 was changed: its digest does not cover it"


def test_a_changed_link_is_found(chain):
    tamper(chain, change(3, previous="0" * 64))
    assert "event 3 does not follow event 2" in audit.verify(chain).problem


def test_a_change_sealed_anew_breaks_the_next_link(chain):
    forged = event(3, actor="somebody")
    previous = audit.events(chain)[2].previous
    tamper(chain, change(3, actor="somebody", digest=seal(previous, forged)))
    assert "event 4 does not follow event 3" in audit.verify(chain).problem


def test_the_newest_event_sealed_anew_contradicts_the_head(chain):
    forged = event(5, actor="somebody")
    previous = audit.events(chain)[4].previous
    tamper(chain, change(5, actor="somebody", digest=seal(previous, forged)))
    assert (
        audit.verify(chain).problem == "event 5 was changed: the head record holds another digest"
    )


@pytest.mark.parametrize("sequence", [1, 3, 4])
def test_a_dropped_event_leaves_a_gap(chain, sequence):
    tamper(chain, drop(sequence))
    assert audit.verify(chain).problem.startswith(f"event {sequence} was dropped")


def test_a_dropped_event_with_renumbered_followers_is_found(chain):
    tamper(chain, drop(3), change(4, sequence=3), change(5, sequence=4))
    assert "event 3 does not follow event 2" in audit.verify(chain).problem


def test_dropping_the_newest_events_is_found(chain):
    tamper(chain, drop(5), drop(4))
    assert audit.verify(chain).problem == "events 4 to 5 were dropped from the end of the chain"


def test_dropping_everything_is_found(chain):
    tamper(chain, sa.delete(audit_events))
    assert audit.verify(chain).problem == "events 1 to 5 were dropped from the end of the chain"


def test_a_tail_cut_together_with_the_head_contradicts_an_anchor(chain):
    anchor, before = audit.head(chain), audit.events(chain)[3]
    tamper(chain, drop(5), sa.update(audit_head).values(events=4, digest=before.digest))
    assert audit.verify(chain).ok
    found = audit.verify(chain, anchors=[anchor])
    assert found.problem == "the chain ends at 4, but event 5 was anchored: tail dropped"


def test_a_chain_rewritten_whole_contradicts_an_anchor(chain):
    anchor = replace(audit.head(chain), digest="f" * 64)
    assert "not the one anchored" in audit.verify(chain, anchors=[anchor]).problem


def test_anchors_of_a_chain_that_grew_still_hold(chain):
    anchors = [Anchor(0, "0" * 64), audit.head(chain)]
    audit.append(chain, event(6))
    assert audit.verify(chain, anchors=anchors) == audit.AuditCheck(True, 6)


def inserted(chain, sequence):
    last = audit.events(chain)[-1]
    forged = event(99)
    values = {name: getattr(forged, name) for name in ("key", "at", "actor", "action", "subject")}
    digest = seal(last.digest, forged)
    values |= {"sequence": sequence, "previous": last.digest, "digest": digest}
    return sa.insert(audit_events).values({**values, "detail": '{"rows":99,"区县":"南明区"}'})


def test_an_event_inserted_at_the_end_is_found(chain):
    tamper(chain, inserted(chain, 6))
    assert audit.verify(chain).problem == "event 6 was inserted at the end of the chain"


def test_an_event_inserted_before_the_first_is_found(chain):
    tamper(chain, inserted(chain, 0))
    assert audit.verify(chain).problem == "event 0 was inserted: the chain begins with 1"


def test_an_event_inserted_between_others_is_found(chain):
    forged = inserted(chain, 3)
    tamper(chain, change(5, sequence=6), change(4, sequence=5), change(3, sequence=4), forged)
    assert "event 3 does not follow event 2" in audit.verify(chain).problem


def test_a_lost_head_is_found_and_nothing_is_appended(chain):
    tamper(chain, sa.delete(audit_head))
    assert "lost its head" in audit.verify(chain).problem
    with pytest.raises(RegistryError, match="lost its head"):
        audit.append(chain, event(6))


def test_a_rerun_does_not_append_twice(chain):
    again = audit.append(chain, event(3, at=NOW.replace(hour=9)))
    assert (again.sequence, again.event.at) == (3, NOW)
    assert audit.verify(chain) == audit.AuditCheck(True, 5)


def test_one_key_does_not_stand_for_two_acts(chain):
    with pytest.raises(RegistryError, match="a key of its own"):
        audit.append(chain, event(3, action="share"))


def _append_and_fail(registry):
    with registry.write():
        audit.append(registry, event(6))
        raise KeyError("power cut")


def test_an_event_undone_with_its_act_leaves_no_gap(chain):
    with pytest.raises(KeyError):
        _append_and_fail(chain)
    assert audit.append(chain, event(7)).sequence == 6
    assert audit.verify(chain).ok


def test_events_of_a_subject_are_listed_oldest_first(chain):
    audit.append(chain, event(6, subject="raw.resident"))
    assert [e.sequence for e in audit.events(chain, subject="base.person", limit=2)] == [4, 5]
    assert [e.sequence for e in audit.events(chain, subject="raw.resident")] == [6]


def test_processes_append_at_once_without_loss_or_fork(registry, url):
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    writers = [context.Process(target=append_many, args=(url, barrier, n)) for n in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert audit.verify(registry) == audit.AuditCheck(True, 75)
