"""What is made of scores: one record to a claim, or a review, or nothing; people go before both.

Keep out: scoring itself (scoring.py), and who decided what (registry).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from catalog.linkage import Linkage
from linkage.error import LinkageError
from linkage.scoring import score

MOST = 5  # candidates that a person is shown of one claim


@dataclass(frozen=True)
class Decision:
    """What a person decided of two rows, named by the digests of their keys."""

    one: str
    other: str
    verdict: Literal["same", "different"]


def link(
    connection: duckdb.DuckDBPyConnection,
    words: Linkage,
    *,
    decisions: Sequence[Decision],
    out: Path,
) -> None:
    """Link the claims of `words.left` to the records of `words.right` and write Parquet."""
    _check(connection, words)
    put_decisions(connection, decisions)
    _tables(connection, words)
    pairs = score(connection, words, left="_claims", right="_records")
    connection.execute(f"create or replace temp table _pairs as {_best(pairs)}")
    target = str(out).replace("'", "''")
    connection.execute(f"copy ({_links(words)}) to '{target}' (format parquet, compression zstd)")


def _check(connection: duckdb.DuckDBPyConnection, words: Linkage) -> None:
    """Refuse tables that lack an item which the words name."""
    for table in (words.left, words.right):
        found = {row[0] for row in connection.execute(f"describe base.{table}").fetchall()}
        if missing := sorted(words.items() - found):
            raise LinkageError(f"{table}: has no item {', '.join(missing)} to link by")


def put_decisions(connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision]) -> None:
    """Make the table of what people decided, by digests of keys."""
    connection.execute(
        "create or replace temp table _decisions (one varchar, other varchar, verdict varchar)"
    )
    for each in decisions:
        values = [each.one, each.other, each.verdict]
        connection.execute("insert into _decisions values ($1, $2, $3)", values)


def _tables(connection: duckdb.DuckDBPyConnection, words: Linkage) -> None:
    """Make the tables that are compared: claims without an ID, and all records."""
    items = ", ".join(sorted(words.items() - {"entity"}))
    connection.execute(
        f"create or replace temp table _claims as select claim as id, entity, {items} "
        f"from base.{words.left} where entity is null"
    )
    connection.execute(
        f"create or replace temp table _records as select record as id, entity, {items} "
        f"from base.{words.right}"
    )


def _best(pairs: str) -> str:
    """Select the best record of each claim and entity: an entity may have several names."""
    return f"""
        select
            case when source_dataset_l = 'claim' then id_l else id_r end as claim,
            case when source_dataset_l = 'claim' then id_r else id_l end as record,
            case when source_dataset_l = 'claim' then entity_r else entity_l end as entity,
            match_probability as score
        from {pairs}
        qualify row_number() over (
            partition by claim, entity order by score desc, record
        ) = 1
    """


def _links(words: Linkage) -> str:
    """Select the rows of the table of links: the order of columns is the entry's."""
    return f"""
    with claims as (select claim, entity, _deliveries from base.{words.left}),
    records as (select record, entity, _deliveries from base.{words.right}),
    {_decided()},
    {_open(words.accept)},
    {_judged()},
    unmatched as (
        select claims.claim from claims anti join judged on claims.claim = judged.claim
    )
    select
        judged.claim, cast(judged.nth as bigint) as nth, judged.record, judged.entity,
        cast(judged.score as decimal(7, 6)) as score, judged.outcome, judged.basis,
        list_sort(list_distinct(flatten([claims._deliveries, records._deliveries])))
            as _deliveries
    from judged
    inner join claims on judged.claim = claims.claim
    inner join records on judged.record = records.record
    union all
    select unmatched.claim, 1, null, null, null, 'unmatched', 'none', claims._deliveries
    from unmatched inner join claims on unmatched.claim = claims.claim
    """


def _decided() -> str:
    """What people said of claims without an ID."""
    return """decided as (
        select claims.claim, records.record, records.entity, d.verdict
        from _decisions as d
        inner join claims on sha256(claims.claim) = d.one
        inner join records on sha256(records.record) = d.other
        where claims.entity is null
    ),
    same as (
        select claim, min(record) as record, min(entity) as entity
        from decided where verdict = 'same' group by claim
    )"""


def _open(accept: float) -> str:
    """Scored pairs that nobody decided, with how many of a claim are above the threshold."""
    return f"""open_pairs as (
        select pairs.*,
            count(*) filter (score >= {accept}) over (partition by pairs.claim) as sure,
            row_number() over (
                partition by pairs.claim order by pairs.score desc, pairs.record
            ) as nth
        from _pairs as pairs
        anti join same on pairs.claim = same.claim
        anti join decided
            on pairs.claim = decided.claim and pairs.entity = decided.entity
            and decided.verdict = 'different'
    )"""


def _judged() -> str:
    """The outcome of each pair that is kept: by ID, by people, by the one score above."""
    return f"""by_id as (
        select claims.claim, min(records.record) as record, claims.entity
        from claims inner join records on claims.entity = records.entity
        group by claims.claim, claims.entity
    ),
    judged as (
        select claim, record, entity, score, nth, 'linked' as outcome, 'score' as basis
        from open_pairs where sure = 1 and nth = 1
        union all
        select claim, record, entity, score, nth, 'review', 'score'
        from open_pairs where sure <> 1 and nth <= {MOST}
        union all
        select claim, record, entity, 1.0, 1, 'linked', 'id' from by_id
        union all
        select claim, record, entity, 1.0, 1, 'linked', 'decision' from same
    )"""
