-- The text before the first number of an address, without the district and the street that it
-- may begin with: every reading, for a road may have the name of a street.
with heads as (
    select distinct head from {{ ref('int_address_part') }}
    where head is not null
),

names as (
    select * from {{ ref('int_place_name') }}
    where kind in ('district', 'street')
),

-- So many letters may be a name: what a text begins with is looked up, no pairs are compared.
lengths as (
    select distinct
        kind,
        length(name) as letters
    from names
),

without_district as (
    select
        heads.head,
        cast(null as varchar) as division,
        heads.head as rest,
        0 as name_rank
    from heads
    union all
    select
        heads.head,
        names.stands_for as division,
        substr(heads.head, length(names.name) + 1) as rest,
        names.name_rank
    from heads
    inner join lengths on lengths.kind = 'district' and length(heads.head) >= lengths.letters
    inner join names
        on names.kind = 'district' and substr(heads.head, 1, lengths.letters) = names.name
)

select
    head,
    division,
    cast(null as varchar) as street,
    rest,
    name_rank
from without_district
where rest <> ''
union all
select
    places.head,
    places.division,
    names.stands_for as street,
    substr(places.rest, length(names.name) + 1) as rest,
    places.name_rank + names.name_rank as name_rank
from without_district as places
inner join lengths on lengths.kind = 'street' and length(places.rest) > lengths.letters
inner join names
    on
        names.kind = 'street'
        and substr(places.rest, 1, lengths.letters) = names.name
        and coalesce(places.division, names.district) = names.district
