-- Names of places with what they stand for; the lower the rank, the better a name: 0 official
-- and in force, 1 another name in force, 2 a former one.
with division_names as (
    select * from {{ ref('int_division_name') }}
),

divisions as (
    select * from {{ ref('administrative_division') }}
),

other_names as (
    select * from {{ ref('place_names_definition') }}
),

keys as (
    select * from {{ ref('int_address_key') }}
),

every_name as (
    select
        name,
        kind,
        stands_for,
        district,
        name_rank
    from division_names
    union all
    select
        other_names.name,
        other_names.kind,
        other_names.stands_for,
        coalesce(divisions.district, '') as district,
        case when other_names.valid_to is null then 1 else 2 end as name_rank
    from other_names
    left join divisions
        on other_names.stands_for = divisions.code and divisions.valid_to is null
    union all
    select
        road as name,
        'road' as kind,
        road as stands_for,
        '' as district,
        0 as name_rank
    from keys
    union all
    select
        community as name,
        'community' as kind,
        community as stands_for,
        '' as district,
        0 as name_rank
    from keys
)

select
    name,
    kind,
    stands_for,
    district,
    min(name_rank) as name_rank
from every_name
where name is not null and stands_for is not null
group by name, kind, stands_for, district
