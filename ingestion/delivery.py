"""What a delivery is: its identity, its account, and how it is refused.

Keep out: reading bytes (delimited, workbook, documents).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from enum import StrEnum


class DeliveryRefused(Exception):
    """A whole delivery cannot be read: `kind` names the defect, the message what to do.

    Kinds: empty, header_only, missing_column, unknown_column, wrong_encoding, truncated_xlsx,
    wrong_resource, too_many_bad_rows, unreadable, unknown_resource, not_a_file, line_too_long.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Status(StrEnum):
    """Where a delivery stands; only `received` is unfinished."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Delivery:
    """One file, known by what it holds: the same bytes for the same resource are one delivery."""

    id: str
    resource: str
    file_name: str
    digest: str  # sha256, hex
    size: int  # bytes
    received_at: dt.datetime  # zone-aware
    as_of: dt.date  # first day of the period that the file speaks for


@dataclass(frozen=True)
class Account:
    """Every source record in exactly one place."""

    records: int
    accepted: int
    quarantined: int
    repeats: int

    @property
    def balanced(self) -> bool:
        """Tell whether the places add up to the source records."""
        return self.records == self.accepted + self.quarantined + self.repeats


def delivery_id(resource: str, digest: str) -> str:
    """Return the id of the delivery of these bytes (sha256 hex digest) for this resource."""
    return hashlib.sha256(f"{resource}\n{digest}".encode()).hexdigest()[:20]
