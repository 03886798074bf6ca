"""Floods: more damage than any delivery has, refused before it fills the memory.

Keep out: telling what is damaged, and thresholds of the gate (quality).
"""

from __future__ import annotations

from collections.abc import Sequence, Sized

from ingestion.delimited.marks import MOST_ODD
from ingestion.delivery import DeliveryRefused


class Flood(Exception):  # noqa: N818 - told to the reader, which knows the file's name
    """There is more damage than is kept; the reader refuses the delivery."""


class Tally:
    """How many odd records were met so far, by all threads."""

    def __init__(self) -> None:
        self._count = 0

    def add(self, more: int) -> None:
        """Count more of them; Flood when they are too many."""
        self._count += more  # a lost count of two threads only lets a few more pass
        if self._count > MOST_ODD:
            raise Flood


def check_kept(parts: Sequence[Sized], file_name: str) -> None:
    """Refuse a delivery of which more malformed records were set aside than is kept."""
    if sum(map(len, parts)) > MOST_ODD:
        raise flood(file_name)


def flood(file_name: str) -> DeliveryRefused:
    """Return the refusal of a delivery that is mostly damage."""
    return DeliveryRefused(
        "too_many_bad_rows",
        f"{file_name}: more than {MOST_ODD // 1_000_000} million malformed records, blank lines "
        "or repeated headers — deliver it again, whole and in the declared dialect",
    )
