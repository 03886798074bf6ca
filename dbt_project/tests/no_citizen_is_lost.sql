-- Everyone whom a register names by a citizen ID is a person, once.
with named as (
    select citizen_id from {{ ref('stg_resident') }}
    union distinct
    select citizen_id from {{ ref('stg_birth_record') }}
    union distinct
    select citizen_id from {{ ref('stg_death_record') }}
)

select named.citizen_id
from named
left join {{ ref('person') }} as persons on named.citizen_id = persons.citizen_id
where persons.citizen_id is null and named.citizen_id is not null
