"""Rebuild: raw and quarantine made again from archive, catalog and registry, and compared.

A table is restored in one commit, and only when every account of its resource holds; a standing
table that differs is replaced only when that is asked for. Keep out: judging (remake.py).
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from catalog.problem import nearest
from lake.compare import compare
from lake.errors import LakeError
from lake.tables import Lake, open_lake
from lake.views import Pin
from orchestration.city import City
from orchestration.flows.aside import Aside, Difference
from orchestration.flows.release import release_raw
from orchestration.flows.remake import remake
from orchestration.flows.restore import (
    forget_lost_models,
    settle_versions,
    store,
    swap,
)
from registry import deliveries, releases
from registry.belonging import holding
from registry.deliveries import Record

ZONES = ("raw", "quarantine")
Fate = Literal["identical", "restored", "replaced", "written", "lost", "differs"]


@dataclass(frozen=True)
class Rebuilt:
    """What became of one table."""

    zone: str
    name: str
    fate: Fate
    rows: int
    version: int | None
    differences: tuple[Difference, ...]

    @property
    def is_trouble(self) -> bool:
        """Tell whether the table is not now what the archive says."""
        return self.fate in {"lost", "differs"} or (
            self.fate == "written" and bool(self.differences)
        )


@dataclass(frozen=True)
class Wish:
    """What is to be done with rows made again; nothing by default but restore what is lost."""

    check: bool = False  # only compare
    replace: bool = False  # also a standing table that differs
    into: Path | None = None  # write a lake of its own there


@dataclass(frozen=True)
class _Work:
    """One rebuild under way: the rows made again, and what is to be done with them."""

    city: City
    aside: Aside
    wish: Wish
    target: Lake | None
    now: dt.datetime


def rebuild(
    city: City, names: Collection[str], wish: Wish, *, now: dt.datetime
) -> tuple[Rebuilt, ...]:
    """Make the tables of some resources again, or of all, and restore those that are lost."""
    chosen = _chosen(city, names)
    target = None if wish.into is None else _elsewhere(city, wish.into)
    with city.working():
        folder = city.staging("rebuild")
        try:
            work = _Work(city, remake(city, chosen, folder), wish, target, now)
            done = tuple(one for name in chosen for one in _tables(work, name))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if not wish.check and target is None:
            _release_again(city, done, now=now)
    return done


def _release_again(city: City, done: Collection[Rebuilt], *, now: dt.datetime) -> None:
    """Release the tables whose release stands on a lost version, also after a crash in between."""
    for one in done:
        released = releases.released(city.registry, one.zone, one.name)
        if one.zone != "raw" or released is None or one.version is None:
            continue
        restored = one.fate in {"restored", "replaced"}
        if restored or released.release.version > one.version:
            release_raw(city, one.name, now=now)
            forget_lost_models(city)


def _chosen(city: City, names: Collection[str]) -> list[str]:
    known = sorted(
        {e.name for e in city.catalog.sources()} | set(deliveries.resources(city.registry))
    )
    for name in names:
        if name not in known:
            raise LakeError(f"rebuild {name}: no such resource{nearest(name, known)}")
    wanted = [name for name in known if name in names] if names else known
    return [name for name in wanted if _judged(city, name)]


def _judged(city: City, name: str) -> list[Record]:
    found = deliveries.all_of(city.registry, name)
    return [r for r in found if r.outcome is not None and r.outcome.raw_version is not None]


def _elsewhere(city: City, folder: Path) -> Lake:
    """Open a lake of its own; one that holds tables already is left alone."""
    settings = city.settings
    target = open_lake(
        str(folder), archive=settings.archive_url, scratch=settings.scratch, credentials=None
    )
    if target.tables():
        raise LakeError(f"{folder}: holds tables already: name an empty folder")
    return target


def _tables(work: _Work, name: str) -> Iterator[Rebuilt]:
    with holding(work.city.registry, name):  # another home may be settling a delivery of it
        for zone in ZONES:
            yield _table(work, zone, name)


def _table(work: _Work, zone: str, name: str) -> Rebuilt:
    """Compare one table with its rows made again, and do what is wished."""
    rows = work.aside.rows(zone, name)
    standing = work.city.lake.version(zone, name)
    wrong = [one for one in work.aside.differences if one.resource == name]
    wrong += _unfinished(work.city, zone, name)
    unlike = [] if standing is None else _compared(work, zone, name, standing)
    fate, version = _settled(work, zone, name, standing=standing, wrong=wrong, unlike=unlike)
    return Rebuilt(zone, name, fate, rows, version, (*wrong, *unlike))


def _settled(
    work: _Work,
    zone: str,
    name: str,
    *,
    standing: int | None,
    wrong: Collection[Difference],
    unlike: Collection[Difference],
) -> tuple[Fate, int | None]:
    """Restore, replace or leave a table; return what became of it and its version."""
    wish = work.wish
    if work.target is not None:
        return "written", store(work.target, work.aside.table(zone, name))
    differs = standing is not None and bool(unlike)
    if wish.check or wrong or (differs and not wish.replace):
        return _as_it_is(standing, differs=differs or bool(wrong)), standing
    if standing is None or differs:
        version = swap(work.city, work.aside.table(zone, name), now=work.now)
        return ("replaced" if differs else "restored"), version
    settle_versions(work.city, zone, name, standing, now=work.now)
    return "identical", standing


def _as_it_is(standing: int | None, *, differs: bool) -> Fate:
    if standing is None:
        return "lost"
    return "differs" if differs else "identical"


def _compared(work: _Work, zone: str, name: str, standing: int) -> list[Difference]:
    """Return where a standing table is not as its rows made again."""
    city = work.city
    pin = Pin(zone, name, standing, work.aside.bases.columns(name, zone))
    try:
        found = compare(city.lake, pin, work.aside.files(zone, name))
    except LakeError as error:
        return [Difference(name, "", "", f"{zone}: {error}")]
    files = {r.delivery.id: r.delivery.file_name for r in deliveries.all_of(city.registry, name)}
    return [
        Difference(
            name,
            one.delivery,
            files.get(one.delivery, ""),
            f"{zone}: {one.missing} rows of the archive are not in the table, "
            f"{one.extra} rows of the table are not in the archive",
        )
        for one in found
    ]


def _unfinished(city: City, zone: str, name: str) -> Iterator[Difference]:
    """Say which deliveries are committed and not closed: replacing the table would lose them."""
    for record in deliveries.unfinished(city.registry):
        one = record.delivery
        if one.resource == name and city.lake.committed(zone, name, one.id) is not None:
            what = f"{zone}: committed, and its account is open: citylake run closes it"
            yield Difference(name, one.id, one.file_name, what)


def rows(done: Collection[Rebuilt]) -> list[dict[str, Any]]:
    """Return what became of every table, for people and programs."""
    return [
        {
            "table": f"{one.zone}.{one.name}",
            "outcome": one.fate,
            "rows": one.rows,
            "version": one.version,
            "differences": len(one.differences),
        }
        for one in done
    ]


def differences(done: Collection[Rebuilt]) -> list[dict[str, Any]]:
    """Return each difference once, by resource and delivery."""
    found = dict.fromkeys(each for one in done for each in one.differences)
    return [asdict(each) for each in found]
