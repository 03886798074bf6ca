-- Names of roads and estates that differ by one letter from what was written: exchanged, left out
-- or put in. Two texts differ by one when they are equal without it: no pairs are compared.
with written as (
    select distinct rest from {{ ref('int_address_place') }}
    where length(rest) between 3 and 12
),

names as (
    select * from {{ ref('int_place_name') }}
    where kind in ('road', 'community') and length(name) between 3 and 12
),

places as (
    select * from {{ ref('int_letter_place') }}
),

written_without as (
    select
        written.rest,
        places.place,
        substr(written.rest, 1, places.place - 1)
        || substr(written.rest, places.place + 1) as without
    from written
    inner join places on places.place <= length(written.rest)
),

names_without as (
    select
        names.name,
        names.kind,
        names.stands_for,
        names.name_rank,
        places.place,
        substr(names.name, 1, places.place - 1) || substr(names.name, places.place + 1) as without
    from names
    inner join places on places.place <= length(names.name)
)

select
    written_without.rest,
    names_without.kind,
    names_without.stands_for,
    names_without.name_rank
from written_without
inner join names_without
    on
        written_without.without = names_without.without
        and written_without.place = names_without.place
union distinct
select
    written.rest,
    names_without.kind,
    names_without.stands_for,
    names_without.name_rank
from written
inner join names_without on written.rest = names_without.without
union distinct
select
    written_without.rest,
    names.kind,
    names.stands_for,
    names.name_rank
from written_without
inner join names on written_without.without = names.name
