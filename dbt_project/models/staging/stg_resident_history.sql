with source as (
    select * from {{ source('history', 'resident') }}
)

select
    citizen_id,
    name,
    sex,
    birth_date,
    household_number,
    domicile_division,
    address_code,
    residence_status,
    registered_on,
    cancelled_on,
    _delivery,
    _row,
    _as_of,
    _until,
    _order
from source
