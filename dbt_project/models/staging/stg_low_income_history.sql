with source as (
    select * from {{ source('history', 'low_income_household') }}
)

select
    household_number,
    applicant_id,
    _delivery,
    _row,
    _as_of,
    _until,
    _order
from source
