"""Claims are linked, reviewed or kept unmatched; what people decided goes before every score."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import polars as pl
import pytest

from catalog.linkage import Linkage
from catalog.load import load_catalog
from linkage.error import LinkageError
from linkage.outcome import Decision, link
from tests.linkage.people import CLAIM, RECORD, person, put, town


@pytest.fixture(scope="module")
def words() -> Linkage:
    found = load_catalog().entry("holder_link").linkage
    assert isinstance(found, Linkage)
    return found


def linked(
    words: Linkage,
    tmp_path: Path,
    claims: list[dict[str, object]],
    records: list[dict[str, object]],
    *decisions: Decision,
) -> pl.DataFrame:
    """Return the table of links of a few claims among the records of a town."""
    connection = duckdb.connect()
    put(connection, words.left, claims, CLAIM)
    put(connection, words.right, [*records, *town()], RECORD)
    link(connection, words, decisions=decisions, out=tmp_path / "links.parquet")
    return pl.read_parquet(tmp_path / "links.parquet").sort("claim", "nth")


def said(table: pl.DataFrame) -> list[tuple[object, ...]]:
    return table.select("claim", "entity", "outcome", "basis").rows()


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


HOME = [person("person:A", "张三丰", "x1", entity="A")]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (person("c", "别名", "x1", entity="A"), ("A", "linked", "id")),
        (person("c", "张三丰", "x1"), ("A", "linked", "score")),
        (person("c", "张三峰", "x1"), ("A", "review", "score")),
        (person("c", "李四", "x1"), (None, "unmatched", "none")),
        (person("c", "张三丰", "elsewhere"), ("A", "review", "score")),
    ],
)
def test_claim_goes_to_the_person_that_its_evidence_names(
    words: Linkage, tmp_path: Path, claim: dict[str, object], expected: tuple[object, ...]
) -> None:
    assert said(linked(words, tmp_path, [claim], HOME)) == [("c", *expected)]


def test_two_equal_candidates_are_left_to_people(words: Linkage, tmp_path: Path) -> None:
    twins = [*HOME, person("person:B", "张三丰", "x1", entity="B")]
    found = linked(words, tmp_path, [person("c", "张三丰", "x1")], twins)
    assert said(found) == [("c", "A", "review", "score"), ("c", "B", "review", "score")]


@pytest.mark.parametrize(
    ("name", "verdict", "expected"),
    [
        ("张三峰", "same", ("A", "linked", "decision")),
        ("李四", "same", ("A", "linked", "decision")),
        ("张三丰", "different", (None, "unmatched", "none")),
    ],
)
def test_what_people_decided_goes_before_the_score(
    words: Linkage, tmp_path: Path, name: str, verdict: str, expected: tuple[object, ...]
) -> None:
    decision = Decision(digest("c"), digest("person:A"), verdict)
    found = linked(words, tmp_path, [person("c", name, "x1")], HOME, decision)
    assert said(found) == [("c", *expected)]


def test_link_names_the_deliveries_of_both_sides(words: Linkage, tmp_path: Path) -> None:
    found = linked(words, tmp_path, [person("c", "张三丰", "x1")], HOME)
    assert found["_deliveries"].to_list() == [["c", "person:A"]]


def test_same_tables_give_the_same_scores(words: Linkage, tmp_path: Path) -> None:
    claims = [person(f"c{n}", "张三丰", "x1") for n in range(20)]
    first, second = (linked(words, tmp_path, claims, HOME) for _ in range(2))
    assert first.equals(second)


def test_table_without_an_item_of_the_words_is_refused(words: Linkage, tmp_path: Path) -> None:
    connection = duckdb.connect()
    put(connection, words.left, [], {n: t for n, t in CLAIM.items() if n != "core"})
    put(connection, words.right, [], RECORD)
    with pytest.raises(LinkageError, match="holder_claim: has no item core"):
        link(connection, words, decisions=(), out=tmp_path / "links.parquet")
