-- What the text before the first number names: every reading of it as district, street and road
-- (or estate). Where no register has the name, it is read as a road that differs by one letter.
with places as (
    select * from {{ ref('int_address_place') }}
),

names as (
    select * from {{ ref('int_place_name') }}
    where kind in ('road', 'community')
),

slips as (
    select * from {{ ref('int_place_slip') }}
),

named as (
    select
        places.head,
        places.division,
        places.street,
        names.kind,
        names.stands_for as named,
        places.name_rank + names.name_rank as name_rank
    from places
    inner join names on places.rest = names.name
),

known as (
    select distinct head from named
),

slipped as (
    select
        places.head,
        places.division,
        places.street,
        slips.kind,
        slips.stands_for as named,
        places.name_rank + slips.name_rank + 10 as name_rank
    from places
    left join known on places.head = known.head
    inner join slips on places.rest = slips.rest
    where known.head is null
)

select
    head,
    division,
    street,
    kind,
    named,
    name_rank
from named
union all
select
    head,
    division,
    street,
    kind,
    named,
    name_rank
from slipped
