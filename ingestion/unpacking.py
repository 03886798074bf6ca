"""Unpacking in bounded room: bytes are counted as they come, whatever an archive says of itself.

Keep out: kinds of archives (container, members).
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import IO

from ingestion.delivery import DeliveryRefused
from ingestion.source import Source

BLOCK = 1 << 20
UNPACKED_LIMIT = 64 << 30  # bytes: more than a city delivers in one file
FREE, RATIO = 16 << 20, 200  # bytes that may come of anything; beyond, times the packed size


class Allowance:
    """How many bytes a delivery may still unpack to."""

    def __init__(self, source: Source) -> None:
        self._name = source.name
        self._most = min(UNPACKED_LIMIT, FREE + RATIO * source.path.stat().st_size)
        self._left = self._most

    def check(self, size: int) -> None:
        """Refuse what says that it unpacks to more than is left."""
        if size > self._left:
            most = f"{self._most >> 20} MiB, the most for a file of its size"
            raise unsafe(self._name, f"unpacks to more than {most}")

    def take(self, size: int) -> None:
        """Take so many bytes of what is left."""
        self.check(size)
        self._left -= size


def unpack_stream(source: Source, stream: IO[bytes] | gzip.GzipFile, allowance: Allowance) -> Path:
    """Write what a stream unpacks to into scratch, as long as it is allowed."""
    target = source.scratch_file(".unpacked")
    with target.open("wb") as file:
        while block := stream.read(BLOCK):
            allowance.take(len(block))
            file.write(block)
    return target


def unsafe(name: str, why: str) -> DeliveryRefused:
    """Return the refusal of an archive that could do harm."""
    return DeliveryRefused(
        "unsafe_archive", f"{name}: {why} — pack plain files anew, under ordinary names"
    )


def unreadable(name: str, why: str, how: str) -> DeliveryRefused:
    """Return the refusal of what cannot be unpacked."""
    return DeliveryRefused("unreadable", f"{name}: {why} — deliver it again, {how}")
