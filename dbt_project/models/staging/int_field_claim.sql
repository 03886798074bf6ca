-- What each source says now of a field that several know, in a form that compares, and since when.
with claims as (
    select * from {{ ref('int_person_claim') }}
    union all
    select * from {{ ref('int_entity_claim') }}
    union all
    select * from {{ ref('int_holder_claim') }}
    union all
    select * from {{ ref('int_place_claim') }}
)

select
    kind,
    entity,
    field,
    resource,
    value,
    min(since) as since,
    {{ deliveries_merged_across('_deliveries') }} as _deliveries
from claims
where value is not null
group by kind, entity, field, resource, value
