"""An entity keeps its identifier as data come; merges and splits end memberships, visibly."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import duckdb
import polars as pl

from catalog.linkage import Entities
from linkage.entities import assign
from linkage.outcome import Decision
from tests.linkage.people import CLAIM, MEMBER, RECORD, person, put

WORDS = Entities(links="holder_link", claims="holder_claim", records="holder_record")
FIRST = dt.date(2026, 3, 1)
LINK = {"claim": pl.String, "entity": pl.String, "outcome": pl.String}
PEOPLE = [person(f"person:{n}", n, n, entity=n) for n in ("A", "B")]


class Town:
    """What is released so far; each call of `assigned` is the next day's build."""

    def __init__(self, tmp_path: Path) -> None:
        self.out = tmp_path / "members.parquet"
        self.before = pl.DataFrame(schema=MEMBER)
        self.day = FIRST

    def assigned(
        self, claims: dict[str, str | None], *decisions: Decision, people: object = PEOPLE
    ) -> pl.DataFrame:
        """Return the memberships after claims (to their entity, None unmatched) arrived."""
        connection = duckdb.connect()
        rows = [person(name, "某人", "x1") for name in claims]
        put(connection, "holder_claim", rows, CLAIM)
        put(connection, "holder_record", list(people), RECORD)
        links = [
            {"claim": c, "entity": e, "outcome": "linked" if e else "unmatched"}
            for c, e in claims.items()
        ]
        put(connection, "holder_link", links, LINK)
        put(connection, "entity_member", self.before.to_dicts(), MEMBER)
        assign(
            connection, WORDS, table="entity_member", today=self.day, decisions=decisions,
            out=self.out,
        )  # fmt: skip
        self.day += dt.timedelta(days=1)
        self.before = pl.read_parquet(self.out)
        return self.before


def now(members: pl.DataFrame) -> dict[str, str]:
    """Return the entity of each member, of open memberships."""
    return dict(members.filter(pl.col("until").is_null()).select("member", "entity_id").rows())


def same(one: str, other: str, verdict: str = "same") -> Decision:
    digests = sorted(hashlib.sha256(key.encode()).hexdigest() for key in (one, other))
    return Decision(digests[0], digests[1], verdict)


def test_the_same_unknown_holder_of_two_accounts_is_one_entity(tmp_path):
    found = now(Town(tmp_path).assigned({"water:1": None, "gas:1": None, "power:2": "A"}))
    assert found["claim:water:1"] == found["claim:gas:1"]
    assert found["claim:power:2"] == found["person:A"]
    assert len(set(found.values())) == 3


def test_entities_keep_their_identifiers_when_nothing_or_more_arrives(tmp_path):
    town = Town(tmp_path)
    first = town.assigned({"water:1": None, "power:2": "A"})
    assert (
        town.assigned({"water:1": None, "power:2": "A"}).sort("member").equals(first.sort("member"))
    )
    later = now(town.assigned({"water:1": None, "power:2": "A", "gas:1": None}))
    assert {m: e for m, e in later.items() if m in now(first)} == now(first)


def test_unknown_holder_whose_number_comes_joins_the_person(tmp_path):
    town = Town(tmp_path)
    before = now(town.assigned({"water:1": None, "gas:1": None}))
    members = town.assigned({"water:1": "A", "gas:1": "A"})
    assert now(members)["claim:water:1"] == before["person:A"]
    ended = members.filter(pl.col("entity_id") == before["claim:water:1"])
    assert set(ended["until"]) == {FIRST + dt.timedelta(days=1)}


def test_people_may_merge_two_persons_and_split_them_again(tmp_path):
    town = Town(tmp_path)
    before = now(town.assigned({}))
    merged = now(town.assigned({}, same("person:A", "person:B")))
    assert set(merged.values()) == {min(before.values())} or len(set(merged.values())) == 1
    assert set(merged.values()) <= set(before.values())
    split = now(town.assigned({}, same("person:A", "person:B", "different")))
    kept = set(merged.values()) & set(split.values())
    assert len(set(split.values())) == 2
    assert len(kept) == 1
    assert not set(split.values()) - kept & set(before.values())


def test_member_that_left_the_registers_ends_its_membership(tmp_path):
    town = Town(tmp_path)
    before = now(town.assigned({}))
    members = town.assigned({}, people=PEOPLE[:1])
    assert now(members) == {"person:A": before["person:A"]}
    assert members.filter(member="person:B")["until"].to_list() == [FIRST + dt.timedelta(days=1)]


def test_every_membership_is_told_once(tmp_path):
    town = Town(tmp_path)
    for claims in ({"w": None}, {"w": "A"}, {"w": "B"}, {"w": None}, {"w": "A"}):
        members = town.assigned(claims)
    assert members.select("member", "nth").is_unique().all()
    assert members.filter(member="claim:w")["nth"].sort().to_list() == [1, 2, 3, 4, 5]
