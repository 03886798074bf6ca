"""Vocabularies: units, divisions, code lists, deadlines: data of the city, with validity.

Keep out: reading YAML (load.py) and the entry model.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from catalog.rules import Rule


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Unit(_Frozen):
    """A department, utility or district that provides or receives public data."""

    name: str
    title: str
    uscc: str
    kind: Literal["department", "utility", "district"]
    chief_data_officer: str
    contact: str | None = None
    system: str | None = None
    division: str | None = None


class Division(_Frozen):
    """An administrative division (GB/T 2260) or a local zone code, valid over a span of days."""

    code: str
    name: str
    level: Literal["province", "city", "district", "street"]
    parent: str | None = None
    official: bool = True
    valid_from: dt.date
    valid_to: dt.date | None = None
    successor: str | None = None
    backflow: bool = False


class Code(_Frozen):
    """One value of a code list."""

    code: str
    title: str


class Deadline(_Frozen):
    """A time limit in working days, with where it comes from and since when it holds."""

    name: str
    title: str
    working_days: int
    source: str
    valid_from: dt.date
    valid_to: dt.date | None = None


class Limit(_Frozen):
    """A limit that is no count of working days: a share of a cycle, a number of years, a weight."""

    name: str
    title: str
    value: float
    unit: Literal["cycle", "year", "weight"]
    source: str
    valid_from: dt.date
    valid_to: dt.date | None = None


class PlaceName(_Frozen):
    """Another name of a place: short, spoken or former, with the days on which it was in use.

    `stands_for` is the code of a district or street, the present name of a road or community.
    """

    name: str
    kind: Literal["district", "street", "road", "community"]
    stands_for: str
    how: Literal["short", "spoken", "former"]
    valid_from: dt.date
    valid_to: dt.date | None = None


class Term(_Frozen):
    """Words in which registers say what a code of the code list `kind` stands for."""

    kind: str
    stands_for: str
    names: tuple[str, ...] = Field(min_length=1)


class Tariff(_Frozen):
    """Prices of a unit in each tier, with where they come from and the days they hold."""

    name: str
    title: str
    rates: tuple[Decimal, ...] = Field(min_length=1)
    source: str
    valid_from: dt.date
    valid_to: dt.date | None = None


class Vocabulary(_Frozen):
    """All vocabularies of one city."""

    units: tuple[Unit, ...]
    divisions: tuple[Division, ...]
    code_lists: dict[str, tuple[Code, ...]]
    deadlines: tuple[Deadline, ...]
    groups: dict[str, str]  # title of each base database and theme
    limits: tuple[Limit, ...] = ()
    place_names: tuple[PlaceName, ...] = ()
    elsewhere: tuple[Division, ...] = ()  # divisions outside the city that registers name
    terms: tuple[Term, ...] = ()
    tariffs: tuple[Tariff, ...] = ()
    area_codes: dict[str, str] = {}  # codes of GB/T 2260 ever in force: first four digits → rest
    rules: dict[str, Rule] = {}  # rules that entries name

    def unit(self, name: str) -> Unit:
        """Return the unit of that name; KeyError when there is none."""
        for unit in self.units:
            if unit.name == name:
                return unit
        raise KeyError(name)

    def codes(self, name: str) -> tuple[str, ...]:
        """Return the values of a code list; `divisions` is one too. KeyError when unknown."""
        if name == "divisions":
            known = (*self.divisions, *self.elsewhere)
            return tuple(dict.fromkeys(division.code for division in known))
        return tuple(code.code for code in self.code_lists[name])

    def rates(self, tariff: str) -> tuple[Tariff, ...]:
        """Return the rates of a tariff in the order of their days."""
        found = [each for each in self.tariffs if each.name == tariff]
        return tuple(sorted(found, key=lambda each: each.valid_from))

    def ever_divisions(self) -> tuple[str, ...]:
        """Return every county code of the country that a citizen ID may begin with."""
        if not self.area_codes:
            return ()
        known = [head + rest for head, all_ in self.area_codes.items() for rest in all_.split()]
        own = [code for code in self.codes("divisions") if len(code) == 6]
        return tuple(dict.fromkeys([*known, *own]))

    def recipients(self) -> tuple[Division, ...]:
        """Return the divisions that rows flow back to, by code."""
        return tuple(sorted((d for d in self.divisions if d.backflow), key=lambda d: d.code))
