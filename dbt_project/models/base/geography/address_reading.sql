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

candidates as (
    select * from {{ ref('int_address_candidate') }}
),

best as (
    select
        address_text,
        min(name_rank) as name_rank
    from candidates
    group by address_text
),

-- Of the best readings only: two addresses that are as good are an ambiguity, and nobody guesses.
found as (
    select
        candidates.address_text,
        best.name_rank,
        count(distinct candidates.address_code) as candidates,
        min(candidates.address_code) as address_code,
        min(candidates.division) as division,
        {{ deliveries_merged_across('candidates._deliveries') }} as _deliveries
    from candidates
    inner join best
        on
            candidates.address_text = best.address_text
            and candidates.name_rank = best.name_rank
    group by candidates.address_text, best.name_rank
)

select
    parts.address_text,
    case when found.candidates = 1 then found.address_code end as address_code,
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
left join found on parts.address_text = found.address_text
