with source as (
    select * from {{ source('current', 'gas_safety_inspection') }}
)

select
    inspection_number,
    account_number,
    inspected_on,
    result,
    next_due,
    _delivery
from source
