"""A process that dies in the middle: for tests of what the next one makes of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path, PosixPath

import pytest

from ingestion.connectors.files import Found
from orchestration.city import City
from orchestration.flows.collect import take
from tests.orchestration.town import NOW, again


class CrashError(Exception):
    """The process is gone."""


class Undying(PosixPath):
    """A file in the inbox at which the process dies before it forgets it."""

    def unlink(self, missing_ok: bool = False) -> None:
        raise CrashError


def crash_at_the_end(city: City, path: Path, now: dt.datetime = NOW) -> City:
    with pytest.raises(CrashError):
        take(city, Found(path.parent.name, Undying(path), "file"), now=now)
    assert path.exists()
    return again(city)
