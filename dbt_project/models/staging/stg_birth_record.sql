with source as (
    select * from {{ source('current', 'birth_record') }}
)

select
    record_number,
    citizen_id,
    name,
    sex,
    event_date as born_on,
    division,
    _delivery
from source
