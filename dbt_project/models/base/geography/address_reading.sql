with parts as (
    select * from {{ ref('int_address_part') }}
),

heads as (
    select
        head,
        case when count(distinct division) = 1 then min(division) end as division,
        case when count(distinct named) = 1 then min(named) end as named
    from {{ ref('int_address_head') }}
    group by head
),

found as (
    select * from {{ ref('int_address_found') }}
)

select
    parts.address_text,
    found.address_code,
    case
        when found.candidates = 1 then found.division
        else heads.division
    end as division,
    case
        when found.candidates is null then 'unread'
        when found.candidates > 1 then 'ambiguous'
        when found.name_rank = 0 then 'exact'
        when found.name_rank < 10 then 'alias'
        else 'slip'
    end as reading,
    coalesce(found.candidates, 0) as candidates,
    heads.named as road,
    parts.house_number,
    parts.building,
    parts.unit_number,
    parts.room,
    {{ deliveries_merged(['parts._deliveries', 'found._deliveries']) }} as _deliveries
from parts
left join heads on parts.head = heads.head
left join found on parts.said = found.said
