"""Entities with identifiers that stay as deliveries come; merges and splits leave a trail.

Keep out: which rows are alike (outcome.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import duckdb

from catalog.linkage import Entities
from linkage.outcome import Decision, put_decisions

REGISTERED = 1_000  # a register's row weighs more than any number of claims


def assign(
    connection: duckdb.DuckDBPyConnection,
    words: Entities,
    *,
    table: str,
    today: dt.date,
    decisions: Sequence[Decision],
    out: Path,
) -> None:
    """Give every record and claim its entity, as before where it can be, and write Parquet.

    `base.<table>` is what was released before: memberships, the open ones with `until` null.
    """
    put_decisions(connection, decisions)
    connection.execute(f"create or replace temp table _members as {_members(words)}")
    _unite(connection)
    before = f"select * from base.{table}"
    connection.execute(f"create or replace temp table _before as {before}")
    connection.execute(f"create or replace temp table _assigned as {_assigned()}")
    target = str(out).replace("'", "''")
    connection.execute(
        f"copy ({_memberships(today)}) to '{target}' (format parquet, compression zstd)"
    )


def _members(words: Entities) -> str:
    """Select every record and claim with its cluster: an unlinked claim's is name and place."""
    return f"""
    with linked as (
        select claim, entity from base.{words.links} where outcome = 'linked'
    )
    select
        kind || ':' || entity as member, kind, kind || ':' || entity as cluster,
        {REGISTERED} as weight, list_sort(list_distinct(flatten(list(_deliveries)))) as _deliveries
    from base.{words.records} group by kind, entity
    union all
    select
        'claim:' || claims.claim, claims.kind,
        case
            when linked.entity is not null then claims.kind || ':' || linked.entity
            when claims.core is not null and claims.address_code is not null
                then 'unknown:' || claims.kind || ':' || claims.core || '@' || claims.address_code
            else 'claim:' || claims.claim
        end,
        1, claims._deliveries
    from base.{words.claims} as claims
    left join linked on claims.claim = linked.claim
    """


def _unite(connection: duckdb.DuckDBPyConnection) -> None:
    """Put clusters together of which people decided that two members are the same."""
    pairs = connection.execute(
        """
        select distinct one.cluster, other.cluster from _decisions as d
        inner join _members as one on sha256(one.member) = d.one
        inner join _members as other on sha256(other.member) = d.other
        where d.verdict = 'same' and one.cluster <> other.cluster
        """
    ).fetchall()
    root: dict[str, str] = {}

    def top(name: str) -> str:
        while root.get(name, name) != name:
            name = root[name]
        return name

    for one, other in sorted(pairs):
        low, high = sorted((top(one), top(other)))
        root[high] = low
    for cluster in sorted(root):
        connection.execute(
            "update _members set cluster = $1 where cluster = $2", [top(cluster), cluster]
        )


def _assigned() -> str:
    """Select each cluster's identifier: its old one where each is the other's best, or a new."""
    return """
    with shared as (
        select
            m.cluster, b.entity_id, sum(m.weight) as weight, min(b.since) as since
        from _members as m inner join _before as b on m.member = b.member and b.until is null
        group by m.cluster, b.entity_id
    ),
    ranked as (
        select
            *,
            row_number() over (
                partition by cluster order by weight desc, since, entity_id
            ) as of_cluster,
            row_number() over (
                partition by entity_id order by weight desc, since, cluster
            ) as of_entity
        from shared
    ),
    kept as (
        select cluster, entity_id from ranked where of_cluster = 1 and of_entity = 1
    ),
    firsts as (
        select cluster, min(member) as first_member from _members group by cluster
    ),
    times as (select member, count(*) as before from _before group by member)
    select
        firsts.cluster,
        coalesce(
            kept.entity_id,
            'E' || substr(
                sha256(firsts.first_member || '#' || coalesce(times.before, 0)), 1, 19
            )
        ) as entity_id
    from firsts
    left join kept on firsts.cluster = kept.cluster
    left join times on firsts.first_member = times.member
    """


def _memberships(today: dt.date) -> str:
    """Select all memberships: what was, what goes on, what ends today and what begins."""
    return f"""
    with present as (
        select m.member, m.kind, a.entity_id, m._deliveries
        from _members as m inner join _assigned as a on m.cluster = a.cluster
    ),
    old as (
        select b.*, present.entity_id as now_id, present._deliveries as now_deliveries
        from _before as b left join present on b.member = present.member
    ),
    counted as (select member, max(nth) as nth from _before group by member),
    going_on as (
        select member from old where until is null and now_id = entity_id
    )
    select
        member, cast(nth as bigint) as nth, entity_id, kind, since,
        case
            when until is not null then until
            when now_id is distinct from entity_id then date '{today}'
        end as until,
        case when now_id = entity_id and until is null then now_deliveries else _deliveries end
            as _deliveries
    from old
    union all
    select
        present.member, cast(coalesce(counted.nth, 0) + 1 as bigint), present.entity_id,
        present.kind, date '{today}', null, present._deliveries
    from present
    left join counted on present.member = counted.member
    anti join going_on on present.member = going_on.member
    """
