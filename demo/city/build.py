"""The whole city at once, but for what happens day by day on its meters.

Keep out: how each part comes about (its own file) and files (deliver/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from catalog.vocabulary import Vocabulary
from demo.city import economy, events
from demo.city.accounts import UTILITIES, build_accounts
from demo.city.enterprises import build_enterprises
from demo.city.people import build_people
from demo.city.places import Places, build_places
from demo.city.pressure import build_pressure
from demo.size import Size


@dataclass(frozen=True)
class City:
    """The truth; each frame's `is_spare` rows (role `phantom` of accounts) are in no register."""

    size: Size
    seed: int
    places: Places
    people: pl.DataFrame
    enterprises: pl.DataFrame
    accounts: Mapping[str, pl.DataFrame]
    events: Mapping[str, pl.DataFrame]


def build_city(size: Size, seed: int, vocabulary: Vocabulary) -> City:
    """Return the city of this size and seed."""
    places = build_places(size, seed, vocabulary)
    people = build_people(size, seed, places)
    enterprises = build_enterprises(size, seed, places)
    accounts = {
        utility.name: build_accounts(
            utility, seed, places=places, people=people, enterprises=enterprises, days=size.days
        )
        for utility in UTILITIES
    }
    divisions = places.districts["division"].to_list()
    outages = {
        f"{utility.name}_outage": events.build_outages(utility, size, seed, divisions)
        for utility in UTILITIES
        if utility.name != "gas"
    }
    return City(
        size=size, seed=seed, places=places, people=people, enterprises=enterprises,
        accounts=accounts,
        events={
            **outages,
            "hotline_complaint": events.build_complaints(size, seed, places.addresses),
            "birth_record": events.build_births(people),
            "death_record": events.build_deaths(people),
            "gas_safety_inspection": events.build_inspections(accounts["gas"], seed),
            "water_pressure": build_pressure(seed, divisions),
            "social_insurance_payment": economy.build_insurance(enterprises, seed),
            "tax_payment": economy.build_taxes(enterprises, seed),
            "permit": economy.build_permits(size, seed, enterprises),
            "administrative_penalty": economy.build_penalties(size, seed, enterprises),
            "low_income_household": economy.build_low_income(people, seed),
            "macro_indicator": economy.build_indicators(seed, divisions),
        },
    )  # fmt: skip
