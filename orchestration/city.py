"""One opened deployment: its settings, catalog, lake and registry, each opened when first used.

Keep out: what is done with them (flows/).
"""

from __future__ import annotations

import datetime as dt
import fcntl
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from catalog.entry import Entry
from catalog.load import Catalog, survey
from catalog.problem import Problem
from catalog.rules import Reference
from catalog.schema import CITY_ZONE
from orchestration.graph import referring
from orchestration.settings import Settings, read_settings
from registry.schema import Registry

if TYPE_CHECKING:
    from concurrent.futures import Future

    from ingestion.candidate import Candidate
    from lake.tables import Lake
    from orchestration.openlineage.channel import Channel


NAME = re.compile(r"^name: *[\"']?(\w+)", re.MULTILINE)  # an entry's, though the rest be wrong
# Files of a step under the lock: of the archive, a model, a delivery, a backflow, of upkeep.
LEFT = ("archive-*", "model-*", "delivery-*", "backflow-*", "linkage-*", "rebuild*", "compact-*")


class BusyError(Exception):
    """Another process works on this home; the message says which lock file it holds."""


@dataclass(frozen=True)
class City:
    """A deployment and what it holds open; cheap to make, nothing is touched until asked for."""

    settings: Settings
    probe: bool = True  # commands that only read need not prove that the store is safe to write
    _held: list[Path] = field(default_factory=list, init=False, compare=False, repr=False)

    @cached_property
    def _survey(self) -> tuple[Catalog, tuple[Problem, ...]]:
        return survey(self.settings.catalog)

    @property
    def catalog(self) -> Catalog:
        """Return the entries that are right: a wrong one stops nothing but itself."""
        return self._survey[0]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong in the catalog, by file, line and field."""
        return self._survey[1]

    @cached_property
    def unreadable(self) -> frozenset[str]:
        """Return the names that wrong entries go by: what is delivered for them waits."""
        files = {problem.file for problem in self.problems if problem.file.is_file()}
        said = (NAME.search(path.read_text("utf-8", errors="replace")) for path in files)
        return frozenset({path.stem for path in files} | {name[1] for name in said if name})

    @cached_property
    def lake(self) -> Lake:
        """Open the lake; a store that cannot hold concurrent commits is refused."""
        from lake.tables import open_lake  # 0.2 s that a status need not pay
        from orchestration.belonging import belong

        lake = open_lake(
            self.settings.lake_url,
            archive=self.settings.archive_url,
            scratch=self.settings.scratch,
            credentials=self.settings.credentials,
            probe=self.probe,
        )
        if self.probe:
            belong(lake, self.registry)
        return lake

    @cached_property
    def registry(self) -> Registry:
        """Open the registry and bring its schema up to date."""
        self.settings.home.mkdir(parents=True, exist_ok=True)
        return Registry(self.settings.registry_url)

    @cached_property
    def digest_key(self) -> bytes:
        """Return the key of digests of personal values: the deployment's, else one of this home."""
        from orchestration.digest_key import digest_key

        return digest_key(self.settings)

    @cached_property
    def lineage(self) -> Channel:
        """Return where OpenLineage events go."""
        from orchestration.openlineage.channel import channel

        return channel(self.settings)

    def entry(self, name: str) -> Entry:
        """Return the catalog entry of that name; KeyError when there is none."""
        return self.catalog.entry(name)

    @cached_property
    def referring(self) -> Mapping[str, tuple[tuple[Entry, Reference], ...]]:
        """Return the rules by which tables refuse rows that refer to others, by the other."""
        return referring(self.catalog)

    @cached_property
    def written(self) -> dict[str, str]:
        """Hold the texts of entries and vocabulary as they are kept, filled when asked for."""
        return {}

    @cached_property
    def ahead(self) -> dict[Path, tuple[Entry, Future[Candidate]]]:
        """Hold what is being read while it is archived, by where, and the entry it is read by."""
        return {}

    @contextmanager
    def working(self, *, wait: bool = False) -> Iterator[None]:
        """Hold the home for one writer; the lock goes with the process, however it ends.

        Inside itself it does nothing. BusyError when another process holds it, unless told to wait.
        """
        if self._held:
            yield
            return
        path = self.settings.home / "run.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BusyError(
                    f"{path}: another run works on this home; wait for it to end"
                ) from None
            self._held.append(path)
            try:
                yield
            finally:
                self._held.clear()

    def sweep(self) -> None:
        """Remove the files that killed runs left; only who holds the home may call it."""
        import shutil

        for pattern in LEFT:
            for path in self.settings.scratch.glob(pattern):
                path.unlink() if path.is_file() else shutil.rmtree(path)

    def staging(self, name: str) -> Path:
        """Return an empty folder of that name for files of one step."""
        import shutil

        folder = self.settings.scratch / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder


def open_city(settings: Settings | None = None, *, probe: bool = True) -> City:
    """Open the deployment that the environment names, or the one given."""
    return City(settings or read_settings(), probe)


def day_of(instant: dt.datetime) -> dt.date:
    """Return the day that it is in the city at an instant."""
    return instant.astimezone(ZoneInfo(CITY_ZONE)).date()


def now() -> dt.datetime:
    """Return the present instant in UTC: asked once at the door, handed down as an argument."""
    return dt.datetime.now(dt.UTC)
