"""The workbook stream of an xls: its sectors put end to end (OLE2), and the records in it (BIFF8).

Keep out: what the records mean (old_scan).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

ENTRY = 128
SMALL = 4096  # bytes: shorter streams lie elsewhere, and no workbook of an office is one
NAMES = ("Workbook", "WORKBOOK")  # `Book` holds what was written before 1997
LAST = 0xFFFFFFFA  # sector numbers from here on mean something else
Record = tuple[int, int, int]  # kind, where its content starts, its length


class OddBook(ValueError):  # noqa: N818 - told to the reader, which goes on without
    """A container whose sectors contradict each other."""


@dataclass(frozen=True)
class Sectors:
    """The sectors of a file: where they lie, and which follows which."""

    content: bytes
    size: int
    next: tuple[int, ...]

    def chain(self, first: int, *, most: int) -> bytes:
        """Return the sectors from one on, put end to end."""
        parts, at, left = [], first, most
        while at < LAST and left > 0:
            if at >= len(self.next):
                raise OddBook(f"sector {at} is not there")
            begin = (at + 1) * self.size  # after the header
            parts.append(self.content[begin : begin + self.size])
            at, left = self.next[at], left - self.size
        return b"".join(parts)


def workbook_stream(content: bytes) -> bytes | None:
    """Return the stream that holds the workbook; None where it is none of Excel 97 or later."""
    try:
        shift, fats, folder, more = _head(content)
        table = _table(content, 1 << shift, fats, more)
        whole = Sectors(content, 1 << shift, table)
        found = _entry(whole.chain(folder, most=len(content)))
        if found is None or found[1] < SMALL:
            return None
        first, length = found
        return whole.chain(first, most=length)[:length]
    except (struct.error, IndexError) as error:
        raise OddBook(str(error)) from error


def _head(content: bytes) -> tuple[int, ...]:
    (shift,) = struct.unpack_from("<H", content, 30)
    if not 7 <= shift <= 16:
        raise OddBook(f"sectors of 2^{shift} bytes")
    fats, folder = struct.unpack_from("<II", content, 44)
    (more,) = struct.unpack_from("<I", content, 68)
    return shift, fats, folder, more


def _table(content: bytes, size: int, fats: int, more: int) -> tuple[int, ...]:
    """Return which sector follows which, out of all sectors of the table."""
    numbers = list(struct.unpack_from("<109I", content, 76))
    while more < LAST and len(numbers) < fats:
        *found, more = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        numbers += found
    parts = [content[(n + 1) * size : (n + 2) * size] for n in numbers[:fats] if n < LAST]
    joined = b"".join(parts)
    return struct.unpack(f"<{len(joined) // 4}I", joined)


def _entry(entries: bytes) -> tuple[int, int] | None:
    """Return the first sector and the length of the workbook's stream."""
    for at in range(0, len(entries) - ENTRY + 1, ENTRY):
        (length,) = struct.unpack_from("<H", entries, at + 64)
        name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        if name in NAMES:
            return struct.unpack_from("<II", entries, at + 116)
    return None


def records(stream: bytes, at: int) -> Iterator[Record]:
    """Walk the records from a place on: kind, start, length."""
    head = struct.Struct("<HH")
    while at + 4 <= len(stream):
        kind, length = head.unpack_from(stream, at)
        yield kind, at + 4, min(length, len(stream) - at - 4)
        at += 4 + length
