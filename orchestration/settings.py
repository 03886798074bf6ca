"""Where a deployment keeps its things: the only place that reads the environment.

Keep out: opening anything (city.py).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalog.load import ENTRIES
from lake.store.place import S3Credentials

NAMED = "CITYLAKE_SECRET_"  # before the NAME that an entry's `secret: NAME` says


class SettingsError(Exception):
    """A setting of the environment is missing or wrong; the message names it."""


@dataclass(frozen=True)
class Settings:
    """Paths and addresses of one deployment."""

    home: Path
    dagster_home: Path
    catalog: Path
    lake_url: str
    archive_url: str
    registry_url: str
    credentials: S3Credentials | None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    openlineage_url: str | None = None
    openlineage_key: str | None = field(default=None, repr=False)

    def secret(self, name: str) -> str:
        """Return what a source's entry only names; the message of its absence names it too."""
        if not self.secrets.get(name):
            raise SettingsError(f"{NAMED}{name}: is not set: the entry fetches with it")
        return self.secrets[name].strip()  # a secret read from a file ends with its line

    @property
    def inbox(self) -> Path:
        """Return the folder that units deliver into, one folder a resource."""
        return self.home / "inbox"

    @property
    def outbox(self) -> Path:
        """Return the folder of packages for recipients."""
        return self.home / "outbox"

    @property
    def scratch(self) -> Path:
        """Return the folder for files of a run that may vanish at any time."""
        return self.home / "scratch"

    @property
    def data_docs(self) -> Path:
        """Return the folder of the Data Docs site."""
        return self.reports / "data-docs"

    @property
    def reports(self) -> Path:
        """Return the folder of documents made for people."""
        return self.home / "reports"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment (`CITYLAKE_…`, `AWS_…`), with defaults under var/."""
    env = os.environ if environment is None else environment
    home = Path(env.get("CITYLAKE_HOME") or "var").absolute()
    url = env.get("CITYLAKE_LAKE_URL") or str(home / "lake")
    catalog = Path(env.get("CITYLAKE_CATALOG") or ENTRIES).absolute()
    if home.exists() and not home.is_dir():
        raise SettingsError(f"CITYLAKE_HOME={home}: is not a folder: name one")
    if not catalog.is_dir():
        raise SettingsError(f"CITYLAKE_CATALOG={catalog}: no such folder: name one of entries")
    remote = url.startswith("s3://")
    if "://" in url and not remote:
        raise SettingsError(f"CITYLAKE_LAKE_URL={url}: use a local path or s3://bucket/prefix")
    return Settings(
        home=home,
        dagster_home=Path(env.get("DAGSTER_HOME") or home / "dagster").absolute(),
        catalog=catalog,
        lake_url=url,
        archive_url=_archive(env, home, url),
        registry_url=env.get("CITYLAKE_REGISTRY_URL") or f"sqlite:///{home / 'registry.db'}",
        credentials=_credentials(env) if remote else None,
        secrets={n.removeprefix(NAMED): v for n, v in env.items() if n.startswith(NAMED)},
        openlineage_url=env.get("OPENLINEAGE_URL") or None,
        openlineage_key=env.get("OPENLINEAGE_API_KEY") or None,
    )


def _archive(env: Mapping[str, str], home: Path, lake: str) -> str:
    """Return where delivered bytes are kept: in a bucket beside its lake, else where it is said."""
    if lake.startswith("s3://"):
        return f"{lake.rstrip('/')}/_archive"
    return str(Path(env.get("CITYLAKE_ARCHIVE") or home / "archive").absolute())


def _credentials(env: Mapping[str, str]) -> S3Credentials:
    """Read the usual AWS variables; the endpoint is needed for any store but AWS itself."""
    missing = [n for n in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY") if not env.get(n)]
    if missing:
        raise SettingsError(f"{', '.join(missing)}: set for a lake on s3://")
    return S3Credentials(
        endpoint=env.get("AWS_ENDPOINT_URL") or "https://s3.amazonaws.com",
        key=env["AWS_ACCESS_KEY_ID"],
        secret=env["AWS_SECRET_ACCESS_KEY"],
        region=env.get("AWS_REGION") or "us-east-1",
    )
