"""Filling a home's inbox from the true city, with the truth of it kept aside.

Keep out: what each unit sends (registers, happenings, utilities, whole).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from catalog.load import Catalog
from demo.city.build import City, build_city
from demo.city.vacancy import vacancy
from demo.deliver.happenings import send_happenings
from demo.deliver.outbox import Outbox
from demo.deliver.registers import send_registers
from demo.deliver.utilities import send_utilities
from demo.deliver.whole import leave_litter, send_wholes
from demo.size import SIZES


@dataclass(frozen=True)
class Delivered:
    """What was put into the inbox."""

    files: int
    rows: int
    bytes: int
    resources: Mapping[str, int]  # files of each
    planted: Mapping[str, int]  # rows of the truth of each kind
    truth: Path

    @property
    def summary(self) -> dict[str, int]:
        """Return the counts in one flat mapping."""
        return {
            "files": self.files, "rows": self.rows, "bytes": self.bytes,
            "resources": len(self.resources), "planted": sum(self.planted.values()),
        }  # fmt: skip


def deliver(
    home: Path,
    catalog: Catalog,
    *,
    size: str,
    seed: int,
    days: int | None = None,
    on_file: Callable[[str, int], None] = lambda _name, _rows: None,
) -> Delivered:
    """Let the demo city deliver into the home's inbox; the same seed gives the same bytes.

    `on_file` is told each file (`resource/name`) and its rows as soon as it is written.
    """
    wanted = SIZES[size]
    city = build_city(replace(wanted, days=days or wanted.days), seed, catalog.vocabulary)
    outbox = Outbox(home, catalog, seed=seed, on_file=on_file)
    outbox.unknown = unknown_values(city)
    send_registers(city, outbox)
    send_happenings(city, outbox)
    usage = send_utilities(city, outbox)
    send_wholes(city, outbox)
    leave_litter(outbox)
    write_city(home / "demo" / "city", city, usage)
    path = home / "demo" / "truth.parquet"
    truth = outbox.truth.write(path)
    return _delivered(outbox, truth, path)


def _delivered(outbox: Outbox, truth: pl.DataFrame, path: Path) -> Delivered:
    kinds = truth.group_by("kind").len().sort("kind")
    sent = [file for files in outbox.sent.values() for file in files]
    return Delivered(
        files=len(sent),
        rows=sum(rows for _, rows, _ in sent),
        bytes=sum(size for _, _, size in sent),
        resources={resource: len(files) for resource, files in sorted(outbox.sent.items())},
        planted={str(kind): int(count) for kind, count in kinds.iter_rows()},
        truth=path,
    )


def unknown_values(city: City) -> dict[str, str]:
    """Return, for each referred item, a value of the right form that no register has."""
    values = {
        "enterprise_registration.uscc": city.enterprises.filter(pl.col("is_spare"))["uscc"][-1],
        "standard_address.address_code": "520199999" + "9" * 12,
    }
    for name, accounts in city.accounts.items():
        phantom = accounts.filter(pl.col("role") == "phantom")
        values[f"{name}_account.meter_id"] = phantom["meter_id"][-1]
        values[f"{name}_account.account_number"] = phantom["account_number"][-1]
    return values


def write_city(folder: Path, city: City, usage: pl.DataFrame) -> None:
    """Write the true city as Parquet, so that measures can be computed without the pipeline."""
    folder.mkdir(parents=True, exist_ok=True)
    accounts = [
        frame.filter(pl.col("role") != "phantom").with_columns(pl.lit(name).alias("utility"))
        for name, frame in city.accounts.items()
    ]
    tables = {
        "people": city.people, "enterprises": city.enterprises,
        "dwellings": city.places.dwellings, "buildings": city.places.buildings,
        "addresses": city.places.addresses, "accounts": pl.concat(accounts),
        "usage": usage, "vacancy": vacancy(city, usage), **city.events,
    }  # fmt: skip
    for name, frame in tables.items():
        known = frame
        for mark in ("is_spare", "withdrawn"):
            if mark in known.columns:
                known = known.filter(~pl.col(mark)).drop(mark)
        known.write_parquet(folder / f"{name}.parquet")
