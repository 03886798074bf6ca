-- Cities and districts of the province by every name that registers write: in full, as people
-- say it (黔南州), or another name of the vocabulary, which means the place behind its city only.
with divisions as (
    select * from {{ ref('int_division') }}
    where level in ('city', 'district')
),

other_names as (
    select * from {{ ref('place_names_definition') }}
    where kind = 'district'
)

select
    code,
    level,
    name,
    parent,
    valid_to,
    true as is_alone
from divisions
union distinct
select
    code,
    level,
    {{ exchanged('name', '([苗布依侗水]+族)+自治州$', '州') }} as name,
    parent,
    valid_to,
    true as is_alone
from divisions
where level = 'city'
union all
select
    divisions.code,
    divisions.level,
    other_names.name,
    divisions.parent,
    coalesce(divisions.valid_to, other_names.valid_to) as valid_to,
    false as is_alone
from other_names
inner join divisions on other_names.stands_for = divisions.code
where divisions.level = 'district'
