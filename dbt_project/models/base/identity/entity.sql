with members as (
    select * from {{ source('linked', 'entity_member') }}
),

entities as (
    select
        entity_id,
        min(kind) as kind,
        count(*) - count(until) as members,
        sum(case when until is null and member not like 'claim:%' then 1 else 0 end) as registered,
        min(since) as since,
        max(until) as last_until,
        {{ deliveries_merged_across('_deliveries') }} as _deliveries
    from members
    group by entity_id
),

-- Where the members of an entity are now: most of them are with its successor.
moves as (
    select
        former.entity_id,
        present.entity_id as successor,
        count(*) as moved
    from members as former
    inner join members as present
        on
            former.member = present.member
            and former.until is not null
            and present.until is null
            and former.entity_id <> present.entity_id
    group by former.entity_id, present.entity_id
),

ranked as (
    select
        entity_id,
        successor,
        row_number() over (partition by entity_id order by moved desc, successor asc) as nth
    from moves
)

select
    entities.entity_id,
    entities.kind,
    entities.registered > 0 as registered,
    entities.members,
    entities.since,
    case when entities.members = 0 then entities.last_until end as until,
    case when entities.members = 0 then ranked.successor end as successor,
    entities._deliveries
from entities
left join ranked on entities.entity_id = ranked.entity_id and ranked.nth = 1
