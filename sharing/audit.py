"""An audit event (审计事件) and its seal: each digest covers the event and the digest before it.

Keep out: where events are kept and verified (registry/audit.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sharing.error import SharingError

GENESIS = "0" * 64  # what the first event of a chain follows


@dataclass(frozen=True)
class AuditEvent:
    """One act: who did what to what, when; `key` names the act, so a rerun says it only once."""

    key: str
    at: dt.datetime  # zone-aware
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object] = field(default_factory=dict)  # JSON values, no personal data


@dataclass(frozen=True)
class Sealed:
    """An event in its place in the chain."""

    sequence: int  # 1, 2, 3, … without a gap
    event: AuditEvent
    previous: str
    digest: str


@dataclass(frozen=True)
class Anchor:
    """The end of a chain at some time: kept elsewhere, it proves that no newer tail was cut."""

    events: int
    digest: str


def canonical(value: object) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, no NaN."""
    try:
        return json.dumps(
            value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
        )
    except (TypeError, ValueError) as error:
        raise SharingError(
            f"audit detail is not plain JSON ({error}): pass text and numbers"
        ) from error


def seal(previous: str, event: AuditEvent) -> str:
    """Return the digest of an event that follows the event with digest `previous`."""
    if event.at.tzinfo is None:
        raise SharingError(f"audit event {event.key}: time has no zone; pass a zone-aware datetime")
    content = {
        "key": event.key,
        "at": event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "action": event.action,
        "subject": event.subject,
        "detail": dict(event.detail),
        "previous": previous,
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()
