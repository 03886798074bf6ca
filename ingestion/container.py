"""What a delivered file is packed in: nothing, gzip, or a zip archive of members.

Told by its first bytes, not by its name. Archives in archives are refused.
Keep out: reading what was packed.
"""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass

from catalog.entry import Entry
from ingestion.members import member_names, unpack_members
from ingestion.source import Source
from ingestion.unpacking import Allowance, unpack_stream, unreadable, unsafe

ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
OTHERS = {
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x05\x06": "an empty zip archive",
}
TAR, TAR_AT = b"ustar", 257
BINARY = {"parquet", "xlsx", "xls"}  # formats that are no text
WORKBOOK = "[Content_Types].xml"


@dataclass(frozen=True)
class Contents:
    """The plain files that a delivery holds, in order, and how they were packed."""

    parts: tuple[Source, ...]
    notes: tuple[str, ...] = ()


def unpack(entry: Entry, source: Source) -> Contents:
    """Return the plain files that a delivery holds: itself, or what was packed in it."""
    kind = _packed(entry, source)
    if not kind:
        return Contents((source,))
    if kind == "gzip":
        return Contents((_plain(entry, source, _gunzip(source)),), ("unpacked from gzip",))
    if kind == "zip":
        unpacked = unpack_members(entry, source)
        parts = tuple(_plain(entry, source, part) for part in unpacked.parts)
        return Contents(parts, unpacked.notes)
    raise unreadable(source.name, f"packed as {kind}", "plain, or packed as gzip or zip")


def _packed(entry: Entry, source: Source) -> str:
    """Return what a file is packed as; empty when it is what the entry's format says."""
    with source.path.open("rb") as file:
        start = file.read(TAR_AT + len(TAR))
    if start.startswith(GZIP):
        return "gzip"
    if start.startswith(ZIP):
        return "" if _is_workbook(entry, source) else "zip"
    if start[TAR_AT:] == TAR:
        return "tar"
    kind = next((kind for magic, kind in OTHERS.items() if start.startswith(magic)), "")
    # A text may begin like an archive (BZh…), but then goes on as text.
    is_text = all(byte >= 0x20 or byte in b"\t\r\n" for byte in start)
    return "" if is_text and entry.origin.format not in BINARY else kind


def _is_workbook(entry: Entry, source: Source) -> bool:
    """Tell whether a zip archive is the workbook itself; a broken one is for its reader to name."""
    if entry.origin.format not in {"xlsx", "xls"}:  # what is called xls is often a newer one
        return False
    names = member_names(source)
    return names is None or WORKBOOK in names


def _gunzip(source: Source) -> Source:
    try:
        with gzip.open(source.path, "rb") as stream:
            path = unpack_stream(source, stream, Allowance(source))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise unreadable(source.name, f"not a complete gzip file ({error})", "complete") from error
    return Source(path, source.name, source.scratch)


def _plain(entry: Entry, source: Source, part: Source) -> Source:
    """Refuse an archive in an archive."""
    if kind := _packed(entry, part):
        raise unsafe(source.name, f"holds another archive ({part.name}: {kind})")
    return part
