"""The published business register of Guizhou through the city, where its folder is given.

`ENTERPRISES=DIR pytest -m slow tests/flow/test_enterprises.py -s` prints a line a year and what
was read of the texts. The data (刘文, CC BY-NC-SA 4.0) is not part of this project.
"""

from __future__ import annotations

import csv
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from orchestration.city import City
from orchestration.flows.build import build
from orchestration.flows.collect import Collected, collect
from orchestration.flows.refused import show_refused
from orchestration.flows.verify import verify_lake
from orchestration.graph import ancestors, read_models
from orchestration.settings import read_settings
from tests.orchestration.town import NOW

NAME = "enterprise_publication"


@dataclass(frozen=True)
class Published:
    """The register as a city has it after its yearly deliveries."""

    city: City
    collected: list[Collected]

    def table(self, name: str) -> pl.DataFrame:
        return self.city.lake.scan("base", name).collect()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    files = sorted(Path(os.environ.get("ENTERPRISES", "no/such/folder")).glob("guizhou_*.csv"))
    assert files, "name the folder of guizhou_<year>.csv in ENTERPRISES"
    home = tmp_path_factory.mktemp("register")
    city = City(read_settings({"CITYLAKE_HOME": str(home)}))
    inbox = city.settings.inbox / NAME
    inbox.mkdir(parents=True)
    for path in files:
        shutil.copy(path, inbox / path.name.replace("guizhou", NAME))
    lay_divisions(city)
    assert [one.outcome for one in collect(city, "division", now=NOW)] == ["accepted"]
    collected = list(collect(city, NAME, now=NOW))
    models = read_models(city.catalog)
    wanted = {"legal_entity_reading", *ancestors(models, "legal_entity_reading")}
    for name, model in models.items():
        if name in wanted:
            done = build(city, model, now=NOW)
            assert done.outcome in ("released", "waiting"), done.line
    return Published(city, collected)


def lay_divisions(city: City) -> None:
    """Deliver the divisions that the city knows, as its unit does."""
    words = ("code", "name", "level", "parent", "valid_from", "valid_to", "successor")
    entry = city.entry("division")
    path = city.settings.inbox / "division" / "division_2026.csv"
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow([entry.item(word).title for word in words])
        rows.writerows([getattr(d, w) for w in words] for d in city.catalog.vocabulary.divisions)


@pytest.mark.slow
def test_every_row_of_the_business_register_is_in_its_place(published: Published) -> None:
    for one in published.collected:
        assert one.verdict is not None
        failed = {rule.rule: rule.failed for rule in one.verdict.rules if rule.failed}
        print(one.file_name, one.outcome, one.account, failed)
    assert {one.outcome for one in published.collected} == {"accepted"}
    assert verify_lake(published.city).ok
    refused = show_refused(published.city, NAME, limit=10_000)
    accounts = [one.account for one in published.collected if one.account]
    assert len(refused) == sum(account.quarantined for account in accounts)


@pytest.mark.slow
def test_every_published_body_is_a_legal_entity_and_what_was_read_is_counted(
    published: Published,
) -> None:
    accounts = [one.account for one in published.collected if one.account]
    entities, readings = published.table("legal_entity"), published.table("legal_entity_reading")
    bodies = set(raw(published)["uscc"])
    assert set(entities["uscc"]) == bodies
    assert sum(account.accepted for account in accounts) >= len(bodies) == entities.height
    for field in ("registered_capital", "type", "industry", "registered_division"):
        of_field = readings.filter(field=field).sort("entities", descending=True)
        print(field, dict(of_field.select("known", "entities").iter_rows()))
        assert of_field["entities"].sum() == len(bodies)


@pytest.mark.slow
def test_capital_of_the_register_is_what_its_text_says(published: Published) -> None:
    """Recomputed in Polars from the text, every amount and currency."""
    found = published.table("legal_entity").select(
        "capital_text", "capital_amount", "capital_currency", "capital_known"
    )
    told = found.drop_nulls("capital_text")
    text = pl.col("capital_text").str.replace_all(r"[,，\s()（）]", "")
    amount = text.str.extract(r"^([0-9.]+)万").cast(pl.Decimal(24, 6))
    said = told.with_columns(amount.alias("said"))
    assert said.filter(pl.col("said").ne_missing(pl.col("capital_amount"))).is_empty()
    words = {"美元": "USD", "香港元": "HKD", "日元": "JPY", "新加坡元": "SGD"}
    for word, code in words.items():
        assert set(told.filter(text.str.contains(word))["capital_currency"]) <= {code}
    plain = told.filter(text.str.contains("^[0-9.]+万(元|元人民币|人民币|人民币元)$"))
    assert set(plain["capital_currency"]) == {"CNY"}
    assert set(told.filter(text.str.ends_with("万"))["capital_known"]) == {"no_currency"}


def raw(published: Published) -> pl.DataFrame:
    return published.city.lake.scan("raw", NAME).select("uscc").collect()
