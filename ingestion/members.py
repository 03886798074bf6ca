"""The members of a zip archive that make up a delivery, in the order of their names.

Every name is looked at before a byte is unpacked. Keep out: how much may be unpacked (unpacking).
"""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from catalog.entry import Entry
from ingestion.delivery import DeliveryRefused, in_one_line
from ingestion.source import Source
from ingestion.unpacking import Allowance, unpack_stream, unreadable, unsafe

MEMBERS, DIRECTORY = 10_000, 8 << 20  # members, and bytes of the list of them
TAIL = (1 << 16) + 22  # bytes within which the end record of an archive begins
END, END64, LOCATOR = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
ENCRYPTED, UTF8 = 0x1, 0x800  # flags of a member
NAMED = 20  # members that a note names
ARCHIVES = {".zip", ".gz", ".gzip", ".tgz", ".7z", ".rar", ".tar", ".bz2", ".xz", ".zst"}
EXTENSIONS: dict[str, tuple[str, ...]] = {
    "csv": (".csv", ".txt", ".tsv", ".dat"),
    "tsv": (".tsv", ".txt", ".csv"),
    "fixed": (".txt", ".dat", ".prn"),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson", ".json"),
    "xml": (".xml",),
    "parquet": (".parquet",),
    "xlsx": (".xlsx",),
    "xls": (".xls",),
}


@dataclass(frozen=True)
class Members:
    """The members that are the entry's, in the order of their names, and what else was there."""

    parts: tuple[Source, ...]
    notes: tuple[str, ...]


def unpack_members(entry: Entry, source: Source) -> Members:
    """Unpack the members that are the entry's; DeliveryRefused when the archive is not sound."""
    try:
        with _archive(source) as archive:
            files = _files(source, archive)
            wanted = _wanted(entry, source, files)
            allowance = Allowance(source)
            parts = []
            for name, info in wanted.items():
                with archive.open(info) as stream:
                    path = unpack_stream(source, stream, allowance)
                parts.append(Source(path, f"{source.name}/{name}", source.scratch))
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError) as error:
        why = f"not a complete zip archive ({_shown(str(error))})"
        raise unreadable(source.name, why, "complete") from error
    except (NotImplementedError, RuntimeError) as error:
        why = f"packed in a way that is not read here ({_shown(str(error))})"
        raise unreadable(source.name, why, "packed by deflate, the usual way") from error
    return Members(tuple(parts), _notes(list(wanted), sorted(files.keys() - wanted.keys())))


def member_names(source: Source) -> set[str] | None:
    """Return the names of an archive's members; None when it is broken."""
    try:
        with _archive(source) as archive:
            return set(archive.namelist())
    except zipfile.BadZipFile:
        return None


def _notes(taken: list[str], left: list[str]) -> tuple[str, ...]:
    """Say which members were read, and which were not."""
    notes = []
    for what, names in (("members, in this order", taken), ("members left out", left)):
        if names:
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            notes.append(f"{what}: {', '.join(map(_shown, names[:NAMED]))}{more}")
    return tuple(notes)


def _archive(source: Source) -> zipfile.ZipFile:
    if (size := _directory_size(source.path)) > DIRECTORY:
        raise unsafe(source.name, f"its list of members alone takes {size >> 20} MiB")
    return zipfile.ZipFile(source.path)


def _directory_size(path: Path) -> int:
    """Return the bytes of the list of members, which zipfile would read in one piece."""
    with path.open("rb") as file:
        length = file.seek(0, 2)
        file.seek(max(0, length - TAIL - 76))
        tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + 22:
        return 0  # no archive, or a broken one: opening it says so
    (size,) = struct.unpack_from("<I", tail, at + 12)
    if at >= 76 and tail[at - 20 : at - 16] == LOCATOR and tail[at - 76 : at - 72] == END64:
        (size,) = struct.unpack_from("<Q", tail, at - 76 + 40)
    return int(size)


def _files(source: Source, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the files of an archive by name; refuse it for any that could do harm."""
    infos = archive.infolist()
    if len(infos) > MEMBERS:
        raise unsafe(source.name, f"has {len(infos)} members, more than {MEMBERS}")
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = _name(info)
        why = _trick(info, name) or ("occurs twice" if name in found else None)
        if why is not None:
            raise unsafe(source.name, f"its member {_shown(name)} {why}")
        if not info.is_dir():
            found[name] = info
    return found


def _wanted(
    entry: Entry, source: Source, files: Mapping[str, zipfile.ZipInfo]
) -> dict[str, zipfile.ZipInfo]:
    """Return the entry's members in the order of their names."""
    found = {name: info for name, info in sorted(files.items()) if _belongs(entry, name)}
    if not found:
        some = ", ".join(_shown(name) for name in sorted(files)[:5]) or "nothing"
        raise DeliveryRefused(
            "wrong_resource",
            f"{source.name}: holds {some}, and no {entry.origin.format} file of {entry.name} — "
            f"pack files called {entry.origin.pattern}",
        )
    if packed := [name for name in sorted(files) if _is_archive(name) and name not in found]:
        raise unsafe(source.name, f"holds another archive ({_shown(packed[0])})")
    if locked := [name for name, info in found.items() if info.flag_bits & ENCRYPTED]:
        raise unreadable(source.name, f"{_shown(locked[0])} is encrypted", "without a password")
    # Overlapping members share packed bytes: their sum is told before any is unpacked.
    Allowance(source).check(sum(info.file_size for info in found.values()))
    return found


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; without the flag of UTF-8, Windows here writes GBK."""
    if info.flag_bits & UTF8:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.orig_filename


def _trick(info: zipfile.ZipInfo, name: str) -> str | None:
    """Say what is wrong with a member's name or kind."""
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or a device, not a file"
    if name.startswith("/") or "\\" in name or name[1:2] == ":":
        return "has an absolute path, or one of another system"
    parts = name.removesuffix("/").split("/")
    if {"", ".", ".."} & set(parts) or not name.isprintable():
        return "leads out of the archive, or has no proper name"
    return None


def _belongs(entry: Entry, name: str) -> bool:
    """Tell whether a member is of the entry's pattern or format; what systems add is not."""
    path = PurePosixPath(name)
    if _is_of_a_system(path):
        return False
    pattern = entry.origin.pattern
    if pattern != "*" and fnmatch(path.name, pattern):
        return True
    return path.suffix.lower() in EXTENSIONS.get(entry.origin.format or "", ())


def _is_archive(name: str) -> bool:
    """Tell whether a member is an archive by its name: what it holds would be left out unseen."""
    path = PurePosixPath(name)
    return path.suffix.lower() in ARCHIVES and not _is_of_a_system(path)


def _is_of_a_system(path: PurePosixPath) -> bool:
    return path.name.startswith((".", "~$")) or "__MACOSX" in path.parts


def _shown(text: str) -> str:
    """Return a text for a message: printable, and short."""
    return in_one_line(text)[:80]
