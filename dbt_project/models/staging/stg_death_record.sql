with source as (
    select * from {{ source('current', 'death_record') }}
)

select
    record_number,
    citizen_id,
    name,
    sex,
    event_date as died_on,
    division,
    _delivery
from source
