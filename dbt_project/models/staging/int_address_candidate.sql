-- Standard addresses that an address text may mean; the lower the rank, the better the reading.
with parts as (
    select * from {{ ref('int_address_part') }}
),

heads as (
    select * from {{ ref('int_address_head') }}
),

keys as (
    select * from {{ ref('int_address_key') }}
),

by_road as (
    select
        parts.address_text,
        parts.unit_number,
        parts.estate,
        heads.division,
        heads.street,
        heads.name_rank,
        keys.address_code
    from parts
    inner join heads on parts.head = heads.head and heads.kind = 'road'
    inner join keys
        on
            heads.named = keys.road
            and parts.house_number = keys.house_number
            and coalesce(parts.building, '') = coalesce(keys.building, '')
            and coalesce(parts.room, '') = coalesce(keys.room, '')
),

-- An estate stands for its road and house number: a little worse than the two themselves.
by_estate as (
    select
        parts.address_text,
        parts.unit_number,
        parts.estate,
        heads.division,
        heads.street,
        heads.name_rank + 1 as name_rank,
        keys.address_code
    from parts
    inner join heads on parts.head = heads.head and heads.kind = 'community'
    inner join keys
        on
            heads.named = keys.community
            and parts.building = keys.building
            and coalesce(parts.room, '') = coalesce(keys.room, '')
),

found as (
    select * from by_road
    union all
    select * from by_estate
)

select
    found.address_text,
    found.address_code,
    keys.division,
    keys._deliveries,
    found.name_rank
    + case when found.unit_number is null and keys.unit_number is not null then 1 else 0 end
    + case when found.estate <> keys.community then 2 else 0 end
        as name_rank
from found
inner join keys on found.address_code = keys.address_code
where
    coalesce(found.unit_number, keys.unit_number, '') = coalesce(keys.unit_number, '')
    and coalesce(found.division, keys.division) = keys.division
    and coalesce(found.street, keys.street) = keys.street
