"""People decide who is the same: what waits is listed, decisions hold, identifiers stay."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import polars as pl
import pytest

from catalog.load import ENTRIES
from catalog.schema import model_schema
from orchestration.city import City
from orchestration.flows.build import build
from orchestration.flows.identity import decide, waiting
from orchestration.flows.judged import judge_version
from orchestration.graph import read_models
from registry import audit, decisions, releases, verdicts
from registry.error import RegistryError
from registry.releases import Release
from tests.cli.door import citylake
from tests.linkage.people import person
from tests.linkage.people import town as neighbours
from tests.orchestration.town import LATER, NOW, moved, town

OFFICER, WHY = "示例首席数据官01", "窗口核对证件"
pytestmark = pytest.mark.xdist_group("identity")

PAIR = ("water:1", "person:A")
TWO = ("person:B", "person:A")
KEYS = ("water:1", "person:A", "person:B", "张三峰", "张三丰")
RECORDS = [person(f"person:{n}", core, at, entity=n) for n, core, at in
           (("A", "张三丰", "x1"), ("B", "李四", "x2"))]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Return a city in which one claim is like a person, but for one letter."""
    claims = next(ENTRIES.rglob("holder_claim.yaml")).read_text(encoding="utf-8")
    apart = re.sub(r"quality:\n(  .*\n)+", "", claims)  # without the accounts that they are of
    tables = ("holder_record", "holder_link", "entity_member")
    made = town(tmp_path_factory.mktemp("linked"), apart, shipped=tables)
    put(made, "holder_claim", [person("water:1", "张三峰", "x1")])
    put(made, "holder_record", [*RECORDS, *neighbours()])
    linked(made)
    return made


@pytest.fixture
def city(made: City, tmp_path: Path) -> City:
    """Return a copy of that city, to be changed."""
    return moved(made, tmp_path / "home")


def put(city: City, name: str, rows: list[dict[str, object]]) -> None:
    """Release these rows as the table's next version."""
    schema = model_schema(city.entry(name))
    told = {"utility": "water", "account_number": "1"}
    filled = [{"name": row["core"]} | told | row for row in rows]
    frame = pl.DataFrame([{n: row.get(n) for n in schema} for row in filled], schema=schema)
    path = city.staging(f"put-{name}") / "rows.parquet"
    frame.write_parquet(path)
    action = f"{name}-{city.lake.version('base', name)}"
    done = city.lake.commit(
        "base", name, [path], schema=schema, action=action, metadata={}, mode="overwrite"
    )
    verdict = judge_version(city, name, done.version, part=None, now=NOW)
    kept = verdicts.keep(city.registry, verdict, version=done.version, at=NOW)
    made = Release("base", name, done.version, frame.height, kept)
    releases.release(city.registry, made, at=NOW)


def linked(city: City, now: dt.datetime = NOW) -> tuple[str | None, str, str]:
    """Build links and entities; return what became of the claim: entity, outcome and basis."""
    for name, model in read_models(city.catalog).items():
        if name in ("holder_link", "entity_member"):
            assert build(city, model, now=now).outcome in ("released", "unchanged")
    rows = city.lake.scan("base", "holder_link").filter(pl.col("claim") == "water:1").collect()
    return rows.select("entity", "outcome", "basis").row(0)


def entities(city: City) -> dict[str, str]:
    """Return the entity of the claim and of the two persons now."""
    members = city.lake.scan("base", "entity_member").filter(pl.col("until").is_null()).collect()
    found = dict(members.select("member", "entity_id").iter_rows())
    return {name: found[name] for name in ("claim:water:1", "person:A", "person:B")}


def say(city: City, verdict: str, now: dt.datetime, *pair: str, table: str = "holder_link") -> None:
    one, other = pair or PAIR
    decide(city, table, one, other, verdict=verdict, by=OFFICER, reason=WHY, now=now)  # type: ignore[arg-type]


def test_a_pair_that_nobody_can_tell_is_listed_with_both_sides(city: City) -> None:
    (row,) = waiting(city, "holder_link")
    assert (row["claim"], row["record"], row["nth"]) == ("water:1", "person:A", 1)
    assert (row["claim_name"], row["record_name"]) == ("张三峰", "张三丰")
    assert 0.3 <= row["score"] < 0.98


@pytest.mark.parametrize(
    ("verdict", "became"),
    [("same", ("A", "linked", "decision")), ("different", (None, "unmatched", "none"))],
)
def test_what_an_officer_decided_holds_at_the_next_run_and_can_be_taken_back(
    city: City, verdict: str, became: tuple[str | None, str, str]
) -> None:
    say(city, verdict, LATER)
    assert linked(city, LATER) == became
    assert waiting(city, "holder_link") == []
    say(city, "open", LATER + dt.timedelta(hours=1))
    assert linked(city, LATER) == ("A", "review", "score")
    assert len(waiting(city, "holder_link")) == 1


def test_a_decision_is_evidence_that_names_the_officer_and_nobody_else(city: City) -> None:
    say(city, "same", LATER)
    (sealed,) = audit.events(city.registry, subject="base.holder_link")
    assert (sealed.event.actor, sealed.event.action) == (OFFICER, "identity.same")
    assert sealed.event.detail["reason"] == WHY
    (decided,) = decisions.standing(city.registry, "holder_link")
    assert (decided.by, decided.reason, decided.at) == (OFFICER, WHY, LATER)
    assert not [key for key in KEYS if key in f"{sealed.event}{decided}"]
    assert audit.verify(city.registry).ok


def test_identifiers_stay_when_a_claim_joins_and_leaves_a_person(city: City) -> None:
    first = entities(city)
    assert len(set(first.values())) == 3
    say(city, "same", LATER)
    linked(city, LATER)
    joined = entities(city)
    assert joined == first | {"claim:water:1": first["person:A"]}
    say(city, "different", LATER + dt.timedelta(days=1))
    linked(city, LATER + dt.timedelta(days=1))
    left = entities(city)
    assert (left["person:A"], left["person:B"]) == (first["person:A"], first["person:B"])
    assert left["claim:water:1"] not in {first["person:A"], first["claim:water:1"]}


def test_two_persons_who_are_one_are_merged_and_split_later_by_decision(city: City) -> None:
    first = entities(city)
    say(city, "same", LATER, *TWO, table="entity_member")
    linked(city, LATER)
    merged = entities(city)
    assert merged["person:A"] == merged["person:B"] in {first["person:A"], first["person:B"]}
    assert merged["claim:water:1"] == first["claim:water:1"]
    say(city, "different", LATER + dt.timedelta(days=1), *TWO, table="entity_member")
    linked(city, LATER + dt.timedelta(days=1))
    split = entities(city)
    assert split["person:A"] != split["person:B"]
    assert merged["person:A"] in {split["person:A"], split["person:B"]}


def test_a_run_without_news_builds_nothing_and_changes_no_identifier(city: City) -> None:
    before = entities(city), city.lake.version("base", "entity_member")
    linked(city, LATER)
    assert (entities(city), city.lake.version("base", "entity_member")) == before


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("holder_claim", {}, "is no table of links; decide in one of entity_member, holder_link"),
        ("holder_link", {"by": " "}, "by: nobody is named"),
        ("holder_link", {"reason": ""}, "reason: nothing is said"),
    ],
)
def test_a_decision_without_table_officer_or_reason_is_refused(
    city: City, table: str, change: dict[str, str], said: str
) -> None:
    words = {"by": OFFICER, "reason": WHY} | change
    with pytest.raises(RegistryError, match=said):
        decide(city, table, *PAIR, verdict="same", now=LATER, **words)
    assert decisions.standing(city.registry, table) == ()
    assert list(audit.events(city.registry, subject=f"base.{table}")) == []


def test_only_pairs_of_links_wait_for_a_decision(city: City) -> None:
    with pytest.raises(RegistryError, match="entity_member: is no table of links"):
        waiting(city, "entity_member")


def test_the_command_lists_decides_and_says_what_it_wrote(city: City) -> None:
    where = {"home": city.settings.home, "CITYLAKE_CATALOG": city.settings.catalog}
    (row,) = citylake("identity", "review", "holder_link", "--json", **where).rows
    assert (row["claim"], row["record"]) == PAIR
    said = citylake(
        *("identity", "decide", "holder_link", *PAIR, "--same"),
        *("--by", OFFICER, "--reason", WHY, "--json"),
        **where,
    )
    assert (said.code, said.document["verdict"]) == (0, "same")
    assert not [key for key in PAIR if key in said.out]
    unnamed = citylake("identity", "decide", "holder_link", *PAIR, "--same", **where)
    assert (unnamed.code, "--by" in unnamed.err) == (2, True)
    assert linked(city, LATER) == ("A", "linked", "decision")
