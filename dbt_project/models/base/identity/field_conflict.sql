with claims as (
    select
        *,
        {{ source_rank('kind', 'field', 'resource') }} as place
    from {{ ref('int_field_claim') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by kind, entity, field order by place asc, since desc, value asc
        ) as nth
    from claims
    where place is not null
)

-- Values stand as keyed digests: whoever supervises sees that two differ, not what they are.
select
    others.kind,
    {{ digest_of("others.kind || ':' || others.entity") }} as entity,
    others.field,
    taken.resource as taken_from,
    others.resource as told_by,
    {{ digest_of('taken.value') }} as taken_value,
    {{ digest_of('others.value') }} as told_value,
    case when taken.since > others.since then taken.since else others.since end as since,
    {{ deliveries_merged(['taken._deliveries', 'others._deliveries']) }} as _deliveries
from ranked as others
inner join ranked as taken
    on
        others.kind = taken.kind
        and others.entity = taken.entity
        and others.field = taken.field
        and taken.nth = 1
where others.value <> taken.value
