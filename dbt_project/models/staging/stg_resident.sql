with source as (
    select * from {{ source('current', 'resident') }}
)

select
    citizen_id,
    name,
    sex,
    birth_date,
    ethnicity,
    household_number,
    domicile_division,
    address_code,
    address,
    residence_status,
    registered_on,
    cancelled_on,
    _delivery
from source
