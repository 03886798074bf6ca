with source as (
    select * from {{ source('history', 'birth_record') }}
)

select
    citizen_id,
    name,
    sex,
    event_date,
    _delivery,
    _as_of
from source
