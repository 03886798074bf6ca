"""The words of a table of links: which rows of two tables are the same, where no ID says so.

Levels of a comparison are tried in their order; the first that holds counts. `agree` is how
often it holds for rows that belong together, `chance` for rows that do not.
Keep out: computing (linkage/).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from catalog.frozen import IDENTIFIER, Frozen

Name = Annotated[str, Field(pattern=IDENTIFIER)]
Share = Annotated[float, Field(gt=0, lt=1)]


class Level(Frozen):
    """One degree of likeness: items that are equal, one letter apart, or one within the other."""

    equal: tuple[Name, ...] = ()
    slip: Name | None = None
    part: Name | None = None
    agree: Share
    chance: Share
    rare: Name | None = None  # the rarer its value, the more a level says

    @model_validator(mode="after")
    def _one_kind(self) -> Level:
        said = [bool(self.equal), self.slip is not None, self.part is not None]
        if sum(said) != 1:
            raise ValueError("a level says one of equal, slip or part")
        return self


class Comparison(Frozen):
    """What is compared, from the likest level to the least."""

    name: Name
    levels: tuple[Level, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _shares_of_one(self) -> Comparison:
        for word in ("agree", "chance"):
            if sum(getattr(level, word) for level in self.levels) >= 1:
                raise ValueError(f"the levels of {self.name} have {word} of 1 or more together")
        return self


class Linkage(Frozen):
    """How claims (one row each of `left`) are linked to records of `right`.

    Both tables have `kind` (only the same are compared) and `entity`: the ID, on the left only
    where it is known. `expect` is the share of claims that have their entity on the right.
    """

    left: Name
    right: Name
    block: tuple[tuple[Name, ...], ...] = Field(min_length=1)
    compare: tuple[Comparison, ...] = Field(min_length=1)
    expect: Share = 0.9
    accept: Share
    review: Share

    @model_validator(mode="after")
    def _in_order(self) -> Linkage:
        if self.review >= self.accept:
            raise ValueError("review must lie below accept: pairs between the two are reviewed")
        return self

    def tables(self) -> tuple[tuple[str, str], ...]:
        """Return the tables that are read, each with the word that names it."""
        return (("left", self.left), ("right", self.right))

    def items(self) -> frozenset[str]:
        """Return the items that both tables must have."""
        levels = [level for each in self.compare for level in each.levels]
        named = {item for level in levels for item in (*level.equal, level.slip, level.part)}
        blocked = {item for rule in self.block for item in rule}
        return frozenset({"kind", "entity", *blocked, *(n for n in named if n is not None)})


class Entities(Frozen):
    """How links become entities with identifiers that stay.

    `claims` belong to what `links` says; each entity of `records` is one by itself.
    """

    links: Name
    claims: Name
    records: Name

    def tables(self) -> tuple[tuple[str, str], ...]:
        """Return the tables that are read, each with the word that names it."""
        return (("links", self.links), ("claims", self.claims), ("records", self.records))


Linked = Linkage | Entities
