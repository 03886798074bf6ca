with source as (
    select * from {{ source('current', 'low_income_household') }}
)

select
    household_number,
    applicant_id,
    members,
    division,
    valid_from,
    valid_to,
    _delivery
from source
