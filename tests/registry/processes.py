"""What other processes do to a registry, apart from the tests: each imports only this."""

import signal

from registry import audit, deliveries
from registry.belonging import holding
from registry.schema import Registry
from sharing.audit import AuditEvent
from tests.registry.facts import NOW, delivery


def open_at_once(url, barrier, name):
    barrier.wait()
    with Registry(url) as registry:
        deliveries.open_delivery(registry, delivery(name), stem=name)


def append_many(url, barrier, name):
    with Registry(url) as registry:
        barrier.wait()
        for number in range(25):
            for key in (f"{name}:{number}", f"both:{number}"):
                event = AuditEvent(key, NOW, "citylake", "backflow", "base.person")
                audit.append(registry, event)


def count_up(url, path, times):
    with Registry(url) as registry:
        for _ in range(times):
            with holding(registry, "park"):
                path.write_text(str(int(path.read_text()) + 1))


def hold_for_ever(url, barrier):
    with Registry(url) as registry, holding(registry, "park"):
        barrier.wait()
        signal.pause()
