"""What every fetch has in common: what it took, why it was refused, and what it may cost.

Messages never repeat what a driver or server said: it may hold credentials or rows.
Keep out: what is particular to one connector.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from catalog.sources import Bounds


class SourceRefused(Exception):  # noqa: N818 - an outcome of the work, not a failure of it
    """A source cannot be fetched from: `kind` names the trouble, the message what to do.

    Kinds: unreachable, denied, no_such_source, broken_answer, same_page, backward, moved,
    too_much, too_slow, rejected, bad_secret, changing.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def taken_apart(url: str, *, secret: str, shape: str) -> SplitResult:
    """Take the address in a secret apart; SourceRefused when it is none, not a word of it told."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # its words may be half of a password, such as one with a slash in it
        raise SourceRefused(
            "bad_secret",
            f"secret {secret} is no {shape}: in its user and password write / as %2F, # as "
            "%23, ? as %3F, @ as %40, : as %3A, [ as %5B, % as %25",
        ) from None
    return parts


@dataclass(frozen=True)
class Taken:
    """What one fetch wrote; `note` says what is odd about it."""

    records: int
    note: str = ""


@dataclass
class Meter:
    """What a fetch has cost so far, against what its entry allows."""

    bounds: Bounds
    bytes: int = 0
    started: float = field(default_factory=time.monotonic)

    def charge(self, count: int) -> None:
        """Count bytes that came; SourceRefused when they are too many or came too slowly."""
        self.bytes += count
        if self.bytes > self.bounds.max_megabytes * 1_000_000:
            raise SourceRefused(
                "too_much",
                f"gave more than {self.bounds.max_megabytes} MB and was cut off, nothing is kept — "
                "narrow what is fetched, or raise max_megabytes in the entry",
            )
        if self.seconds_left <= 0:
            raise self.too_slow()

    def too_slow(self) -> SourceRefused:
        """Return the refusal of a fetch that has no time left."""
        return SourceRefused(
            "too_slow",
            f"took more than {self.bounds.max_minutes} minutes and was cut off, nothing is "
            "kept — fetch less at a time, or raise max_minutes in the entry",
        )

    @property
    def seconds_left(self) -> float:
        """Return how long the fetch may still take."""
        return self.bounds.max_minutes * 60 - (time.monotonic() - self.started)
