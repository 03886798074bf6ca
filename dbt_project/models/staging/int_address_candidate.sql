-- Standard addresses that may be meant by what a text says; the lower the rank, the better the
-- reading. Texts that say the same are read once.
with parts as (
    select distinct
        said,
        head,
        house_number,
        estate,
        building,
        unit_number,
        coalesce(room, '') as room
    from {{ ref('int_address_part') }}
),

keys as (
    select
        *,
        coalesce(room, '') as any_room
    from {{ ref('int_address_key') }}
),

-- Two CTEs read it, so that it is made before any address is looked at: the other way round the
-- texts of estates meet every address of their building's and room's number (12 billion pairs of
-- a million residents).
named as (
    select
        parts.*,
        heads.kind,
        heads.named,
        heads.division as in_division,
        heads.street as in_street,
        heads.name_rank
    from parts
    inner join {{ ref('int_address_head') }} as heads on parts.head = heads.head
),

-- An estate stands for its road and house number: a little worse than the two themselves.
found as (
    select
        named.*,
        keys.address_code,
        0 as worse
    from named
    inner join keys
        on
            named.kind = 'road'
            and named.named = keys.road
            and named.house_number = keys.house_number
            and coalesce(named.building, '') = coalesce(keys.building, '')
            and named.room = keys.any_room
    union all
    select
        named.*,
        keys.address_code,
        1 as worse
    from named
    inner join keys
        on
            named.kind = 'community'
            and named.named = keys.community
            and named.building = keys.building
            and named.room = keys.any_room
)

select
    found.said,
    found.address_code,
    found.name_rank + found.worse
    + case when found.unit_number is null and keys.unit_number is not null then 1 else 0 end
    + case when found.estate <> keys.community then 2 else 0 end
        as name_rank
from found
inner join keys on found.address_code = keys.address_code
where
    coalesce(found.unit_number, keys.unit_number, '') = coalesce(keys.unit_number, '')
    and coalesce(found.in_division, keys.division) = keys.division
    and coalesce(found.in_street, keys.street) = keys.street
