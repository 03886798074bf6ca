"""The package (数据包) that leaves: one CSV and its manifest, complete or not there at all.

Data are written as they are: a cell that a spreadsheet would take for a formula is counted in
the manifest, not altered. Keep out: deciding what may leave (decision.py), which rows (backflow).
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from catalog.schema import CITY_ZONE
from sharing.error import SharingError
from sharing.manifest import Manifest, Stated

MANIFEST = "manifest.json"
FORMULA = r"^[=+\-@\t\r]"  # what spreadsheets run instead of showing (OWASP: CSV injection)
BOM = b"\xef\xbb\xbf"  # Excel reads UTF-8 as the local code page without it


@dataclass(frozen=True)
class Package:
    """A written package: where it is, what it states, and the digest of that statement."""

    folder: Path
    manifest: Manifest
    digest: str  # sha256 of manifest.json, which holds the digest of the data


@dataclass(frozen=True)
class PackageCheck:
    """Whether a package is what its manifest states, and what is wrong first."""

    ok: bool
    problem: str | None = None


def write_package(frame: pl.LazyFrame, *, target: Path, manifest: Manifest) -> Package:
    """Write the manifest's columns of a frame into a new folder; a finished one is left alone."""
    if (target / MANIFEST).exists():
        return _finished(target, manifest)
    part = target.with_name(f".{target.name}.part-{os.getpid()}")
    try:
        _sweep(target)
        _write(frame, part, manifest)
        part.rename(target)
        _keep(target.parent)
    except OSError as error:
        # Another process may have finished the same package meanwhile: then it counts.
        if (target / MANIFEST).exists():
            return _finished(target, manifest)
        raise SharingError(
            f"package {target.name} cannot be written ({error}): check the outbox"
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return read_package(target)


def read_package(folder: Path) -> Package:
    """Read what a package states of itself."""
    try:
        text = (folder / MANIFEST).read_bytes()
        manifest = Manifest.model_validate_json(text)
    except (OSError, ValidationError) as error:
        raise SharingError(f"{folder.name}/{MANIFEST} cannot be read: {_short(error)}") from error
    return Package(folder, manifest, hashlib.sha256(text).hexdigest())


def verify_package(folder: Path) -> PackageCheck:
    """Recompute digest, size, rows and columns of a package and compare with its manifest."""
    try:
        problem = _problem(folder, read_package(folder).manifest)
    except SharingError as error:
        problem = str(error)
    return PackageCheck(problem is None, problem)


def _problem(folder: Path, manifest: Manifest) -> str | None:
    data = folder / manifest.file_name
    strangers = {path.name for path in folder.iterdir()} - {MANIFEST, manifest.file_name}
    if manifest.data is None:
        return f"{MANIFEST} does not state its data: incomplete"
    if strangers:
        return f"files that no manifest names: {', '.join(sorted(strangers))}"
    if not data.is_file():
        return f"{data.name} is missing"
    if (digest := _digest(data)) != manifest.data.sha256:
        return f"{data.name} was changed: its sha256 is {digest}"
    if _measure(data, manifest) != manifest.data:
        return f"{data.name}: rows, size or columns differ from the manifest"
    return None


def _finished(target: Path, manifest: Manifest) -> Package:
    """Return the package that is there, if it is the same one and whole."""
    package, check = read_package(target), verify_package(target)
    # A rerun happens at another time: that alone makes no other package.
    same = {"data": None, "created_at": manifest.created_at}
    if not check.ok or package.manifest.model_copy(update=same) != manifest:
        problem = check.problem or f"it states another crossing ({package.manifest.crossing})"
        raise SharingError(f"package {target.name} is in the way: {problem}: move it away, rerun")
    return package


def _sweep(target: Path) -> None:
    """Remove what killed processes left of this package."""
    for left in target.parent.glob(f".{target.name}.part-*"):
        try:
            os.kill(int(left.name.rpartition("-")[2]), 0)
        except ProcessLookupError:
            shutil.rmtree(left)


def _write(frame: pl.LazyFrame, folder: Path, manifest: Manifest) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    data = folder / manifest.file_name
    _write_csv(frame, data, manifest)
    stated = manifest.model_copy(update={"data": _measure(data, manifest)})
    (folder / MANIFEST).write_text(stated.model_dump_json(indent=2) + "\n", encoding="utf-8")
    _keep(data, folder / MANIFEST, folder)


def _write_csv(frame: pl.LazyFrame, path: Path, manifest: Manifest) -> None:
    names = [column.name for column in manifest.columns]
    schema = frame.collect_schema()
    missing = [name for name in names if name not in schema]
    if missing:
        raise SharingError(f"package of {manifest.table}: rows have no column {', '.join(missing)}")
    instants = [name for name in names if isinstance(schema[name], pl.Datetime)]
    shown = frame.select(names).with_columns(
        pl.col(name).dt.convert_time_zone(CITY_ZONE) for name in instants
    )
    shown.sink_csv(
        path, include_bom=True, datetime_format="%Y-%m-%dT%H:%M:%S%:z", engine="streaming"
    )


def _measure(path: Path, manifest: Manifest) -> Stated:
    """Count rows and formula-like cells in the bytes that were written, not in the source."""
    texts = [
        column.name for column in manifest.columns if column.type in {"string", "code", "json"}
    ]
    columns = pl.scan_csv(path, infer_schema=False)
    if columns.collect_schema().names() != [column.name for column in manifest.columns]:
        raise SharingError(f"{path.name}: its header is not the columns of the manifest")
    counted = columns.select(
        pl.len().alias("_rows"), *(pl.col(name).str.contains(FORMULA).sum() for name in texts)
    ).collect(engine="streaming")
    found = {name: int(counted[name][0] or 0) for name in texts}
    return Stated(
        rows=counted["_rows"][0],
        size=path.stat().st_size,
        sha256=_digest(path),
        formula_like={name: count for name, count in found.items() if count},
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep(*paths: Path) -> None:
    """Make files and folders survive a power cut before the next step relies on them."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _short(error: Exception) -> str:
    return str(error).splitlines()[0]
