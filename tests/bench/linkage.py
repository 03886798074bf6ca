"""How well addresses are read and holders are linked, against the demo city's truth.

`python -m tests.bench linkage --size small --seeds 101 102` builds what it needs of each city:
the registers and accounts as units write them, dbt's models, the links. Seeds up to 100 were
used while tuning; measure on others. Keep out: timing (contest.py).
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from catalog.linkage import Linkage
from catalog.load import Catalog, load_catalog
from catalog.schema import DELIVERY, ROW, polars_schema, raw_schema, table_schema
from demo.city.accounts import UTILITIES
from demo.city.build import City, build_city
from demo.deliver.holders import as_accounts_have_it
from demo.deliver.writing import with_address
from demo.size import SIZES
from lake.engine import session
from lake.tables import Lake, open_lake
from lake.views import Current, Pin

PROJECT = Path(__file__).parents[2] / "dbt_project"
MODELS = ("+holder_claim", "+holder_record")
DAY = dt.date(2026, 3, 1)
REGULAR = pl.col("role").is_in(["home", "work"])


@dataclass(frozen=True)
class Score:
    """Of what was said, how much is true; of what is true, how much was said."""

    what: str
    true: int
    said: int
    right: int

    @property
    def precision(self) -> float:
        """Return the share of what was said that is true."""
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        """Return the share of what is true that was said."""
        return self.right / self.true if self.true else 1.0

    def as_row(self) -> dict[str, object]:
        """Return the figures, rounded, for people."""
        return {
            "what": self.what, "true": self.true, "said": self.said, "right": self.right,
            "precision": round(self.precision, 4), "recall": round(self.recall, 4),
        }  # fmt: skip


def measure(size: str, seed: int) -> list[Score]:
    """Return the scores of a city of this size and seed."""
    catalog = load_catalog()
    city = build_city(SIZES[size], seed, catalog.vocabulary)
    with tempfile.TemporaryDirectory(prefix="citylake-linkage-") as home:
        tables = build(city, catalog, Path(home))
    return [*address_scores(city, tables), *holder_scores(city, tables)]


def build(city: City, catalog: Catalog, home: Path) -> dict[str, pl.DataFrame]:
    """Return the tables of readings, claims and links of a city, as a build would make them."""
    from dbt.cli.main import dbtRunner

    from lake.dbt_plugin import bind

    lake = open_lake(
        str(home / "lake"), archive=str(home / "archive"), scratch=home / "scratch",
        credentials=None,
    )  # fmt: skip
    told = as_told(city, catalog)
    pins = [_pin(lake, catalog, name, told.get(name), home) for name in _sources(catalog)]
    with bind(lake, pins, build="bench") as binding:
        options = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        options += ["--target-path", str(home / "dbt"), "--log-path", str(home / "dbt")]
        ran = dbtRunner().invoke(["run", "--quiet", *options, "--select", *MODELS])
    if not ran.success:
        failed = [r for r in getattr(ran.result, "results", ()) if r.status in ("error", "fail")]
        raise RuntimeError(f"{ran.exception}: {[(r.node.name, r.message) for r in failed]}")
    versions = {name: done.version for (_, name), done in binding.results.items()}
    tables = {name: lake.scan("base", name, v).collect() for name, v in versions.items()}
    tables["holder_link"] = _links(lake, catalog, versions, home)
    return tables


def _links(lake: Lake, catalog: Catalog, versions: dict[str, int], home: Path) -> pl.DataFrame:
    from linkage.outcome import link

    words = catalog.entry("holder_link").linkage
    assert isinstance(words, Linkage)
    names = ("holder_claim", "holder_record")
    pins = [Pin("base", n, versions[n], table_schema(catalog.entry(n))) for n in names]
    out = home / "links.parquet"
    with session(lake, pins) as connection:
        link(connection, words, decisions=(), out=out)
    return pl.read_parquet(out)


def as_told(city: City, catalog: Catalog) -> dict[str, pl.DataFrame]:
    """Return the rows of the resources that identity is made of, as their units write them."""
    words = {"seed": city.seed, "vocabulary": catalog.vocabulary}
    addresses = city.places.addresses
    frames = {
        "division": _divisions(catalog),
        "standard_address": addresses,
        "resident": with_address(_known(city.people), addresses, "resident", **words),
        "enterprise_registration": with_address(
            _as_registered(city.enterprises), addresses, "register", **words
        ),
    }
    for utility in UTILITIES:
        accounts = city.accounts[utility.name].filter(pl.col("role") != "phantom")
        placed = with_address(accounts, addresses, utility.name, **words)
        frames[f"{utility.name}_account"] = as_accounts_have_it(
            placed, city.enterprises, seed=city.seed, unit=utility.name
        )
    return frames


def _as_registered(enterprises: pl.DataFrame) -> pl.DataFrame:
    """Return what the register told on the first day, and of renamed bodies again later."""
    known = _known(enterprises)
    renamed = known.filter(pl.col("former_name").is_not_null())
    first = known.with_columns(pl.coalesce("former_name", "name").alias("name"))
    return pl.concat([
        first.with_columns(pl.lit(1).alias("_sent")), renamed.with_columns(pl.lit(2).alias("_sent"))
    ])  # fmt: skip


def _known(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(~pl.col("is_spare"))


def _divisions(catalog: Catalog) -> pl.DataFrame:
    return pl.DataFrame(
        [division.model_dump() for division in catalog.vocabulary.divisions],
        infer_schema_length=None,
    )


def _sources(catalog: Catalog) -> Iterator[str]:
    return (entry.name for entry in catalog.sources())


def _pin(lake: Lake, catalog: Catalog, name: str, rows: pl.DataFrame | None, home: Path) -> Pin:
    """Commit rows as one or two deliveries of a resource; None was never delivered."""
    entry = catalog.entry(name)
    sent = (f"{name}-1", DAY, 1), (f"{name}-2", DAY + dt.timedelta(days=1), 2)
    current = Current(
        entry.update.mode, entry.key, sent if entry.update.mode == "upsert" else sent[:1]
    )
    if rows is None:
        return Pin("raw", name, None, raw_schema(entry), current)
    number = pl.col("_sent") if "_sent" in rows.columns else pl.lit(1)
    typed = rows.select(
        *(pl.col(n).cast(t) for n, t in polars_schema(entry).items()),
        (pl.lit(f"{name}-") + number.cast(pl.String)).alias(DELIVERY),
        pl.int_range(1, pl.len() + 1).alias(ROW),
    )
    staged = home / f"{name}.parquet"
    typed.write_parquet(staged)
    done = lake.commit(
        "raw", name, [staged], schema=raw_schema(entry), action=f"{name}-1", metadata={}
    )
    return Pin("raw", name, done.version, raw_schema(entry), current)


def address_scores(city: City, tables: dict[str, pl.DataFrame]) -> Iterator[Score]:
    """Score the reading of every unit's texts, by the code that each text truly stands for."""
    catalog = load_catalog()
    told = as_told(city, catalog)
    readings = tables["address_reading"].select("address_text", pl.col("address_code").alias("as"))
    for name in ("resident", "enterprise_registration", "water_account", "power_account",
                 "gas_account"):  # fmt: skip
        frame = told[name]
        utility = name.removesuffix("_account")
        true = city.accounts.get(utility, frame)
        key = "account_number" if utility in city.accounts else entry_key(catalog, name)
        text = frame.select(key, "address").join(true.select(key, "address_code"), on=key)
        read = text.unique().join(readings, left_on="address", right_on="address_text", how="left")
        right = read.filter(pl.col("as") == pl.col("address_code")).height
        yield Score(f"address of {name}", read.height, read["as"].count(), right)


def entry_key(catalog: Catalog, name: str) -> str:
    """Return the one key of a resource."""
    return catalog.entry(name).key[0]


def holder_scores(city: City, tables: dict[str, pl.DataFrame]) -> Iterator[Score]:
    """Score the links of accounts whose company never told an ID: persons at home, and bodies.

    A person who holds an account but is registered elsewhere cannot be told from another of the
    same name: those are no true links, and a link made for one is wrong.
    """
    people = _known(city.people).select(
        pl.col("citizen_id").alias("holder_id_or_uscc"), pl.col("address_code").alias("lives_at")
    )
    accounts = pl.concat(
        frame.filter(REGULAR & ~pl.col("id_told")).select(
            (pl.lit(name + ":") + pl.col("account_number")).alias("claim"),
            "role", "holder_id_or_uscc", "address_code",
        )
        for name, frame in city.accounts.items()
    ).join(people, on="holder_id_or_uscc", how="left")  # fmt: skip
    linked = tables["holder_link"].filter(pl.col("outcome") == "linked")
    found = accounts.join(linked.select("claim", "entity"), on="claim", how="left")
    right = pl.col("entity") == pl.col("holder_id_or_uscc")
    at_home = pl.col("lives_at") == pl.col("address_code")
    for what, rows, true in (
        ("holder at home", pl.col("role") == "home", at_home),
        ("holder that is a body", pl.col("role") == "work", pl.lit(value=True)),
    ):
        of = found.filter(rows)
        yield Score(
            what, of.filter(true).height, of["entity"].count(), of.filter(right & true).height
        )


def run(size: str, seeds: Sequence[int]) -> list[dict[str, object]]:
    """Return the scores of all seeds together, one row a subject."""
    every = [score for seed in seeds for score in measure(size, seed)]
    names = dict.fromkeys(score.what for score in every)
    return [
        Score(
            name,
            *(sum(getattr(s, field) for s in every if s.what == name)
              for field in ("true", "said", "right")),
        ).as_row()
        for name in names
    ]  # fmt: skip
