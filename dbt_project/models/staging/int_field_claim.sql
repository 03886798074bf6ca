-- What each source says now of a field that sources dispute, in a form that compares, and since
-- when. What all agree on is left out before lists are merged: it is nearly all of a city.
with claims as (
    select * from {{ ref('int_person_claim') }}
    where value is not null
    union all
    select * from {{ ref('int_entity_claim') }}
    where value is not null
    union all
    select * from {{ ref('int_holder_claim') }}
    where value is not null
    union all
    select * from {{ ref('int_place_claim') }}
    where value is not null
),

disputed as (
    select
        kind,
        entity,
        field
    from claims
    group by kind, entity, field
    having min(value) <> max(value)
)

select
    claims.kind,
    claims.entity,
    claims.field,
    claims.resource,
    claims.value,
    min(claims.since) as since,
    {{ deliveries_merged_across('claims._deliveries') }} as _deliveries
from claims
inner join disputed
    on
        claims.kind = disputed.kind
        and claims.entity = disputed.entity
        and claims.field = disputed.field
group by claims.kind, claims.entity, claims.field, claims.resource, claims.value
